from odoo import fields
from odoo.tests import tagged

from .common import TAGS, PaknCase, local


@tagged(*TAGS)
class TestSoonByOwnHours(PaknCase):
    """A slip is found as nearly due by the working hours of its own unit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_unit.resource_calendar_id = cls.make_calendar(7, 11, range(5))

    @classmethod
    def make_calendar(cls, start, end, days):
        """Return a calendar of so many hours on each of these days."""
        return cls.env["resource.calendar"].create(
            {
                "name": f"{start}–{end}",
                "tz": "Asia/Ho_Chi_Minh",
                "attendance_ids": [
                    fields.Command.clear(),
                    *(
                        fields.Command.create(
                            {
                                "name": str(day),
                                "dayofweek": str(day),
                                "hour_from": start,
                                "hour_to": end,
                                "day_period": "morning",
                            }
                        )
                        for day in days
                    ),
                ],
            }
        )

    def find(self, slips, urgency):
        """Return which of the slips the list shows under an urgency, newest first."""
        return slips.search([("id", "in", slips.ids), ("due_state", "=", urgency)])

    def check(self, slip, moment, urgency):
        self.set_clock(moment)
        self.env.invalidate_all()
        with self.subTest(moment, unit=slip.unit_id.code):
            self.assertEqual(slip.due_state, urgency)
            for other in ("late", "soon", "ok"):
                found = slip if other == urgency else slip.browse()
                self.assertEqual(self.find(slip, other), found, other)

    def test_a_unit_of_the_morning_has_less_work_left_than_others(self):
        slip = self.transferred(self.other_unit).open_transfer_id
        self.assertEqual(slip.date_due, local("2026-03-04 08:00"))
        # A whole afternoon lies before it, in which this unit does not work
        for moment, urgency in (
            ("2026-03-03 09:59", "ok"),
            ("2026-03-03 10:00", "soon"),
            ("2026-03-03 13:30", "soon"),
            ("2026-03-04 08:00", "soon"),
            ("2026-03-04 08:01", "late"),
        ):
            self.check(slip, moment, urgency)

    def test_a_unit_that_works_all_day_has_more_left_than_others(self):
        self.other_unit.resource_calendar_id = self.make_calendar(0, 24, range(7))
        self.set_clock("2026-03-02 16:00")
        slip = self.transferred(self.other_unit).open_transfer_id
        self.assertEqual(slip.date_due, local("2026-03-03 00:00"))
        # Others go home in half an hour: for them it would be nearly due
        for moment, urgency in (
            ("2026-03-02 16:30", "ok"),
            ("2026-03-02 21:59", "ok"),
            ("2026-03-02 22:00", "soon"),
            ("2026-03-03 00:01", "late"),
        ):
            self.check(slip, moment, urgency)

    def test_others_are_not_counted_by_the_hours_of_the_morning(self):
        self.transferred(self.other_unit)
        slip = self.transferred().open_transfer_id
        self.assertEqual(slip.date_due, local("2026-03-03 08:00"))
        for moment, urgency in (
            ("2026-03-02 11:00", "ok"),
            ("2026-03-02 15:59", "ok"),
            ("2026-03-02 16:00", "soon"),
            ("2026-03-03 08:01", "late"),
        ):
            self.check(slip, moment, urgency)

    def test_requests_are_found_by_the_hours_of_their_unit(self):
        ticket = self.transferred(self.other_unit)
        for moment, urgency in (
            ("2026-03-03 09:59", "ok"),
            ("2026-03-03 13:30", "soon"),
        ):
            self.check_ticket(ticket, moment, urgency)

    def check_ticket(self, ticket, moment, urgency):
        self.set_clock(moment)
        self.env.invalidate_all()
        self.assertEqual(ticket.due_state, urgency)
        self.assertEqual(self.find(ticket, urgency), ticket)
