import json

from odoo.exceptions import AccessError
from odoo.fields import Datetime
from odoo.tests import tagged

from .common import TAGS, PaknCase, local


@tagged(*TAGS)
class TestClockBoard(PaknCase):
    """The monitor sees what falls due and what is late, and opens it."""

    def board(self, user=None):
        """Return the board as the browser gets it."""
        self.env.flush_all()
        Transfer = self.env["pakn.transfer"].with_user(user or self.monitor)
        return json.loads(json.dumps(Transfer.get_clock_board()))

    def cells(self, board, unit):
        [line] = [line for line in board["units"] if line["id"] == unit.id] or [None]
        return line and {key: cell["count"] for key, cell in line["cells"].items()}

    def tile(self, board, key):
        return next(tile for tile in board["tiles"] if tile["key"] == key)

    def found(self, cell):
        return self.env["pakn.ticket"].with_user(self.monitor).search(cell["domain"])

    def test_what_is_due_and_late_is_counted_by_unit_and_level(self):
        base = self.board()
        tickets = [self.transferred() for _i in range(3)]
        board = self.board()
        self.assertEqual(self.cells(board, self.unit), {"open": 3, "ahead": 3})
        self.set_clock("2026-03-03 08:00")
        self.env["pakn.transfer"].union(
            *[ticket.sudo().open_transfer_id for ticket in tickets[:2]]
        )._escalate()
        board = self.board()
        self.assertEqual(
            self.cells(board, self.unit), {"open": 3, "ahead": 2, "focal": 2}
        )
        self.set_clock("2026-03-04 08:00")
        tickets[0].sudo().open_transfer_id._escalate()
        board = self.board()
        self.assertEqual(
            self.cells(board, self.unit), {"open": 2, "focal": 2, "head": 1}
        )
        self.assertEqual(
            self.tile(board, "open")["count"], self.tile(base, "open")["count"] + 3
        )
        # An answer takes a request off the board.
        self.lead_slip(tickets[1], self.head).answer("<p>Xong</p>")
        self.assertEqual(
            self.cells(self.board(), self.unit), {"open": 1, "focal": 1, "head": 1}
        )

    def test_each_number_opens_the_requests_it_counts(self):
        tickets = [self.transferred() for _i in range(3)]
        self.set_clock("2026-03-03 08:00")
        tickets[0].sudo().open_transfer_id._escalate()
        board = self.board()
        numbers = board["tiles"] + board["hours"]
        for line in board["units"]:
            numbers += line["cells"].values()
        for cell in numbers:
            self.assertEqual(len(self.found(cell)), cell["count"], cell)
        late = self.found(self.tile(board, "late"))
        # The sweep has not come to the other two; they are late all the same.
        self.assertFalse(set(tickets) - set(late))

    def test_the_next_eight_working_hours_one_by_one(self):
        self.transferred()  # Monday 08:00, due Tuesday 08:00
        self.set_clock("2026-03-02 16:30")
        hours = self.board()["hours"]
        self.assertEqual(len(hours), 8)
        self.assertEqual(hours[0]["from"], "2026-03-02 09:30:00")
        self.assertEqual(hours[0]["to"], Datetime.to_string(local("2026-03-03 07:30")))
        counts = [
            len(self.found(hour) & self.env["pakn.ticket"].search([], limit=1))
            for hour in hours
        ]
        self.assertEqual(counts, [0, 1, 0, 0, 0, 0, 0, 0])

    def test_secrets_are_not_counted_for_the_monitor(self):
        base = self.tile(self.board(), "open")["count"]
        secret = self.transferred().sudo()
        secret.secrecy = "secret"
        self.assertEqual(self.tile(self.board(), "open")["count"], base)

    def test_others_have_no_board(self):
        for user in (self.operator, self.focal, self.head, self.employee):
            with self.assertRaises(AccessError):
                self.board(user)

    def test_the_board_costs_the_same_for_few_and_many(self):
        self.transferred()
        self.board()
        before = self.env.cr.sql_log_count
        self.board()
        few = self.env.cr.sql_log_count - before
        for _i in range(20):
            self.transferred()
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.board()
        self.assertLessEqual(self.env.cr.sql_log_count - before, few)


@tagged(*TAGS)
class TestClockHealth(PaknCase):
    """If the sweep stands still the manager hears of it."""

    def status(self, user=None):
        Transfer = self.env["pakn.transfer"].with_user(user or self.manager)
        return [message["type"] for message in Transfer.get_clock_status()]

    def test_ten_minutes_of_silence_are_told_to_the_manager(self):
        cron = self.env.ref("pakn_1022.ir_cron_process_deadlines")
        cron.lastcall = local("2026-03-02 08:00")
        self.set_clock("2026-03-02 08:10")
        self.assertNotIn("danger", self.status())
        self.set_clock("2026-03-02 08:11")
        self.assertIn("danger", self.status())
        self.assertEqual(self.status(self.operator), [])
        cron.lastcall = local("2026-03-02 08:11")
        self.assertNotIn("danger", self.status())
        cron.active = False
        self.assertIn("danger", self.status())

    def test_a_backlog_is_told_with_its_size(self):
        self.env.ref("pakn_1022.ir_cron_process_deadlines").lastcall = local(
            "2026-03-05 08:00"
        )
        self.set_clock("2026-03-02 08:00")
        for _i in range(3):
            self.transferred()
        self.set_clock("2026-03-05 08:00")
        messages = self.env["pakn.transfer"].with_user(self.manager).get_clock_status()
        self.assertRegex(messages[0]["text"], r"^\d*3 slips that fell due")
