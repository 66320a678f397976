"""Working time: add hours to a moment, count hours between two. Nothing of Odoo.

The one place that counts the working hours of Art. 11. A calendar is compiled once
into sorted intervals with the working time before each, so that both questions are a
binary search. It gives what Odoo's ``resource.calendar.plan_hours`` (with leaves) and
``get_work_hours_count`` give, and besides knows compensatory working days.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import accumulate
from typing import NamedTuple

EPOCH = datetime(1970, 1, 1)
MICROSECOND = timedelta(microseconds=1)
HOUR = 3600 * 1000000
DAY = 24 * HOUR
# How far ahead Odoo's plan_hours looks before it gives up
LIMIT_DAYS = 1400

# ``[start, end]`` in ticks, sorted and apart where a function gives them
Intervals = list[list[int]]


def _to_ticks(moment: datetime) -> int:
    """Return a naive UTC datetime as whole microseconds since 1970."""
    return (moment - EPOCH) // MICROSECOND


def _to_moment(ticks: int) -> datetime:
    return EPOCH + timedelta(microseconds=ticks)


def _to_time(hours: float) -> tuple[int, time]:
    """Return ``(days, time)`` of a decimal hour; 24 is the next midnight.

    Rounded to the minute, as Odoo shows and uses its decimal hours.
    """
    minutes = round(hours * 60)
    return minutes // 1440, time(minutes // 60 % 24, minutes % 60)


def _merge(intervals: Iterable[Sequence[int]]) -> Intervals:
    """Return sorted intervals that neither overlap nor are empty."""
    merged = []
    for start, end in sorted(intervals):
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(end, merged[-1][1])
        else:
            merged.append([start, end])
    return merged


def _subtract(intervals: Intervals, holes: Intervals) -> Intervals:
    """Return ``intervals`` without ``holes``; both merged."""
    rest, first = [], 0
    for start, end in intervals:
        while first < len(holes) and holes[first][1] <= start:
            first += 1
        for hole_start, hole_end in holes[first:]:
            if hole_start >= end:
                break
            if hole_start > start:
                rest.append([start, hole_start])
            start = max(start, hole_end)
        if start < end:
            rest.append([start, end])
    return rest


class Known(NamedTuple):
    """Compiled stretches of work from ``first`` to ``last``; all in ticks."""

    first: int
    last: int
    starts: list[int]
    ends: list[int]
    before: list[int]  # work before each stretch
    until: list[int]  # work until the end of each

    def work_until(self, ticks: int) -> int:
        """Return the work from the beginning of what is compiled to a moment."""
        index = bisect_right(self.starts, ticks) - 1
        if index < 0:
            return 0
        return self.before[index] + min(ticks, self.ends[index]) - self.starts[index]


class WorkingTime:
    """The compiled working hours of one calendar.

    All moments are naive datetimes in UTC; all durations are hours.

    :param attendances: ``(weekday, hour_from, hour_to, week)``: weekday 0 is
        Monday, hours are decimal and local, week is 0 or 1 in a two-week calendar and
        ``None`` for every week
    :param tz: a ``pytz`` time zone
    :param leaves: ``(start, end)`` without work, UTC
    :param working_days: compensatory working days, ``{date: [(hour_from,
        hour_to), …]}``; they replace what the day would have, leaves go before them
    """

    def __init__(
        self,
        attendances: Iterable[tuple[int, float, float, int | None]],
        tz: tzinfo,
        leaves: Iterable[tuple[datetime, datetime]] = (),
        working_days: Mapping[date, list[tuple[float, float]]] | None = None,
    ):
        self._tz = tz
        self._weekly = {}
        for weekday, hour_from, hour_to, week in attendances:
            for parity in (0, 1) if week is None else (week,):
                self._weekly.setdefault((weekday, parity), []).append(
                    (hour_from, hour_to)
                )
        self._leaves = _merge(
            (_to_ticks(start), _to_ticks(end)) for start, end in leaves
        )
        self._working_days = dict(working_days or {})
        # Nothing is compiled yet; replaced as a whole, for threads read it
        self._known = Known(0, -1, [], [], [], [])

    def add(self, start: datetime, hours: float) -> datetime:
        """Return the moment when ``hours`` of work have passed since ``start``.

        At the end of a stretch of work it is that end, not the next beginning. With
        zero hours it is the first moment of work at or after ``start``.

        :raise ValueError: the hours are negative, or there is no such working time
            within about four years
        """
        if hours < 0:
            raise ValueError("negative hours")
        ticks = _to_ticks(start)
        for days_ahead in (0, 60, 400, LIMIT_DAYS):
            known = self._cover(ticks, ticks + days_ahead * DAY)
            target = known.work_until(ticks) + round(hours * HOUR)
            first = bisect_right(known.ends, ticks)
            found = bisect_left(known.until, target, lo=first)
            if found < len(known.starts):
                return _to_moment(known.starts[found] + target - known.before[found])
        raise ValueError("no working time")

    def between(self, start: datetime, end: datetime) -> float:
        """Return the hours of work from ``start`` to ``end``; negative backwards."""
        if end < start:
            return -self.between(end, start)
        first, last = _to_ticks(start), _to_ticks(end)
        known = self._cover(first, last)
        return (known.work_until(last) - known.work_until(first)) / HOUR

    def _cover(self, first: int, last: int) -> Known:
        """Return what is compiled, so that all between two moments (ticks) is known.

        What is known grows in both directions, by a year at a time, so that a
        calendar in daily use is compiled a few times in its life.
        """
        known = self._known
        if known.first <= first and last <= known.last:
            return known
        if known.first <= known.last:
            first, last = min(first, known.first), max(last, known.last)
        # Two days more: the local day may be another one than that of UTC.
        first_day = (_to_moment(first) - timedelta(days=32)).date()
        last_day = (_to_moment(last) + timedelta(days=368)).date()
        work = self._compile(first_day, last_day)
        until = list(accumulate((end - start for start, end in work), initial=0))
        self._known = Known(
            first - 30 * DAY,
            last + 366 * DAY,
            [start for start, _end in work],
            [end for _start, end in work],
            until[:-1],
            until[1:],
        )
        return self._known

    def _compile(self, first: date, last: date) -> Intervals:
        """Return the stretches of work of days ``first`` to ``last``, in ticks."""
        intervals = []
        day = first
        while day <= last:
            hours = self._working_days.get(day)
            if hours is None:
                # Odoo's parity of weeks: counted from the year 1
                parity = (day.toordinal() - 1) // 7 % 2
                hours = self._weekly.get((day.weekday(), parity), ())
            for hour_from, hour_to in hours:
                intervals.append((self._at(day, hour_from), self._at(day, hour_to)))
            day += timedelta(days=1)
        return _subtract(_merge(intervals), self._leaves)

    def _at(self, day: date, hours: float) -> int:
        days, clock = _to_time(hours)
        local = datetime.combine(day + timedelta(days=days), clock)
        moment = self._tz.localize(local)
        return _to_ticks((moment - moment.utcoffset()).replace(tzinfo=None))
