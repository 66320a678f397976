from datetime import date, datetime, timedelta

import pytz
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from odoo.addons.pakn_1022.tools.working_time import WorkingTime

from .common import TAGS, PaknCase, local

WEEK = [
    (day, start, end, None)
    for day in range(5)
    for start, end in ((7, 11.5), (13.5, 17))
]
# Tết 2026 and 2027, 30/4-1/5 and 2/9 of 2026, days off by the calendar of Gia Lai
LEAVES = [
    (local(f"{first} 00:00"), local(f"{last} 23:59") + timedelta(minutes=1))
    for first, last in (
        ("2026-02-16", "2026-02-20"),
        ("2026-04-27", "2026-04-27"),
        ("2026-04-30", "2026-05-01"),
        ("2026-08-31", "2026-09-02"),
        ("2027-02-05", "2027-02-11"),
    )
]
# Saturday 22 August 2026 is worked in lieu of Monday 31 August.
WORKING_DAYS = {date(2026, 8, 22): [(7, 11.5), (13.5, 17)]}

# Sent on, working hours, due on: worked out by hand, local time
DEADLINES = """
2026-03-02 07:00 8 2026-03-02 17:00
2026-03-02 06:00 8 2026-03-02 17:00
2026-03-02 00:00 8 2026-03-02 17:00
2026-03-02 07:30 8 2026-03-03 07:30
2026-03-02 08:00 8 2026-03-03 08:00
2026-03-02 10:00 8 2026-03-03 10:00
2026-03-02 11:00 8 2026-03-03 11:00
2026-03-02 11:29 8 2026-03-03 11:29
2026-03-02 11:30 8 2026-03-03 11:30
2026-03-02 12:00 8 2026-03-03 11:30
2026-03-02 13:00 8 2026-03-03 11:30
2026-03-02 13:30 8 2026-03-03 11:30
2026-03-02 13:31 8 2026-03-03 13:31
2026-03-02 14:00 8 2026-03-03 14:00
2026-03-02 15:30 8 2026-03-03 15:30
2026-03-02 16:59 8 2026-03-03 16:59
2026-03-02 17:00 8 2026-03-03 17:00
2026-03-02 17:01 8 2026-03-03 17:00
2026-03-02 20:00 8 2026-03-03 17:00
2026-03-02 23:59 8 2026-03-03 17:00
2026-03-05 16:00 8 2026-03-06 16:00
2026-03-05 17:00 8 2026-03-06 17:00
2026-03-06 07:00 8 2026-03-06 17:00
2026-03-06 08:00 8 2026-03-09 08:00
2026-03-06 11:30 8 2026-03-09 11:30
2026-03-06 16:30 8 2026-03-09 16:30
2026-03-06 17:00 8 2026-03-09 17:00
2026-03-06 21:00 8 2026-03-09 17:00
2026-03-07 09:00 8 2026-03-09 17:00
2026-03-08 23:00 8 2026-03-09 17:00
2026-03-02 08:00 0 2026-03-02 08:00
2026-03-02 12:00 0 2026-03-02 13:30
2026-03-07 09:00 0 2026-03-09 07:00
2026-03-02 08:00 1 2026-03-02 09:00
2026-03-02 11:00 1 2026-03-02 14:00
2026-03-02 11:00 0.5 2026-03-02 11:30
2026-03-02 16:30 1 2026-03-03 07:30
2026-03-02 08:00 4 2026-03-02 14:00
2026-03-02 08:00 16 2026-03-04 08:00
2026-03-02 08:00 40 2026-03-09 08:00
2026-03-06 16:45 0.25 2026-03-06 17:00
2026-03-06 16:45 0.5 2026-03-09 07:15
2026-02-13 08:00 8 2026-02-23 08:00
2026-02-13 16:00 8 2026-02-23 16:00
2026-02-13 17:30 8 2026-02-23 17:00
2026-02-12 16:00 8 2026-02-13 16:00
2026-02-17 10:00 8 2026-02-23 17:00
2026-02-20 23:00 8 2026-02-23 17:00
2026-02-12 08:00 16 2026-02-23 08:00
2026-04-24 15:00 8 2026-04-28 15:00
2026-04-29 10:00 8 2026-05-04 10:00
2026-04-30 10:00 8 2026-05-04 17:00
2026-05-01 18:00 8 2026-05-04 17:00
2026-08-21 08:00 8 2026-08-22 08:00
2026-08-21 16:00 8 2026-08-22 16:00
2026-08-21 16:00 16 2026-08-24 16:00
2026-08-22 09:00 8 2026-08-24 09:00
2026-08-22 18:00 8 2026-08-24 17:00
2026-08-28 14:00 8 2026-09-03 14:00
2026-08-28 17:00 8 2026-09-03 17:00
2026-09-02 08:00 8 2026-09-03 17:00
2026-12-31 16:00 8 2027-01-01 16:00
2027-02-04 08:00 8 2027-02-12 08:00
2027-02-04 16:30 8 2027-02-12 16:30
2027-02-08 08:00 8 2027-02-12 17:00
2027-02-12 10:00 8 2027-02-15 10:00
"""


@tagged(*TAGS)
class TestWorkingTime(PaknCase):
    """Art. 11: working hours over lunch, nights, weekends, Tết and days in lieu."""

    def gia_lai(self):
        return WorkingTime(
            WEEK, pytz.timezone("Asia/Ho_Chi_Minh"), LEAVES, WORKING_DAYS
        )

    def test_deadlines_worked_out_by_hand(self):
        clock = self.gia_lai()
        lines = DEADLINES.strip().splitlines()
        self.assertGreaterEqual(len(lines), 60)
        for line in lines:
            with self.subTest(line):
                day, time, hours, due_day, due_time = line.split()
                due = clock.add(local(f"{day} {time}"), float(hours))
                self.assertEqual(due, local(f"{due_day} {due_time}"))

    def test_hours_between_are_those_added(self):
        clock = self.gia_lai()
        for line in DEADLINES.strip().splitlines():
            with self.subTest(line):
                day, time, hours, due_day, due_time = line.split()
                start, due = local(f"{day} {time}"), local(f"{due_day} {due_time}")
                self.assertEqual(clock.between(start, due), float(hours))
                self.assertEqual(clock.between(due, start), -float(hours))

    def test_far_before_and_after_what_is_known(self):
        clock = self.gia_lai()
        clock.add(local("2026-03-02 08:00"), 8)
        for year in (1990, 2060):
            with self.subTest(year):
                start = datetime(year, 3, 1)
                self.assertEqual(clock.between(start, clock.add(start, 80)), 80)

    def test_no_working_time_is_an_error(self):
        tz = pytz.timezone("Asia/Ho_Chi_Minh")
        for clock in (
            WorkingTime([], tz),
            WorkingTime(WEEK, tz, [(datetime(2000, 1, 1), datetime(2100, 1, 1))]),
        ):
            with self.assertRaises(ValueError):
                clock.add(datetime(2026, 3, 2), 8)
            self.assertEqual(
                clock.between(datetime(2026, 3, 2), datetime(2026, 4, 2)), 0
            )
        with self.assertRaises(ValueError):
            self.gia_lai().add(datetime(2026, 3, 2), -1)

    # Cached, and made anew when something changes

    def test_the_compiled_calendar_follows_every_change(self):
        calendar = self.env.ref("pakn_1022.resource_calendar_pakn")
        start = local("2031-03-03 08:00")  # a Monday

        def due():
            return calendar._get_working_time().add(start, 8)

        self.assertEqual(due(), local("2031-03-04 08:00"))
        self.assertIs(calendar._get_working_time(), calendar._get_working_time())
        leave = self.env["resource.calendar.leaves"].create(
            {
                "name": "Nghỉ",
                "date_from": local("2031-03-04 00:00"),
                "date_to": local("2031-03-04 23:59"),
            }
        )
        self.assertEqual(due(), local("2031-03-05 08:00"))
        leave.date_to = local("2031-03-05 23:59")
        self.assertEqual(due(), local("2031-03-06 08:00"))
        leave.unlink()
        self.assertEqual(due(), local("2031-03-04 08:00"))
        monday = calendar.attendance_ids.filtered(lambda line: line.dayofweek == "0")
        monday[0].hour_to = 10
        self.assertEqual(due(), local("2031-03-04 09:30"))

    def test_compensatory_working_days_count(self):
        calendar = self.env.ref("pakn_1022.resource_calendar_pakn")
        start = local("2031-03-07 16:00")  # a Friday
        clock = calendar._get_working_time()
        self.assertEqual(clock.add(start, 8), local("2031-03-10 16:00"))
        day = self.env["pakn.working.day"].create(
            {"name": "Làm bù", "date": "2031-03-08", "dayofweek": "0"}
        )
        clock = calendar._get_working_time()
        self.assertEqual(clock.add(start, 8), local("2031-03-08 16:00"))
        day.unlink()
        clock = calendar._get_working_time()
        self.assertEqual(clock.add(start, 8), local("2031-03-10 16:00"))

    def test_flexible_hours_are_refused_with_a_sentence(self):
        calendar = self.env["resource.calendar"].create(
            {"name": "Linh hoạt", "schedule_type": "flexible"}
        )
        with self.assertRaisesRegex(UserError, "Linh hoạt"):
            calendar._get_working_time()


@tagged(*TAGS)
class TestWorkingTimeLikeOdoo(TransactionCase):
    """The same as Odoo's own count, to the second, on random calendars."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Odoo's count does not know them.
        cls.env["pakn.working.day"].search([]).unlink()

    def assertSameAsOdoo(self, calendar, start, hours):
        clock = calendar._get_working_time()
        aware = pytz.utc.localize(start)
        expected = calendar.plan_hours(hours, aware, compute_leaves=True)
        if not expected:
            with self.assertRaises(ValueError):
                clock.add(start, hours)
            return
        expected = expected.astimezone(pytz.utc).replace(tzinfo=None)
        found = clock.add(start, hours)
        self.assertLess(abs((found - expected).total_seconds()), 1, (start, hours))
        count = calendar.get_work_hours_count(
            aware, pytz.utc.localize(start + timedelta(days=20))
        )
        between = clock.between(start, start + timedelta(days=20))
        self.assertLess(abs(between - count) * 3600, 1, start)

    @settings(
        max_examples=40,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.data(),
        st.sampled_from(
            [
                "Asia/Ho_Chi_Minh",
                "UTC",
                "Europe/Paris",
                "America/New_York",
                "Asia/Tokyo",
            ]
        ),
        st.booleans(),
    )
    def test_property_same_as_odoo_on_random_calendars(self, data, tz, two_weeks):
        quarter = st.integers(0, 96)
        lines = []
        for week in ("0", "1") if two_weeks else (False,):
            for day in data.draw(st.sets(st.integers(0, 6), min_size=1, max_size=7)):
                bounds = sorted(data.draw(st.sets(quarter, min_size=2, max_size=4)))
                for start, end in zip(bounds[::2], bounds[1::2], strict=False):
                    lines.append((day, start / 4, end / 4, week))
        leaves = [
            (start, start + timedelta(hours=hours))
            for start, hours in data.draw(
                st.lists(
                    st.tuples(
                        st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)),
                        st.integers(1, 200),
                    ),
                    max_size=4,
                )
            )
        ]
        calendar = self.env["resource.calendar"].create(
            {
                "name": "Ngẫu nhiên",
                "tz": tz,
                "two_weeks_calendar": two_weeks,
                "attendance_ids": [(5, 0, 0)]
                + [
                    (
                        0,
                        0,
                        {
                            "name": "x",
                            "dayofweek": str(day),
                            "hour_from": start,
                            "hour_to": end,
                            "day_period": "morning",
                            "week_type": week,
                        },
                    )
                    for day, start, end, week in lines
                ],
                "leave_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "x",
                            "date_from": start.replace(microsecond=0),
                            "date_to": end.replace(microsecond=0),
                        },
                    )
                    for start, end in leaves
                ],
            }
        )
        for _try in range(3):
            self.assertSameAsOdoo(
                calendar,
                data.draw(st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31))),
                data.draw(st.integers(0, 400)) / 4,
            )
