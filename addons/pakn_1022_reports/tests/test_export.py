import csv
import io
from datetime import timedelta
from unittest.mock import patch

import openpyxl

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, tagged

from odoo.addons.pakn_1022.tests.common import TAGS, local

from ..models import pakn_export_making
from ..tools import export_file
from ..wizard import pakn_export
from .common import ReportCase


class ExportCase(ReportCase):
    """Requests of each kind, and the files that people get of them."""

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
        return self.env["pakn.export.log"].browse(dialog.action_export()["res_id"])

    def read_file(self, log):
        size, chunks = log._get_file()
        content = b"".join(chunks)
        self.assertEqual(len(content), size)
        return content

    def read_rows(self, log):
        """Return ``{code: {column: value}}`` of the file of an export."""
        content = self.read_file(log)
        if log.file_type == "csv":
            text = io.StringIO(content.decode("utf-8-sig"), newline="")
            rows = list(csv.reader(text))
        else:
            sheet = openpyxl.load_workbook(io.BytesIO(content)).active
            rows = list(sheet.iter_rows(values_only=True))
        codes = [row[0] for row in rows[1:]]
        self.assertEqual(len(codes), len(set(codes)), "each request once")
        return {row[0]: dict(zip(rows[0], row, strict=True)) for row in rows[1:]}


@tagged(*TAGS)
class TestExport(ExportCase):
    """Art. 12.1: the records themselves, with what each may know of them."""

    def test_art12_1_what_a_record_holds(self):
        row = self.read_rows(self.export(self.operator))[self.public.name]
        self.assertEqual(row["Họ và tên"], "Trần Thị Công Khai")
        self.assertEqual(row["Số điện thoại"], "0905 123 456")
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

    def test_who_finds_whom_in_what_people_wrote(self):
        """Texts name people too; the units' names and the rest stay."""
        said = "Trần Thị Công Khai ở 12 Hùng Vương, gọi 0905 123 456, nói đèn hỏng"
        public = self.transferred(
            citizen_name="Trần Thị Công Khai", title=said, description=f"<p>{said}</p>"
        )
        self.lead_slip(public, self.focal).answer(f"<p>Đã gặp {said}</p>")
        self.env.flush_all()
        domain = [("id", "=", public.id)]
        columns = ("Tiêu đề", "Nội dung tiếp nhận", "Kết quả của đầu mối")
        for user in (self.operator, self.focal):
            row = self.read_rows(self.export(user, domain=domain))[public.name]
            for column in columns:
                with self.subTest(user.login, column=column):
                    self.assertIn(said, row[column])
        row = self.read_rows(self.export(self.monitor, domain=domain))[public.name]
        for column in columns:
            with self.subTest(column):
                for personal in ("Công Khai", "0905", "12 Hùng"):
                    self.assertNotIn(personal, row[column])
                self.assertIn("nói đèn hỏng", row[column])
        self.assertTrue(row[columns[2]].startswith("Sở Thử nghiệm: "))

    def test_what_was_looked_for_is_not_read_by_the_monitor(self):
        log = self.export(
            self.operator, domain=[("citizen_name", "=", "Trần Thị Công Khai")]
        )
        self.assertIn("Công Khai", log.with_user(self.manager).domain)
        with self.assertRaises(AccessError):
            log.with_user(self.monitor).read(["domain"])
        self.assertNotIn("domain", log.with_user(self.monitor).read()[0])

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

    def test_a_file_is_called_by_its_period(self):
        """In the words of reports, so that files of months lie in their order."""
        self.set_moment("2026-03-02 01:00")
        for values, name in (
            ({"period": "month"}, "thang-03-2026"),
            ({"period": "quarter"}, "quy-1-2026"),
            ({"period": "year"}, "nam-2026"),
            ({"period": "all"}, "den-02-03-2026"),
            ({"period": "free", "date_from": "2026-03-01"}, "tu-01-03-2026"),
            (
                {
                    "period": "free",
                    "date_from": "2026-03-01",
                    "date_to": "2026-03-05",
                },
                "tu-01-03-2026-den-05-03-2026",
            ),
        ):
            with self.subTest(values):
                dialog = (
                    self.env["pakn.export"]
                    .with_user(self.operator)
                    .create({"purpose": "x", **values})
                )
                log = self.env["pakn.export.log"].browse(
                    dialog.action_export()["res_id"]
                )
                self.assertEqual(log.file_name, f"ho-so-1022-{name}")

    def test_csv_runs_no_formula(self):
        self.public.sudo().title = "=HYPERLINK(1)"
        self.env.flush_all()
        rows = self.read_rows(self.export(self.operator, "csv"))
        self.assertEqual(len(rows), 3)
        row = rows[self.public.name]
        self.assertEqual(row["Tiêu đề"], "'=HYPERLINK(1)")
        self.assertEqual(row["Thời gian tiếp nhận"], "08:00 02/03/2026")
        self.assertEqual(row["Số điện thoại"], "0905 123 456")

    def test_csv_runs_nothing_whatever_a_cell_begins_with(self):
        """In each column, for each sign that a spreadsheet takes for a formula."""
        moments = {index: local("2026-03-02 08:00") for index in export_file.MOMENTS}
        for sign in ("=", "+", "-", "@", "\t", "\r"):
            text = f"{sign}SUM(1+1)*cmd|' /C calc'!A0"
            row = [moments.get(i, text) for i in range(len(export_file.COLUMNS))]
            content = export_file.write_rows("csv", [row], 0).decode()
            [cells] = csv.reader(io.StringIO(content, newline=""))
            for index, cell in enumerate(cells):
                wanted = "01:00 02/03/2026" if index in moments else f"'{text}"
                with self.subTest(sign, column=index):
                    self.assertEqual(cell, wanted)
        # What stands within is left as it was written
        self.public.sudo().title = "a = b @ c"
        self.env.flush_all()
        row = self.read_rows(self.export(self.operator, "csv"))[self.public.name]
        self.assertEqual(row["Tiêu đề"], "a = b @ c")

    def test_selected_requests_are_proposed(self):
        dialog = (
            self.env["pakn.export"]
            .with_user(self.operator)
            .with_context(active_model="pakn.ticket", active_ids=self.public.ids)
            .create({"purpose": "x"})
        )
        self.assertEqual(dialog.count, 1)

    def test_simple_choices_are_a_filter_that_the_log_keeps(self):
        """Period, field, unit and state, before any filter of one's own (17.9)."""
        self.set_clock("2026-02-27 16:00")
        before = self.transferred()
        self.set_clock("2026-03-31 16:00")
        late = self.transferred()
        other = self.new_ticket(category_id=False)
        self.set_clock("2026-04-02 16:00")
        late.sudo().open_transfer_id._escalate()
        ours = (before | late | other).ids
        march = {"period": "last_month"}
        for choices, found in (
            ({}, before | late | other),
            (march, late | other),
            ({**march, "category_id": self.category.id}, late),
            ({**march, "unit_id": self.unit.id}, late),
            ({"period": "quarter"}, late.browse()),
            ({"period": "last_quarter"}, before | late | other),
            ({"status": "late"}, before | late),
            ({"status": "open", **march}, late | other),
            ({"status": "rejected"}, late.browse()),
            # A day of the province begins at 17:00 UTC of the day before
            (
                {"period": "free", "date_from": "2026-02-27", "date_to": "2026-02-27"},
                before,
            ),
            ({"period": "free", "date_from": "2026-02-28"}, late | other),
        ):
            dialog = self.env["pakn.export"].with_user(self.operator)
            dialog = dialog.create(
                {"purpose": "x", "domain": str([("id", "in", ours)]), **choices}
            )
            with self.subTest(**choices):
                self.assertEqual(dialog.count, len(found))
                if not found:
                    with self.assertRaisesRegex(UserError, "no request"):
                        dialog.action_export()
                    continue
                dialog.action_export()
                log = self.env["pakn.export.log"].search([], limit=1)
                self.assertEqual(set(self.read_rows(log)), set(found.mapped("name")))
        with self.assertRaisesRegex(ValidationError, "last day"):
            dialog.create(
                {
                    "purpose": "x",
                    "period": "free",
                    "date_from": "2026-03-02",
                    "date_to": "2026-03-01",
                }
            ).action_export()

    def test_the_days_from_and_until_are_called_so(self):
        export = self.env["pakn.export"].with_context(lang="vi_VN")
        labels = export.fields_get(["date_from", "date_to"])
        self.assertEqual(
            [labels[name]["string"] for name in ("date_from", "date_to")],
            ["Từ", "Đến"],
        )

    def test_days_that_there_are_not_are_refused_with_a_sentence(self):
        for days in ({"date_to": "9999-12-31"}, {"date_from": "0001-01-01"}):
            values = {"purpose": "x", "period": "free", **days}
            with self.subTest(**days), self.assertRaisesRegex(ValidationError, "2099"):
                self.env["pakn.export"].with_user(self.operator).create(
                    values
                ).action_export()

    def test_xlsx_holds_whatever_is_typed(self):
        for title in ("=HYPERLINK(1)", "a < b & c > d", "_x0041_ \x07 ", "  x\ny"):
            self.public.sudo().title = title
            self.env.flush_all()
            sheet = openpyxl.load_workbook(
                io.BytesIO(self.read_file(self.export(self.operator)))
            ).active
            with self.subTest(title):
                [cell] = [
                    row[8] for row in sheet if row[0].value == self.public.sudo().name
                ]
                self.assertEqual(cell.data_type, "s")
                wanted = self.public.sudo().title.replace("\x07", "_x0007_")
                # openpyxl leaves the marks as they stand in the file
                self.assertEqual(cell.value.replace("_x005F_x0041_", "_x0041_"), wanted)

    def test_too_many_for_a_spreadsheet(self):
        self.patch(pakn_export, "XLSX_ROWS", 2)
        before = self.env["pakn.export.log"].search_count([])
        with self.assertRaisesRegex(UserError, "3 requests.*takes 2; .* CSV"):
            self.export(self.operator)
        self.assertEqual(self.env["pakn.export.log"].search_count([]), before)
        self.assertEqual(self.export(self.operator, "csv").state, "ready")

    def test_days_in_a_filter_move(self):
        domain = (
            f"[('id', 'in', {self.tickets.ids}), ('date_received', '>=', 'today -1d')]"
        )
        log = self.export(self.operator, domain=domain)
        self.assertRecordValues(log, [{"state": "ready", "count": 3}])

    def test_a_filter_is_data_and_no_program(self):
        for domain in (
            "[('id', '=', uid)]",
            "[x for x in range(10)]",
            "[('id', '=', 9**9**9)]",
            "().__class__",
            "[" * 50_000,
            "-" * 1_000_000 + "1",
            "[" + "('id', '=', 1)," * 100_000 + "]",
        ):
            with self.subTest(domain[:20]), self.assertRaises(ValidationError):
                self.export(self.operator, domain=domain)


@tagged(*TAGS)
class TestExportMaking(ExportCase):
    """The file is made in parts, behind the dialog, in the rights of each moment."""

    def setUp(self):
        super().setUp()
        # The dialog comes to one request, and so does each attempt
        self.patch(pakn_export_making, "BATCH", 1)
        self.patch(pakn_export_making, "SEARCH", 2)
        self.patch(pakn_export_making, "SLICE", 0)
        self.patch(pakn_export, "AT_ONCE", 0)

    def run_cron(self):
        self.env.flush_all()
        cron = self.env.ref("pakn_1022_reports.ir_cron_make_exports")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def parts(self, log):
        return self.env["pakn.export.part"].search([("log_id", "=", log.id)])

    def bus(self, log):
        """Return what was told of an export, to whom."""
        found = self.env["bus.bus"].search([("message", "like", "reports.export")])
        return [bus.message for bus in found if f'"id":{log.id},' in bus.message]

    def test_parts_are_one_file(self):
        for file_type in ("csv", "xlsx"):
            log = self.export(self.operator, file_type)
            with self.subTest(file_type):
                self.assertRecordValues(
                    log, [{"state": "making", "done": 1, "count": 3}]
                )
                later = self.transferred()
                self.env.flush_all()
                log._advance(0)
                self.assertEqual((log.state, log.done), ("making", 2))
                # What it holds already is not looked at any more
                log.domain = str([("id", "in", (self.tickets | later).ids)])
                self.run_cron()
                self.assertRecordValues(
                    log, [{"state": "ready", "done": 3, "count": 3}]
                )
                # Of an XLSX the rows have become one file
                self.assertEqual(len(self.parts(log)), 3 if file_type == "csv" else 1)
                self.assertEqual(
                    list(self.read_rows(log)),
                    (self.public | self.hidden | self.other).mapped("name"),
                )

    def test_killed_while_the_workbook_is_put_together(self):
        class Killed(BaseException):
            """As if the process had died."""

        log = self.export(self.operator)
        with patch.object(pakn_export_making, "write_workbook", side_effect=Killed):
            for _slice in range(2):
                log._advance(0)
            with self.assertRaises(Killed):
                self.run_cron()
        self.env.invalidate_all()
        self.assertEqual((log.state, log.done), ("making", 3))
        self.run_cron()
        self.assertRecordValues(log, [{"state": "ready", "done": 3, "count": 3}])
        self.assertEqual(
            list(self.read_rows(log)),
            (self.public | self.hidden | self.other).mapped("name"),
        )

    def test_a_large_workbook_is_kept_in_pieces(self):
        self.patch(pakn_export_making, "FILE_PIECE", 1000)
        log = self.export(self.operator)
        self.run_cron()
        self.assertGreater(len(self.parts(log)), 3)
        self.assertEqual(len(self.read_rows(log)), 3)

    def test_who_asked_is_told_at_the_end(self):
        log = self.export(self.operator, "csv")
        self.assertFalse(self.bus(log))
        self.run_cron()
        [message] = self.bus(log)
        self.assertIn('"ready"', message)

    def test_what_is_done_is_left_alone(self):
        log = self.export(self.operator, "csv")
        self.run_cron()
        before = log.write_date, self.parts(log)
        self.run_cron()
        self.assertEqual(log._advance(0), 0)
        self.assertEqual((log.write_date, self.parts(log)), before)

    def test_masked_from_the_moment_the_right_is_gone(self):
        log = self.export(self.operator, "csv")
        self.operator.group_ids = self.env.ref("pakn_1022.group_monitor")
        self.run_cron()
        names = [row["Họ và tên"] for row in self.read_rows(log).values()]
        self.assertEqual(names, ["Trần Thị Công Khai", "", "Võ ***"])
        self.assertTrue(log.is_personal)

    def test_personal_from_the_moment_the_right_is_there(self):
        log = self.export(self.monitor, "csv")
        self.assertFalse(log.is_personal)
        self.monitor.group_ids += self.env.ref("pakn_1022.group_operator")
        self.run_cron()
        self.assertTrue(log.is_personal)

    def test_what_became_secret_meanwhile_is_left_out(self):
        log = self.export(self.operator, "csv")
        self.hidden.sudo().secrecy = "secret"
        self.run_cron()
        self.assertEqual(list(self.read_rows(log)), [self.public.name, self.other.name])
        self.assertRecordValues(log, [{"count": 2, "done": 2}])

    def test_failures_end_in_a_sentence(self):
        def forbid(log):
            log.user_id.group_ids = self.env.ref("base.group_user")

        def close(log):
            log.user_id.active = False

        def break_filter(log):
            log.domain = "[('nope', '=', 1)]"

        def die_often(log):
            log.attempts = pakn_export_making.ATTEMPTS

        for change, user, sentence in (
            (break_filter, self.operator, "filter of this export does not work"),
            (die_often, self.operator, "không tạo được tệp"),
            (forbid, self.monitor, "right to read requests was taken away"),
            (close, self.focal, "account was closed"),
        ):
            log = self.export(user, "csv")
            change(log)
            with self.subTest(change.__name__):
                if change is die_often:
                    self.run_cron()
                else:
                    with self.assertLogs(pakn_export_making.__name__, "WARNING"):
                        self.run_cron()
                self.assertEqual(log.state, "failed")
                self.assertIn(sentence, log.error)
                self.assertFalse(self.parts(log))
                self.assertIn('"failed"', self.bus(log)[0])
                # It is not tried again
                self.run_cron()
                self.assertEqual(len(self.bus(log)), 1)

    def test_unexpected_failures_end_too(self):
        log = self.export(self.operator, "csv")
        good = self.export(self.monitor, "csv")
        get_rows = type(self.env["pakn.export.rows"])._get_rows

        def fail(this, tickets):
            if tickets.env.user == self.operator:
                raise RuntimeError("broken")
            return get_rows(this, tickets)

        with (
            patch.object(type(self.env["pakn.export.rows"]), "_get_rows", fail),
            self.assertLogs(pakn_export_making.__name__, "ERROR") as logs,
        ):
            self.run_cron()
        self.assertIn("Traceback", logs.output[0])
        self.assertIn("did not manage", log.error)
        self.assertEqual((log.state, good.state), ("failed", "ready"))

    def test_files_go_and_the_log_stays(self):
        log = self.export(self.operator, "csv")
        self.run_cron()
        files = self.get_files(log)
        log.date_ready = fields.Datetime.now() - timedelta(hours=24, minutes=1)
        self.assertFalse(log.with_user(self.operator).is_downloadable)
        self.env["pakn.export.log"]._gc_files()
        self.assertEqual(log.state, "ready", "somebody may be fetching it")
        log.date_ready -= timedelta(hours=1)
        self.env["pakn.export.log"]._gc_files()
        self.assertEqual(log.state, "expired")
        self.assertFalse(self.parts(log) or files.exists())
        with self.assertRaisesRegex(UserError, "kept for 24 hours"):
            log.with_user(self.operator).action_download()

    def get_files(self, log):
        """Return the attachments that the parts of an export lie in."""
        return self.env["ir.attachment"].search(
            [
                ("res_model", "=", "pakn.export.part"),
                ("res_field", "=", "content"),
                ("res_id", "in", self.parts(log).ids),
            ]
        )

    def test_nobody_reaches_the_parts(self):
        log = self.export(self.manager, "csv")
        self.run_cron()
        files = self.get_files(log)
        self.assertTrue(files)
        for user in (
            self.manager,
            self.monitor,
            self.operator,
            self.env.ref("base.user_admin"),
        ):
            with self.subTest(user.login):
                for record in (self.parts(log), files):
                    self.assertFalse(record.with_user(user)._filtered_access("read"))
                    with self.assertRaises(AccessError):
                        record.with_user(user).read()
                found = self.env["ir.attachment"].with_user(user)
                self.assertFalse(
                    found.search([("id", "in", files.ids), ("res_field", "!=", False)])
                )
        reader = log.with_user(self.monitor)
        self.assertTrue(reader.read(["count", "state", "done", "error"]))
        self.assertFalse(reader.is_downloadable)
        with self.assertRaisesRegex(UserError, "for who asked for it"):
            reader.action_download()
        for name in ("token", "last_id", "top_id"):
            with self.assertRaises(AccessError):
                reader.read([name])


@tagged(*TAGS)
class TestExportDownload(HttpCase, ReportCase):
    def test_a_file_is_for_who_asked_for_it_and_for_a_while(self):
        ticket = self.new_ticket()
        self.run_clock()
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
            log = self.env["pakn.export.log"].browse(dialog.action_export()["res_id"])
            action = log.with_user(self.operator).action_download()
            urls[file_type] = action["url"]
        self.env.flush_all()
        self.authenticate("test_operator", "test_operator")
        for file_type, magic in (("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")):
            reply = self.url_open(urls[file_type])
            with self.subTest(file_type):
                self.assertEqual(reply.status_code, 200)
                self.assertTrue(reply.content.startswith(magic))
                disposition = reply.headers["Content-Disposition"]
                self.assertIn("attachment", disposition)
                self.assertIn(f"{log.file_name}.{file_type}", disposition)
                self.assertEqual(reply.headers["Cache-Control"], "no-store")
                self.assertEqual(
                    int(reply.headers["Content-Length"]), len(reply.content)
                )
        for token in ("nope", "a" * 300, "%27"):
            reply = self.url_open(f"/pakn_1022_reports/export/{token}")
            self.assertEqual(reply.status_code, 404)
        self.authenticate("test_manager", "test_manager")
        self.assertEqual(self.url_open(urls["csv"]).status_code, 404)
        self.authenticate("test_operator", "test_operator")
        log.state = "making"
        self.env.flush_all()
        self.assertEqual(self.url_open(urls["csv"]).status_code, 404)
        log.write({"state": "ready", "date_ready": "2026-01-01"})
        self.env.flush_all()
        self.assertEqual(self.url_open(urls["csv"]).status_code, 404)
        log.date_ready = fields.Datetime.now()
        self.env.flush_all()
        self.assertEqual(self.url_open(urls["csv"]).status_code, 200)
        self.operator.group_ids = self.env.ref("base.group_user")
        self.env.flush_all()
        self.assertEqual(self.url_open(urls["csv"]).status_code, 404)
