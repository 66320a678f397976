"""Opening board, list and form, and taking in, at a growing number of requests.

Run in Odoo's shell on a scratch database (``env`` is given), once for our requests and
once for the tickets of OCA's ``helpdesk_mgmt``, each as an ordinary user, as the web
client asks. A hotline takes in as much each day; what grows is its history. So at
every size 2,000 are open and 3,500 were closed within the last week; the board of each
product is opened as its menu opens it, and ours without its filter too.
"""

import os
import statistics
import time

from odoo.addons.pakn_1022.tests.web_client import (
    get_specification,
    open_form,
    open_kanban,
    open_list,
)

SIZES = [int(n) for n in os.environ.get("SCREENS", "10000,100000,1000000").split(",")]
OPEN, WEEK = 2000, 3500
BAR = {"field": "due_state", "colors": {"late": "", "soon": "", "ok": ""}}


def copy(env, record, count, changes):
    """Insert ``count`` copies of a record in SQL; ``changes`` are SQL for columns."""
    env.flush_all()
    names = [
        name
        for name, field in record._fields.items()
        if field.store and field.column_type and name not in {"id", *changes}
    ]
    env.cr.execute(
        f"""INSERT INTO {record._table} ({", ".join([*names, *changes])})
            SELECT {", ".join([*names, *changes.values()])}
              FROM {record._table}, generate_series(1, {count}) AS copies(nth)
             WHERE id = {record.id}"""
    )


def measure(env, operation, repeat=7):
    """Return ``(median milliseconds, queries)``: registry warm, records cold."""
    operation()
    times, queries = [], 0
    for _run in range(repeat):
        env.flush_all()
        env.invalidate_all()
        before, start = env.cr.sql_log_count, time.perf_counter()
        operation()
        env.flush_all()
        times.append((time.perf_counter() - start) * 1000)
        queries = env.cr.sql_log_count - before
    return statistics.median(times), queries


def run(env, product):
    results = []
    model = {"ours": "pakn.ticket", "oca": "helpdesk.ticket"}[product]
    prepare, values = {"ours": (_ours, _our_values), "oca": (_oca, _oca_values)}[
        product
    ]
    user, grow, boards, bar = prepare(env)
    records = env[model].with_user(user)
    specifications = {
        view: get_specification(records, view) for view in ("kanban", "list", "form")
    }
    one, batch = values(env, 0), [values(env, n) for n in range(1000)]
    have = 0
    for size in SIZES:
        grow(size - have, have)
        have = size
        env.cr.commit()
        env.cr.execute(f"ANALYZE {env[model]._table}")
        env.cr.commit()
        newest = records.search([], limit=1)
        cases = {
            name: lambda domain=domain: open_kanban(
                records, domain, "stage_id", specifications["kanban"], bar
            )
            for name, domain in boards.items()
        }
        cases["list"] = lambda: open_list(records, [], specifications["list"])
        cases["form"] = lambda r=newest: open_form(
            records.browse(r.id), specifications["form"]
        )
        if product == "ours":
            cases |= {
                "find by phone": lambda: records.search(
                    [("display_name", "ilike", "0905 000 123")], limit=80
                ),
                "find by words": lambda: records.search(
                    [("title", "ilike", "den duong thong nhat")], limit=80
                ),
            }
        cases["create one"] = lambda: records.create(one)
        for name, operation in cases.items():
            results.append(_row(product, size, name, *measure(env, operation)))
        milliseconds, queries = measure(env, lambda: records.create(batch), repeat=3)
        results.append(
            _row(product, size, "create, of 1000", milliseconds / 1000, queries / 1000)
        )
        env.cr.rollback()
    return results


def _row(product, size, case, milliseconds, queries):
    row = {
        "product": product,
        "requests": size,
        "case": case,
        "ms": round(milliseconds, 2),
        "queries": round(queries, 2),
    }
    line = "{product:<5} {requests:>8} {case:<18} {ms:>9} ms {queries:>6} queries"
    print(line.format(**row), flush=True)
    return row


def _our_values(env, number):
    return {
        "title": "Đèn đường hỏng",
        "description": "<p>Đèn đường trước nhà tôi hỏng đã ba ngày nay.</p>",
        "citizen_name": "Nguyễn Văn A",
        "citizen_phone": f"0905{number % 1000000:06d}",
        "category_id": env.ref("pakn_1022.category_5_5").id,
    }


def _ours(env):
    env = env(context=dict(env.context, pakn_no_notify=True, no_reset_password=True))
    operator = env["res.users"].create(
        {
            "name": "Nhân viên",
            "login": "bench_operator",
            "group_ids": [(6, 0, env.ref("pakn_1022.group_operator").ids)],
        }
    )
    unit = env["pakn.unit"].search([], limit=1)
    new, sent, done = env["pakn.ticket"].create(
        [_our_values(env, number) for number in range(3)]
    )
    sent.transfer(unit.ids)
    done.answer("<p>Đã thay bóng đèn.</p>")
    done.send_result()
    env.flush_all()

    def grow(count, have):
        closed = count
        if not have:
            half = OPEN // 2
            changes = {"name": "'N' || nth", "open_transfer_id": "NULL"}
            copy(env, new, half, changes)
            copy(env, sent, half, {**changes, "name": "'S' || nth"})
            env.cr.execute(
                """SELECT id FROM pakn_ticket
                    WHERE name LIKE 'S%%' AND open_transfer_id IS NULL"""
            )
            ids = [row[0] for row in env.cr.fetchall()]
            slip = sent.open_transfer_id
            copy(
                env,
                slip,
                half,
                {
                    "ticket_id": f"(ARRAY{ids})[nth]",
                    "date_due": "now() + (nth - 100) * interval '3 minutes'",
                },
            )
            env.cr.execute(
                """UPDATE pakn_ticket t
                      SET open_transfer_id = s.id, date_due = s.date_due
                     FROM pakn_transfer s WHERE s.ticket_id = t.id AND s.is_open
                      AND t.open_transfer_id IS NULL"""
            )
            closed -= OPEN
        # 500 a day, the newest first
        age = f"({have} + nth) * interval '{24 * 60 * 7 / WEEK} minutes'"
        copy(
            env,
            done,
            closed,
            {
                "name": f"'D' || ({have} + nth)",
                "date_received": f"now() - {age} - interval '1 hour'",
                "date_closed": f"now() - {age}",
            },
        )

    board = ["|", ("date_closed", "=", False), ("date_closed", ">=", "today -7d")]
    return operator, grow, {"board": board, "board, no filter": []}, BAR


def _oca_values(env, number):
    return {
        "name": "Đèn đường hỏng",
        "description": "<p>Đèn đường trước nhà tôi hỏng đã ba ngày nay.</p>",
        "partner_name": "Nguyễn Văn A",
        "partner_email": f"bench{number}@example.com",
    }


def _oca(env):
    env = env(context=dict(env.context, no_reset_password=True))
    agent = env["res.users"].create(
        {
            "name": "Agent",
            "login": "bench_agent",
            "group_ids": [(6, 0, env.ref("helpdesk_mgmt.group_helpdesk_user").ids)],
        }
    )
    stages = env["helpdesk.ticket.stage"].search([])
    closed_stage = stages.filtered("closed")[:1]
    new, done = env["helpdesk.ticket"].create([_oca_values(env, n) for n in range(2)])
    done.stage_id = closed_stage
    env.flush_all()

    def grow(count, have):
        closed = count
        if not have:
            copy(env, new, OPEN, {"number": "'N' || nth"})
            closed -= OPEN
        copy(
            env,
            done,
            closed,
            {
                "number": f"'D' || ({have} + nth)",
                "create_date": f"now() - ({have} + nth) * interval '3 minutes'",
            },
        )

    bar = {
        "field": "activity_state",
        "colors": {"planned": "", "today": "", "overdue": ""},
    }
    boards = {"board": [("stage_id.closed", "=", False)], "board, no filter": []}
    return agent, grow, boards, bar
