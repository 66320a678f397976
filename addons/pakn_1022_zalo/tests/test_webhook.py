import json
import random
import time
from collections import Counter
from copy import deepcopy
from datetime import UTC, datetime

from odoo.tests import HttpCase, tagged

from odoo.addons.pakn_1022.tests.common import TAGS
from odoo.addons.pakn_1022_chat.tests.odd import make_odd, to_bytes

from ..tools import webhook
from .common import APP, SECRET, ZaloCase


def image(url="https://example.com/a.jpg"):
    return [{"type": "image", "payload": {"thumbnail": url, "url": url}}]


@tagged(*TAGS)
class TestPayloads(ZaloCase):
    """What Zalo tells, kind by kind."""

    def event(self, name, **message):
        [event] = webhook.parse(self.payload(name, number="m1", **message))
        return event

    def test_kinds(self):
        event = self.event("user_send_text", text="Đèn hỏng")
        self.assertEqual(
            (event.kind, event.key, event.identity), ("message", "m1", "u1")
        )
        self.assertEqual(event.text, "Đèn hỏng")
        event = self.event("user_send_image", text="ảnh", attachments=image())
        self.assertEqual(event.files[0].url, "https://example.com/a.jpg")
        self.assertEqual(event.text, "ảnh")
        event = self.event("user_send_audio", attachments=image())
        self.assertTrue(event.files[0].is_voice)
        for name in ("user_send_file", "user_send_video", "user_send_gif"):
            self.assertTrue(self.event(name, attachments=image()).files)
        event = self.event(
            "user_send_link", text="xem", attachments=image("https://x.vn")
        )
        self.assertEqual((event.text, event.files), ("xem\nhttps://x.vn", ()))
        event = self.event("user_send_sticker", attachments=image())
        self.assertEqual((event.text, event.files), ("", ()))
        place = {"coordinates": {"latitude": "13.98", "longitude": "108.0"}}
        event = self.event(
            "user_send_location",
            text="Pleiku",
            attachments=[{"type": "location", "payload": place}],
        )
        self.assertEqual(event.place, (13.98, 108.0, "Pleiku"))
        card = [{"type": "link", "payload": {"description": '{"phone":"0905123456"}'}}]
        event = self.event("user_send_business_card", attachments=card)
        self.assertIn("0905123456", event.text)

    def test_follow_unfollow_seen_received_and_echo(self):
        for name in ("follow", "unfollow"):
            follow = {"event_name": name, "timestamp": "1", "follower": {"id": "u9"}}
            [event] = webhook.parse(follow)
            self.assertEqual((event.kind, event.identity), (name, "u9"))
        event = self.event("user_seen_message", msg_ids=["a", "b"])
        self.assertEqual((event.kind, event.about), ("read", ("a", "b")))
        event = self.event("user_received_message", delivery_time="1")
        self.assertEqual((event.kind, event.about), ("delivered", ("m1",)))
        self.assertEqual(self.event("oa_send_text", text="x").kind, "ignored")
        self.assertEqual(self.event("of_the_future").kind, "ignored")

    def test_signature(self):
        body, stamp = b'{"a": 1}', "1717061839659"
        mac = webhook.sign(APP, body, stamp, SECRET)
        for given in (mac, f"mac={mac}", f" mac={mac.upper()} "):
            self.assertTrue(webhook.is_signed(given, APP, body, (stamp,), SECRET))
        for given, stamps, secret in (
            (None, (stamp,), SECRET),
            ("", (stamp,), SECRET),
            ("mac=", (stamp,), SECRET),
            (mac, (), SECRET),
            (mac, ("1",), SECRET),
            (mac, (stamp,), "other"),
            (webhook.sign(APP, body, stamp, ""), (stamp,), ""),
            ("é" * 64, (stamp,), SECRET),
        ):
            with self.subTest(given):
                self.assertFalse(webhook.is_signed(given, APP, body, stamps, secret))
        self.assertFalse(webhook.is_signed(mac, APP, body + b" ", (stamp,), SECRET))


@tagged(*TAGS)
class TestWebhook(ZaloCase, HttpCase):
    """The webhook stores what is signed, once, and has no other effect."""

    def setUp(self):
        super().setUp()
        self.run_clock()  # a browser of today

    def post(self, payload, secret=SECRET, headers=None, account=None):
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        stamp = payload.get("timestamp") if isinstance(payload, dict) else ""
        mac = webhook.sign(APP, body, str(stamp), secret)
        if headers is None:
            headers = {"X-ZEvent-Signature": f"mac={mac}"}
        account = self.account.id if account is None else account
        return self.url_open(
            f"/pakn_zalo/webhook/{account}",
            data=body,
            headers={"Content-Type": "application/json", **headers},
            timeout=30,
        ).status_code

    def stored(self):
        events = self.env["pakn.chat.event"].sudo()
        return events.search([("account_id", "=", self.account.id)], order="id")

    def test_signed_is_stored_once_and_taken_in(self):
        payload = self.payload(text="đèn đường hỏng ở thôn 3 xã Ia Ko")
        for _again in range(3):
            self.assertEqual(self.post(payload), 200)
        [event] = self.stored()
        self.assertEqual(event.identity, "u1")
        self.env["pakn.chat.event"]._take_in_identity(self.account.id, "u1")
        channel = self.env["discuss.channel"].search(
            [("pakn_account_id", "=", self.account.id)]
        )
        self.assertEqual(channel.pakn_ticket_id.channel_id.code, "zalo")
        self.assertEqual(event.state, "done")

    def test_signed_is_stored_though_others_were_faster(self):
        with self.slower_than_others("pakn.chat.event", "_store"):
            self.assertEqual(self.post(self.payload(text="đèn đường hỏng")), 200)
        self.assertEqual(len(self.stored()), 1)

    def test_wrong_missing_changed_or_old_has_no_effect(self):
        payload = self.payload(text="x")
        self.assertEqual(self.post(payload, secret="other"), 403)
        self.assertEqual(self.post(payload, headers={}), 403)
        self.assertEqual(self.post(payload, account=999999), 404)
        body = json.dumps(payload).encode()
        mac = webhook.sign(APP, body, payload["timestamp"], SECRET)
        signed = {"X-ZEvent-Signature": f"mac={mac}"}
        self.assertEqual(self.post(body + b" ", headers=signed), 403)
        old = {**payload, "timestamp": str(int((time.time() - 86400 * 3) * 1000))}
        self.assertEqual(self.post(old), 403)
        early = {**payload, "timestamp": str(int((time.time() + 86400) * 1000))}
        self.assertEqual(self.post(early), 403)
        self.assertFalse(self.stored())

    def test_get_is_no_way_in(self):
        answer = self.url_open(f"/pakn_zalo/webhook/{self.account.id}")
        self.assertEqual(answer.status_code, 405)

    def test_random_signed_payloads_break_nothing(self):
        """Anything that is signed is stored and survived; nothing is half a request."""
        random.seed(1022)
        odd = (
            None,
            True,
            -1,
            1.5,
            "",
            "\x00",
            "𐀀" * 50,
            [],
            [[]],
            {},
            {"id": None},
            "x",
        )
        names = (
            *("user_send_text", "user_send_image", "user_send_location", "follow"),
            *(
                "user_send_link",
                "user_seen_message",
                "user_received_message",
                "oa_send",
            ),
            *("user_send_business_card", "user_submit_info", "unfollow", "user_send_"),
        )
        for number in range(150):
            payload = self.payload(random.choice(names), who=f"r{number % 7}")
            for key in list(payload):
                if key not in ("timestamp", "event_name") and random.random() < 0.3:
                    payload[key] = deepcopy(random.choice(odd))
            message = payload.get("message")
            if isinstance(message, dict):
                message["text"] = random.choice(odd)
                message["attachments"] = random.choice(
                    [*odd, [{"payload": random.choice(odd)}], [random.choice(odd)]]
                )
                if random.random() < 0.2:
                    message["msg_id"] = random.choice(odd)
            self.assertEqual(self.post(payload), 200)
        for identity in set(self.stored().mapped("identity")):
            self.env["pakn.chat.event"]._take_in_identity(self.account.id, identity)
            self.env.flush_all()
        self.assertEqual(set(self.stored().mapped("state")), {"done"})

    def test_ten_thousand_random_payloads(self):
        """What the webhook and the job do with each, in this process: nothing breaks.

        Of each twentieth PostgreSQL takes what is stored, once.
        """
        random.seed(10221022)
        names = ("text", "image", "location", "link", "business_card", "gif", "audio")
        names = [f"user_send_{name}" for name in names]
        names += ["user_seen_message", "follow", "user_submit_info", "oa_send_text"]
        before, keys, kinds = len(self.stored()), set(), Counter()
        whole = {
            "text": "đèn hỏng",
            "attachments": [
                *image(),
                {"payload": {"coordinates": {"latitude": 13.9, "longitude": "108"}}},
                {"payload": {"description": "0905", "name": "A", "url": "x"}},
            ],
            "msg_ids": ["a", "b"],
        }
        events = self.env["pakn.chat.event"]
        for number in range(10_000):
            payload = self.payload(
                names[number % len(names)], who=f"z{number % 9}", number=f"z{number}"
            )
            payload["message"] = {**(payload.get("message") or {}), **whole}
            payload["info"] = {"name": "A", "phone": "0905123456"}
            body = to_bytes(make_odd(random, payload))
            found = json.loads(body)
            found = found if isinstance(found, dict) else {}
            webhook.is_fresh(found.get("timestamp"), datetime.now(UTC))
            self.assertFalse(
                webhook.is_signed("mac=x", "a", body, (found.get("timestamp"),), "s")
            )
            key = webhook.get_key(found, body)
            identity = webhook.get_identity(found) or "-"
            if number % 20 == 0:
                is_new = events._store(self.account, found, key, identity)
                self.assertEqual(is_new, key[:200] not in keys)
                keys.add(key[:200])
            for event in self.account._parse(found):
                kinds[event.kind] += 1
                self.assertNotIn("\x00", event.text + event.key + event.identity)
        self.assertEqual(len(self.stored()) - before, len(keys))
        self.assertGreater(kinds["message"], 3000)
        self.assertGreater(kinds["ignored"], 500)

    def test_random_bytes_without_signature(self):
        random.seed(1022)
        for _number in range(100):
            body = random.randbytes(random.randrange(1, 200))
            self.assertEqual(self.post(body), 403)
        self.assertEqual(self.post(b"[" * 50_000), 403)
        self.assertEqual(self.post(b"x" * 300_000), 403)
        self.assertFalse(self.stored())
