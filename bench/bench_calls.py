"""The telephone after a week of 5,000 calls a day: intake, desk, wall, lists, figures.

The first calls are told as an exchange tells them; the rest of the week are copies in
SQL of those, spread over the days, hours and operators. Three in ten reached nobody.
Each screen is asked for as its user asks, at two sizes of the history, to see what
grows with it.
"""

from datetime import datetime, timedelta, timezone

from odoo.addons.pakn_1022.tests.web_client import get_specification, open_list
from odoo.addons.pakn_1022_call.tools.call_facts import (
    ANSWERED,
    ENDED,
    OFFERED,
    RINGING,
    WITHDRAWN,
    CallEvent,
)

from bench.hotline import Hotline
from bench.measuring import (
    OURS,
    RUNS,
    Clock,
    act,
    copy,
    look,
    make_row,
    pick,
    sizes,
    tidy,
)

# Calls in the week; the last figure is the week of the issue
SIZES = sizes("CALLS", "3500,35000", "3500")
DAYS = 7
# Calls told at once, as in a busy minute
TOLD = 50
# Operators at telephones; some calls wait while the screens are asked for
WAITING = 5


def run(env):
    """Return rows of taking in calls, and of each screen by the calls of the week."""
    desk = Telephone(env)
    rows = [desk.measure_intake()]
    for size in SIZES:
        desk.grow(size)
        rows += desk.measure_screens(size)
    return rows


class Telephone:
    """An exchange, operators at its telephones, and calls."""

    def __init__(self, env):
        self.env = env
        hotline = Hotline(env)
        self.operators = hotline.operators
        self.supervisor = hotline._make_users("supervisor", "group_supervisor", 1)
        self.account = env["pakn.call.account"].create(
            {"name": "Bench", "code": "bench", "host": "127.0.0.1"}
        )
        env["pakn.call.seat"].create(
            [
                {
                    "user_id": user.id,
                    "extension": f"{901 + number}",
                    "account_id": self.account.id,
                    "presence": "ready",
                }
                for number, user in enumerate(self.operators)
            ]
        )
        env.cr.commit()
        self.told = self.size = 0

    def make_events(self, is_answered=True, is_over=True):
        """Return what the exchange tells of the next call."""
        self.told += 1
        call_id, extension = f"b{self.told}", f"{901 + self.told % len(self.operators)}"
        begun = datetime.now(timezone.utc) - timedelta(seconds=90)
        texts = (("direction", "in"), ("caller", f"0905{self.told:06d}"))
        events = [
            CallEvent(call_id, RINGING, begun, texts=texts),
            CallEvent(call_id, OFFERED, begun + timedelta(seconds=1), extension),
        ]
        if is_over and is_answered:
            events.append(
                CallEvent(call_id, ANSWERED, begun + timedelta(seconds=8), extension)
            )
        if is_over and not is_answered:
            events.append(
                CallEvent(call_id, WITHDRAWN, begun + timedelta(seconds=30), extension)
            )
        if is_over:
            events.append(CallEvent(call_id, ENDED, begun + timedelta(seconds=68)))
        return events

    def tell(self, events, clock=None):
        account = self.account.id
        act(
            self.env,
            1,
            lambda own: own["pakn.call"]._intake(
                own["pakn.call.account"].browse(account), events
            ),
            clock,
        )

    def measure_intake(self):
        clocks = []
        for number in range(RUNS + 1):
            events = []
            for nth in range(TOLD):
                events += self.make_events(is_answered=nth % 10 > 2)
            clock = Clock()
            self.tell(events, clock)
            clocks += [clock] if number else []
        return make_row(OURS, "taking in a call", TOLD, clocks, TOLD)

    def grow(self, size):
        """Have ``size`` calls within a week, three in ten missed, and some waiting."""
        calls = self.env["pakn.call"].search([("account_id", "=", self.account.id)])
        done = calls.filtered(lambda call: call.state == "done")[:1]
        missed = calls.filtered(lambda call: call.state == "missed")[:1]
        count = size - self.size
        users = pick(self.operators.ids)
        for call, share in ((done, 0.7), (missed, 0.3)):
            apart = DAYS * 86400 / (count * share)
            rang = f"now() - interval '1 second' * nth * {apart}"
            copy(
                self.env,
                call,
                round(count * share),
                {
                    "call_id": f"'w{self.size}-{call.id}-' || nth",
                    "date_ring": rang,
                    "date_end": f"{rang} + interval '68 seconds'",
                    "hour": f"extract(hour FROM {rang} + interval '7 hours')",
                    "user_id": users if call == done else "NULL",
                    "private_number": "'+84905' || lpad(nth::text, 6, '0')",
                    "callback_id": "NULL",
                    "is_unsettled": "nth % 20 = 0" if call == done else "FALSE",
                    "recording_id": "NULL",
                },
            )
        self.size = size
        for _nth in range(WAITING):
            self.tell(self.make_events(is_over=False))
        tidy(self.env)

    def measure_screens(self, size):
        operator, supervisor = self.operators[0].id, self.supervisor.id

        specifications = {
            model: get_specification(self.env[model].with_user(operator), "list")
            for model in ("pakn.call", "pakn.call.back")
        }

        def open_calls(domain, model="pakn.call"):
            return lambda own: open_list(own[model], domain, specifications[model])

        def by_operator(own):
            return own["pakn.call"].formatted_read_group(
                [("direction", "=", "in")],
                ["user_id", "state"],
                ["__count", "seconds_waited:avg", "service_level:avg"],
            )

        def by_day(own):
            return own["pakn.call"].formatted_read_group(
                [("direction", "=", "in")],
                ["date_ring:day", "state"],
                ["__count", "seconds_waited:avg", "service_level:avg"],
            )

        def report(own):
            now = datetime.now(timezone.utc).replace(tzinfo=None)
            content = own["pakn.report.content"]
            return content._count_calls(now - timedelta(days=DAYS), now)

        def see_cards(own):
            return own["pakn.call"].get_desk()

        def see_wall(own):
            return own["pakn.call.wall"].get_wall()

        unsettled, waiting = [("is_unsettled", "=", True)], [("state", "=", "open")]
        cases = (
            ("cards of the operator", operator, see_cards),
            ("wall of the telephone", supervisor, see_wall),
            ("list of calls", operator, open_calls([])),
            ("calls without a request", operator, open_calls(unsettled)),
            ("list of call-backs", operator, open_calls(waiting, "pakn.call.back")),
            ("pivot by operator", supervisor, by_operator),
            ("pivot by day", supervisor, by_day),
            ("figures of the report", 1, report),
        )
        return [
            make_row(OURS, name, size, look(self.env, user, operation))
            for name, user, operation in cases
        ]
