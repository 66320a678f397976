import csv
import io
import tempfile

import openpyxl

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from .common import ReportCase


@tagged(*TAGS)
class TestExport(ReportCase):
    """Art. 12.1: the records themselves, with what each may know of them."""

    def setUp(self):
        super().setUp()
        self.public = self.transferred(citizen_name="Trần Thị Công Khai")
        self.lead_slip(self.public, self.focal).answer("<p>Đã thay bóng đèn.</p>")
        self.hidden = self.transferred(
            citizen_name="Lê Văn Giấu", secrecy="confidential"
        )
        self.secret = self.transferred(citizen_name="Phạm Văn Mật")
        self.secret.sudo().secrecy = "secret"
        self.other = self.transferred(self.other_unit, citizen_name="Võ Thị Khác")
        self.tickets = self.public | self.hidden | self.secret | self.other
        self.env.flush_all()

    def export(self, user, file_type="xlsx", domain=None, purpose="Kiểm tra quý I"):
        """Return the log of an export that ``user`` has asked for."""
        domain = domain or [("id", "in", self.tickets.ids)]
        dialog = (
            self.env["pakn.export"]
            .with_user(user)
            .create({"domain": str(domain), "file_type": file_type, "purpose": purpose})
        )
        action = dialog.action_export()
        token = action["url"].rsplit("/", 1)[1]
        return self.env["pakn.export.log"].search([("token", "=", token)])

    def read_rows(self, log):
        with tempfile.TemporaryFile() as file:
            log.with_user(log.user_id)._write_xlsx(file)
            file.seek(0)
            rows = list(openpyxl.load_workbook(file).active.iter_rows(values_only=True))
        return {row[0]: dict(zip(rows[0], row, strict=True)) for row in rows[1:]}

    def test_art12_1_what_a_record_holds(self):
        row = self.read_rows(self.export(self.operator))[self.public.name]
        self.assertEqual(row["Họ và tên"], "Trần Thị Công Khai")
        self.assertEqual(row["Số điện thoại"], "+84905123456")
        self.assertEqual(str(row["Thời gian tiếp nhận"]), "2026-03-02 08:00:00")
        self.assertEqual(str(row["Thời gian xử lý"]), "2026-03-02 08:00:00")
        self.assertEqual(row["Đơn vị xử lý"], "Sở Thử nghiệm")
        self.assertEqual(row["Lĩnh vực"], "Nhóm T")
        self.assertIn("hỏng đã ba ngày", row["Nội dung tiếp nhận"])
        self.assertEqual(row["Nội dung xử lý"], "Đã thay bóng đèn.")
        self.assertEqual(row["Kết quả của đầu mối"], "Sở Thử nghiệm: Đã thay bóng đèn.")

    def test_art12_1_recordings_are_linked(self):
        file = self.env["ir.attachment"].create(
            {"name": "goi.wav", "raw": b"RIFF", "mimetype": "audio/wav"}
        )
        self.public.sudo().attachment_ids = file
        row = self.read_rows(self.export(self.operator))[self.public.name]
        self.assertTrue(row["Tệp ghi âm"].endswith(f"/web/content/{file.id}"))

    def test_who_finds_whom_in_an_export(self):
        names = {
            self.public: "Trần Thị Công Khai",
            self.hidden: "Lê Văn Giấu",
            self.secret: "Phạm Văn Mật",
            self.other: "Võ Thị Khác",
        }
        masked = {
            self.public: "Trần ***",
            self.hidden: None,
            self.other: "Võ ***",
        }
        for user, wanted in (
            (
                self.operator,
                {t: names[t] for t in (self.public, self.hidden, self.other)},
            ),
            (self.manager, names),
            (self.monitor, masked),
            (
                self.focal,
                {
                    self.public: names[self.public],
                    self.hidden: None,
                    self.secret: names[self.secret],
                },
            ),
            (self.other_focal, {self.other: names[self.other]}),
        ):
            rows = self.read_rows(self.export(user))
            found = {code: row["Họ và tên"] for code, row in rows.items()}
            with self.subTest(user.login):
                self.assertEqual(
                    found,
                    {ticket.sudo().name: name for ticket, name in wanted.items()},
                )
            phones = {row["Số điện thoại"] for row in rows.values()}
            if user == self.monitor:
                self.assertEqual(phones, {"***456", None})

    def test_every_export_is_on_record(self):
        log = self.export(self.monitor)
        self.assertRecordValues(
            log,
            [
                {
                    "user_id": self.monitor.id,
                    "count": 3,
                    "file_type": "xlsx",
                    "purpose": "Kiểm tra quý I",
                    "is_personal": False,
                    "domain": str([("id", "in", self.tickets.ids)]),
                }
            ],
        )
        for user in (self.operator, self.manager, self.monitor):
            for operation in ("create", "write", "unlink"):
                with self.subTest(operation, user=user.login):
                    self.assertFalse(log.with_user(user).has_access(operation))
        with self.assertRaises(AccessError):
            log.unlink()
        own = self.export(self.focal)
        self.assertTrue(own.with_user(self.focal).has_access("read"))
        self.assertFalse(log.with_user(self.focal).has_access("read"))
        self.assertTrue(own.with_user(self.monitor).has_access("read"))

    def test_bad_filters_get_a_sentence_and_no_log(self):
        before = self.env["pakn.export.log"].search_count([])
        for domain in ("[('nope', '=', 1)]", "[1, 2", "__import__('os')", "5"):
            with self.subTest(domain), self.assertRaises(ValidationError):
                self.export_text(domain)
        with self.assertRaisesRegex(UserError, "no request"):
            self.export(self.operator, domain=[("id", "=", 0)])
        self.assertEqual(self.env["pakn.export.log"].search_count([]), before)

    def export_text(self, domain):
        dialog = self.env["pakn.export"].with_user(self.operator)
        return dialog.create({"domain": domain, "purpose": "x"}).action_export()

    def test_csv_runs_no_formula(self):
        self.public.sudo().title = "=HYPERLINK(1)"
        self.env.flush_all()
        log = self.export(self.operator, "csv")
        text = b"".join(log.with_user(self.operator)._iter_csv()).decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))
        self.assertEqual(len(rows), 3)
        [row] = [row for row in rows if row["Mã số"] == self.public.name]
        self.assertEqual(row["Tiêu đề"], "'=HYPERLINK(1)")
        self.assertEqual(row["Thời gian tiếp nhận"], "08:00 02/03/2026")
        self.assertEqual(row["Số điện thoại"], "'+84905123456")

    def test_selected_requests_are_proposed(self):
        dialog = (
            self.env["pakn.export"]
            .with_user(self.operator)
            .with_context(active_model="pakn.ticket", active_ids=self.public.ids)
            .create({"purpose": "x"})
        )
        self.assertEqual(dialog.count, 1)

    def test_batches_follow_one_another(self):
        rows = self.env["pakn.ticket"].with_user(self.operator)
        codes = [
            row[0] for row in rows._iter_export_rows([("id", "in", self.tickets.ids)])
        ]
        self.assertEqual(codes, (self.public | self.hidden | self.other).mapped("name"))


@tagged(*TAGS)
class TestExportDownload(HttpCase, ReportCase):
    def test_a_file_is_for_who_asked_for_it_and_for_a_while(self):
        ticket = self.new_ticket()
        self._clock.stop()
        self.addCleanup(self._clock.start)
        urls = {}
        for file_type in ("xlsx", "csv"):
            dialog = (
                self.env["pakn.export"]
                .with_user(self.operator)
                .create(
                    {
                        "domain": str([("id", "=", ticket.id)]),
                        "file_type": file_type,
                        "purpose": "x",
                    }
                )
            )
            urls[file_type] = dialog.action_export()["url"]
        self.env.flush_all()
        self.authenticate("test_operator", "test_operator")
        for file_type, magic in (("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")):
            reply = self.url_open(urls[file_type])
            with self.subTest(file_type):
                self.assertEqual(reply.status_code, 200)
                self.assertTrue(reply.content.startswith(magic))
                self.assertIn("attachment", reply.headers["Content-Disposition"])
                self.assertEqual(reply.headers["Cache-Control"], "no-store")
        for token in ("nope", "a" * 300, "%27"):
            reply = self.url_open(f"/pakn_1022_reports/export/{token}")
            self.assertEqual(reply.status_code, 404)
        self.authenticate("test_manager", "test_manager")
        self.assertEqual(self.url_open(urls["csv"]).status_code, 404)
        self.env["pakn.export.log"].search([]).date = "2026-01-01"
        self.env.flush_all()
        self.authenticate("test_operator", "test_operator")
        self.assertEqual(self.url_open(urls["csv"]).status_code, 404)
