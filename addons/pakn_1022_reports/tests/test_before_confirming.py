from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from .common import ReportCase


@tagged(*TAGS)
class TestBeforeConfirming(ReportCase):
    """What a manager should know of a report before the button is pressed (Art. 12)."""

    def setUp(self):
        super().setUp()
        self.set_clock("2031-04-10 08:00")
        self.reports = self.env["pakn.report"].with_user(self.manager)
        self.env["pakn.report.recipient"].search([]).active = False

    def get_default(self):
        values = self.reports.default_get(["date_from", "date_to"])
        return str(values["date_from"]), str(values["date_to"])

    def test_the_default_is_the_last_month_without_a_report(self):
        self.assertEqual(self.get_default(), ("2031-03-01", "2031-03-31"))
        march = self.reports.create({})
        self.assertEqual(self.get_default(), ("2031-02-01", "2031-02-28"))
        self.reports.create({})
        self.assertEqual(self.get_default(), ("2031-01-01", "2031-01-31"))
        march.unlink()
        self.assertEqual(self.get_default(), ("2031-03-01", "2031-03-31"))
        for _month in range(11):
            self.reports.create({})
        self.assertEqual(self.get_default(), ("2031-03-01", "2031-03-31"))

    def test_what_will_not_work_is_said_before(self):
        report = self.reports.create({})
        self.assertIn("goes to nobody", report.confirm_warning)
        self.env["pakn.report.recipient"].create(
            {"name": "Sở Nội vụ", "email": "noivu@example.com"}
        )
        report.invalidate_recordset(["confirm_warning"])
        self.assertFalse(report.confirm_warning)
        report.write({"date_from": "2031-04-01", "date_to": "2031-04-30"})
        self.assertIn("30/04/2031", report.confirm_warning)
        view = report.with_user(self.manager).get_view(view_type="form")["arch"]
        self.assertIn("confirm_warning", view)

    def test_to_confirm_is_offered_to_who_may(self):
        """Who only reads reports is not shown keys that would refuse."""
        report = self.reports.create({})
        self.assertTrue(report.is_to_confirm)
        self.assertFalse(report.with_user(self.monitor).is_to_confirm)
        arch = report.get_view(view_type="form")["arch"]
        self.assertEqual(arch.count('invisible="not is_to_confirm"'), 2)

    def test_files_are_named_as_one_says(self):
        for values, name in (
            ({"kind": "month", "date_from": "2026-10-01"}, "thang-10-2026"),
            ({"kind": "week", "date_from": "2026-10-05"}, "tuan-41-2026"),
            ({"kind": "quarter", "date_from": "2026-10-01"}, "quy-4-2026"),
            ({"kind": "half", "date_from": "2026-07-01"}, "6-thang-2-2026"),
            ({"kind": "year", "date_from": "2026-01-01"}, "nam-2026"),
        ):
            report = self.reports.new(values)
            with self.subTest(name):
                self.assertEqual(
                    report._get_file_name("xlsx"), f"bao-cao-1022-{name}.xlsx"
                )

    def test_the_monitor_begins_with_the_dashboard(self):
        menus = self.env["ir.ui.menu"].with_user(self.monitor)
        root = self.env.ref("pakn_1022.pakn_menu_root")
        shown = menus.browse(menus._visible_menu_ids()).filtered(
            lambda menu: menu.parent_id == root
        )
        self.assertEqual(
            shown.sorted("sequence")[0].action,
            self.env.ref("pakn_1022_reports.dashboard_action"),
        )
        operators = menus.with_user(self.operator)._visible_menu_ids()
        own = self.env.ref("pakn_1022_reports.pakn_dashboard_menu_monitor")
        self.assertNotIn(own.id, operators)
