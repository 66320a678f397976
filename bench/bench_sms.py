"""Messages through the queue over SMPP, with a window of 10, against an SMSC here.

Run in Odoo's shell on a scratch database (``env`` is given).
"""

import time

from odoo.addons.pakn_1022_sms.tests.smsc import Smsc

COUNT = 2000


def run(env):
    with Smsc() as smsc:
        env.company.sms_provider = "brandname"
        env["pakn.sms.account"].create(
            {
                "name": "SMPP",
                "host": "127.0.0.1",
                "port": smsc.port,
                "username": "bench",
                "password": "secret",
                "window": 10,
            }
        )
        env["sms.sms"].create(
            [
                {
                    "number": f"+8490512{number:04d}",
                    "body": "1022 Gia Lai: Đã tiếp nhận phản ánh GL26-000123-7.",
                }
                for number in range(COUNT)
            ]
        )
        env.cr.commit()
        env.invalidate_all()
        queries, start = env.cr.sql_log_count, time.perf_counter()
        env["sms.sms"]._process_queue()
        env.cr.commit()
        seconds = time.perf_counter() - start
        queries = env.cr.sql_log_count - queries
        assert len(smsc.messages) == COUNT
    row = {
        "messages": COUNT,
        "per_second": round(COUNT / seconds, 1),
        "queries_each": round(queries / COUNT, 2),
    }
    print(
        "sms: {messages} by SMPP: {per_second}/s, {queries_each} queries each".format(
            **row
        )
    )
    return row
