"""The public holidays of Vietnam and the working days in lieu. Nothing of Odoo.

The dates come from the library ``holidays``: Labour Code 2019 Art. 112, the lunar
calendar for Tết and the Hùng Kings, days in lieu of a weekend, and the exchanges of
working days that the government has decreed so far.
"""

from datetime import date
from typing import NamedTuple

import holidays

# Day and month are in the law itself (Labour Code 2019 Art. 112)
FIXED_DATES = {(1, 1), (30, 4), (1, 5), (2, 9)}
# Named by the law, by the lunar calendar
HUNG_KINGS = "Hùng Vương"
IN_LIEU = "(nghỉ bù)"


class Holiday(NamedTuple):
    """A day without work.

    ``is_certain``: the law alone fixes it. The split of Tết, the second day of the
    National Day, exchanged days and what a later law may bring are decreed each year.
    """

    date: date
    name: str
    is_certain: bool


class WorkingDay(NamedTuple):
    """A weekend day on which is worked, by the hours of ``weekday`` (Monday is 0)."""

    date: date
    name: str
    weekday: int


def get_public_holidays(year: int) -> tuple[list[Holiday], list[WorkingDay]]:
    """Return the holidays and the working days in lieu of a year, each sorted.

    :return: ``([Holiday, …], [WorkingDay, …])``
    """
    known = holidays.country_holidays("VN", years=year, language="vi")
    days_off = [
        Holiday(
            day,
            name,
            (day.day, day.month) in FIXED_DATES
            or HUNG_KINGS in name
            or IN_LIEU in name,
        )
        for day, name in sorted(known.items())
    ]
    # An exchanged day off may lie in the next year.
    after = holidays.country_holidays("VN", years=(year, year + 1), language="vi")
    working_days = []
    for day in sorted(known.weekend_workdays):
        if day.year != year:
            continue
        written = day.strftime("%d/%m/%Y")
        off = next((other for other, name in after.items() if written in name), None)
        if off:
            name = f"Làm bù cho ngày {off.strftime('%d/%m/%Y')}"
            working_days.append(WorkingDay(day, name, off.weekday()))
    return days_off, working_days
