from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from .common import ReportCase

STAFF = "focal other_focal head office_user monitor operator manager"
ANALYSIS = {STAFF: "r"}
MODELS = {
    "pakn.report.ticket": ANALYSIS,
    "pakn.report.transfer": ANALYSIS,
    "pakn.report": {STAFF: "r", "focal other_focal head manager": "rcwu"},
    "pakn.report.line": ANALYSIS,
    "pakn.report.dispatch": {"manager": "r"},
    "pakn.report.recipient": {"manager": "rcwu"},
    "pakn.report.criterion": {f"employee {STAFF}": "r", "manager": "rcwu"},
    "pakn.export.log": ANALYSIS,
    "pakn.export.part": {},
    "pakn.export": {STAFF: "rcw"},
}


@tagged(*TAGS)
class TestRights(ReportCase):
    """A unit sees its own figures only, the monitor all but secrets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cleared = new_test_user(
            cls.env, login="test_cleared", groups="pakn_1022.group_secrecy_clearance"
        )

    def test_every_model_and_role(self):
        self.check_rights("pakn_1022_reports", MODELS)

    def test_each_analyses_what_they_may_read(self):
        own, other = self.transferred(), self.transferred(self.other_unit)
        below = self.transferred(self.child)
        secret = self.transferred()
        secret.sudo().secrecy = "secret"
        self.env.flush_all()
        for model in ("pakn.report.ticket", "pakn.report.transfer"):
            self.env[model]._refresh()
        tickets = own | other | below | secret
        for role, seen in (
            ("focal", own | below | secret),
            ("head", own | below | secret),
            ("other_focal", other),
            ("office_user", tickets.browse()),
            ("monitor", own | other | below),
            ("operator", own | other | below),
            ("cleared", tickets),
            ("manager", tickets),
        ):
            user = getattr(self, role)
            for model in ("pakn.report.ticket", "pakn.report.transfer"):
                rows = self.env[model].search([("ticket_id", "in", tickets.ids)])
                found = rows.with_user(user).search([("id", "in", rows.ids)])
                with self.subTest(model, role=role):
                    self.assertEqual(found.sudo().ticket_id, seen.sudo())

    def test_no_citizen_in_any_analysis(self):
        for model in ("pakn.report.ticket", "pakn.report.transfer"):
            names = set(self.env[model]._fields)
            with self.subTest(model):
                self.assertFalse(
                    {name for name in names if "citizen" in name or "private" in name}
                )
                self.assertFalse(names & {"title", "description", "result", "address"})

    def test_reports_are_read_by_scope(self):
        self.set_clock("2031-04-02 08:00")
        province = self.make_report()
        own = self.make_report(scope="unit", unit_id=self.unit.id)
        below = self.make_report(scope="unit", unit_id=self.child.id)
        other = self.make_report(scope="unit", unit_id=self.other_unit.id)
        reports = province | own | below | other
        for role, seen in (
            ("focal", own | below),
            ("head", own | below),
            ("other_focal", other),
            ("office_user", reports),
            ("monitor", reports),
            ("operator", reports),
            ("manager", reports),
        ):
            user = getattr(self, role)
            found = reports.with_user(user)._filtered_access("read")
            lines = self.env["pakn.report.line"].with_user(user)
            lines = lines.search([("report_id", "in", reports.ids)])
            with self.subTest(role):
                self.assertEqual(found.sudo(), seen.sudo())
                self.assertEqual(lines.sudo().report_id, seen.sudo())

    def test_a_head_makes_reports_of_the_own_unit_alone(self):
        self.set_clock("2031-04-02 08:00")
        model = self.env["pakn.report"].with_user(self.head)
        values = {"kind": "month", "date_from": "2031-03-01", "date_to": "2031-03-31"}
        report = model.create({**values, "scope": "unit", "unit_id": self.unit.id})
        self.assertTrue(report.content)
        for scope in (
            {"scope": "unit", "unit_id": self.other_unit.id},
            {"scope": "province"},
            {"scope": "category", "category_id": self.category.id},
        ):
            with self.subTest(scope), self.assertRaises(AccessError):
                model.create({**values, **scope})
        with self.assertRaises(AccessError):
            report.unit_id = self.other_unit
        for role in ("monitor", "operator", "office_user"):
            with self.subTest(role), self.assertRaises(AccessError):
                model.with_user(getattr(self, role)).create(values)

    def test_a_figure_finds_what_its_reader_may_read(self):
        self.set_clock("2031-03-10 08:00")
        own, other = self.transferred(), self.transferred(self.other_unit)
        self.env.flush_all()
        self.set_clock("2031-04-02 08:00")
        report = self.make_report()
        line = self.figure(report, "overview", "received", "now")
        domain = [("pakn_report_line_id", "=", line.id)]
        tickets = self.env["pakn.ticket"]
        self.assertEqual(
            tickets.with_user(self.monitor).search(domain) & (own | other),
            (own | other).with_user(self.monitor),
        )
        # The figure is none of theirs, so it finds them nothing
        self.assertFalse(tickets.with_user(self.focal).search(domain))
        part = self.make_report(scope="unit", unit_id=self.unit.id)
        line = self.figure(part, "overview", "received", "now")
        found = tickets.with_user(self.focal).search(
            [("pakn_report_line_id", "=", line.id)]
        )
        self.assertEqual(found, own)
        # Hostile values find nothing and break nothing
        for value in (0, -1, 999999999, False):
            self.assertFalse(
                tickets.with_user(self.focal).search(
                    [("pakn_report_line_id", "=", value)]
                )
            )

    def test_screen_and_figures_ask_for_the_right(self):
        self.set_clock("2031-04-02 08:00")
        report = self.make_report()
        for role in ("focal", "head", "employee"):
            foreign = report.with_user(getattr(self, role))
            with self.subTest(role):
                with self.assertRaises(AccessError):
                    foreign.get_screen()
                with self.assertRaises(UserError):
                    foreign.open_figure("overview", "received", "now")
                with self.assertRaises(AccessError):
                    foreign.confirm()
        for role in ("monitor", "operator", "office_user"):
            reader = report.with_user(getattr(self, role))
            with self.subTest(role):
                self.assertTrue(reader.get_screen()["content"]["sections"])
                with self.assertRaises(AccessError):
                    reader.confirm()
