import asyncio
import random
import threading
import time
from datetime import datetime, timedelta

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.pakn_1022.tests.http_peer import HttpPeer, PeerHandler
from odoo.addons.pakn_1022.tools.province import ZONE

from ..service.ami_service import Listener
from ..tools.call_facts import ANSWERED, ENDED, RINGING, CallEvent
from .ami_scripts import INSIDE, KINDS, Call, interleave
from .ami_server import AmiServer, Caller
from .common import TAGS, CallCase

LOGGER = "odoo.addons.pakn_1022_call.service.ami_service"


class RecordsHandler(PeerHandler):
    """Gives the exchange's records: ``data`` of the peer."""

    def do_GET(self):
        self.tell(206 if self.headers["Range"] else 200, self.peer.data)


class OneDatabase:
    """Stands for the service: runs what it is given on the test's own cursor."""

    def __init__(self, case):
        self.env, self.lock, self.is_down = case.env, threading.Lock(), False

    def execute(self, function):
        with self.lock:
            if self.is_down:
                raise ConnectionError("the database is gone")
            result = function(self.env(user=1))
            self.env.flush_all()
            return result


@tagged(*TAGS)
class TestAmiService(CallCase):
    """The service against a server that speaks AMI: stored as it was told."""

    def setUp(self):
        super().setUp()
        # Real time, for a real exchange
        self.run_clock()
        self.server = AmiServer(piece=0)
        self.addCleanup(self.server.close)
        self.database = OneDatabase(self)
        self.records = None

    def listen(self, play):
        """Run the service while a function plays calls in a thread of its own."""
        settings = {
            "records": self.serve_records(),
            "code": "test_pbx",
            "extension_pattern": r"\d{2,5}",
            "connection": {
                "host": "127.0.0.1",
                "port": self.server.port,
                "username": "pakn",
                "secret": "s3cret-of-the-test",
            },
        }

        async def run():
            task = asyncio.create_task(
                Listener(self.database, self.account.id, settings).run()
            )
            try:
                await asyncio.to_thread(play)
            finally:
                await asyncio.sleep(0.5)
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

        with mute_logger(LOGGER):
            asyncio.run(run())
        self.env.invalidate_all()

    def serve_records(self):
        """Return where the exchange's records are; nowhere while there are none."""
        if self.records is None:
            return None
        peer = HttpPeer(RecordsHandler)
        peer.data = self.records
        self.enterContext(peer)
        return f"{peer.url}/Master.csv", {("127.0.0.1", peer.port)}, False

    def wait_until(self, check, seconds=20):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with self.database.lock:
                self.env.invalidate_all()
                if check():
                    return
            time.sleep(0.02)
        raise AssertionError("it did not come")

    def state(self, caller):
        return self.get(caller.id).state

    def test_fifty_events_a_second(self):
        def play():
            self.server.wait_for_clients()
            begun = time.monotonic()
            for number in range(40):
                caller = Caller(self.server, number, phone=f"0905{number:06}")
                caller.ring()
                caller.offer("901" if number % 2 else "902")
                if number % 4:
                    caller.answer("901" if number % 2 else "902")
                caller.hang_up(gone=not number % 4)
                # Ten events a call: more than fifty a second
                time.sleep(0.1)
            self.took = time.monotonic() - begun
            self.wait_until(lambda: self.state(caller) in ("done", "abandoned"), 10)
            self.lag = time.monotonic() - begun - self.took

        self.listen(play)
        calls = self.calls.search([("provider", "=", "test_pbx")])
        states = calls.mapped("state")
        self.assertEqual((states.count("done"), states.count("abandoned")), (30, 10))
        self.assertGreater(300 / self.took, 50)
        self.assertLess(self.lag, 3)

    def test_art12_1_a_thousand_calls_of_twenty_kinds_over_the_socket(self):
        """As fast as the socket takes them; ``bench_calls`` has an exchange's pace."""
        dice = random.Random(20)
        start = round(time.time()) - 3600
        calls = [Call(nth % KINDS, nth, start + nth) for nth in range(1000)]
        inside = [Call(INSIDE, 1000 + nth, start + nth) for nth in range(20)]
        mixed = calls + inside
        dice.shuffle(mixed)
        last = Call(0, 5000, start)
        blocks = [*interleave(mixed, 60, dice), *last.blocks]

        def play():
            self.server.wait_for_clients()
            while blocks:
                # Cut anywhere, as a network does
                self.server.send_raw(b"".join(blocks[:97]))
                del blocks[:97]
            self.wait_until(lambda: self.get(last.id).state == "done", 100)

        self.listen(play)
        found = self.calls.search([("provider", "=", "test_pbx")])
        self.assertEqual(len(found), 1001, "each is counted once")
        by_id = {call.call_id: call for call in found}
        users = {"901": self.operator, "902": self.colleague}
        for call in calls:
            self.check_call(by_id[call.id], call.ends, users)
        states = found.mapped("state")
        self.assertEqual(
            {state: states.count(state) for state in set(states)},
            {
                "done": 601,
                "abandoned": 150,
                "missed": 150,
                "ringing": 50,
                "talking": 50,
            },
        )

    def check_call(self, call, ends, users):
        """Compare a call with what its script says it is in the end."""
        phone = ends["phone"] and f"+84{ends['phone'][1:]}"
        expected = {
            "state": ends["state"],
            "direction": ends["direction"],
            "private_number": phone or False,
            "is_hidden": not phone,
            "queue": ends.get("queue", False),
            "private_name": ends.get("name", False),
            "end_is_guess": False,
        }
        if "waited" in ends:
            expected["seconds_waited"] = ends["waited"]
        if "talked" in ends:
            expected["seconds_talked"] = ends["talked"]
        if "extension" in ends:
            expected["user_id"] = users[ends["extension"]].id
        with self.subTest(call.call_id):
            self.assertRecordValues(call, [expected])

    def test_it_comes_back_and_loses_no_call_that_the_exchange_still_knows(self):
        goes_on, ends = Caller(self.server, 1), Caller(self.server, 2)

        def play():
            self.server.wait_for_clients()
            for caller in (goes_on, ends):
                caller.ring()
                caller.offer("901")
                caller.answer("901")
            self.wait_until(lambda: self.state(ends) == "talking")
            # One ends while nobody listens, one goes on, a third begins
            self.server.channels = [
                {**goes_on._base(), "BridgeId": "b", "ChannelStateDesc": "Up",
                 "Duration": "00:00:09"},
                {**{key.removeprefix("Dest"): value
                    for key, value in goes_on.legs["901"].items()},
                 "BridgeId": "b", "ChannelStateDesc": "Up"},
                {**Caller(self.server, 3)._base(), "ChannelStateDesc": "Up",
                 "Duration": "00:00:05"},
            ]  # fmt: skip
            self.server.drop()
            self.server.wait_for_clients()
            self.wait_until(lambda: self.state(ends) == "done")
            self.assertEqual(self.state(goes_on), "talking")
            goes_on.hang_up()
            self.wait_until(lambda: self.state(goes_on) == "done")

        self.listen(play)
        calls = self.calls.search([("provider", "=", "test_pbx")], order="call_id")
        self.assertEqual(calls.mapped("state"), ["done", "done", "ringing"])
        self.assertEqual(calls.mapped("end_is_guess"), [False, True, False])
        self.assertEqual(calls[0].user_id, self.operator)

    def test_calls_that_came_and_went_unheard_are_in_the_records(self):
        now = datetime.now(ZONE).replace(microsecond=0)
        unheard, known = Caller(self.server, 8), Caller(self.server, 9)

        def line(caller, ring, answer, end, status="ANSWERED", extension="901"):
            def moment(seconds):
                date = now + timedelta(seconds=seconds)
                return "" if seconds is None else f"{date:%Y-%m-%d %H:%M:%S}"

            answered = "" if answer is None else moment(answer)
            return (
                f'"","{caller.phone}","02691022","from-pstn","""A, B"" <1>",'
                f'"{caller.channel}","PJSIP/{extension}-1","Queue","1022,t",'
                f'"{moment(ring)}","{answered}","{moment(end)}",60,40,"{status}",'
                f'"DOCUMENTATION","{caller.id}","","","{caller.id}",1'
            )

        lost = Caller(self.server, 10, phone="0911222333")
        inside = Caller(self.server, 11, phone="901", trunk="901")
        old = Caller(self.server, 12)
        # As a power cut leaves a file: an open quotation, and a block of zeros
        cut = '"","0911' + "\0" * 200_000 + "x" * 140_000
        records = [
            cut,
            line(old, -90_000, -89_990, -89_900),
            line(unheard, -90, None, -60, "NO ANSWER", "902"),
            line(unheard, -90, -60, -20),
            line(lost, -50, None, -30, "NO ANSWER"),
            line(inside, -50, -40, -30, extension="902"),
            line(known, -600, -590, -500),
            "half a line",
        ]
        self.records = "\n".join(records).encode()
        # Heard of live, whose moments are better
        self.tell(
            CallEvent(known.id, RINGING, self.at(-70)),
            CallEvent(known.id, ANSWERED, self.at(-40), "902"),
            CallEvent(known.id, ENDED, self.at(-10)),
        )
        self.listen(self.server.wait_for_clients)
        calls = self.calls.search([("provider", "=", "test_pbx")], order="call_id")
        found = {call.call_id: call for call in calls}
        self.assertEqual(found.keys(), {unheard.id, lost.id, known.id})
        self.assertRecordValues(
            found[unheard.id],
            [
                {
                    "state": "done",
                    "private_number": "+84905123456",
                    "user_id": self.operator.id,
                    "seconds_waited": 30,
                    "seconds_talked": 40,
                    "end_is_guess": False,
                }
            ],
        )
        self.assertEqual(found[lost.id].state, "missed")
        self.assertTrue(found[lost.id].callback_id)
        self.assertEqual(found[known.id].seconds_talked, 30)
        # Read again, nothing is counted twice
        self.listen(self.server.wait_for_clients)
        self.assertEqual(self.calls.search_count([("provider", "=", "test_pbx")]), 3)

    def test_nothing_is_lost_while_the_database_is_gone(self):
        caller = Caller(self.server, 7, name="Nguyễn Ẩn".encode())

        def play():
            self.server.wait_for_clients()
            time.sleep(0.3)
            self.database.is_down = True
            caller.ring()
            caller.offer("901")
            time.sleep(0.5)
            caller.answer("901")
            self.database.is_down = False
            self.wait_until(lambda: self.state(caller) == "talking")

        self.listen(play)
        self.assertEqual(self.get(caller.id).caller_name, "Nguyễn Ẩn")

    def test_an_event_that_cannot_be_stored_holds_no_other_up(self):
        broken, caller = Caller(self.server, 17), Caller(self.server, 18)
        intake = type(self.calls)._intake

        def refuse(calls, account, events):
            if any(event.call_id == broken.id for event in events):
                raise ValueError("no database takes this")
            return intake(calls, account, events)

        self.patch(type(self.calls), "_intake", refuse)

        def play():
            self.server.wait_for_clients()
            broken.ring()
            caller.ring()
            caller.offer("901")
            caller.answer("901")
            self.wait_until(lambda: self.state(caller) == "talking")

        self.listen(play)
        self.assertFalse(self.get(broken.id))

    def test_a_telephone_is_rung(self):
        self.account.port = self.server.port
        call_id = self.account._dial("901", "+84905123456")
        action = self.server.actions[-1]
        self.assertEqual(
            {
                name: action[name]
                for name in ("Action", "Channel", "Exten", "ChannelId")
            },
            {
                "Action": "Originate",
                "Channel": "PJSIP/901",
                "Exten": "0905123456",
                "ChannelId": call_id,
            },
        )
