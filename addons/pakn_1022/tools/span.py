"""A number of hours as people say it. Nothing of Odoo."""


def split_span(hours: float, hours_per_day: int) -> tuple[int, int, int]:
    """Return a span of time as ``(days, hours, minutes)``, rounded to the minute.

    ``26.5`` with days of 24 hours is ``(1, 2, 30)``, and so is ``-26.5``: what is left
    and what is late are said alike.

    :param hours_per_day: 24, or the hours of a working day
    """
    hours, minutes = divmod(round(abs(hours) * 60), 60)
    days, hours = divmod(hours, hours_per_day)
    return days, hours, minutes
