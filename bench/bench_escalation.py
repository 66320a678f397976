"""What passes its deadline goes up a level, by the job of each minute.

Many at once, a tenth of what is open in 20 units with heads of their own, and one
alone. The requests have their acts on record, so the chain of each goes on. All is
committed, and messages are made for those who are told. Each repetition takes others.
"""

from bench.measuring import OCA, OURS, QUICK, RUNS, Clock, act, make_row, sizes

SIZES = sizes("ESCALATION", "10000,100000", "1000")
SHARE = 0.1
ALONE = 5 if QUICK else 20


def run(env, hotline):
    """Return rows; ``hotline`` is ours."""
    rows, env = [], hotline.env
    for size in SIZES:
        hotline.grow(max(size, hotline.size))
        clocks = [_escalate(env, 0) for _run in range(RUNS)]
        rows.append(make_row(OURS, "the job, nothing due", size, clocks))
        alone = [Clock() for _run in range(RUNS)]
        for clock in alone:
            for _number in range(ALONE):
                _escalate(env, 1, clock)
        rows.append(make_row(OURS, "escalate one alone", size, alone, ALONE))
        many = int(size * SHARE)
        clocks = [_escalate(env, many) for _run in range(RUNS)]
        rows.append(make_row(OURS, f"escalate {many:,}, each", size, clocks, many))
    return rows


def _escalate(env, count, clock=None):
    """Let slips of focal points become due and the job run; return its clock."""
    clock = clock or Clock()
    env.cr.execute(
        """UPDATE pakn_transfer
              SET date_due = now() AT TIME ZONE 'UTC' - interval '1 minute'
            WHERE id IN (SELECT id FROM pakn_transfer
                          WHERE is_open AND level = 'focal' AND state = 'sent'
                            AND date_due > now() AT TIME ZONE 'UTC'
                       ORDER BY id LIMIT %s)
        RETURNING id""",
        [count],
    )
    due = [row[0] for row in env.cr.fetchall()]
    assert len(due) == count, "there are not so many"
    env.cr.commit()
    act(env, 1, lambda own: own["pakn.transfer"]._cron_process_deadlines(), clock)
    env.cr.execute(
        """SELECT count(*) FROM pakn_transfer old
             JOIN pakn_transfer new ON new.ticket_id = old.ticket_id
            WHERE old.id = ANY(%s) AND old.state = 'expired'
              AND new.is_open AND new.level = 'head'""",
        [due],
    )
    assert env.cr.fetchone()[0] == count, "some were not escalated"
    env.cr.commit()
    return clock


def run_oca(env, helpdesk):
    """Return rows of OCA's helpdesk with an administrator's rule (``helpdesk.py``)."""
    rows, env = [], helpdesk.env
    for size in SIZES:
        helpdesk.grow(max(size, helpdesk.size))
        many = min(int(size * SHARE), 1000)
        clocks = [_escalate_oca(env, helpdesk, many) for _run in range(RUNS)]
        rows.append(make_row(OCA, f"escalate {many:,}, each", size, clocks, many))
    return rows


def _escalate_oca(env, helpdesk, count):
    env.cr.execute(
        """UPDATE helpdesk_ticket_sla
              SET deadline = now() AT TIME ZONE 'UTC' - interval '1 minute'
            WHERE id IN (SELECT id FROM helpdesk_ticket_sla
                          WHERE state = 'in_progress' AND sla_id = %s
                            AND deadline > now() AT TIME ZONE 'UTC'
                       ORDER BY id LIMIT %s)""",
        [helpdesk.policy.id, count],
    )
    env.cr.execute(
        """UPDATE base_automation
              SET last_run = now() AT TIME ZONE 'UTC' - interval '10 minutes'"""
    )
    env.cr.execute("SELECT count(*) FROM helpdesk_ticket_sla WHERE state = 'expired'")
    [before] = env.cr.fetchone()
    env.cr.commit()
    clock = Clock()
    act(
        env,
        1,
        lambda own: own["base.automation"]._cron_process_time_based_actions(),
        clock,
    )
    env.cr.execute("SELECT count(*) FROM helpdesk_ticket_sla WHERE state = 'expired'")
    assert env.cr.fetchone()[0] == before + count, "some were not escalated"
    env.cr.commit()
    return clock
