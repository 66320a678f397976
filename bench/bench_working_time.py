"""A deadline by the compiled calendar, and by Odoo's ``plan_hours``, side by side."""

import time
from datetime import datetime, timedelta

import pytz


def per_call(operation, arguments):
    """Return the microseconds of one call, over all arguments."""
    start = time.perf_counter()
    for argument in arguments:
        operation(argument)
    return (time.perf_counter() - start) * 1e6 / len(arguments)


def run(env):
    calendar = env.ref("pakn_1022.resource_calendar_pakn")
    clock = calendar._get_working_time()
    moments = [
        datetime(2026, 1, 5) + timedelta(hours=7 * index, minutes=index % 60)
        for index in range(1000)
    ]
    clock.add(moments[-1], 8)
    ours = per_call(lambda moment: clock.add(moment, 8), moments * 20)
    odoo = per_call(
        lambda moment: calendar.plan_hours(
            8, pytz.utc.localize(moment), compute_leaves=True
        ),
        moments[:300],
    )
    ratio = round(odoo / ours)
    print(f"deadline: {ours:.1f} µs, plan_hours {odoo:.0f} µs: {ratio} times faster")
    return {"ours_us": round(ours, 2), "plan_hours_us": round(odoo), "ratio": ratio}
