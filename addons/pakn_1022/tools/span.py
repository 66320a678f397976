"""Spans of time as people say them. Nothing of Odoo."""


def split_span(hours: float, hours_per_day: int) -> tuple[int, int, int]:
    """Return a number of hours as ``(days, hours, minutes)``, to the minute.

    :param hours_per_day: 24 by the clock, 8 in working time
    """
    minutes = round(hours * 60)
    per_day = hours_per_day * 60
    return minutes // per_day, minutes % per_day // 60, minutes % 60
