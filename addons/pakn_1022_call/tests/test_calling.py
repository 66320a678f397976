import base64
import hashlib
import hmac
import json
import logging
import threading
import time
from datetime import datetime, timezone

from odoo.exceptions import UserError, ValidationError
from odoo.tests import BaseCase, tagged

from odoo.addons.pakn_1022.tests.http_peer import HttpPeer, PeerHandler

from ..tools import calling
from ..tools.calling import DialError, Line, classify, dial
from ..tools.vendors import parse_omicall, parse_stringee
from .common import NUMBER, TAGS, CallCase

KEY = "B3B818D0-6902-45BF-A999-697CA91D85F5"
SID = "SK.0.abcdef"
UUID = "b4dae7fe-9d09-4491-918f-2b391fd5feef"
# As the vendors' documentation shows them
OMI_TOKEN = {
    "status_code": 9999,
    "instance_id": "stg",
    "payload": {
        "access_token": "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.x.y",
        "access_type": "normal",
        "token_type": "Bearer",
    },
    "key_enabled": False,
}
OMI_CALL = {
    "status_code": 9999,
    "instance_id": "stg",
    "instance_version": "1.2.163",
    "payload": {"call_uuid": UUID},
    "key_enabled": False,
}


def omi_error(error, message):
    payload = {"status": "fail", "error": error, "message": message}
    return {"status_code": -9999, "instance_id": "stg", "payload": payload}


class Handler(PeerHandler):
    """An exchange of a vendor: answers what the test has written down."""

    def do_GET(self):
        self.answer()

    def do_POST(self):
        self.answer()

    def answer(self):
        self.peer.asked.append(
            (self.command, self.path, self.headers, self.read_body())
        )
        path = self.path.partition("?")[0]
        status, said = next(
            answer
            for begin, answer in self.peer.answers.items()
            if path.startswith(begin)
        )
        if status == "hang":
            self.peer.released.wait(10)
            return
        if isinstance(said, dict):
            said = json.dumps(said, ensure_ascii=False).encode()
        leads = {"Location": self.peer.leads_to} if status == 302 else {}
        self.tell(status, said, leads)


class VendorMixin:
    def serve(self):
        server = HttpPeer(Handler)
        server.asked, server.released = [], threading.Event()
        server.answers = {
            "/api/auth": (200, OMI_TOKEN),
            "/api/click2call": (200, OMI_CALL),
            "/v1/call/callout": (200, {"r": 0, "message": "success"}),
            "/api/CallControl/dial": (200, b"Success"),
        }
        self.enterContext(server)
        self.addCleanup(server.released.set)
        self.server = server
        return server.url


@tagged(*TAGS)
class TestVendorsDial(VendorMixin, BaseCase):
    """Each vendor is asked as it documents, and what it answers is understood."""

    def setUp(self):
        super().setUp()
        self.url = self.serve()

    def dial(self, kind, number="+84905123456", extension="901", seconds=5, **values):
        names = {"omicall": "", "stringee": SID, "voicecloud": "pbx.example"}
        line = Line(self.url, KEY, names[kind], "02691022")._replace(**values)
        return dial(kind, line, extension, number, seconds)

    def test_omicall(self):
        self.assertEqual(self.dial("omicall"), UUID)
        (method, path, _headers, _body), (_post, ask, headers, body) = self.server.asked
        self.assertEqual((method, path), ("GET", f"/api/auth?apiKey={KEY}"))
        self.assertEqual(ask, "/api/click2call")
        token = OMI_TOKEN["payload"]["access_token"]
        self.assertEqual(headers["Authorization"], f"Bearer {token}")
        self.assertEqual(
            json.loads(body),
            {"extension": "901", "hotline": "02691022", "phone_number": "0905123456"},
        )
        # Its events name the call by the same id
        now = datetime.now(timezone.utc)
        told = {"call_uuid": UUID, "state": "ringing", "direction": "outbound"}
        self.assertEqual(parse_omicall(told, now)[0].call_id, UUID)

    def test_stringee(self):
        line = {"hotline": "842691022"}
        self.assertEqual(self.dial("stringee", extension="agent_1", **line), "")
        [(method, path, headers, body)] = self.server.asked
        self.assertEqual((method, path), ("POST", "/v1/call/callout"))
        self.assertEqual(
            json.loads(body),
            {
                "agentUserId": "agent_1",
                "toAgentFromNumberDisplay": "Call-out-from-842691022",
                "toAgentFromNumberDisplayAlias": "Call-out-from-842691022-Alias",
                "toCustomerFromNumber": "842691022",
                "customerNumber": "84905123456",
            },
        )
        signed, _dot, signature = headers["X-STRINGEE-AUTH"].rpartition(".")
        head, claims = (
            json.loads(base64.urlsafe_b64decode(part + "==="))
            for part in signed.split(".")
        )
        self.assertEqual(
            head, {"typ": "JWT", "alg": "HS256", "cty": "stringee-api;v=1"}
        )
        self.assertEqual((claims["iss"], claims["rest_api"]), (SID, True))
        self.assertTrue(claims["jti"].startswith(f"{SID}-"))
        self.assertLess(claims["exp"] - time.time(), 600)
        digest = hmac.digest(KEY.encode(), signed.encode(), hashlib.sha256)
        self.assertEqual(base64.urlsafe_b64decode(signature + "==="), digest)
        # Where it names the call, as integrators have seen, events find it
        named = {"r": 0, "message": "success", "callId": "call-vn-1-P8A5-1530516282840"}
        self.server.answers["/v1/call/callout"] = 200, named
        told = {"call_id": named["callId"], "call_status": "created"}
        now = datetime.now(timezone.utc)
        self.assertEqual(
            self.dial("stringee", **line), parse_stringee(told, now)[0].call_id
        )

    def test_voicecloud(self):
        self.assertEqual(self.dial("voicecloud"), "")
        [(method, path, _headers, _body)] = self.server.asked
        self.assertEqual(
            (method, path),
            (
                "GET",
                "/api/CallControl/dial/from_number/901/to_number/0905123456"
                f"/key/{KEY}/domain/pbx.example",
            ),
        )
        self.server.answers["/api/CallControl/dial"] = 200, b'"Success"\n'
        self.assertEqual(self.dial("voicecloud", secret="a/b ?"), "")
        self.assertIn("/key/a%2Fb%20%3F/", self.server.asked[-1][1])

    def test_why_no_call_was_made(self):
        ask = {
            "omicall": "/api/click2call",
            "stringee": "/v1/call/callout",
            "voicecloud": "/api/CallControl/dial",
        }
        cases = [
            ("omicall", omi_error("user_not_registered", "User not registered "
             "extension with Softphone, IP Phone, Web"), "agent"),
            ("omicall", omi_error("extension_invalid", "Extension not found or "
             "disabled"), "extension"),
            ("omicall", omi_error("number_call_out_invalid", "Your hotline invalid"),
             "hotline"),
            ("omicall", omi_error("tenant_invalid", "Your tenant not found"), "key"),
            ("omicall", omi_error("user_busy", "User busy"), "busy"),
            ("omicall", omi_error("do_not_call", "Do not call"), "refuses_calls"),
            ("omicall", omi_error("Unknown", "Balance is not enough"), "credit"),
            ("omicall", omi_error("Unknown", ""), "refused"),
            ("omicall", {"status_code": -9999, "payload": None}, "refused"),
            ("stringee", {"r": 10, "message": "Account not enough money"}, "credit"),
            ("stringee", {"r": 5, "message": "Agent is offline"}, "agent"),
            ("stringee", {"r": 4, "message": "Agent not found"}, "extension"),
            ("stringee", {"r": 3, "message": "FROM_NUMBER_NOT_FOUND"}, "hotline"),
            ("stringee", {"r": 6, "message": "Token is expired"}, "key"),
            ("stringee", {"r": 99}, "refused"),
            ("stringee", {"message": "success"}, "refused"),
            ("voicecloud", b"Extension not registered", "agent"),
            ("voicecloud", "Số dư không đủ".encode(), "credit"),
            ("voicecloud", b"Error", "refused"),
            ("voicecloud", b"", "refused"),
        ]  # fmt: skip
        for kind, said, reason in cases:
            self.server.answers[ask[kind]] = 200, said
            self.check(reason, kind)
        for kind, path in ask.items():
            for status, said, reason in (
                (500, b"", "unreachable"),
                (502, b"<html>Bad gateway</html>", "unreachable"),
                (302, b"", "unreachable"),
                (401, b"", "key"),
                (403, b"{}", "key"),
                (200, b"x" * 100_000, "unreachable"),
                ("hang", b"", "time"),
            ):
                self.server.leads_to = f"{self.url}/taken"
                self.server.answers[path] = status, said
                self.check(reason, kind, seconds=0.5 if status == "hang" else 5)
        # Nobody is led elsewhere with the key
        self.assertNotIn("/taken", [asked[1] for asked in self.server.asked])
        for kind in ("omicall", "stringee"):
            for said in (b"", b"<html>", b"[]", b"null", b"\xff\x00", b"[" * 9999):
                self.server.answers[ask[kind]] = 200, said
                self.check("unreachable", kind)

    def test_a_key_that_omicall_does_not_know(self):
        for said in (
            {"status_code": -9999, "message": "api_key_invalid", "payload": None},
            {"status_code": 9999, "payload": {}},
            {"status_code": 9999, "payload": []},
        ):
            self.server.answers["/api/auth"] = 200, said
            self.check("key", "omicall")
        wrong = {"status_code": 9999, "payload": {"access_token": "a\r\nX: y"}}
        self.server.answers["/api/auth"] = 200, wrong
        self.check("unreachable", "omicall")

    def test_what_is_not_set_up_is_not_asked(self):
        for kind, values in (
            ("omicall", {"secret": ""}),
            ("omicall", {"hotline": ""}),
            ("stringee", {"key_name": ""}),
            ("voicecloud", {"url": ""}),
            ("voicecloud", {"key_name": ""}),
        ):
            self.check("settings", kind, **values)
        self.assertFalse(self.server.asked)
        self.check("unreachable", "omicall", url="http://127.0.0.1:1")

    def check(self, reason, kind, **values):
        with (
            self.subTest(kind, reason=reason, **values),
            self.assertRaises(DialError) as caught,
        ):
            self.dial(kind, **values)
        self.assertEqual(str(caught.exception), reason)

    def test_words_of_reasons(self):
        self.assertEqual(classify("Tài khoản HẾT TIỀN"), "credit")
        self.assertEqual(classify(""), "refused")


@tagged(*TAGS)
class TestCallOut(VendorMixin, CallCase):
    """A click on a number, by the exchange of who clicks."""

    def setUp(self):
        super().setUp()
        self.url = self.serve()

    def seat_at(self, kind, **values):
        account = self.env["pakn.call.account"].create(
            {
                "name": kind,
                "code": f"test_{kind}",
                "kind": kind,
                "api_url": self.url,
                "api_user": SID,
                "hotline": "842691022",
                "new_secret": KEY,
                **values,
            }
        )
        self.seat.account_id = account
        return account

    def dial(self):
        return self.calls.with_user(self.operator).dial("0905 123 456")

    def test_a_call_that_the_vendor_names_stands_at_once(self):
        account = self.seat_at("omicall")
        self.assertTrue(self.calls.with_user(self.operator).get_desk()["can_dial"])
        self.dial()
        call = self.get(UUID)
        self.assertRecordValues(
            call,
            [
                {
                    "direction": "out",
                    "state": "ringing",
                    "provider": "test_omicall",
                    "private_number": "+84905123456",
                    "user_id": self.operator.id,
                }
            ],
        )
        # What is told of it afterwards is told of the same call
        told = {"call_uuid": UUID, "state": "answered", "direction": "outbound",
                "sip_user": "901", "to_number": "0905123456"}  # fmt: skip
        self.calls._intake(account, parse_omicall(told, self.at(9)))
        self.assertEqual(call.state, "talking")

    def test_a_call_that_it_does_not_name_comes_with_its_first_event(self):
        account = self.seat_at("stringee")
        before = self.calls.search_count([])
        self.assertTrue(self.dial())
        self.assertEqual(self.calls.search_count([]), before)
        told = {
            "call_id": "t9",
            "call_status": "answered",
            "callCreatedReason": "SERVER_CALL_OUT_TO_PHONE",
            "from": {"type": "internal", "number": "901", "alias": "901"},
            "to": {"type": "external", "number": "84905123456"},
            "request_from_user_id": "901",
        }
        self.calls._intake(account, parse_stringee(told, self.at(9)))
        call = self.get("t9")
        self.assertEqual((call.user_id, call.direction), (self.operator, "out"))
        self.assertEqual(call.private_number, "+84905123456")

    def test_who_called_in_vain_is_reached_by_a_vendor(self):
        self.seat_at("omicall")
        entry = self.lost(number=NUMBER).callback_id
        entry.with_user(self.operator).action_dial()
        self.assertEqual(self.get(UUID).private_number, "+84905123456")

    def test_each_refusal_is_one_clear_sentence_and_no_secret(self):
        self.seat_at("omicall")
        errors = {
            "user_not_registered": "not signed in",
            "extension_invalid": "does not know your extension",
            "number_call_out_invalid": "by the number that is set",
            "tenant_invalid": "does not accept the key",
            "user_busy": "line is busy",
            "do_not_call": "want no calls",
            "balance_not_enough": "credit at the exchange is used up",
            "Unknown": "has refused this call",
        }
        before = self.calls.search_count([])
        answers = self.server.answers
        with self.assertLogs("odoo.addons.pakn_1022_call", logging.DEBUG) as logged:
            for error, words in errors.items():
                answers["/api/click2call"] = 200, omi_error(error, "")
                with self.subTest(error), self.assertRaisesRegex(UserError, words):
                    self.dial()
            for answer, words in (
                ((500, KEY.encode()), "does not put calls through"),
                ((200, b"<html>"), "does not put calls through"),
            ):
                answers["/api/click2call"] = answer
                with self.assertRaisesRegex(UserError, words):
                    self.dial()
            answers["/api/click2call"] = "hang", b""
            self.patch(calling.dial, "__defaults__", (0.5,))
            with self.assertRaisesRegex(UserError, "may ring all the same"):
                self.dial()
        self.assertEqual(self.calls.search_count([]), before)
        written = "\n".join(logged.output)
        for secret in (KEY, OMI_TOKEN["payload"]["access_token"], "905123456"):
            self.assertNotIn(secret, written)

    def test_without_a_key_there_is_no_button(self):
        account = self.seat_at("stringee", new_secret=False)
        calls = self.calls.with_user(self.operator)
        self.assertFalse(calls.get_desk()["can_dial"])
        with self.assertRaisesRegex(UserError, "takes no calls from here"):
            self.dial()
        account.new_secret = KEY
        account.hotline = False
        with self.assertRaisesRegex(UserError, "not set up yet"):
            self.dial()
        self.assertFalse(self.server.asked)

    def test_settings_that_make_no_sense_are_refused(self):
        account = self.seat_at("omicall")
        for values in (
            {"api_url": "ftp://x"},
            {"api_url": "https://x/?a=b"},
            {"hotline": "1022 Gia Lai"},
        ):
            with self.subTest(str(values)), self.assertRaises(ValidationError):
                account.write(values)
