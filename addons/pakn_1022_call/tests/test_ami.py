import asyncio
import itertools
from datetime import datetime, timezone

from odoo.tests import BaseCase, tagged

from ..tools import ami
from ..tools.ami import AmiError, Connection, Parser, encode, get_pauses
from ..tools.ami_calls import Tracker
from ..tools.call_facts import CallFacts, describe, merge_all
from ..tools.cdr import parse_cdr
from .ami_server import AmiServer, Caller, block
from .common import TAGS

NOW = datetime(2026, 3, 2, 1, tzinfo=timezone.utc)


class Tape:
    """Takes what a caller's events would be sent as, and gives it as blocks."""

    def __init__(self):
        self.data = b""

    def send(self, **fields):
        self.data += block(**fields)

    def play(self, tracker):
        """Return what the calls are after all of it."""
        facts = {}
        for one in Parser().feed(self.data):
            for event in tracker.feed(one, NOW):
                known = facts.get(event.call_id, CallFacts())
                facts[event.call_id] = merge_all(known, [event])
        self.data = b""
        return {call_id: describe(known) for call_id, known in facts.items()}


@tagged(*TAGS)
class TestProtocol(BaseCase):
    def test_blocks_come_whole_however_the_stream_is_cut(self):
        names = ("Nguyễn Văn Ẩn".encode(), "José Muñoz".encode("latin-1"))
        data = b"Asterisk Call Manager/9.0.0\r\n" + b"".join(
            block(Event="Newchannel", CallerIDName=name, Number=number)
            for number, name in enumerate(names)
        )
        expected = ["Nguyễn Văn Ẩn", "José Muñoz"]
        for size in (1, 2, 3, 7, len(data)):
            parser, found = Parser(), []
            for start in range(0, len(data), size):
                found += parser.feed(data[start : start + size])
            self.assertEqual([one["CallerIDName"] for one in found], expected)

    def test_what_has_no_end_is_no_block(self):
        with self.assertRaises(AmiError):
            Parser().feed(b"x" * (ami.BLOCK_LIMIT + 1))

    def test_no_value_begins_an_action_of_its_own(self):
        for value in ("x\r\nAction: Command", "x\ny", "x\0"):
            with self.assertRaises(ValueError):
                encode({"Action": "Originate", "Exten": value})

    def test_pauses_grow_up_to_a_minute(self):
        pauses = list(itertools.islice(get_pauses(), 9))
        self.assertEqual(pauses, [1, 2, 4, 8, 16, 32, 60, 60, 60])


@tagged(*TAGS)
class TestTracker(BaseCase):
    def setUp(self):
        super().setUp()
        self.tape, self.tracker = Tape(), Tracker()

    def play(self):
        return self.tape.play(self.tracker)

    def test_a_call_through_a_queue(self):
        caller = Caller(self.tape, 1, name="Nguyễn Văn An".encode())
        caller.ring()
        caller.offer("901")
        caller.offer("902")
        [call] = self.play().values()
        self.assertEqual((call.state, call.ringing), ("ringing", ("901", "902")))
        caller = Caller(self.tape, 1, name="Nguyễn Văn An".encode())
        caller.ring()
        caller.offer("901")
        caller.offer("902")
        caller.answer("902")
        caller.hang_up()
        [call] = self.play().values()
        self.assertEqual(call.state, "done")
        self.assertEqual(call.extension, "902")
        self.assertEqual(call.queue, "1022")
        self.assertEqual(call.called, "02691022")
        self.assertEqual(call.caller_name, "Nguyễn Văn An")

    def test_given_up_and_missed(self):
        caller = Caller(self.tape, 2)
        caller.ring()
        caller.offer("901")
        caller.hang_up(gone=True)
        other = Caller(self.tape, 3)
        other.ring()
        other.offer("901")
        other.hang_up()
        states = [call.state for call in self.play().values()]
        self.assertEqual(states, ["abandoned", "missed"])

    def test_calls_between_telephones_are_no_citizens(self):
        inside = Caller(self.tape, 4, phone="901", trunk="901")
        self.tape.send(Event="Newchannel", **inside._base(), Exten="902")
        inside.offer("902")
        inside.answer("902")
        inside.hang_up()
        self.assertEqual(self.play(), {})

    def test_asked_outside_and_put_through_the_other_call_is_over(self):
        """An attended transfer to a mobile: Asterisk names its call no more."""
        caller = Caller(self.tape, 21)
        caller.ring()
        caller.offer("901")
        caller.answer("901")
        asks = {"Channel": "PJSIP/901-99", "Uniqueid": "99.1"}
        outside = {"Channel": "PJSIP/viettel-98", "Uniqueid": "99.2"}
        self.tape.send(Event="Newchannel", **asks, Linkedid="99.1", Exten="0914222333")
        self.tape.send(Event="Newchannel", **outside, Linkedid="99.1", Exten="s")
        one = caller._base()["Linkedid"]
        # Both channels have the linked id of the older call from here on
        self.tape.send(Event="BridgeEnter", **outside, Linkedid=one)
        self.tape.send(Event="Hangup", **asks, Linkedid=one, Cause=16)
        calls = self.play()
        self.assertEqual(calls["99.1"].state, "missed")
        self.assertEqual(calls["99.1"].direction, "out")
        self.assertEqual(calls[one].state, "talking")

    def test_a_call_sent_on_to_a_mobile_was_answered(self):
        caller = Caller(self.tape, 22)
        self.tape.send(Event="Newchannel", **caller._base(), Exten="02691022")
        leg = {
            "DestChannel": "PJSIP/viettel-77",
            "DestUniqueid": "22.9",
            "DestLinkedid": caller._base()["Linkedid"],
        }
        self.tape.send(Event="DialEnd", **caller._base(), **leg, DialStatus="ANSWER")
        [call] = self.play().values()
        self.assertEqual((call.state, call.extension), ("talking", ""))

    def test_a_call_sent_on_to_a_mobile_was_answered_by_the_record_too(self):
        def read(to_channel):
            row = ("", "0905123456", "02691022", "in", "An", "PJSIP/viettel-1")
            row += (to_channel, "Dial", "", "2026-03-02 08:00:00")
            row += ("2026-03-02 08:00:09", "2026-03-02 08:01:09", "69", "60")
            row += ("ANSWERED", "3", "1.1", "", "", "1.1", "1")
            events = parse_cdr(
                ",".join(row), NOW, timezone.utc, self.tracker.get_extension
            )
            return describe(merge_all(CallFacts(), events)).state

        self.assertEqual(read("PJSIP/viettel-77"), "done")
        self.assertEqual(read(""), "missed")

    def test_after_a_reconnection_two_telephones_are_no_citizen(self):
        rows = [
            {"Uniqueid": f"{n}.1", "Linkedid": "1.1", "Channel": f"PJSIP/90{n}-1",
             "Exten": "s", "BridgeId": "b"}
            for n in (1, 2)
        ]  # fmt: skip
        events, _seen = self.tracker.restart(rows, NOW)
        self.assertEqual(events, [])

    def test_a_call_to_the_outside(self):
        call_out = Caller(self.tape, 5, phone="901", trunk="901")
        base = call_out._base()
        self.tape.send(Event="Newchannel", **base, Exten="0905123456")
        leg = {
            "DestChannel": "PJSIP/viettel-7",
            "DestUniqueid": "7",
            "DestLinkedid": base["Linkedid"],
        }
        self.tape.send(
            Event="DialBegin", **base, **leg, DialString="0905123456@viettel"
        )
        self.tape.send(Event="DialEnd", **base, **leg, DialStatus="ANSWER")
        call_out.hang_up()
        [call] = self.play().values()
        self.assertEqual((call.direction, call.state), ("out", "done"))
        self.assertEqual((call.called, call.extension), ("0905123456", "901"))

    def test_art20_3_a_telephone_of_ours_that_is_lifted_reaches_nobody(self):
        """The exchange rings the operator first, and dials when that one has lifted."""
        for status, state in (("BUSY", "missed"), ("ANSWER", "done")):
            call_out = Caller(self.tape, 15, phone="901", trunk="901")
            base = call_out._base()
            own = {
                "DestChannel": base["Channel"],
                "DestUniqueid": base["Uniqueid"],
                "DestLinkedid": base["Linkedid"],
            }
            leg = own | {"DestChannel": "PJSIP/viettel-8", "DestUniqueid": "8"}
            self.tape.send(Event="Newchannel", **base, Exten="")
            self.tape.send(Event="DialBegin", **own, DialString="901")
            self.tape.send(Event="DialEnd", **own, DialStatus="ANSWER")
            self.tape.send(
                Event="DialBegin", **base, **leg, DialString="0905123456@viettel"
            )
            self.tape.send(Event="DialEnd", **base, **leg, DialStatus=status)
            call_out.hang_up()
            [call] = self.play().values()
            with self.subTest(status):
                self.assertEqual((call.direction, call.state), ("out", state))

    def test_an_attended_transfer_joins_the_first_call(self):
        caller = Caller(self.tape, 6)
        caller.ring()
        caller.offer("901")
        caller.answer("901")
        # The second operator, asked in a call of its own, then put through
        inside = Caller(self.tape, 99, phone="901", trunk="901")
        self.tape.send(Event="Newchannel", **inside._base(), Exten="902")
        inside.offer("902")
        joined = inside.legs["902"]
        self.tape.send(
            Event="BridgeEnter",
            Channel=joined["DestChannel"],
            Uniqueid=joined["DestUniqueid"],
            Linkedid=caller.id,
            Timestamp="1772413300.5",
        )
        first = caller.legs["901"]
        self.tape.send(
            Event="Hangup", Channel=first["DestChannel"],
            Uniqueid=first["DestUniqueid"], Linkedid=caller.id,
        )  # fmt: skip
        self.tape.send(Event="Hangup", **inside._base())
        [call] = self.play().values()
        self.assertEqual((call.state, call.extension), ("talking", "902"))

    def test_after_a_restart_it_is_asked_which_calls_there_are(self):
        rows = [
            {"Channel": "PJSIP/viettel-1", "Uniqueid": "a.1", "Linkedid": "a.1",
             "CallerIDNum": "0905123456", "Exten": "02691022", "BridgeId": "b",
             "ChannelStateDesc": "Up", "Duration": "00:01:30"},
            {"Channel": "PJSIP/901-2", "Uniqueid": "a.2", "Linkedid": "a.1",
             "ChannelStateDesc": "Up", "BridgeId": "b", "Duration": "00:01:20"},
            {"Channel": "PJSIP/viettel-3", "Uniqueid": "c.1", "Linkedid": "c.1",
             "CallerIDNum": "0905999888", "ChannelStateDesc": "Up",
             "Duration": "00:00:10"},
            {"Channel": "PJSIP/902-4", "Uniqueid": "c.2", "Linkedid": "c.1",
             "ChannelStateDesc": "Ringing", "Duration": "00:00:05"},
        ]  # fmt: skip
        events, seen = self.tracker.restart(rows, NOW)
        self.assertEqual(seen, {"a.1", "c.1"})
        calls = {
            call_id: describe(
                merge_all(CallFacts(), [e for e in events if e.call_id == call_id])
            )
            for call_id in seen
        }
        self.assertEqual(calls["a.1"].state, "talking")
        self.assertEqual(calls["a.1"].extension, "901")
        self.assertEqual((NOW - calls["a.1"].date_ring).total_seconds(), 90)
        self.assertEqual(calls["c.1"].ringing, ("902",))
        # … and their ends are seen
        self.tape.send(
            Event="Hangup", Uniqueid="a.2", Linkedid="a.1", Channel="PJSIP/901-2"
        )
        self.tape.send(
            Event="Hangup", Uniqueid="a.1", Linkedid="a.1", Channel="PJSIP/viettel-1"
        )
        self.assertEqual([call.date_end for call in self.play().values()], [NOW])


@tagged(*TAGS)
class TestConnection(BaseCase):
    """Against a server on loopback that speaks the protocol."""

    def serve(self, **options):
        server = AmiServer(**options)
        self.addCleanup(server.close)
        return server

    def connect(self, server, secret="s3cret-of-the-test"):
        return Connection("127.0.0.1", server.port, "pakn", secret)

    def test_events_come_in_order_in_pieces(self):
        server = self.serve(piece=5)
        server.channels = [{"Uniqueid": "1", "Linkedid": "1"}]

        async def listen():
            connection = self.connect(server)
            await connection.open()
            rows = await connection.ask_list("CoreShowChannels")
            self.assertEqual([row["Uniqueid"] for row in rows], ["1"])
            await asyncio.to_thread(server.wait_for_clients)
            for number in range(50):
                server.send(Event="Test", Number=number, Name="Ẩn")
            server.drop()
            found = [event async for event in connection.iter_events()]
            await connection.close()
            return found

        found = asyncio.run(listen())
        self.assertEqual([int(event["Number"]) for event in found], list(range(50)))
        self.assertEqual({event["Name"] for event in found}, {"Ẩn"})

    def test_a_wrong_secret_is_refused(self):
        server = self.serve()
        with self.assertRaises(AmiError):
            asyncio.run(self.connect(server, "x").open())

    def test_what_the_exchange_refuses_is_an_error(self):
        server = self.serve()
        server.refused = ("Originate",)
        settings = {
            "host": "127.0.0.1",
            "port": server.port,
            "username": "pakn",
            "secret": "s3cret-of-the-test",
        }
        with self.assertRaises(AmiError):
            asyncio.run(ami.originate(settings, {"Channel": "PJSIP/901"}))
        server.refused = ()
        asyncio.run(ami.originate(settings, {"Channel": "PJSIP/901"}))
        self.assertEqual(server.actions[-1]["Channel"], "PJSIP/901")
