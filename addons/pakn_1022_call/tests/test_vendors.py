import json
import random
from datetime import datetime, timedelta, timezone

from odoo.tests import BaseCase, HttpCase, tagged
from odoo.tools import mute_logger

from ..tools.call_facts import CallFacts, describe, merge_all
from ..tools.vendors import (
    Unreadable,
    parse_moment,
    parse_omicall,
    parse_stringee,
    parse_voicecloud,
)
from .common import TAGS, CallCase

NOW = datetime(2026, 3, 2, 1, 5, tzinfo=timezone.utc)
START = 1772413200  # 2026-03-02 01:00 UTC

OMI = [
    {"call_uuid": "o1", "state": "ringing", "direction": "inbound",
     "from_number": "0905123456", "to_number": "901", "hotline": "02691022",
     "sip_user": "901", "created_time": START * 1000},
    {"call_uuid": "o1", "state": "answered", "direction": "inbound",
     "from_number": "0905123456", "hotline": "02691022", "sip_user": "901",
     "date_time": START + 8},
    {"call_uuid": "o1", "state": "hangup", "direction": "inbound",
     "from_number": "0905123456", "hotline": "02691022", "sip_user": "901",
     "date_time": (START + 68) * 1000},
    {"transaction_id": "o1", "state": "cdr", "direction": "inbound",
     "source_number": "0905123456", "destination_number": "901",
     "phone_number": "0905123456", "hotline": "02691022", "sip_user": "901",
     "disposition": "answered", "duration": 68, "bill_sec": 60, "answer_sec": 8,
     "recording_file_url": "https://cdn.example/o1.mp3",
     "time_start_call": START, "time_start_to_answer": (START + 8) * 1000,
     "time_end_call": START + 68},
]  # fmt: skip
OUTSIDE = {"number": "0905123456", "type": "external", "alias": "0905123456"}
INSIDE = {"number": "901", "type": "internal", "alias": "901"}
STRINGEE = [
    {"call_id": "t1", "call_status": status, "timestamp_ms": (START + after) * 1000,
     "from": OUTSIDE, "to": INSIDE, "callCreatedReason": "EXTERNAL_CALL_IN", **more}
    for status, after, more in (
        ("created", 0, {}),
        ("ringing", 2, {}),
        ("answered", 8, {}),
        ("ended", 68, {"answerDuration": 60, "endCallCause": "USER_END_CALL"}),
    )
] + [{"call_id": "t1", "recording_url": "https://cdn.example/t1.wav"}]  # fmt: skip


@tagged(*TAGS)
class TestPayloads(BaseCase):
    """Each vendor's own payloads end in the same call, in any order, repeated."""

    def check(self, parse, payloads, **expected):
        dice = random.Random(1)
        for _turn in range(30):
            told = payloads + dice.choices(payloads, k=3)
            dice.shuffle(told)
            facts = CallFacts()
            for index, one in enumerate(told):
                values, what = one if isinstance(one, tuple) else (one, "")
                # Told again later: what has no moment of its own comes with another
                moment = NOW + timedelta(seconds=index)
                facts = merge_all(facts, parse(values, moment, what))
            call = describe(facts)._asdict()
            self.assertEqual({name: call[name] for name in expected}, expected)

    def test_omicall(self):
        self.check(
            parse_omicall,
            OMI,
            state="done",
            direction="in",
            caller="0905123456",
            called="02691022",
            extension="901",
            waited=8,
            talked=60,
            recording="https://cdn.example/o1.mp3",
            date_ring=datetime(2026, 3, 2, 1, 0, tzinfo=timezone.utc),
        )
        # The live events never came
        self.check(parse_omicall, OMI[3:], state="done", waited=8, talked=60)
        # The summary never came
        self.check(parse_omicall, OMI[:3], state="done", waited=8, talked=60)

    def test_stringee(self):
        self.check(
            parse_stringee,
            STRINGEE,
            state="done",
            direction="in",
            caller="0905123456",
            extension="901",
            waited=8,
            talked=60,
            cause="USER_END_CALL",
            recording="https://cdn.example/t1.wav",
        )

    def test_voicecloud(self):
        call = {"callid": "v1", "phone": "0905123456", "did": "02691022"}
        summary = call | {
            "calldate": "2026-03-02 08:00:00",
            "duration": "68",
            "billsec": "60",
            "status": "ANSWER",
            "extension": "901",
            "direction": "in",
            "recordingfile": "https://cdn.example/v1.wav",
        }
        self.check(
            parse_voicecloud,
            [
                (call | {"event": "RING", "extension": "901"}, "call_in"),
                (call | {"event": "ANSWER", "extension": "901"}, "call_in"),
                ({"callid": "v1"}, "hangup"),
                (summary, "calldata"),
            ],
            state="done",
            caller="0905123456",
            called="02691022",
            extension="901",
            talked=60,
            date_ring=datetime(2026, 3, 2, 1, 0, tzinfo=timezone.utc),
            date_end=datetime(2026, 3, 2, 1, 1, 8, tzinfo=timezone.utc),
        )
        missed = call | {"status": "ABANDON", "queue": "1022", "holdtime": "25"}
        self.check(
            parse_voicecloud,
            [(missed | {"calldate": "2026-03-02 08:00:00"}, "calldata")],
            state="abandoned",
            waited=25,
            queue="1022",
        )

    # ------------------------------------------------------------
    # A VENDOR'S CLOCK THAT IS WRONG
    # ------------------------------------------------------------

    def hear(self, parse, *told):
        """Return the call of payloads, each ``(seconds after START, values, what)``."""
        begun = datetime.fromtimestamp(START, timezone.utc)
        calls = []
        for order in (told, told[::-1]):
            facts = CallFacts()
            for after, values, *what in order:
                moment = begun + timedelta(seconds=after)
                events = parse(values, moment, *what)
                facts = merge_all(facts, events)
                # … and as they are stored
                facts = CallFacts.from_dict(json.loads(json.dumps(facts.as_dict())))
            calls.append(describe(facts))
        self.assertEqual(*calls)
        return calls[0]

    def shift(self, values, hours, name="timestamp_ms"):
        return values | {name: values[name] + round(hours * 3_600_000)}

    def test_art20_a_wait_between_moments_of_one_clock(self):
        created, _ringing, answered, ended = STRINGEE[:4]
        for hours in (-7, -3, -0.1, 0, 0.1, 3):
            with self.subTest(hours):
                call = self.hear(
                    parse_stringee,
                    (0, self.shift(created, hours)),
                    (8, self.shift(answered, hours)),
                    (68, self.shift(ended, hours)),
                )
                self.assertEqual((call.waited, call.talked), (8, 60))
                # What is told of has happened
                self.assertLessEqual(call.date_ring.timestamp(), START)

    def test_art20_where_the_vendor_tells_one_moment_ours_hold(self):
        created, _ringing, answered, ended = STRINGEE[:4]
        bare = {
            one["call_status"]: {**one, "timestamp_ms": None, "answerDuration": None}
            for one in (created, answered, ended)
        }
        for hours in (-7, -3, -0.1, 0.1):
            moved = [self.shift(one, hours) for one in (created, answered, ended)]
            for told in (
                (moved[0], bare["answered"], bare["ended"]),
                (bare["created"], moved[1], bare["ended"]),
                (moved[0], bare["answered"], moved[2] | {"answerDuration": None}),
            ):
                with self.subTest((hours, [one["timestamp_ms"] for one in told])):
                    call = self.hear(
                        parse_stringee, *zip((0, 8, 68), told, strict=True)
                    )
                    self.assertEqual((call.waited, call.talked), (8, 60))
                    self.assertEqual(call.date_ring.timestamp(), START)

    def test_art20_a_wait_of_hours_between_two_clocks_is_not_known(self):
        call = {"callid": "v1", "phone": "0905123456", "status": "BUSY"}
        for written, waited in (("01:00:00", None), ("07:59:40", 28)):
            summary = call | {"calldate": f"2026-03-02 {written}"}
            found = self.hear(parse_voicecloud, (8, summary, "calldata"))
            self.assertEqual((found.state, found.waited), ("missed", waited))
            # What the vendor counted is its own
            held = summary | {"holdtime": "25"}
            found = self.hear(parse_voicecloud, (8, held, "calldata"))
            self.assertEqual(found.waited, 25)

    def test_calls_between_telephones_are_no_citizens(self):
        self.assertEqual(parse_omicall(OMI[0] | {"direction": "local"}, NOW), [])
        inside = {"from": INSIDE, "to": INSIDE, "callCreatedReason": ""}
        self.assertEqual(parse_stringee(STRINGEE[0] | inside, NOW), [])

    def test_what_names_no_call_is_unreadable(self):
        for parse in (parse_omicall, parse_stringee, parse_voicecloud):
            for values in ({}, {"call_id": ["x"], "call_uuid": {}}, {"callid": "x y"}):
                with self.assertRaises(Unreadable):
                    parse(values, NOW, "call_in")

    def test_moments_and_nonsense(self):
        for value in (START, str(START), START * 1000, "2026-03-02 08:00:00"):
            moment = parse_moment(value, NOW)
            self.assertEqual(moment, datetime(2026, 3, 2, 1, tzinfo=timezone.utc))
        nonsense = ("", None, 0, "x", [1], True, "1e400", START + 999_999_999, 12)
        nonsense += (10**400, "nan", "0001-01-01 00:00:00", "9999-12-31T23:59:59-12:00")
        for value in nonsense:
            self.assertIsNone(parse_moment(value, NOW), value)


@tagged(*TAGS)
class TestHook(CallCase, HttpCase):
    """Over HTTP, as vendors call."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vendors = {
            kind: cls.env["pakn.call.account"].create(
                {"name": kind, "code": f"test_{kind}", "kind": kind}
            )
            for kind in ("omicall", "stringee", "voicecloud")
        }

    def setUp(self):
        super().setUp()
        self.env["pakn.rate.limit"].search([]).unlink()

    def path(self, kind):
        return "/" + self.vendors[kind].hook_url.split("/", 3)[3]

    def post(self, kind, values):
        headers = {"Content-Type": "application/json"}
        return self.url_open(self.path(kind), data=json.dumps(values), headers=headers)

    def test_art20_a_call_is_taken_in_though_others_were_faster(self):
        """A vendor tells it once: read to its end, it was nothing the second time."""
        with self.slower_than_others("pakn.call", "_intake"):
            reply = self.post("omicall", OMI[3])
        self.assertEqual((reply.status_code, reply.text), (200, "ok"))
        self.assertTrue(self.calls.search([("call_id", "=", "o1")]))

    def test_each_vendor_tells_of_its_calls(self):
        for payload in (OMI[3], OMI[0], OMI[0], OMI[2]):
            self.assertEqual(self.post("omicall", payload).status_code, 200)
        for payload in reversed(STRINGEE):
            self.assertEqual(self.post("stringee", payload).status_code, 200)
        query = "callid=v9&phone=0905123456&extension=901&event=RING&did=02691022"
        reply = self.url_open(f"{self.path('voicecloud')}/call_in?{query}")
        self.assertEqual(reply.status_code, 200)
        found = self.calls.search([("call_id", "in", ("o1", "t1", "v9"))])
        states = {call.call_id: call.state for call in found}
        self.assertEqual(states, {"o1": "done", "t1": "done", "v9": "ringing"})
        self.assertTrue(self.vendors["omicall"].date_seen)

    def test_who_does_not_know_the_key_finds_nothing(self):
        path = self.path("omicall")
        before = self.calls.search_count([])
        for wrong in (
            path[:-1] + ("0" if path[-1] != "0" else "1"),
            path.replace("test_omicall", "test_stringee"),
            path.replace("test_omicall", "khong_co"),
            "/pakn_call/test_pbx/" + self.account._sign(),
            "/pakn_call/test_omicall/ế",
        ):
            self.assertEqual(self.url_open(wrong, data=OMI[0]).status_code, 404, wrong)
        for _attempt in range(20):
            status = self.url_open(path[:-3] + "xyz", data=OMI[0]).status_code
        self.assertEqual(status, 429)
        self.assertEqual(self.calls.search_count([]), before)
        # An odd field is not one of ours, whoever sends it
        odd = f"{self.path('omicall')}?self=1"
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open(odd).status_code, 400)
        # Guessing shuts nobody out who knows the key
        self.assertEqual(self.post("omicall", OMI[0]).status_code, 200)

    def test_a_renewed_key_and_other_addresses(self):
        old = self.path("omicall")
        self.vendors["omicall"].action_renew_key()
        self.assertNotEqual(self.path("omicall"), old)
        self.assertEqual(self.url_open(old, data=OMI[0]).status_code, 404)
        self.vendors["omicall"].networks = "203.0.113.0/24"
        self.assertEqual(self.post("omicall", OMI[0]).status_code, 404)
        self.vendors["stringee"].username = "AC-ours"
        wrong = STRINGEE[0] | {"account_sid": "AC-theirs"}
        self.assertEqual(self.post("stringee", wrong).status_code, 404)

    def test_nonsense_is_answered_and_changes_nothing(self):
        before = self.calls.search_count([])
        odd = (b"", b"[]", b"{", b"\xff\x00", b'{"call_uuid": 7e999}', b'"x"')
        for body in (*odd, b"[" * 60000):
            headers = {"Content-Type": "application/json"}
            with mute_logger("odoo.http"):
                reply = self.url_open(self.path("omicall"), data=body, headers=headers)
            self.assertIn(reply.status_code, (200, 400), body)
        self.assertEqual(self.calls.search_count([]), before)
