"""Opening board, list and form, and finding, at a growing number of requests.

Run in Odoo's shell on a scratch database (``env`` is given), once for our requests and
once for the tickets of OCA's ``helpdesk_mgmt``, each as an ordinary user, as the web
client asks. A hotline takes in as much each day; what grows is its history. So at
every size 2,000 are open and 3,500 were closed within the last week; the board of each
product is opened as its menu opens it, and ours without its filter too.
"""

from odoo.addons.pakn_1022.tests.web_client import (
    get_order,
    get_specification,
    open_form,
    open_kanban,
    open_list,
)

from bench.measuring import OCA, OURS, copy, look, make_row, sizes, tidy

SIZES = sizes("SCREENS", "10000,100000,1000000", "10000")
OPEN, WEEK = 2000, 3500
BAR = {"field": "due_state", "colors": {"late": "", "soon": "", "ok": ""}}


def run(env, product):
    """Return rows; ``product`` is "ours" or "oca"."""
    rows = []
    name, model, prepare = {
        "ours": (OURS, "pakn.ticket", _ours),
        "oca": (OCA, "helpdesk.ticket", _oca),
    }[product]
    user, grow, boards, bar = prepare(env)
    asks = {
        view: get_specification(env[model].with_user(user), view)
        for view in ("kanban", "list", "form")
    }
    orders = {
        view: get_order(env[model].with_user(user), view) for view in ("kanban", "list")
    }
    have = 0
    for size in SIZES:
        grow(size - have, have)
        have = size
        tidy(env)
        newest = env[model].search([], limit=1).id
        cases = {
            case: lambda records, domain=domain: open_kanban(
                records, domain, "stage_id", asks["kanban"], bar, orders["kanban"]
            )
            for case, domain in boards.items()
        }
        cases["list"] = lambda records: open_list(
            records, [], asks["list"], orders["list"]
        )
        cases["form"] = lambda records, newest=newest: open_form(
            records.browse(newest), asks["form"]
        )
        if product == "ours":
            cases |= {
                "find by phone": lambda records: records.search(
                    [("display_name", "ilike", "0905 000 123")], limit=80
                ),
                "find by words": lambda records: records.search(
                    [("title", "ilike", "den duong thong nhat")], limit=80
                ),
            }
        for case, ask in cases.items():
            clocks = look(env, user.id, lambda own, ask=ask: ask(own[model]))
            rows.append(make_row(name, case, size, clocks))
    return rows


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
    focal = env["res.users"].create(
        {
            "name": "Đầu mối",
            "login": "bench_focal",
            "group_ids": [(6, 0, env.ref("pakn_1022.group_unit_focal").ids)],
        }
    )
    unit = env["pakn.unit"].create(
        {
            "name": "Sở thử nghiệm",
            "code": "BENCH",
            "focal_user_ids": [(6, 0, focal.ids)],
        }
    )
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
