"""The outbox hands over: mails to an SMTP server, SMS to an SMSC, both on loopback.

Each repetition takes in requests whose citizens are told by one of the doors, and then
does what the scheduled actions do, one after another: the outbox chooses the door and
makes the messages, the door's queue hands them over. A message counts when the server
has it. Taking in is not measured.
"""

import logging

from aiosmtpd.controller import Controller

from odoo.addons.pakn_1022_sms.tests.smsc import Smsc

from bench.bench_site import free_port
from bench.hotline import Hotline
from bench.measuring import OURS, RUNS, Clock, act, make_row, show, sizes, spread

[COUNT] = sizes("OUTBOX", "1000", "100")
# The server writes each line of each mail into its log otherwise, in our time
logging.getLogger("mail.log").setLevel(logging.WARNING)


class Sink:
    """An SMTP server that takes everything; ``messages`` are the recipients of each."""

    def __init__(self):
        self.messages = []

    async def handle_DATA(self, server, session, envelope):
        self.messages.append(envelope.rcpt_tos)
        return "250 OK"


def run(env):
    """Return rows: of each door, messages a second, and what a message costs."""
    sink, port = Sink(), free_port()
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        with Smsc() as smsc:
            hotline = Hotline(env, port, smsc.port)
            return [
                *_measure(hotline, "mail", sink.messages, _by_mail, _send_mails),
                *_measure(hotline, "SMS", smsc.messages, _by_sms, _send_sms),
            ]
    finally:
        controller.stop()


def _by_mail(values):
    return values | {"citizen_phone": False, "citizen_email": values["mail"]}


def _by_sms(values):
    return values | {"citizen_email": False}


def _send_mails(env):
    env["mail.mail"].process_email_queue()


def _send_sms(env):
    env["sms.sms"]._process_queue()


def _measure(hotline, door, arrived, address, send):
    env, operator = hotline.env, hotline.operator.id
    outbox, queue, rates = [], [], []
    for number in range(-1, RUNS):
        values = []
        for nth in range(COUNT if number >= 0 else 5):
            caller = hotline.make_values()
            caller["mail"] = f"{door.lower()}{number}.{nth}@example.com"
            caller = address(caller)
            del caller["mail"]
            values.append(caller)
        act(env, operator, lambda own, v=values: own[hotline.model].create(v))
        before = len(arrived)
        clocks = Clock(), Clock()
        act(env, 1, lambda own: own["pakn.notice"]._cron_deliver(), clocks[0])
        act(env, 1, send, clocks[1])
        got = len(arrived) - before
        assert got == len(values), f"{got} messages arrived of {len(values)}"
        if number >= 0:  # the first time fills the caches
            outbox.append(clocks[0])
            queue.append(clocks[1])
            rates.append(got / sum(clock.seconds for clock in clocks))
    return [
        show(spread(OURS, f"outbox and queue, {door}", COUNT, "/s", rates)),
        make_row(OURS, f"outbox, one notice by {door}", COUNT, outbox, COUNT),
        make_row(OURS, f"queue, one {door}", COUNT, queue, COUNT),
    ]
