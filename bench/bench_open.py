"""Lists and board with all of it open: what does a user wait when much is left undone?

A third each lies with focal points, has an appointment, and lies with heads. Opened as
the menus open them, by a focal point with a twentieth of all slips, by one of a unit
that never got a slip, and by an operator.
"""

from odoo.addons.pakn_1022.tests.web_client import (
    get_order,
    get_specification,
    open_kanban,
    open_list,
)

from bench.hotline import THIRDS
from bench.measuring import OURS, look, make_row, sizes, tidy

SIZES = sizes("OPEN", "10000,100000", "5000")
BAR = {"field": "due_state", "colors": {"late": "", "soon": "", "ok": ""}}
BOARD = ["|", ("date_closed", "=", False), ("date_closed", ">=", "today -7d")]


def run(env, hotline):
    """Return rows; ``hotline`` is ours and has no requests yet."""
    rows, env = [], hotline.env
    for size in SIZES:
        hotline.grow(size, THIRDS)
        tidy(env)
        for who, user in (
            ("focal point", hotline.focals[0]),
            ("focal point without", hotline.idle),
        ):
            mine = [
                "|",
                ("unit_id.access_user_ids", "in", user.ids),
                ("delegate_user_ids", "in", user.ids),
            ]
            slips = [*mine, ("is_open", "=", True)]
            rows += [
                _row(env, f"list of slips, {who}", size, user, "pakn.transfer", slips),
                _row(env, f"list of requests, {who}", size, user, "pakn.ticket", []),
            ]
        operator = hotline.operator
        rows.append(
            _row(env, "list of requests, operator", size, operator, "pakn.ticket", [])
        )
        board = env["pakn.ticket"].with_user(operator)
        cards, order = get_specification(board, "kanban"), get_order(board, "kanban")
        clocks = look(
            env,
            operator.id,
            lambda own, cards=cards, order=order: open_kanban(
                own["pakn.ticket"], BOARD, "stage_id", cards, BAR, order
            ),
        )
        rows.append(make_row(OURS, "board, operator", size, clocks))
    return rows


def _row(env, case, size, user, model, domain):
    records = env[model].with_user(user)
    columns, order = get_specification(records, "list"), get_order(records, "list")
    clocks = look(
        env, user.id, lambda own: open_list(own[model], domain, columns, order)
    )
    return make_row(OURS, case, size, clocks)
