"""A deadline by the compiled calendar, and by Odoo's ``plan_hours``, side by side."""

import time
from datetime import datetime, timedelta

import pytz

from bench.measuring import OURS, QUICK, RUNS, show, spread

MOMENTS, ODOOS = 1000, 100 if QUICK else 300


def per_call(operation, arguments):
    """Return the microseconds of one call, over all arguments."""
    start = time.perf_counter()
    for argument in arguments:
        operation(argument)
    return (time.perf_counter() - start) * 1e6 / len(arguments)


def run(env):
    """Return rows: ours, Odoo's own, and how many times faster, each repetition."""
    calendar = env.ref("pakn_1022.resource_calendar_pakn")
    clock = calendar._get_working_time()
    moments = [
        datetime(2026, 1, 5) + timedelta(hours=7 * index, minutes=index % 60)
        for index in range(MOMENTS)
    ]
    clock.add(moments[-1], 8)
    ours, odoos = [], []
    for _run in range(RUNS):
        ours.append(per_call(lambda moment: clock.add(moment, 8), moments * 20))
        odoos.append(
            per_call(
                lambda moment: calendar.plan_hours(
                    8, pytz.utc.localize(moment), compute_leaves=True
                ),
                moments[:ODOOS],
            )
        )
    ratios = [odoo / own for own, odoo in zip(ours, odoos, strict=True)]
    case = "deadline, 8 working hours"
    return [
        show(spread(OURS, case, MOMENTS, "µs", ours)),
        show(spread("Odoo", f"{case}: plan_hours", ODOOS, "µs", odoos)),
        show(spread(OURS, f"{case}: times faster", MOMENTS, "×", ratios)),
    ]
