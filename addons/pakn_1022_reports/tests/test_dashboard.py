from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from .common import ReportCase


@tagged(*TAGS)
class TestDashboard(ReportCase):
    def board(self, user):
        self.env.flush_all()
        board = self.env["pakn.dashboard"].with_user(user).get_dashboard()
        board["tiles"] = {tile["key"]: tile for tile in board["tiles"]}
        return board

    def test_numbers_of_today_and_this_month(self):
        """In a month of its own: 5 taken in, 2 answered in time, 1 late, 1 at once."""
        self.set_clock("2031-03-10 08:00")
        quick, slow, late = (self.transferred() for _number in range(3))
        self.set_clock("2031-03-10 10:00")
        self.lead_slip(quick, self.focal).answer("<p>Xong</p>")
        quick.send_result()
        quick.rate(5)
        self.set_clock("2031-03-11 07:30")
        self.lead_slip(slow, self.focal).answer("<p>Xong</p>")
        slow.send_result()
        slow.rate(1, "Chậm")
        self.env.flush_all()
        self.set_clock("2031-03-11 08:05")
        late.sudo().open_transfer_id._escalate()
        self.new_ticket()
        self.new_ticket().answer("<p>Ngay</p>")
        self.set_clock("2031-03-11 09:00")
        board = self.board(self.focal)
        # The unit's own: three, of which one is late with its head
        values = {key: tile["value"] for key, tile in board["tiles"].items()}
        self.assertEqual(
            values,
            {
                "today": 0,
                "month": 3,
                "open": 1,
                "due": 0,
                "late": 1,
                # Two of three slips that were due
                "on_time": 2 / 3,
                "satisfied": 0.5,
            },
        )
        self.assertEqual(
            [
                (level["key"], level["in_time"], level["escalated"], level["late"])
                for level in board["levels"]
            ],
            # Late at the focal point, in time at the head until now
            [("focal", 0, 0, 0), ("head", 0, 1, 0), ("province", 0, 0, 0)],
        )
        self.assertEqual(
            board["satisfaction"], {"satisfied": 1, "acceptable": 0, "unsatisfied": 1}
        )
        [unit] = board["units"]
        self.assertEqual(
            (unit["name"], unit["due"], unit["in_time"], unit["answered"]),
            (self.unit.name, 3, 2, 2),
        )
        self.assertEqual((unit["open"], unit["late"], unit["share"]), (1, 1, 2 / 3))
        # 2 and 7.5 working hours
        self.assertAlmostEqual(unit["hours"], (2 + 7.5) / 2)
        self.assertEqual(board["trend"]["received"][-2:], [3, 0])
        self.assertEqual(board["trend"]["answered"][-2:], [1, 1])
        self.assertEqual(len(board["trend"]["days"]), 30)

    def test_each_number_opens_what_it_counts(self):
        """Tiles, bars, slices, days and the columns of the ranking (issue 17.8)."""
        self.set_clock("2031-03-10 08:00")
        late, rated = self.transferred(), self.done()
        rated.rate(3)
        self.new_ticket()
        self.env.flush_all()
        self.set_clock("2031-03-11 08:05")
        late.sudo().open_transfer_id._escalate()
        self.transferred()
        for user in (self.operator, self.monitor, self.manager, self.head):
            with self.subTest(user=user.login):
                self.check_numbers(user)

    def check_numbers(self, user):
        board = self.board(user)

        def count(model, domain):
            return self.env[model].with_user(user).search_count(domain)

        for key in ("today", "month", "open", "due", "late"):
            tile = board["tiles"][key]
            self.assertEqual(count(tile["model"], tile["domain"]), tile["value"], key)
        for level in board["levels"]:
            for key, domain in level["domains"].items():
                self.assertEqual(count("pakn.transfer", domain), level[key], key)
        for key, domain in board["satisfaction_domains"].items():
            self.assertEqual(count("pakn.ticket", domain), board["satisfaction"][key])
        trend = board["trend"]
        self.assertEqual(len(trend["marks"]), len(trend["days"]) + 1)
        for key, opens in trend["domains"].items():
            for place in (-1, -2):
                start, end = trend["marks"][place - 1], trend["marks"][place]
                domain = [
                    *opens["domain"],
                    (opens["field"], ">=", start),
                    (opens["field"], "<", end),
                ]
                self.assertEqual(count("pakn.ticket", domain), trend[key][place])
        self.assertTrue(board["units"])
        for unit in board["units"]:
            for key, domain in unit["domains"].items():
                self.assertEqual(count("pakn.transfer", domain), unit[key], key)
            self.assertEqual(
                count("pakn.transfer", unit["domain"]), unit["answered"] + unit["open"]
            )

    def test_it_says_whether_secret_requests_are_counted(self):
        scopes = {
            self.manager: "all",
            self.operator: "none",
            self.monitor: "none",
            self.focal: "own",
            self.office_user: "own",
        }
        for user, scope in scopes.items():
            self.assertEqual(self.board(user)["scope"], scope, user.login)
        before = {
            user: self.board(user)["tiles"]["open"]["value"]
            for user in (self.manager, self.monitor)
        }
        self.transferred().sudo().secrecy = "secret"
        for user, more in ((self.manager, 1), (self.monitor, 0)):
            value = self.board(user)["tiles"]["open"]["value"]
            self.assertEqual(value - before[user], more)

    def test_a_unit_finds_itself_alone(self):
        self.transferred()
        self.transferred(self.other_unit)
        board = self.board(self.other_focal)
        self.assertEqual([u["id"] for u in board["units"]], self.other_unit.ids)

    def test_nobody_of_the_hotline_finds_nothing(self):
        with self.assertRaises(AccessError):
            self.board(self.employee)

    def test_the_best_come_first(self):
        self.set_clock("2031-03-10 08:00")
        ticket = self.transferred(self.other_unit)
        self.lead_slip(ticket, self.other_focal).answer("<p>Xong</p>")
        late = self.transferred()
        self.env.flush_all()
        self.set_clock("2031-03-11 08:05")
        late.sudo().open_transfer_id._escalate()
        self.lead_slip(late, self.head).answer("<p>Xong</p>")
        self.set_clock("2031-03-11 10:00")
        units = self.board(self.operator)["units"]
        shares = {unit["id"]: unit["share"] for unit in units}
        self.assertEqual(shares[self.other_unit.id], 1.0)
        # Its head was in time, its focal point was not
        self.assertEqual(shares[self.unit.id], 0.5)
        order = [unit["id"] for unit in units]
        self.assertLess(order.index(self.other_unit.id), order.index(self.unit.id))
