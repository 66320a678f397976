from datetime import date

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..tools.public_holidays import get_public_holidays
from .common import TAGS, PaknCase, local


@tagged(*TAGS)
class TestPublicHolidays(PaknCase):
    """Vietnam's days off and working days in lieu, entered and corrected (design 4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Leaves = cls.env["resource.calendar.leaves"]
        cls.Days = cls.env["pakn.working.day"]
        cls.Leaves._search_for_everybody().unlink()
        cls.Days.search([]).unlink()

    def days(self):
        return set(self.Leaves._search_for_everybody().mapped("pakn_date"))

    def run_yearly_action(self):
        cron = self.env.ref("pakn_1022.ir_cron_fill_public_holidays")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def test_the_days_of_2026_and_2027(self):
        """By Labour Code Art. 112 and the decrees known; 24 November since 2026."""
        off, working = get_public_holidays(2026)
        self.assertEqual(
            [day.date.strftime("%d/%m") for day in off],
            ["01/01"]
            + ["16/02", "17/02", "18/02", "19/02", "20/02"]  # Tết, five days
            + ["26/04", "27/04"]  # Hùng Kings on a Sunday, Monday in lieu
            + ["30/04", "01/05", "31/08", "01/09", "02/09", "24/11"],
        )
        self.assertEqual(
            [(day.date, day.weekday) for day in working], [(date(2026, 8, 22), 0)]
        )
        off, working = get_public_holidays(2027)
        self.assertIn(date(2027, 2, 6), [day.date for day in off])  # first of Tết
        self.assertIn(date(2027, 5, 3), [day.date for day in off])  # 1 May, Saturday
        self.assertFalse(working)
        self.assertNotIn("24/11", str(get_public_holidays(2025)))

    def test_days_not_yet_decreed_are_provisional_until_confirmed(self):
        self.set_clock("2026-03-02 08:00")
        self.Leaves._fill_public_holidays((2026, 2027))
        leaves = {leave.pakn_date: leave for leave in self.Leaves.search([])}
        # The law names the day; a year's decree chooses how Tết is split.
        self.assertFalse(leaves[date(2027, 4, 30)].is_provisional)
        self.assertTrue(leaves[date(2027, 2, 10)].is_provisional)
        self.assertTrue(leaves[date(2026, 11, 24)].is_provisional)
        # What is past is known.
        self.assertFalse(leaves[date(2026, 2, 20)].is_provisional)
        leaves[date(2027, 2, 10)].with_user(self.manager).action_confirm()
        self.assertFalse(leaves[date(2027, 2, 10)].is_provisional)

    def test_a_day_off_lasts_from_midnight_to_midnight_in_gia_lai(self):
        leave = self.Leaves.create({"name": "Lễ", "pakn_date": "2026-05-01"})
        self.assertEqual(leave.date_from, local("2026-05-01 00:00"))
        self.assertEqual(leave.date_to.strftime("%d %H:%M:%S"), "01 16:59:59")
        leave.pakn_date = "2026-05-04"
        self.assertEqual(leave.date_from, local("2026-05-04 00:00"))
        leave.date_from = local("2026-05-05 00:00")
        self.assertEqual(leave.pakn_date, date(2026, 5, 5))

    def test_filling_again_keeps_what_was_corrected(self):
        self.set_clock("2026-03-02 08:00")
        self.Leaves.create({"name": "Tỉnh nghỉ", "pakn_date": "2026-09-02"})
        first = self.Leaves._fill_public_holidays((2026,))
        self.assertEqual(first, 13 + 1)
        self.assertEqual(self.Leaves._fill_public_holidays((2026,)), 0)
        kept = self.Leaves.search([("pakn_date", "=", "2026-09-02")])
        self.assertEqual(kept.mapped("name"), ["Tỉnh nghỉ"])

    def test_the_yearly_action_enters_each_year_once(self):
        self.set_clock("2026-11-01 08:00")
        self.run_yearly_action()
        self.assertEqual({day.year for day in self.days()}, {2026, 2027})
        # A day that the administrator took out stays out.
        self.Leaves.search([("pakn_date", "=", "2027-02-10")]).unlink()
        self.run_yearly_action()
        self.assertNotIn(date(2027, 2, 10), self.days())
        self.set_clock("2027-11-01 08:00")
        self.run_yearly_action()
        self.assertEqual({day.year for day in self.days()}, {2026, 2027, 2028})

    def test_the_button_says_how_many_days_it_entered(self):
        self.set_clock("2026-03-02 08:00")
        Leaves = self.Leaves.with_user(self.manager)
        notice = Leaves.action_fill_public_holidays()["params"]
        self.assertRegex(notice["message"], r"^30 days entered for 2026 and 2027")
        again = Leaves.action_fill_public_holidays()["params"]
        self.assertRegex(again["message"], "^0 days")

    def test_deadlines_pass_over_the_days_entered(self):
        self.set_clock("2026-02-13 16:30")  # Friday before Tết
        self.Leaves._fill_public_holidays((2026,))
        ticket = self.transferred()
        # Half an hour on Friday; the week of Tết is off; 7.5 hours on Monday 23.
        self.assertEqual(ticket.date_due, local("2026-02-23 16:30"))
        self.set_clock("2026-08-21 16:30")  # Friday before the working Saturday
        self.assertEqual(self.transferred().date_due, local("2026-08-22 16:30"))

    def test_nobody_but_the_manager_may_stop_the_clock(self):
        values = {"name": "Nghỉ", "pakn_date": "2026-03-03"}
        day_off = self.Leaves.create(values)
        for user in (self.focal, self.head, self.operator, self.employee, self.monitor):
            with self.assertRaises(AccessError):
                self.Leaves.with_user(user).create(dict(values, pakn_date="2026-03-04"))
            with self.assertRaises(AccessError):
                day_off.with_user(user).write({"name": "x"})
            with self.assertRaises(AccessError):
                day_off.with_user(user).unlink()
            with self.assertRaises(AccessError):
                self.Leaves.with_user(user).action_fill_public_holidays()
            with self.assertRaises(AccessError):
                self.Days.with_user(user).create(
                    {"name": "x", "date": "2026-03-07", "dayofweek": "0"}
                )
        self.Leaves.with_user(self.manager).create(dict(values, pakn_date="2026-03-05"))

    def test_a_slip_of_the_pen_does_not_stop_the_clock_for_a_year(self):
        with self.assertRaises(ValidationError):
            self.Leaves.create(
                {
                    "name": "Nhầm",
                    "date_from": local("2026-03-03 00:00"),
                    "date_to": local("2027-03-03 00:00"),
                }
            )
