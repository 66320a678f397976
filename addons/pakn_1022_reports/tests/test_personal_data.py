import json
from io import BytesIO

import openpyxl

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from .common import ReportCase, read_pdf

READERS = ("focal", "head", "office_user", "monitor", "operator", "manager")
# Who reads requests and is not told of their citizens
UNTOLD = ("monitor", "office_user", "focal", "head")
CITIZEN = {
    "citizen_name": "Mây Trắng Bay",
    "citizen_phone": "0905 777 666",
    "citizen_address": "88/4 Lê Lợi, Pleiku",
    "citizen_email": "maytrang@example.com",
}
# What people write -> what a report shows of it
TEXTS = {
    "Ông Nguyễn Văn Bình đổ rác ra đường": "Ông Nguyễn *** đổ rác ra đường",
    "Gọi lại 0912/345/678 hoặc 0269·3·824·567": "Gọi lại *** hoặc ***",
    "Viết cho binh.nguyen@example.org, gặp chị Hoa": "Viết cho ***, gặp chị ***",
    "Số nhà 27/5 mất nước từ 12/03/2031": "Số nhà *** mất nước từ 12/03/2031",
    "CCCD 064190012345, biển số 81A-123.45": "CCCD ***, biển số ***",
    # Of this very citizen, in ways in which nobody else would be found
    "mây trắng bay chờ đã lâu": "*** chờ đã lâu",
    "Máy 905-777.666 bận, thư MAYTRANG@example.com": "Máy *** bận, thư ***",
    "Trước 88/4 Lê Lợi ngập": "Trước *** Lê Lợi ngập",
}
PIECES = (
    *("Văn Bình", "0912/", "345/678", "3·824", "binh.nguyen", "example.org", "Hoa"),
    *("27/5", "064190012345", "123.45", "trắng bay", "Trắng", "777.666", "905-777"),
    *("88/4", "maytrang", "MAYTRANG", "905777666"),
)


@tagged(*TAGS)
class TestPersonalData(ReportCase):
    """Nobody without the right gets a name or a number out of any report."""

    def setUp(self):
        super().setUp()
        self.set_clock("2031-03-10 08:00")
        values = {
            **CITIZEN,
            "category_id": self.categories["T1"].id,
            "area_id": self.areas["X"].id,
        }
        self.late, self.rated = [], []
        for text in TEXTS:
            self.late.append(self.transferred(title=text, **values))
            rated = self.done(title=text, **values)
            rated.rate(1, text)
            self.rated.append(rated)
        self.env.flush_all()
        self.set_clock("2031-04-02 08:00")

    def assertNothingPersonal(self, text):
        found = [piece for piece in PIECES if piece in text]
        self.assertFalse(found, text)

    def dump(self, value):
        return json.dumps(value, ensure_ascii=False, default=str)

    def test_art13_1_titles_and_reasons_are_shown_without_what_is_personal(self):
        report = self.make_report()
        titles = self.table(report, "late")
        reasons = self.table(report, "reasons")
        for late, rated, shown in zip(
            self.late, self.rated, TEXTS.values(), strict=True
        ):
            with self.subTest(shown):
                self.assertEqual(titles[late.name][0], shown)
                self.assertEqual(reasons[rated.name][1], shown)

    def test_art13_1_no_reader_finds_anything_personal_in_a_report(self):
        province = self.make_report()
        part = self.make_report(scope="unit", unit_id=self.unit.id)
        for role in READERS:
            report = part if role in ("focal", "head") else province
            report = report.with_user(getattr(self, role))
            book = openpyxl.load_workbook(BytesIO(report._get_xlsx()))
            cells = [
                [*row] for sheet in book for row in sheet.iter_rows(values_only=True)
            ]
            lines = report.line_ids.mapped("name")
            with self.subTest(role):
                self.assertIn(self.late[0].name, self.dump(cells))
                self.assertTrue(lines)
                for what in (
                    report.content,
                    report.get_screen(),
                    cells,
                    lines,
                    report._get_letter(),
                    report._get_file_name("pdf"),
                    book.sheetnames,
                ):
                    self.assertNothingPersonal(self.dump(what))

    def test_art13_1_nothing_personal_on_paper(self):
        text = read_pdf(self.make_report()._get_pdf())
        self.assertIn(self.late[0].name, text)
        self.assertNothingPersonal(text)
        # Nor where a line of the paper ends in the middle of it
        self.assertNothingPersonal(" ".join(text.split()))

    def test_art13_1_nothing_personal_in_what_other_offices_get(self):
        self.env["pakn.report.recipient"].search([]).active = False
        self.env["pakn.report.recipient"].create(
            {"name": "Sở Nội vụ", "email": "noivu@example.com"}
        )
        report = self.make_report()
        report.confirm()
        report.send()
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(
                "pakn_1022_reports.ir_cron_send_reports"
            ).method_direct_trigger()
        self.env.invalidate_all()
        mails = self.mails_to("noivu@example.com") | self.mails_to("head@example.com")
        mails = mails.filtered("attachment_ids")
        self.assertEqual(len(mails), 2)
        for mail in mails:
            self.assertNothingPersonal(
                self.dump([mail.subject, mail.body_html, mail.body])
            )
            for file in mail.attachment_ids:
                self.assertNothingPersonal(file.name)
                if file.name.endswith("pdf"):
                    self.assertNothingPersonal(read_pdf(file.raw))

    def test_art13_1_what_recurs_is_named_by_field_and_area_alone(self):
        report = self.make_report()
        self.assertEqual(list(self.table(report, "recurring")), ["Lĩnh vực T1, Xã X"])

    def test_art13_1_secret_texts_are_not_shown_at_all(self):
        self.late[0].sudo().secrecy = "secret"
        self.rated[0].sudo().secrecy = "secret"
        report = self.make_report()
        titles, reasons = self.table(report, "late"), self.table(report, "reasons")
        self.assertEqual(titles[self.late[0].name][0], "(nội dung mật)")
        self.assertEqual(reasons[self.rated[0].name][1], "(nội dung mật)")

    def test_art13_1_nothing_personal_on_the_dashboard(self):
        for role in READERS:
            dashboard = self.env["pakn.dashboard"].with_user(getattr(self, role))
            with self.subTest(role):
                self.assertNothingPersonal(self.dump(dashboard.get_dashboard()))

    def test_art13_1_nothing_personal_in_an_analysis(self):
        self.env.flush_all()
        tickets = [ticket.id for ticket in [*self.late, *self.rated]]
        for name in ("pakn.report.ticket", "pakn.report.transfer"):
            self.env[name]._refresh()
            ours = self.env[name].sudo().search([("ticket_id", "in", tickets)]).ids
            for role in UNTOLD:
                model = self.env[name].with_user(getattr(self, role))
                domain = [("id", "in", ours)]
                rows = model.search_read(domain, [])
                with self.subTest(name, role=role):
                    self.assertEqual(bool(rows), role != "office_user")
                    self.assertNothingPersonal(self.dump(rows))
                    fields = model.fields_get(attributes=["groupable", "type"])
                    self.assertNotIn("ticket_id", fields)
                    for field, options in fields.items():
                        if not options["groupable"]:
                            continue
                        groupby = field
                        if options["type"] in ("date", "datetime"):
                            groupby += ":month"
                        found = model.formatted_read_group(
                            domain, [groupby], ["__count"]
                        )
                        self.assertNothingPersonal(self.dump(found))

    def test_art13_1_nobody_asks_an_analysis_for_a_citizen(self):
        """Neither by a name nor by a number, whether it finds something or not."""
        self.env.flush_all()
        for name in ("pakn.report.ticket", "pakn.report.transfer"):
            model = self.env[name].with_user(self.monitor)
            for field in ("title", "private_name", "private_phone", "citizen_name"):
                with self.subTest(name, field=field), self.assertRaises(AccessError):
                    model.search([(f"ticket_id.{field}", "ilike", "Mây")])
            with self.assertRaises(AccessError):
                model.formatted_read_group([], ["ticket_id.private_name"], ["__count"])

    def test_art13_1_what_a_figure_opens_masks_the_citizen(self):
        report = self.make_report()
        tickets = self.counted(
            report.with_user(self.monitor), "overview", "received", "now"
        )
        for ticket in tickets & self.late[0]:
            self.assertEqual(ticket.citizen_name, "Mây ***")
            self.assertEqual(ticket.citizen_phone, "***666")
            self.assertEqual(ticket.citizen_address, "***")
        self.assertIn(self.late[0].id, tickets.ids)
