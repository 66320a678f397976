"""Working time: add hours to a moment, count hours between two. Nothing of Odoo.

The one place that counts the working hours of Art. 11. A calendar is compiled once
into sorted intervals with the working time before each, so that both questions are a
binary search. It gives what Odoo's ``resource.calendar.plan_hours`` (with leaves) and
``get_work_hours_count`` give, and besides knows compensatory working days.
"""

from bisect import bisect_left, bisect_right
from datetime import date, datetime, time, timedelta

EPOCH = datetime(1970, 1, 1)
MICROSECOND = timedelta(microseconds=1)
HOUR = 3600 * 1000000
# How far ahead Odoo's plan_hours looks before it gives up
LIMIT_DAYS = 1400


def _to_ticks(moment):
    """Return a naive UTC datetime as whole microseconds since 1970."""
    return (moment - EPOCH) // MICROSECOND


def _to_moment(ticks):
    return EPOCH + timedelta(microseconds=ticks)


def _to_time(hours):
    """Return ``(days, time)`` of a decimal hour; 24 is the next midnight.

    Rounded to the minute, as Odoo shows and uses its decimal hours.
    """
    minutes = round(hours * 60)
    return minutes // 1440, time(minutes // 60 % 24, minutes % 60)


def _merge(intervals):
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


def _subtract(intervals, holes):
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


class WorkingTime:
    """The compiled working hours of one calendar.

    All moments are naive datetimes in UTC; all durations are hours.

    :param list attendances: ``(weekday, hour_from, hour_to, week)``: weekday 0 is
        Monday, hours are decimal and local, week is 0 or 1 in a two-week calendar and
        ``None`` for every week
    :param tz: a ``pytz`` time zone
    :param list leaves: ``(start, end)`` without work, UTC
    :param dict working_days: compensatory working days, ``{date: [(hour_from,
        hour_to), …]}``; they replace what the day would have, leaves go before them
    """

    def __init__(self, attendances, tz, leaves=(), working_days=None):
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
        # (first day, last day, starts, ends, work before each, work until its end)
        self._compiled = None

    def add(self, start, hours):
        """Return the moment when ``hours`` of work have passed since ``start``.

        At the end of a stretch of work it is that end, not the next beginning. With
        zero hours it is the first moment of work at or after ``start``.

        :raise ValueError: the hours are negative, or there is no such working time
            within about four years
        """
        if hours < 0:
            raise ValueError("negative hours")
        day = start.date()
        for ahead in (60, 400, LIMIT_DAYS):
            starts, ends, before, until = self._get_range(
                day, day + timedelta(days=ahead)
            )
            ticks = _to_ticks(start)
            target = self._work_until(ticks) + round(hours * HOUR)
            first = bisect_right(ends, ticks)
            found = bisect_left(until, target, lo=first)
            if found < len(starts):
                return _to_moment(starts[found] + target - before[found])
        raise ValueError("no working time")

    def between(self, start, end):
        """Return the hours of work from ``start`` to ``end``; negative backwards."""
        if end < start:
            return -self.between(end, start)
        self._get_range(start.date(), end.date())
        ticks = self._work_until(_to_ticks(end)) - self._work_until(_to_ticks(start))
        return ticks / HOUR

    def _work_until(self, ticks):
        """Return the work from the beginning of the compiled range to a moment."""
        _first, _last, starts, ends, before, _until = self._compiled
        index = bisect_right(starts, ticks) - 1
        if index < 0:
            return 0
        return before[index] + min(ticks, ends[index]) - starts[index]

    def _get_range(self, first, last):
        """Compile so that days ``first`` to ``last`` are known, and return the arrays.

        What is known grows in both directions, by a year at a time, so that a
        calendar in daily use is compiled a few times in its life.
        """
        # The local day may begin a day before or after the one in UTC.
        first, last = first - timedelta(days=2), last + timedelta(days=2)
        if not self._compiled or first < self._compiled[0] or last > self._compiled[1]:
            if self._compiled:
                first = min(first, self._compiled[0])
                last = max(last, self._compiled[1])
            first = max(first - timedelta(days=30), date.min + timedelta(days=2))
            self._compiled = self._compile(first, last + timedelta(days=366))
        return self._compiled[2:]

    def _compile(self, first, last):
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
        work = _subtract(_merge(intervals), self._leaves)
        starts = [start for start, _end in work]
        ends = [end for _start, end in work]
        before = [0]
        for start, end in work:
            before.append(before[-1] + end - start)
        return first, last, starts, ends, before[:-1], before[1:]

    def _at(self, day, hours):
        days, clock = _to_time(hours)
        local = datetime.combine(day + timedelta(days=days), clock)
        moment = self._tz.localize(local)
        return _to_ticks((moment - moment.utcoffset()).replace(tzinfo=None))
