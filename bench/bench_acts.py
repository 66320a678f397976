"""Taking in, transferring, answering, sending: each act as its user does it.

One act is one transaction with a cold record cache and its commit (``measuring.act``).
Callers are new but for one in five; messages to citizens, units and operators are made
as in production, and wait for their job. Beside ours OCA's helpdesk takes in a ticket
with a deadline in one act. Ours has its deadline when it is transferred, so with a
deadline it is taken in by two.
"""

from bench.measuring import (
    OCA,
    OURS,
    QUICK,
    RUNS,
    Clock,
    act,
    make_row,
    sizes,
)

SIZES = sizes("ACTS", "10000,100000", "2000")
# Requests of one repetition, one by one and at once
ONES, BATCH = (20, 200) if QUICK else (100, 1000)
WHOLE = "take in with a deadline"


def run(env, hotline):
    """Return rows; ``hotline`` is ours."""
    rows, env = [], hotline.env
    for size in SIZES:
        hotline.grow(size)
        _live(env, hotline, 3)
        lives = [_live(env, hotline, ONES) for _run in range(RUNS)]
        for case in lives[0]:
            clocks = [life[case] for life in lives]
            rows.append(make_row(OURS, case, size, clocks, ONES))
        batches = [_take_in_batch(env, hotline, BATCH) for _run in range(RUNS)]
        for case in batches[0]:
            clocks = [batch[case] for batch in batches]
            rows.append(
                make_row(OURS, f"{case}, {BATCH:,} at once", size, clocks, BATCH)
            )
    return rows


def _live(env, hotline, count):
    """Take ``count`` requests through their life; return ``{case: clock}``."""
    cases = ("take in", "transfer", WHOLE, "unit answers", "send result")
    clocks = {case: Clock() for case in cases}
    for number in range(count):
        values = hotline.make_values()
        unit = hotline.units[number % len(hotline.units)].id
        focal, operator = (
            hotline.focals[number % len(hotline.focals)].id,
            hotline.operator.id,
        )
        ids = act(
            env,
            operator,
            lambda own, values=values: own[hotline.model].create(values),
            clocks["take in"],
        )

        def on(name, *arguments, ids=ids):
            return lambda own: getattr(own[hotline.model].browse(ids), name)(*arguments)

        act(env, operator, on("transfer", [unit]), clocks["transfer"])
        slips = act(
            env,
            operator,
            lambda own, ids=ids: own[hotline.model].browse(ids).open_transfer_id,
        )
        act(
            env,
            focal,
            lambda own, slips=slips: (
                own["pakn.transfer"].browse(slips).answer("<p>Đã thay bóng đèn.</p>")
            ),
            clocks["unit answers"],
        )
        act(env, operator, on("send_result"), clocks["send result"])
    both = clocks[WHOLE]
    for part in ("take in", "transfer"):
        both.seconds += clocks[part].seconds
        both.queries += clocks[part].queries
    return clocks


def _take_in_batch(env, hotline, count):
    """Take in and transfer requests by two calls; return ``{case: clock}``."""
    clocks = {"take in": Clock(), WHOLE: Clock()}
    values = [hotline.make_values() for _number in range(count)]
    operator, unit = hotline.operator.id, hotline.units[0].id
    ids = act(
        env, operator, lambda own: own[hotline.model].create(values), clocks["take in"]
    )
    both = clocks[WHOLE]
    both.seconds, both.queries = clocks["take in"].seconds, clocks["take in"].queries
    act(
        env, operator, lambda own: own[hotline.model].browse(ids).transfer([unit]), both
    )
    return clocks


def run_oca(env, helpdesk):
    """Return rows of OCA's helpdesk."""
    rows, env = [], helpdesk.env
    agent = helpdesk.operator.id

    def take_in(values, clock):
        act(env, agent, lambda own: own[helpdesk.model].create(values), clock)

    for size in SIZES:
        helpdesk.grow(size)
        take_in(helpdesk.make_values(), Clock())
        ones, batches = [Clock() for _run in range(RUNS)], []
        for clock in ones:
            for _number in range(ONES):
                take_in(helpdesk.make_values(), clock)
        rows.append(make_row(OCA, WHOLE, size, ones, ONES))
        for _run in range(RUNS):
            batches.append(Clock())
            take_in([helpdesk.make_values() for _number in range(BATCH)], batches[-1])
        case = f"{WHOLE}, {BATCH:,} at once"
        rows.append(make_row(OCA, case, size, batches, BATCH))
    return rows
