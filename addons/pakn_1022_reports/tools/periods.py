"""Periods of reports, in days of the province. Nothing of Odoo.

A period is ``(first, last)``, both days included. The province has one time zone, so a
day begins at 17:00 UTC of the day before, all year round.
"""

from datetime import date, datetime, time, timedelta

from odoo.addons.pakn_1022.tools import province

# First and last day, both included
Period = tuple[date, date]
MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
DAY = timedelta(days=1)


def is_known(day: date | None) -> bool:
    """Return whether a day is one of which there can be requests, or none at all."""
    return not day or 2000 <= day.year < 2100


def to_utc(day: date) -> datetime:
    """Return the moment a day of Gia Lai begins, naive UTC."""
    return province.to_utc(datetime.combine(day, time()))


def to_local_day(moment: datetime) -> date:
    """Return the day of Gia Lai that a naive UTC moment lies in."""
    return province.to_local(moment).date()


def _shift(day: date, months: int) -> date:
    """Return the same day of another month; the day must exist in both."""
    month = day.year * 12 + day.month - 1 + months
    return day.replace(year=month // 12, month=month % 12 + 1)


def get_period(kind: str, day: date, close_day: int = 0) -> Period:
    """Return the period of a kind that ``day`` lies in.

    :param str kind: ``week`` (Monday to Sunday), ``month``, ``quarter``, ``half``,
        ``year``
    :param int close_day: last day of the month that counts for its report, 27 at most
        since each month must have the next day; 0 is the month's own last day. Decree
        09/2019/ND-CP, Art. 12, closes on the 14th, and what comes after counts for the
        next month.
    """
    if kind == "week":
        first = day - timedelta(days=day.weekday())
        return first, first + timedelta(days=6)
    months = MONTHS[kind]
    named = day.replace(day=1)
    if close_day and day.day > close_day:
        named = _shift(named, 1)
    first = named.replace(month=(named.month - 1) // months * months + 1)
    following = _shift(first, months)
    if close_day:
        first, following = (
            _shift(month, -1).replace(day=close_day + 1) for month in (first, following)
        )
    return first, following - DAY


def get_name_day(kind: str, first: date, close_day: int = 0) -> date:
    """Return a day of the month or week that the period beginning there is named by."""
    return _shift(first.replace(day=1), 1) if close_day and kind != "week" else first


def get_previous(kind: str, first: date, last: date, close_day: int = 0) -> Period:
    """Return the period of the same kind before; of a free one as many days before."""
    if kind == "free":
        return first - (last - first) - DAY, first - DAY
    return get_period(kind, first - DAY, close_day)


def get_last_year(kind: str, first: date, last: date, close_day: int = 0) -> Period:
    """Return the same period a year ago.

    Of a week the one of the same number, or the last of that year; of a free period
    the same days, 29 February being the 28th.
    """
    if kind == "week":
        year, week, _weekday = first.isocalendar()
        last_week = date(year - 1, 12, 28).isocalendar()[1]
        return get_period(
            "week", date.fromisocalendar(year - 1, min(week, last_week), 1)
        )
    if kind == "free":
        return _year_before(first), _year_before(last)
    return get_period(kind, _year_before(first), close_day)


def _year_before(day: date) -> date:
    if (day.month, day.day) == (2, 29):
        day -= DAY
    return day.replace(year=day.year - 1)
