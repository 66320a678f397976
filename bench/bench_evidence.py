"""Anchoring a day, checking records, a file as PDF, and removing a person's data.

Requests are copied in SQL as by ``hotline.grow`` and put under seal as when the addon
is installed; all of them are anchored once. A day is :data:`DAY` requests that went on
since. What the night seals is a notice of each of as many requests, row by row. The PDF
is that of a request that was transferred, without a signature.
"""

from odoo.fields import Datetime

from odoo.addons.pakn_1022_evidence.models.pakn_seal import BATCH

from bench.measuring import OURS, QUICK, RUNS, Clock, make_row, sizes, tidy

SIZES = sizes("EVIDENCE", "10000,100000", "2000")
DAY = 200 if QUICK else 5000
CHECKED = 200 if QUICK else 1000


def run(env, hotline):
    """Return rows; ``hotline`` is ours."""
    rows, env = [], hotline.env
    for size in SIZES:
        hotline.grow(size)
        seals, anchors = env["pakn.seal"], env["pakn.anchor"]
        seals._seal_all()
        anchors._anchor()
        env.cr.commit()
        tidy(env)
        tickets = env["pakn.ticket"].search([], limit=max(DAY, CHECKED), order="id")
        clocks = []
        for _run in range(RUNS):
            seals._append({ticket.id: {"ticket": {}} for ticket in tickets[:DAY]})
            env.cr.commit()
            clocks.append(_measure(env, anchors._anchor))
        rows.append(make_row(OURS, f"anchor a day of {DAY:,}", size, clocks))
        clocks = [_measure(env, tickets[:CHECKED]._find_faults) for _run in range(RUNS)]
        rows.append(make_row(OURS, "check a record", size, clocks, CHECKED))
        rows.append(_seal_night(env, size))
        rows += _make_papers(env, hotline, size)
    return rows


def _seal_night(env, size):
    """Return the row of what no act seals: notices, sealed a day later by a job."""
    env.cr.execute(
        """INSERT INTO pakn_notice (ticket_id, act, audience, door, state, date)
           SELECT id, 'receive', 'citizen', 'sms', 'sent',
                  now() AT TIME ZONE 'UTC' - interval '3 days' + id * interval '1 ms'
             FROM pakn_ticket"""
    )
    env.cr.commit()
    tidy(env)
    seals, clocks = env["pakn.seal"], []
    limit = Datetime.to_string(Datetime.now())
    for _run in range(RUNS):
        clocks.append(_measure(env, lambda: seals._sweep_batch("notice", limit)))
    return make_row(OURS, "seal a notice in the night", size, clocks, BATCH)


def _make_papers(env, hotline, size):
    """Return the rows of what is done with one request after another."""
    clocks, removals = [], []
    for _run in range(RUNS):
        ticket = env["pakn.ticket"].with_user(hotline.operator)
        ticket = ticket.create(hotline.make_values())
        ticket.transfer(hotline.units[0].ids)
        env.cr.commit()
        clocks.append(_measure(env, ticket.action_make_file))
        ticket.cancel("Thử")
        env.cr.commit()
        if "pakn.privacy.request" in env:
            remove = ticket.sudo()._remove_personal_data
            removals.append(_measure(env, lambda remove=remove: remove("Thử")))
    rows = [make_row(OURS, "whole file as PDF", size, clocks)]
    if removals:
        rows.append(make_row(OURS, "remove a person's data", size, removals))
    return rows


def _measure(env, operation):
    """Return the clock of an operation with its commit, the record cache cold."""
    env.invalidate_all()
    clock = Clock()
    with clock.running(env.cr):
        operation()
        env.cr.commit()
    return clock
