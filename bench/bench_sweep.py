"""The sweep over many open slips, with none, 1 % and 10 % of them due.

Run in Odoo's shell on a scratch database (``env`` is given). The slips are copied in
SQL; the due ones are escalated for real, with record, to-dos and mails queued.
"""

import os
import resource
import time

from bench.bench_screens import copy

SIZES = [int(size) for size in os.environ.get("SWEEP", "10000,100000").split(",")]
SHARES = (0, 0.01, 0.1)


def run(env):
    quiet = env(context=dict(env.context, pakn_no_notify=True, no_reset_password=True))
    head = quiet["res.users"].create(
        {
            "name": "Thủ trưởng",
            "login": "bench_head",
            "email": "head@example.com",
            "group_ids": [(6, 0, env.ref("pakn_1022.group_unit_head").ids)],
        }
    )
    unit = quiet["pakn.unit"].create(
        {"name": "Sở Đo", "code": "BENCH", "head_user_id": head.id}
    )
    ticket = quiet["pakn.ticket"].create(
        {
            "title": "Đèn đường hỏng",
            "description": "<p>Đèn đường trước nhà tôi hỏng đã ba ngày nay.</p>",
            "citizen_name": "Nguyễn Văn A",
            "citizen_phone": "0905000001",
            "category_id": env.ref("pakn_1022.category_5_5").id,
        }
    )
    ticket.transfer(unit.ids)
    env.flush_all()
    slip = ticket.open_transfer_id
    results, have = [], 0
    for size in SIZES:
        missing = size - have
        # The copies' ids follow one another.
        env.cr.execute("SELECT last_value FROM pakn_ticket_id_seq")
        [first] = env.cr.fetchone()
        copy(
            env,
            ticket,
            missing,
            {"name": f"'B' || {have} + nth", "open_transfer_id": "NULL"},
        )
        copy(
            env,
            slip,
            missing,
            {
                "ticket_id": f"{first} + nth",
                "date_due": "now() + interval '40 days'",
                "date_deadline": "now() + interval '40 days'",
                "date_reminder": "now() + interval '30 days'",
            },
        )
        env.cr.execute(
            """UPDATE pakn_ticket t SET open_transfer_id = s.id, date_due = s.date_due
                 FROM pakn_transfer s WHERE s.ticket_id = t.id AND s.is_open
                  AND t.open_transfer_id IS NULL"""
        )
        env.cr.commit()
        env.cr.execute("ANALYZE pakn_ticket, pakn_transfer")
        have = size
        for share in SHARES:
            due = int(size * share)
            env.cr.execute(
                """UPDATE pakn_transfer SET date_due = now() - interval '1 minute'
                    WHERE id IN (SELECT id FROM pakn_transfer
                                  WHERE is_open AND level = 'focal' AND unit_id = %s
                                  ORDER BY id DESC LIMIT %s)""",
                [unit.id, due],
            )
            env.cr.commit()
            env.invalidate_all()
            queries, start = env.cr.sql_log_count, time.perf_counter()
            env["pakn.transfer"]._cron_process_deadlines()
            seconds = time.perf_counter() - start
            results.append(
                {
                    "open": size,
                    "due": due,
                    "seconds": round(seconds, 3),
                    "ms_per_due": round(seconds * 1000 / due, 2) if due else None,
                    "queries": env.cr.sql_log_count - queries,
                    "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
                    // 1024,
                }
            )
            row = results[-1]
            print(
                f"sweep: {row['open']:>8} open, {row['due']:>6} due: "
                f"{row['seconds']:>8.3f} s, {row['queries']:>6} queries, "
                f"peak {row['peak_mb']} MB"
            )
    return results
