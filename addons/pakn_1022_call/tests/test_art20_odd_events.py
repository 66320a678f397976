import json
import random
from datetime import datetime, timedelta, timezone

from odoo.exceptions import UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..tools.call_facts import (
    ANSWERED,
    ENDED,
    GONE,
    OFFERED,
    RINGING,
    SUMMARY,
    CallEvent,
    CallFacts,
    describe,
    merge_all,
)
from ..tools.vendors import parse_omicall, parse_stringee
from .common import NUMBER, TAGS, CallCase

START = 1772413200  # 2026-03-02 01:00 UTC
E164 = "+84905123456"


@tagged(*TAGS)
class TestOddEvents(CallCase):
    """Art. 12.1, 20: what exchanges leave out, tell late, twice or in other words."""

    def entries(self, state="open"):
        domain = [("state", "=", state), ("private_number", "=", E164)]
        return self.env["pakn.call.back"].search(domain)

    # ------------------------------------------------------------
    # MISSES THAT ARE TOLD LATE
    # ------------------------------------------------------------

    def test_art20_3_a_miss_is_counted_once_however_it_is_told(self):
        self.lost()
        self.assertEqual(self.entries().call_count, 1)
        # That the caller gave up comes after the end
        self.tell(CallEvent("c1", GONE, self.at(29)))
        self.assertEqual(self.get("c1").state, "abandoned")
        self.assertEqual(self.entries().call_count, 1)
        # … or after the person has been reached
        self.lost("c2")
        self.entries().with_user(self.operator).action_reached()
        self.tell(CallEvent("c2", GONE, self.at(29)))
        self.assertFalse(self.entries())

    def test_art20_3_who_was_reached_since_is_not_called_for_a_miss_told_late(self):
        self.set_clock("2026-03-02 10:00")
        self.answered("through")
        self.set_clock("2026-03-02 10:30")
        # The exchange's own record of what happened while nobody listened
        early = datetime(2026, 3, 2, 2, 0, tzinfo=timezone.utc)
        texts = (("direction", "in"), ("caller", NUMBER))
        self.calls._fill_gaps(
            self.account,
            [
                CallEvent("late", RINGING, early, texts=texts, rank=SUMMARY),
                CallEvent("late", ENDED, early + timedelta(seconds=30), rank=SUMMARY),
            ],
        )
        self.assertFalse(self.entries())
        # It counts among those that were reached, after the hour that it took
        entry = self.entries("reached")
        self.assertEqual((entry.user_id, entry.minutes_waited), (self.operator, 60))
        self.assertEqual(self.get("late").callback_state, "reached")
        # A miss after that waits
        self.lost("later")
        self.assertEqual(len(self.entries()), 1)

    # ------------------------------------------------------------
    # WHAT IS LEFT OUT, AND OTHER WORDS
    # ------------------------------------------------------------

    def test_art20_a_wait_that_nobody_told_of_is_not_nothing(self):
        """We came back in the middle of a call: how long it had rung is not known."""
        said = (("caller", NUMBER),)
        self.tell(CallEvent("c1", ANSWERED, self.at(5), "901", texts=said))
        call = self.get("c1")
        self.assertEqual((call.state, call.user_id), ("talking", self.operator))
        self.tell(CallEvent("c1", ENDED, self.at(65)))
        self.assertEqual((call.state, call.seconds_talked), ("done", 60))
        self.cr.execute("SELECT seconds_waited FROM pakn_call WHERE id = %s", [call.id])
        self.assertEqual(self.cr.fetchall(), [(None,)], "no mean counts it")
        self.assertEqual(call.service_level, 0, "not known to be in time")
        # The same of one that nobody answered
        self.tell(CallEvent("c2", ENDED, self.at(9), texts=said))
        self.cr.execute(
            "SELECT state, seconds_waited FROM pakn_call WHERE call_id = 'c2'"
        )
        self.assertEqual(self.cr.fetchall(), [("missed", None)])
        # It rang, as is told afterwards
        self.tell(CallEvent("c1", RINGING, self.at(-25), rank=SUMMARY))
        self.assertEqual(call.seconds_waited, 30)
        # Answered at the moment it rang, by the exchange's own word
        self.tell(
            CallEvent("c3", RINGING, self.at(), texts=said),
            CallEvent("c3", ANSWERED, self.at(), "901"),
            CallEvent("c3", ENDED, self.at(60)),
        )
        self.cr.execute("SELECT seconds_waited FROM pakn_call WHERE call_id = 'c3'")
        self.assertEqual(self.cr.fetchall(), [(0,)])
        self.assertEqual(self.get("c3").service_level, 100)

    def test_art12_an_answer_that_was_not_told_follows_from_the_length(self):
        texts = (("direction", "in"), ("caller", NUMBER))
        for name, wait, level in (("quick", 9, 100), ("slow", 45, 0)):
            self.tell(
                CallEvent(name, RINGING, self.at(), texts=texts),
                CallEvent(name, ENDED, self.at(wait + 60), talked=60),
            )
            call = self.get(name)
            self.assertEqual(
                (call.state, call.seconds_waited, call.service_level),
                ("done", wait, level),
            )
            self.assertEqual((call.date_answer - call.date_ring).seconds, wait)

    def test_art12_what_was_waited_is_not_made_up(self):
        """Without a beginning nobody knows that it was within 20 seconds."""
        self.tell(CallEvent("c1", ENDED, self.at(), talked=60))
        call = self.get("c1")
        self.assertEqual((call.state, call.service_level), ("done", 0))
        # Nothing, not zero
        self.cr.execute("SELECT seconds_waited FROM pakn_call WHERE id = %s", [call.id])
        self.assertEqual(self.cr.fetchall(), [(None,)])

    def test_art20_3_a_number_in_every_spelling_is_the_callers(self):
        for number, text in enumerate(
            (
                *("84905123456", "0084905123456", "+84 905 123 456", "905123456"),
                *("sip:+84905123456@10.0.0.1", "0905123456@sip.viettel.vn"),
                *("tel:+84905123456", '"An" <sip:0905123456@1.2.3.4;user=phone>'),
            )
        ):
            with self.subTest(text):
                self.ring(f"n{number}", number=text)
                self.assertEqual(self.get(f"n{number}").number, E164)
        # A line whose list of numbers is older than 2018 tells the old one
        self.lost("old", number="01215123456")
        old = self.get("old")
        self.assertEqual(old.number, "+84795123456")
        self.assertEqual(old.callback_id.private_number, old.number)
        self.ring("landline", number="3824567")
        self.assertEqual(self.get("landline").number, "+842693824567")

    def test_art20_3_a_number_that_is_withheld_in_digits_is_hidden(self):
        for number, text in enumerate(
            (
                *("0", "0000000000", "+266696687", "anonymous@10.0.0.1", "Restricted"),
                *("sip:anonymous@192.168.1.1", "Private1", "unknown-7"),
            )
        ):
            with self.subTest(text):
                self.lost(f"h{number}", number=text)
                call = self.get(f"h{number}")
                self.assertTrue(call.is_hidden)
                self.assertFalse(call.number or call.callback_id)

    def test_art20_3_a_number_that_is_hidden_in_words_is_hidden(self):
        words = ("anonymous", "Anonymous", "unknown", "<unknown>", "Restricted")
        for word in (*words, "Ẩn số", "anonymous@anonymous.invalid"):
            call = self.lost(word, number=word)
            self.assertTrue(call.is_hidden, word)
            self.assertFalse(call.private_number or call.callback_id, word)
        # It is told after all
        self.ring("told", number="anonymous")
        self.tell(CallEvent("told", RINGING, self.at(5), texts=(("caller", NUMBER),)))
        self.assertEqual(self.get("told").private_number, E164)

    def test_lengths_in_milliseconds_are_lengths(self):
        now = datetime.fromtimestamp(START + 300, timezone.utc)
        told = {
            "transaction_id": "o1",
            "state": "cdr",
            "direction": "inbound",
            "phone_number": NUMBER,
            "sip_user": "901",
            "disposition": "answered",
            "time_start_call": START * 1000,
            "time_start_to_answer": START + 8,
            "time_end_call": (START + 68) * 1000,
        }
        for seconds in ({"bill_sec": 60_000, "answer_sec": 8_000},
                        {"bill_sec": "60", "answer_sec": 8_000},
                        {"bill_sec": 60_412, "answer_sec": "8"}):  # fmt: skip
            facts = merge_all(CallFacts(), parse_omicall(told | seconds, now))
            call = describe(facts)
            self.assertEqual((call.waited, call.talked), (8, 60), seconds)
        # What no moment contradicts is as it was told
        short = {
            "call_id": "t1",
            "call_status": "ended",
            "timestamp_ms": (START + 68) * 1000,
            "answerDuration": 4000,
        }
        [event] = parse_stringee(short, now)
        self.assertEqual(describe(merge_all(CallFacts(), [event])).talked, 4000)

    # ------------------------------------------------------------
    # HANDED ON
    # ------------------------------------------------------------

    def test_art12_1_who_has_handed_the_call_on_still_writes_it_down(self):
        call = self.talk()
        context = call.with_user(self.operator).get_request_context()
        # While it is being typed the caller is handed to the colleague
        self.tell(CallEvent("c1", ANSWERED, self.at(20), "902"))
        self.assertEqual(call.user_id, self.colleague)
        tickets = self.env["pakn.ticket"].with_user(self.operator)
        ticket = tickets.with_context(**context).create(
            {"title": "Đèn hỏng", "description": "<p>Đèn đường hỏng rồi.</p>"}
        )
        self.assertEqual(call.ticket_ids, ticket)
        # The colleague, who speaks now, sees it and may add another
        [card] = self.calls.with_user(self.colleague).get_desk()["cards"]
        self.assertEqual([one["id"] for one in card["linked"]], [ticket.id])
        other = self.new_ticket()
        call.with_user(self.colleague).link(other.id)
        self.assertEqual(call.ticket_ids, ticket | other)
        # Not so a third, whose telephone never answered it
        third = new_test_user(self.env, "test_third", groups="pakn_1022.group_operator")
        self.other_seat.copy({"user_id": third.id, "extension": "903"})
        with self.assertRaises(UserError):
            call.with_user(third).link(other.id)

    def test_art20_handed_there_and_back_in_any_order_is_one_call(self):
        texts = (("direction", "in"), ("caller", NUMBER))
        told = [
            CallEvent("c1", RINGING, self.at(0), texts=texts),
            CallEvent("c1", OFFERED, self.at(1), "901"),
            CallEvent("c1", ANSWERED, self.at(8), "901"),
            CallEvent("c1", ANSWERED, self.at(30), "902"),
            CallEvent("c1", ANSWERED, self.at(50), "902"),
            CallEvent("c1", ENDED, self.at(68)),
        ]
        for seed in range(12):
            dice = random.Random(seed)
            events = [event._replace(call_id=f"t{seed}") for event in told] * 2
            dice.shuffle(events)
            for event in events:
                self.tell(event)
            self.assertRecordValues(
                self.get(f"t{seed}"),
                [
                    {
                        "state": "done",
                        "user_id": self.colleague.id,
                        "seconds_waited": 8,
                        "seconds_talked": 60,
                        "service_level": 100,
                    }
                ],
            )
        self.assertFalse(self.entries())


@tagged(*TAGS)
class TestHostileVendors(CallCase, HttpCase):
    """What a vendor's address is sent is answered, whatever it is."""

    NAMES = (
        *("call_uuid", "transaction_id", "call_id", "callid", "state", "direction"),
        *("from_number", "to_number", "phone_number", "sip_user", "hotline", "from"),
        *("to", "call_status", "timestamp_ms", "answerDuration", "bill_sec", "phone"),
        *("time_start_call", "time_end_call", "recording_url", "extension", "event"),
        *("status", "calldate", "duration", "holdtime", "recordingfile", "queue"),
    )
    VALUES = (
        *("x1", "inbound", "outbound", "cdr", "ringing", "answered", "ended", "ANSWER"),
        *("RING", "ABANDON", "0905123456", "90\0001", "\ud800", "a\ud83d", "ế" * 400),
        *(None, True, 0, -1, 1e308, START, START * 1000, [], {}, [[]], "NaN", "1e999"),
        *({"number": "\ud800", "type": "external"}, {"number": 1, "alias": {}}),
        *({"type": "internal", "alias": "9\0"}, "9" * 5000, "'; DROP TABLE x; --"),
    )

    def test_a_number_is_searched_for_as_a_number_too(self):
        self.ring()
        found = self.calls.with_user(self.operator).search([("number", "=", 905123456)])
        self.assertEqual(found, self.get("c1"))

    def test_no_payload_is_an_error_of_the_server(self):
        dice = random.Random(1022)
        paths = {}
        for kind in ("omicall", "stringee", "voicecloud"):
            account = self.env["pakn.call.account"].create(
                {"name": kind, "code": f"odd_{kind}", "kind": kind}
            )
            paths[kind] = "/" + account.hook_url.split("/", 3)[3]
        headers = {"Content-Type": "application/json"}
        for _number in range(900):
            kind = dice.choice(list(paths))
            names = dice.sample(self.NAMES, dice.randrange(2, 12))
            values = {name: dice.choice(self.VALUES) for name in names}
            key = {"omicall": "call_uuid", "stringee": "call_id"}.get(kind, "callid")
            values[key] = f"odd{dice.randrange(40)}"
            path = paths[kind]
            if kind == "voicecloud":
                path += "/" + dice.choice(("call_in", "hangup", "calldata", "x"))
            with mute_logger("odoo.http", "odoo.sql_db"):
                reply = self.url_open(path, data=json.dumps(values), headers=headers)
            self.assertIn(reply.status_code, (200, 400), (kind, values))
        calls = self.calls.search([("call_id", "=like", "odd%")])
        self.assertGreater(len(calls), 60)
        self.assertEqual(len(calls), len({(c.provider, c.call_id) for c in calls}))
