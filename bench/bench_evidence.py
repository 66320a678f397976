"""Anchoring a day, checking records, a file as PDF, and removing a person's data.

Requests are copied in SQL as by ``hotline.grow`` and put under seal as when the addon
is installed; all of them are anchored once. A day is :data:`DAY` requests that went on
since. The PDF is that of a request that was transferred, without a signature.
"""

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
        rows += _make_papers(env, hotline, size)
    return rows


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
