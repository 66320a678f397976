"""The telephone after a week of 5,000 calls a day: intake, desk, wall, lists, figures.

Before that a minute of an exchange that speaks AMI on loopback, fifty events a second,
to the service that listens: how long after it was sent a call stands as it was told.

The first calls are told as an exchange tells them; the rest of the week are copies in
SQL of those, spread over the days, hours and operators. Three in ten reached nobody.
Each screen is asked for as its user asks, at two sizes of the history, to see what
grows with it.
"""

import asyncio
import contextlib
import random
import time
from datetime import datetime, timedelta, timezone

from odoo.addons.pakn_1022.tests.web_client import get_specification, open_list
from odoo.addons.pakn_1022_call.service.ami_service import Listener, Service
from odoo.addons.pakn_1022_call.tests.ami_scripts import Call, interleave
from odoo.addons.pakn_1022_call.tests.ami_server import AmiServer
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
    show,
    sizes,
    spread,
    tidy,
)

# Calls in the week; the last figure is the week of the issue
SIZES = sizes("CALLS", "3500,35000", "3500")
DAYS = 7
# Calls told at once, as in a busy minute
TOLD = 50
# The minute of an exchange: seconds, events a second, calls going on at once
MINUTE, PACE, TOGETHER = 60, 50, 20
# Kinds of calls that end
ENDING = 17
# Operators at telephones; some calls wait while the screens are asked for
WAITING = 5


def run(env):
    """Return rows of taking in calls, and of each screen by the calls of the week."""
    desk = Telephone(env)
    rows = [desk.measure_minute(), desk.measure_intake()]
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

    def measure_minute(self):
        """Return the row of what lies between an event and the call as it says.

        Looked at for one call each second: from its last event until it is over.
        """
        server = AmiServer()
        listener = Listener(
            Service(self.env.cr.dbname),
            self.account.id,
            {
                "code": "bench",
                "extension_pattern": r"\d{2,5}",
                "connection": {
                    "host": "127.0.0.1",
                    "port": server.port,
                    "username": server.credentials[0],
                    "secret": server.credentials[1],
                },
            },
        )
        begun = round(time.time()) - 3600
        calls = [Call(nth % ENDING, nth, begun + nth) for nth in range(MINUTE * PACE)]
        blocks = interleave(calls, TOGETHER, random.Random(50))
        lags = []

        def play():
            server.wait_for_clients()
            start = time.monotonic()
            for second in range(MINUTE):
                for _nth in range(PACE):
                    server.send_raw(next(blocks))
                last = Call(0, 100_000 + second, begun)
                server.send_raw(b"".join(last.blocks))
                sent = time.monotonic()
                while not self._is_over(last.id):
                    time.sleep(0.01)
                lags.append((time.monotonic() - sent) * 1000)
                time.sleep(max(0, start + second + 1 - time.monotonic()))

        async def listen():
            task = asyncio.create_task(listener.run())
            try:
                await asyncio.to_thread(play)
            finally:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task

        asyncio.run(listen())
        server.close()
        lags.sort()
        slow = lags[int(0.95 * len(lags)) - 1]
        case = f"from the event to the call, 95%: {slow:.0f} ms"
        return show(spread(OURS, case, MINUTE * PACE, "ms", lags))

    def _is_over(self, call_id):
        with self.env.registry.cursor() as cr:
            cr.execute(
                "SELECT 1 FROM pakn_call WHERE call_id = %s AND state = 'done'",
                [call_id],
            )
            return bool(cr.fetchone())

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
