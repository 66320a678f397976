"""The outbox hands over: mails to an SMTP server, SMS to an SMSC, both on loopback
and in a process of theirs.

Each repetition takes in requests whose citizens are told by one of the doors, and then
does what the scheduled actions do, one after another: the outbox chooses the door and
makes the messages, the door's queue hands them over. A message counts when the server
has it. Taking in is not measured.
"""

from bench.hotline import Hotline
from bench.measuring import OURS, RUNS, Clock, act, make_row, show, sizes, spread
from bench.peers import Peers

[COUNT] = sizes("OUTBOX", "1000", "100")


def run(env):
    """Return rows: of each door, messages a second, and what a message costs."""
    with Peers() as peers:
        hotline = Hotline(env, peers.smtp_port, peers.smsc_port)
        return [
            *_measure(hotline, "mail", peers, _by_mail, _send_mails),
            *_measure(hotline, "SMS", peers, _by_sms, _send_sms),
        ]


def _by_mail(values):
    return values | {"citizen_phone": False, "citizen_email": values["mail"]}


def _by_sms(values):
    return values | {"citizen_email": False}


def _send_mails(env):
    env["mail.mail"].process_email_queue()


def _send_sms(env):
    env["sms.sms"]._process_queue()


def _measure(hotline, door, peers, address, send):
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
        before = peers.count(door)
        clocks = Clock(), Clock()
        act(env, 1, lambda own: own["pakn.notice"]._cron_deliver(), clocks[0])
        act(env, 1, send, clocks[1])
        got = peers.count(door) - before
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
