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
                (level["key"], level["in_time"], level["late"])
                for level in board["levels"]
            ],
            [("focal", 0, 0), ("head", 0, 1), ("province", 0, 0)],
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
        self.transferred()
        self.new_ticket()
        board = self.board(self.operator)
        for key in ("today", "month", "open", "due", "late"):
            tile = board["tiles"][key]
            found = self.env[tile["model"]].with_user(self.operator)
            with self.subTest(key):
                self.assertEqual(found.search_count(tile["domain"]), tile["value"])
        for unit in board["units"]:
            found = self.env["pakn.transfer"].with_user(self.operator)
            self.assertEqual(
                found.search_count(unit["domain"]), unit["answered"] + unit["open"]
            )

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
