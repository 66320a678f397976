from datetime import date, datetime

from odoo.tests import BaseCase, tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from ..tools import periods
from ..tools.report_html import show


@tagged(*TAGS)
class TestPeriods(BaseCase):
    def test_each_kind_of_period(self):
        day = date(2031, 5, 14)
        for kind, first, last in (
            ("week", date(2031, 5, 12), date(2031, 5, 18)),
            ("month", date(2031, 5, 1), date(2031, 5, 31)),
            ("quarter", date(2031, 4, 1), date(2031, 6, 30)),
            ("half", date(2031, 1, 1), date(2031, 6, 30)),
            ("year", date(2031, 1, 1), date(2031, 12, 31)),
        ):
            with self.subTest(kind):
                self.assertEqual(periods.get_period(kind, day), (first, last))

    def test_periods_follow_one_another_without_gap(self):
        for kind in ("week", "month", "quarter", "half", "year"):
            for close in (0, 14, 27):
                first, last = periods.get_period(kind, date(2032, 2, 29), close)
                for _step in range(30):
                    with self.subTest(kind, close=close, first=first):
                        before = periods.get_previous(kind, first, last, close)
                        self.assertEqual(before[1] + periods.DAY, first)
                        for day in before:
                            self.assertEqual(
                                periods.get_period(kind, day, close), before
                            )
                    first, last = before

    def test_months_that_close_on_the_14th(self):
        """Decree 09/2019/ND-CP, Art. 12: from the 15th to the 14th."""
        for day, kind, first, last in (
            (date(2031, 3, 14), "month", date(2031, 2, 15), date(2031, 3, 14)),
            (date(2031, 3, 15), "month", date(2031, 3, 15), date(2031, 4, 14)),
            (date(2031, 3, 15), "quarter", date(2031, 3, 15), date(2031, 6, 14)),
            (date(2030, 12, 15), "year", date(2030, 12, 15), date(2031, 12, 14)),
        ):
            with self.subTest(kind, day=day):
                self.assertEqual(periods.get_period(kind, day, 14), (first, last))
                named = periods.get_name_day(kind, first, 14)
                self.assertTrue(first <= named <= last)

    def test_same_period_of_the_year_before(self):
        for kind, span, wanted in (
            # Of week 53 the last of a year that has 52
            (
                "week",
                (date(2032, 12, 27), date(2033, 1, 2)),
                (date(2031, 12, 22), date(2031, 12, 28)),
            ),
            (
                "month",
                (date(2032, 2, 1), date(2032, 2, 29)),
                (date(2031, 2, 1), date(2031, 2, 28)),
            ),
            (
                "free",
                (date(2032, 2, 20), date(2032, 2, 29)),
                (date(2031, 2, 20), date(2031, 2, 28)),
            ),
        ):
            with self.subTest(kind):
                self.assertEqual(periods.get_last_year(kind, *span), wanted)

    def test_days_are_those_of_gia_lai(self):
        self.assertEqual(periods.to_utc(date(2031, 4, 1)), datetime(2031, 3, 31, 17, 0))
        for moment, day in (
            (datetime(2031, 3, 31, 16, 59, 59), date(2031, 3, 31)),
            (datetime(2031, 3, 31, 17, 0), date(2031, 4, 1)),
        ):
            self.assertEqual(periods.to_local_day(moment), day)

    def test_numbers_as_vietnamese_is_written(self):
        for value, kind, wanted in (
            (1234567, "int", "1.234.567"),
            (0.3125, "share", "31,3%"),
            (-0.5, "change", "−50,0%"),
            (0.0, "change", "0,0%"),
            (1234.56, "hours", "1.234,6"),
            (None, "share", "–"),
            (None, "text", ""),
            ("2031-03-31 16:30:00", "datetime", "23:30 31/03/2031"),
        ):
            with self.subTest(value, kind=kind):
                self.assertEqual(show(value, kind), wanted)
