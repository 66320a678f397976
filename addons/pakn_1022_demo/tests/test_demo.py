from odoo.fields import Datetime
from odoo.tests import TransactionCase, tagged

from odoo.addons.pakn_1022.tools.phone import normalize_phone
from odoo.addons.pakn_1022.tools.ticket_code import normalize_code


@tagged("post_install", "-at_install", "pakn_1022_demo")
class TestDemo(TransactionCase):
    """The demonstration shows everything that happens at a hotline."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tickets = cls.env["pakn.ticket"].search([], limit=1000)

    def test_about_200_requests_over_a_year(self):
        self.assertGreaterEqual(len(self.tickets), 200)
        received = self.tickets.mapped("date_received")
        self.assertGreater((max(received) - min(received)).days, 330)
        self.assertLessEqual(max(received), Datetime.now())

    def test_analyses_count_them_from_the_first_moment(self):
        for name in ("pakn.report.ticket", "pakn.report.transfer"):
            self.assertGreater(self.env[name].search_count([]), 100, name)

    def test_every_state_channel_field_and_secrecy_occurs(self):
        for name in ("state", "secrecy"):
            wanted = {value for value, _l in self.tickets._fields[name].selection}
            self.assertEqual(set(self.tickets.mapped(name)), wanted)
        self.assertEqual(
            self.tickets.channel_id, self.env["pakn.channel"].search([], limit=100)
        )
        groups = {category.code[0] for category in self.tickets.category_id}
        self.assertEqual(groups, set("1234567"))

    def test_every_kind_of_slip_occurs(self):
        slips = self.tickets.transfer_ids
        for name in ("state", "level", "role"):
            wanted = {value for value, _l in slips._fields[name].selection}
            self.assertEqual(set(slips.mapped(name)), wanted, name)
        for slip in slips.filtered(lambda s: s.is_open and s.role == "lead"):
            self.assertEqual(slip.ticket_id.open_transfer_id, slip)

    def test_every_grade_occurs_with_its_reason(self):
        ratings = self.env["rating.rating"].search(
            [("res_model", "=", "pakn.ticket"), ("consumed", "=", True)]
        )
        self.assertEqual(set(ratings.mapped("rating")), {5.0, 3.0, 1.0})
        self.assertTrue(
            all(ratings.filtered(lambda r: r.rating == 1).mapped("feedback"))
        )

    def test_codes_phones_and_records_are_sound(self):
        for ticket in self.tickets:
            self.assertEqual(normalize_code(ticket.name), ticket.name)
            self.assertEqual(
                normalize_phone(ticket.citizen_phone), ticket.citizen_phone
            )
            events = ticket.event_ids.sorted("id")
            self.assertEqual(events[0].kind, "received")
            # A supporting unit's act leaves the state of the request alone.
            steps = [e for e in events if e.from_state != e.to_state]
            self.assertEqual(steps[-1].to_state, ticket.state)
            dates = events.mapped("date")
            self.assertEqual(dates, sorted(dates))

    def test_each_visitor_finds_work(self):
        def mine(login):
            user = self.env["res.users"].search([("login", "=", login)])
            slips = self.env["pakn.transfer"].with_user(user)
            return slips.search([("can_respond", "=", True)])

        self.assertGreaterEqual(len(mine("daumoi")), 5)
        self.assertTrue(mine("daumoi").filtered(lambda s: s.due_state == "late"))
        self.assertGreaterEqual(
            len(mine("thutruong").filtered(lambda s: s.level == "head")), 2
        )
        self.assertGreaterEqual(len(mine("vpubnd")), 3)
        states = self.tickets.mapped("state")
        self.assertGreaterEqual(states.count("new"), 10)
        self.assertGreaterEqual(states.count("answered"), 6)

    def test_conversations_at_each_door(self):
        channels = self.env["discuss.channel"].search(
            [("channel_type", "=", "pakn_chat")]
        )
        kinds = {"zalo", "facebook", "livechat"}
        self.assertEqual(set(channels.mapped("pakn_kind")), kinds)
        waiting = channels.filtered("pakn_waiting_since")
        self.assertTrue(waiting.filtered(lambda one: not one.pakn_user_id))
        self.assertTrue(
            waiting.filtered(lambda one: one.pakn_user_id.login == "nhanvien")
        )
        self.assertTrue(channels - waiting)
        self.assertTrue(channels.filtered(lambda one: not one._pakn_is_open()))
        states = self.env["pakn.chat.message"].search([]).mapped("state")
        self.assertEqual(set(states), {"received", "sent"})

    def test_reports_to_be_checked_and_to_be_read(self):
        reports = self.env["pakn.report"].search([])
        self.assertEqual(
            sorted(reports.mapped(lambda report: (report.kind, report.state))),
            [("month", "confirmed")] * 2 + [("month", "draft"), ("week", "draft")],
        )
        for report in reports.filtered(lambda report: report.kind == "month"):
            [overview] = [
                section
                for section in report.content["sections"]
                if section["key"] == "overview"
            ]
            self.assertTrue(any(row["values"][0] for row in overview["rows"]))

    def test_art13_the_site_tells_the_figures_of_the_demonstration(self):
        """Not those of the empty hotline that it was installed for."""
        figures = self.env["pakn.statistics"]._get_last().sudo().data
        self.assertGreater(figures["total"]["received"], 100)

    def test_about_thirty_units_with_their_people(self):
        units = self.env["pakn.unit"].search([("focal_user_ids", "!=", False)])
        self.assertGreaterEqual(len(units), 30)
        self.assertTrue(all(unit.head_user_id for unit in units))

    def test_one_account_per_role_can_sign_in(self):
        for login, group in (
            ("nhanvien", "operator"),
            ("daumoi", "unit_focal"),
            ("thutruong", "unit_head"),
            ("vpubnd", "provincial_office"),
            ("giamsat", "monitor"),
            ("quantri", "manager"),
        ):
            with self.subTest(login):
                user = self.env["res.users"].search([("login", "=", login)])
                self.assertTrue(user.has_group(f"pakn_1022.group_{group}"))
                user.with_user(user)._check_credentials(
                    {"type": "password", "password": "1022gialai"},
                    {"interactive": True},
                )
