"""Taking in, acting on and reading requests, at a growing number of them.

Run in Odoo's shell on a scratch database (``env`` is given). Prints a table and
returns the results for JSON; times are milliseconds on this machine, so compare
rows with each other rather than with other machines.
"""

import statistics
import time

SIZES = (1000, 10000)


def measure(env, operation, repeat=5):
    """Return ``(median milliseconds, queries)`` of ``operation``, caches cold."""
    times, queries = [], 0
    for _run in range(repeat):
        env.flush_all()
        env.invalidate_all()
        before = env.cr.sql_log_count
        start = time.perf_counter()
        operation()
        env.flush_all()
        times.append((time.perf_counter() - start) * 1000)
        queries = env.cr.sql_log_count - before
    return statistics.median(times), queries


def values(category, index):
    return {
        "title": "Đèn đường hỏng",
        "description": "<p>Đèn đường trước nhà tôi hỏng đã ba ngày nay.</p>",
        "citizen_name": "Nguyễn Văn A",
        "citizen_phone": f"0905{index % 900000:06d}",
        "category_id": category.id,
    }


def run(env):
    env = env(context=dict(env.context, pakn_no_notify=True, tracking_disable=True))
    tickets = env["pakn.ticket"]
    category = env.ref("pakn_1022.category_5_5")
    unit = env["pakn.unit"]._get_provincial_office()
    spec = dict.fromkeys(
        [
            "name",
            "title",
            "state",
            "due_state",
            "due_text",
            "citizen_name",
            "is_overdue",
        ],
        {},
    )
    results, count = [], 0
    for size in SIZES:
        while count < size:
            batch = tickets.create([values(category, count + i) for i in range(500)])
            batch[:250].transfer(unit.ids)
            count += 500
        env.cr.commit()
        cases = {
            "create one": lambda: tickets.create(values(category, 1)),
            "create 500": lambda: tickets.create(
                [values(category, i) for i in range(500)]
            ),
            "transfer 100": lambda: tickets.search(
                [("state", "=", "new")], limit=100
            ).transfer(unit.ids),
            "list page (80)": lambda: tickets.web_search_read([], spec, limit=80),
            "kanban groups": lambda: tickets.web_read_group(
                [], ["stage_id"], ["__count"]
            ),
            "find by phone": lambda: tickets.search(
                [("phone_search", "ilike", "0905 000 123")]
            ),
        }
        for name, operation in cases.items():
            milliseconds, queries = measure(env, operation)
            results.append(
                {
                    "requests": count,
                    "case": name,
                    "ms": round(milliseconds, 1),
                    "queries": queries,
                }
            )
    env.cr.rollback()
    for row in results:
        print(
            "{requests:>8} {case:<16} {ms:>9.1f} ms {queries:>5} queries".format(**row)
        )
    return results
