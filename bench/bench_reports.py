"""Pivot, dashboard, periodic report and export at a growing number of requests.

Run in Odoo's shell on a scratch database (``env`` is given). The requests are copied
in SQL as by ``bench_screens``: 500 a day for years, the newest first, each with its
slip to one of 60 units, one in twenty late, one in three rated; 1,000 are open.
Measured as the monitor, who reads all but secrets. An export is made as its scheduled
action makes it, in a process of its own, for the peak of memory to be its alone.
"""

import gc
import json
import re
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

from odoo.tools import config

from bench.measuring import (
    OURS,
    QUICK,
    RUNS,
    Clock,
    copy,
    get_next_id,
    make_row,
    pick,
    sizes,
    tidy,
)

SIZES = sizes("REPORTS", "100000,1000000", "10000")
[EXPORT] = sizes("EXPORT", "100000", "2000")
UNITS, A_DAY, OPEN = 60, 500, 1000
# An export takes minutes, so it is made less often
FEW = 1 if QUICK else 3


def run(env):
    env = env(context=dict(env.context, pakn_no_notify=True, no_reset_password=True))
    results = []

    def add(size, case, operation):
        clocks, peak = _measure(env, operation)
        results.append(make_row(OURS, case, size, clocks, peak_mb=peak))

    monitor, grow = _prepare(env)
    slips = env["pakn.report.transfer"].with_user(monitor)
    tickets = env["pakn.report.ticket"].with_user(monitor)
    slips, tickets = (
        model.with_context(tz="Asia/Ho_Chi_Minh") for model in (slips, tickets)
    )
    year = (date.today() - timedelta(days=365)).isoformat()
    have = 0
    for size in SIZES:
        grow(size - have, have)
        have = size
        tidy(env)
        analysis = env["pakn.report.analysis"]
        add(size, "analyses: refresh", analysis._cron_refresh)
        tidy(env)
        pivots = {
            "pivot unit x month, 12 months": (
                slips,
                [("date_sent", ">=", year)],
                ["unit_id", "date_sent:month"],
                ["received_count:sum", "on_time_share:avg", "result_hours:avg"],
            ),
            "pivot unit x month, all years": (
                slips,
                [],
                ["unit_id", "date_sent:month"],
                ["received_count:sum", "on_time_share:avg", "result_hours:avg"],
            ),
            "pivot field x month, all years": (
                tickets,
                [],
                ["group_id", "date_received:month"],
                ["__count", "late_share:avg"],
            ),
            "ages of what is open": (
                tickets,
                [("date_ended", "=", False)],
                ["unit_id", "age"],
                ["__count"],
            ),
        }
        for name, (model, *arguments) in pivots.items():
            add(size, name, lambda m=model, a=arguments: m.formatted_read_group(*a))
        dashboard = env["pakn.dashboard"].with_user(monitor)
        add(size, "dashboard", dashboard.get_dashboard)
        reports = env["pakn.report"]
        first = date.today().replace(day=1)
        month = reports._default_period()
        for name, values in {
            "report of a month": {
                "kind": "month",
                "date_from": month[0],
                "date_to": month[1],
            },
            "report of a year": {
                "kind": "free",
                "date_from": first - timedelta(days=365),
                "date_to": first - timedelta(days=1),
            },
        }.items():
            report = reports.create(values)
            add(size, f"{name}: count", report._count)
            reader = report.with_user(monitor)
            add(size, f"{name}: look", reader.get_screen)
            line = report.line_ids.search(
                [
                    ("report_id", "=", report.id),
                    ("section", "=", "overview"),
                    ("row", "=", "received"),
                    ("column", "=", "now"),
                ]
            )
            domain = [("pakn_report_line_id", "=", line.id)]
            found = env["pakn.ticket"].with_user(monitor)
            add(
                size,
                f"{name}: open a figure",
                lambda f=found, d=domain: f.search(d, limit=80),
            )
            if name.endswith("month"):
                add(size, f"{name}: XLSX", report._get_xlsx)
                add(size, f"{name}: PDF", report._get_pdf)
        if have >= EXPORT:
            # In the texts that the monitor gets, people are looked for and hidden
            for reader, kind in (
                ("operator", "csv"),
                ("operator", "xlsx"),
                ("monitor", "csv"),
            ):
                results += _export(env, size, reader, kind)
        env.cr.rollback()
    return results


def _measure(env, operation):
    """Return ``(clocks, megabytes of memory at most)``: records not cached."""
    operation()
    clocks, base = [], _begin_peak()
    for _run in range(RUNS):
        env.flush_all()
        env.invalidate_all()
        clocks.append(Clock())
        with clocks[-1].running(env.cr):
            operation()
            env.flush_all()
    return clocks, _end_peak(base)


def _export(env, size, reader, kind):
    """Return the rows of exports by a reader."""
    runs = [_export_apart(env, reader, kind) for _run in range(FEW)]
    rows = []
    for case in runs[0]:
        clocks = [Clock(*run[case][:2]) for run in runs]
        peak = max(run[case][2] for run in runs)
        name = f"export {EXPORT:,}, {reader}, {kind}: {case}"
        rows.append(make_row(OURS, name, size, clocks, peak_mb=peak))
    return rows


def _export_apart(env, reader, kind):
    """Return ``{case: (seconds, queries, megabytes)}`` of an export."""
    env.cr.commit()
    script = (
        f"import json, sys; sys.path[:0] = {sys.path!r}\n"
        "from bench import bench_reports\n"
        f"result = bench_reports.export(env, {reader!r}, {kind!r})\n"
        "print('RESULT', json.dumps(result))\n"
    )
    addons = ",".join(config["addons_path"])
    output = subprocess.run(
        [
            *(sys.executable, "-m", "odoo", "shell", "-d", env.cr.dbname),
            *("--no-http", "--log-level=error", f"--addons-path={addons}"),
        ],
        input=script,
        text=True,
        stdout=subprocess.PIPE,
        check=True,
    ).stdout
    [result] = [line for line in output.splitlines() if line.startswith("RESULT")]
    return json.loads(result.removeprefix("RESULT"))


def export(env, reader, kind):
    """Export as the dialog and the scheduled action do; see :func:`_export_apart`."""
    user = env["res.users"].search([("login", "=", f"bench_{reader}")])
    last = env["pakn.ticket"].search([], order="id desc", offset=EXPORT - 1, limit=1)
    dialogs = env["pakn.export"].with_user(user)
    values = {
        "domain": str([("id", ">=", last.id)]),
        "file_type": kind,
        "purpose": "bench",
    }
    results = {}

    def measured(case, operation):
        env.invalidate_all()
        base = _begin_peak()
        before, start = env.cr.sql_log_count, time.perf_counter()
        result = operation()
        env.cr.commit()
        seconds = time.perf_counter() - start
        queries = env.cr.sql_log_count - before
        results[case] = (seconds, queries, _end_peak(base))
        return result

    # The registry warm, as in a server
    dialogs.new(values | {"domain": str([("id", "=", last.id)])})._parse()
    dialog = dialogs.create(values)
    action = measured("dialog", dialog.action_export)
    log = env["pakn.export.log"].browse(action["res_id"])

    def make():
        while log.state == "making":
            log._cron_make()

    def download():
        size, chunks = log._get_file()
        assert size == sum(map(len, chunks))

    measured("making", make)
    measured("download", download)
    assert log.done == EXPORT
    return results


def _begin_peak():
    """Begin the peak of this process' memory anew; return what it has now.

    The peak of getrusage would be inherited from who started the process.
    """
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")
    return _read_memory("VmRSS")


def _end_peak(base):
    """Return how many megabytes more than ``base`` there were since."""
    return (_read_memory("VmHWM") - base) // 1024


def _read_memory(name):
    """Return one of the kernel's figures of this process' memory, kilobytes."""
    text = Path("/proc/self/status").read_text()
    return int(re.search(rf"^{name}:\s+(\d+) kB", text, re.MULTILINE)[1])


def _prepare(env):
    monitor, _operator = env["res.users"].create(
        [
            {
                "name": name,
                "login": f"bench_{role}",
                "group_ids": [(6, 0, env.ref(f"pakn_1022.group_{role}").ids)],
            }
            for role, name in (("monitor", "Giám sát"), ("operator", "Trực máy"))
        ]
    )
    units = env["pakn.unit"].create(
        [{"name": f"Đơn vị {n:02d}", "code": f"BENCHR{n:02d}"} for n in range(UNITS)]
    )
    sent, done = env["pakn.ticket"].create(
        [
            {
                "title": "Đèn đường hỏng",
                "description": "<p>Đèn đường trước nhà tôi hỏng đã ba ngày nay.</p>"
                * 4,
                "citizen_name": "Nguyễn Văn A",
                "citizen_phone": f"090500{number:04d}",
                "category_id": env.ref("pakn_1022.category_5_5").id,
            }
            for number in range(2)
        ]
    )
    for ticket in (sent, done):
        ticket.transfer(units[0].ids)
    done.open_transfer_id.answer("<p>Đã thay bóng đèn.</p>")
    done.send_result()
    done.rate(5)
    env.flush_all()
    slips = {ticket: ticket.transfer_ids for ticket in (sent, done)}
    rating = done._get_round_rating()
    categories = env["pakn.category"].search([("parent_id", "!=", False)]).ids
    areas = env["pakn.area"].search([]).ids
    channels = env["pakn.channel"].search([]).ids

    def grow(count, have):
        begin = get_next_id(env, "pakn_ticket")
        opened = 0 if have else OPEN
        age = f"({have} + nth) * interval '{24 * 60 / A_DAY} minutes'"
        unit = pick(units.ids)
        varied = {
            "category_id": pick(categories),
            "area_id": pick(areas),
            "channel_id": pick(channels),
            "unit_id": unit,
            "is_overdue": "nth % 20 = 0",
        }
        if opened:
            copy(
                env,
                sent,
                opened,
                {
                    **varied,
                    "name": "'O' || nth",
                    "open_transfer_id": "NULL",
                    "date_received": "now() - nth * interval '5 minutes'",
                },
            )
        copy(
            env,
            done,
            count - opened,
            {
                **varied,
                "name": f"'D' || ({have} + nth)",
                "date_received": f"now() - {age} - interval '5 hours'",
                "date_ended": f"now() - {age}",
                "date_result": f"now() - {age}",
                "date_first": f"now() - {age}",
                "date_closed": f"now() - {age}",
                "result_hours": "1 + nth % 40",
                "rating_last_value": "(ARRAY[0, 0, 5, 3, 5, 1])[1 + nth % 6]",
            },
        )
        if opened:
            copy(
                env,
                slips[sent],
                opened,
                {
                    "ticket_id": f"{begin} + nth - 1",
                    "unit_id": unit,
                    "date_sent": "now() - nth * interval '5 minutes'",
                    "date_due": "now() + nth * interval '5 minutes'",
                },
            )
        first = begin + opened
        copy(
            env,
            slips[done],
            count - opened,
            {
                "ticket_id": f"{first} + nth - 1",
                "unit_id": unit,
                "is_overdue": "nth % 20 = 0",
                "date_overdue": f"CASE WHEN nth % 20 = 0 THEN now() - {age} END",
                "date_sent": f"now() - {age} - interval '5 hours'",
                "date_due": f"now() - {age} + interval '1 hour'",
                "date_responded": f"now() - {age}",
                "date_first": f"now() - {age}",
                "date_closed": f"now() - {age}",
                "result_hours": "1 + nth % 40",
            },
        )
        copy(
            env,
            rating,
            (count - opened) // 3,
            {
                "res_id": f"{first} + nth * 3 - 1",
                "pakn_ticket_id": f"{first} + nth * 3 - 1",
                "access_token": f"'t' || ({have} + nth)",
                "rating": "(ARRAY[5, 3, 1])[1 + nth % 3]",
                "parent_res_id": unit,
                "pakn_date": f"now() - ({have} + nth * 3) * "
                f"interval '{24 * 60 / A_DAY} minutes'",
            },
        )

    return monitor, grow
