from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL

from .common import TAGS, PaknCase, local
from .web_client import get_order, open_kanban


@tagged(*TAGS)
class TestBoard(PaknCase):
    """The columns of the board: urgency, and what was closed of late."""

    BAR = {"field": "due_state", "colors": {"late": "a", "soon": "b", "ok": "c"}}

    def find(self, tickets, urgency, operator="="):
        return tickets.search(
            [("id", "in", tickets.ids), ("due_state", operator, urgency)]
        )

    def test_urgency_is_found_as_it_is_shown(self):
        early = self.transferred()
        self.set_clock("2026-03-02 09:30")
        later = self.transferred()
        self.set_clock("2026-03-02 13:30")
        last, new = self.transferred(), self.new_ticket()
        tickets = early | later | last | new
        for moment in (
            "2026-03-02 14:00",
            "2026-03-02 15:31",
            # Just before and after two hours are left, a pause among them
            "2026-03-02 16:59",
            "2026-03-03 07:30",
            "2026-03-03 08:01",
            "2026-03-03 09:31",
            "2026-03-03 11:30",
            "2026-03-03 12:30",
            "2026-03-03 13:30",
            "2026-03-03 14:00",
        ):
            self.set_clock(moment)
            self.env.invalidate_all()
            for urgency in ("late", "soon", "ok", False):
                shown = tickets.filtered(lambda t, u=urgency: t.due_state == u)
                with self.subTest(moment, urgency=urgency):
                    self.assertEqual(self.find(tickets, urgency), shown.sorted())
                    self.assertEqual(
                        self.find(tickets, urgency, "!="), (tickets - shown).sorted()
                    )

    def test_urgency_goes_by_the_working_hours_of_the_unit(self):
        calendar = self.env["resource.calendar"].create(
            {
                "name": "Sáng",
                "tz": "Asia/Ho_Chi_Minh",
                "attendance_ids": [
                    (
                        0,
                        0,
                        {
                            "name": str(day),
                            "dayofweek": str(day),
                            "hour_from": 7,
                            "hour_to": 11,
                            "day_period": "morning",
                        },
                    )
                    for day in range(5)
                ],
            }
        )
        self.other_unit.resource_calendar_id = calendar
        usual, own = self.transferred(), self.transferred(self.other_unit)
        # 16 hours on the wall: two hours of work for the one, of a morning's people
        self.assertEqual(own.date_due, local("2026-03-04 08:00"))
        self.set_clock("2026-03-03 10:00")
        tickets = usual | own
        self.env.invalidate_all()
        self.assertEqual(own.due_state, "soon")
        self.assertEqual(self.find(tickets, "soon"), own)
        self.assertEqual(self.find(tickets, "late"), usual)

    def test_the_bar_counts_by_urgency_in_each_column(self):
        tickets = self.transferred() | self.transferred()
        self.set_clock("2026-03-02 13:30")
        tickets |= self.transferred() | self.new_ticket()
        self.set_clock("2026-03-03 08:30")
        counts = tickets.read_progress_bar(
            [("id", "in", tickets.ids)], "stage_id", self.BAR
        )
        stages = self.env["pakn.stage"]._get_default_stages()
        self.assertEqual(
            counts, {str(stages["transferred"].id): {"late": 2, "soon": 0, "ok": 1}}
        )
        # Any other bar stays Odoo's
        channels = {"field": "secrecy", "colors": {"public": "a", "secret": "b"}}
        by_unit = tickets.read_progress_bar(
            [("id", "in", tickets.ids)], "unit_id", channels
        )
        self.assertEqual(by_unit[str(self.unit.id)], {"public": 3, "secret": 0})

    def test_the_board_leaves_out_what_was_closed_long_ago(self):
        done, rejected, cancelled = self.done(), self.new_ticket(), self.new_ticket()
        rejected.reject(self.reason.id)
        cancelled.cancel("Gọi thử")
        closed, still = done | rejected | cancelled, self.new_ticket()
        self.assertEqual(set(closed.mapped("date_closed")), {local("2026-03-02 08:00")})
        self.assertFalse(still.date_closed)
        self.set_clock("2026-03-04 08:00")
        done.reopen("Chưa xong")
        self.assertFalse(done.date_closed)
        self.set_clock("2026-03-20 08:00")
        domain = ["|", ("date_closed", "=", False), ("date_closed", ">=", "today -7d")]
        found = closed.search([("id", "in", (closed | still).ids), *domain])
        self.assertEqual(found, (done | still).sorted())

    def test_a_board_is_opened_without_reading_requests(self):
        """A request is wide: of a hundred thousand open ones only indexes are read.

        That is true of the columns, of the bars above them, and of the first cards of a
        column in the order in which the board shows them.
        """
        tickets = self.transferred().with_user(self.operator).browse()
        board = ["|", ("date_closed", "=", False), ("date_closed", ">=", "today -7d")]
        order = get_order(tickets, "kanban")
        self.assertTrue(order.startswith("date_due asc"), order)
        asked = []
        execute = type(self.env.cr).execute

        def note(cr, query, params=None, log_exceptions=True):
            result = execute(cr, query, params, log_exceptions)
            text = cr._obj.query.decode()
            if "COUNT(*)" in text or " LIMIT 40" in text:
                asked.append(text)
            return result

        self.env.flush_all()
        with patch.object(type(self.env.cr), "execute", note):
            open_kanban(tickets, board, "stage_id", {}, self.BAR, order)
        columns, *cards, bars = asked
        self.assertNotIn("JOIN", columns, "its order is that of all stages anyway")
        self.assertTrue(cards)
        for index, query in (
            ("stage_count_idx", columns),
            ("stage_idx", cards[0]),
            ("stage_due_idx", bars),
        ):
            asked_again = SQL(query.replace("%", "%%"))
            plan = self.explain_by(f"pakn_ticket_{index}", asked_again)
            self.assertIn(f"Index Only Scan using pakn_ticket_{index}", plan)
            if query == cards[0]:
                self.assertNotIn("Sort", plan)
