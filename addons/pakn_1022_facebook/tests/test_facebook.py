import json
import random
from collections import Counter
from copy import deepcopy
from itertools import count
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from odoo.addons.pakn_1022.tests.common import TAGS, PaknCase
from odoo.addons.pakn_1022_chat.tests.odd import make_odd, to_bytes
from odoo.addons.pakn_1022_chat.tests.peer import Peer, read_form
from odoo.addons.pakn_1022_chat.tests.test_fetch import PNG
from odoo.addons.pakn_1022_chat.tests.test_files_out import PDF

from ..tools import webhook

PAGE, SECRET = "1022", "app-secret"
NUMBERS = count()


def message(text="alo", who="psid1", mid=None, **more):
    return {
        "sender": {"id": who},
        "recipient": {"id": PAGE},
        "timestamp": 1,
        "message": {"mid": mid or f"mid{next(NUMBERS)}", "text": text, **more},
    }


def comment(text, number, author="7", name="Lê Văn B", **more):
    value = {
        "item": "comment",
        "verb": "add",
        "post_id": f"{PAGE}_1",
        "comment_id": number,
        "from": {"id": author, "name": name},
        "message": text,
        **more,
    }
    return {"field": "feed", "value": value}


def call(messaging=(), changes=(), page=PAGE):
    entry = {"id": page, "time": 1, "messaging": list(messaging)}
    return {"object": "page", "entry": [{**entry, "changes": list(changes)}]}


class FacebookCase(PaknCase):
    """A page, and the Graph on loopback."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.errors, cls.posts = [], []

        def answer(_method, path, headers, body):
            if cls.errors:
                status, error = cls.errors.pop(0)
                return status, {}, json.dumps({"error": error}).encode()
            if path.startswith("/me?"):
                return 200, {}, b'{"name": "1022 Gia Lai", "id": "1022"}'
            path = path.partition("?")[0]
            if "multipart" in headers["Content-Type"]:
                cls.posts.append((path, read_form(headers, body)))
            else:
                cls.posts.append((path, json.loads(body)))
            number = f"out{next(NUMBERS)}"
            values = {"message_id": number, "recipient_id": "x", "id": number}
            return 200, {}, json.dumps(values).encode()

        peer = cls.enterClassContext(Peer(answer))
        cls.env["ir.config_parameter"].set_param(
            "pakn_1022_facebook.graph_url", peer.url
        )
        cls.account = cls.env["pakn.chat.account"].create(
            {
                "name": "Facebook 1022",
                "kind": "facebook",
                "outside_id": PAGE,
                "facebook_app_secret": SECRET,
                "facebook_page_token": "token",
                "facebook_verify_token": "verify",
            }
        )

    def setUp(self):
        super().setUp()
        self.errors.clear()
        self.posts.clear()

    def tell(self, payload):
        """Have Facebook tell something; return the conversation of its last part."""
        channels = self.env["discuss.channel"]
        identity = ""
        for part in webhook.split(payload, PAGE):
            identity = part.identity
            events = self.account._parse(part.payload)
            channels._pakn_take_in(self.account, events)
        self.env.flush_all()
        self.env.invalidate_all()
        return channels.search(
            [
                ("pakn_account_id", "=", self.account.id),
                ("pakn_outside_id", "=", identity),
            ]
        )

    def send(self):
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *_a, **_k: 60
        ):
            self.env["pakn.chat.message"]._send_all(self.account)
        self.env.flush_all()
        self.env.invalidate_all()

    def out(self, channel):
        return self.env["pakn.chat.message"].search(
            [("channel_id", "=", channel.id), ("direction", "=", "out")], order="id"
        )

    def say(self, channel, text):
        channel.with_user(self.operator).message_post(
            body=text, message_type="comment", subtype_xmlid="mail.mt_comment"
        )


@tagged(*TAGS)
class TestFacebook(FacebookCase):
    """Messages and comments of the page (Art. 3.2.4)."""

    def test_message_becomes_a_request_and_is_answered_there(self):
        channel = self.tell(call([message("đèn đường hỏng ở thôn 3 xã Ia Ko")]))
        self.assertEqual(channel.pakn_ticket_id.channel_id.code, "facebook")
        self.deliver()
        self.send()
        path, body = self.posts[0]
        self.assertEqual(path, "/me/messages")
        self.assertEqual(body["recipient"], {"id": "psid1"})
        self.assertEqual(body["messaging_type"], "RESPONSE")
        ticket = channel.pakn_ticket_id.name
        self.assertTrue(
            any(ticket in post["message"]["text"] for _p, post in self.posts)
        )

    def test_echoes_own_words_and_others_pages_are_ignored(self):
        echo = message("x", who=PAGE, is_echo=True)
        self.assertFalse(self.tell(call([echo])))
        self.assertFalse(self.tell(call([message("x")], page="999")))
        own = comment("đèn đường hỏng ở thôn 3", "c0", author=PAGE)
        self.assertFalse(self.tell(call(changes=[own])))

    def test_delivered_and_read_to_a_moment(self):
        channel = self.tell(call([message()]))
        self.send()
        sent = self.out(channel)
        value = {"sender": {"id": "psid1"}, "delivery": {"mids": [sent.outside_id]}}
        self.tell(call([value]))
        self.assertEqual(sent.state, "delivered")
        value = {"sender": {"id": "psid1"}, "read": {"watermark": 32503680000000}}
        self.tell(call([value]))
        self.assertEqual(sent.state, "read")

    def edit(self, mid, text, number=1):
        value = {"mid": mid, "text": text, "num_edit": number}
        told = {"sender": {"id": "psid1"}, "recipient": {"id": PAGE}}
        return self.tell(call([told | {"message_edit": value}]))

    def test_art09_what_is_edited_is_put_beside_what_was_said(self):
        before = "đèn đường hỏng ở thôn 3 xã Ia Ko"
        channel = self.tell(call([message(before, mid="m1")]))
        ticket = channel.pakn_ticket_id
        count = len(channel.message_ids)
        # Told of what is new, too, and the same text
        self.edit("m1", before, 0)
        self.edit("m1", before)
        self.assertEqual(len(channel.message_ids), count)
        after = "đèn đường hỏng ở thôn 5 xã Ia Ko"
        for _again in range(2):
            self.edit("m1", after, 2)
        said = channel.message_ids.mapped("preview")
        self.assertEqual(len([text for text in said if after in text]), 1)
        self.assertTrue(any(before in text for text in said))
        # The request goes on with both, and the operator sees that something is new
        self.assertEqual(channel.pakn_ticket_id, ticket)
        self.assertTrue(ticket.has_new_reply)
        replies = ticket.event_ids.filtered(lambda event: event.kind == "replied")
        self.assertIn(after, str(replies[-1:].payload or replies[-1:].note))

    def test_art08_what_becomes_a_matter_by_an_edit_is_one(self):
        channel = self.tell(call([message("alo", mid="m2")]))
        self.assertFalse(channel.pakn_ticket_id)
        self.edit("m2", "đèn đường hỏng ở thôn 3 xã Ia Ko")
        self.assertIn("thôn 3", channel.pakn_ticket_id.description)

    def test_complaint_in_public_is_a_request_and_nothing_personal_is_said(self):
        text = "đèn đường hỏng ở thôn 3 xã Ia Ko, gọi tôi 0905123456"
        channel = self.tell(call(changes=[comment(text, "c1")]))
        ticket = channel.pakn_ticket_id
        self.assertEqual(ticket.state, "new")
        self.deliver()
        self.send()
        [(path, body)] = self.posts
        self.assertEqual(path, "/c1/comments")
        for word in ("0905123456", "Lê Văn B", ticket.name, "thôn 3"):
            self.assertNotIn(word, body["message"])
        # Nobody writes there by mistake
        with self.assertRaises(UserError):
            self.say(channel, "Chào anh, số của anh là 0905123456?")
        # Told again, or changed: once
        self.tell(call(changes=[comment(text, "c1")]))
        self.tell(call(changes=[comment(text, "c1", verb="edited")]))
        self.send()
        self.assertEqual(len(self.posts), 1)

    def test_praise_and_likes_in_public_make_no_request(self):
        self.assertFalse(
            self.tell(call(changes=[comment("hay quá", "c2")])).pakn_ticket_id
        )
        like = comment("", "c3", item="reaction")
        self.assertFalse(self.tell(call(changes=[like])))
        self.send()
        self.assertFalse(self.posts)

    def test_files_go_out_as_attachments_after_a_day_with_the_tag(self):
        channel = self.tell(call([message("alo")]))
        self.send()
        self.posts.clear()
        self.account.facebook_human_agent = True

        def say():
            channel.with_user(self.operator).message_post(
                body="",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                attachments=[("Ảnh.png", PNG), ("Giấy hẹn.pdf", PDF)],
            )
            self.send()

        say()
        self.set_clock("2026-03-04 08:00")
        say()
        self.assertEqual(len(self.posts), 4)
        for place, (path, form) in enumerate(self.posts):
            file = (
                ("Anh.png", "image/png", PNG),
                ("Giay-hen.pdf", "application/pdf", PDF),
            )[place % 2]
            self.assertEqual((path, form["filedata"]), ("/me/messages", file))
            words = {
                name: value[2].decode()
                for name, value in form.items()
                if name != "filedata"
            }
            self.assertEqual(json.loads(words["recipient"]), {"id": "psid1"})
            kind = json.loads(words["message"])["attachment"]["type"]
            self.assertEqual(kind, ("image", "file")[place % 2])
            self.assertEqual(words.get("tag"), None if place < 2 else "HUMAN_AGENT")
        self.assertEqual(set(self.out(channel)[-4:].mapped("state")), {"sent"})

    def test_after_a_day_a_person_alone_with_the_tag(self):
        channel = self.tell(call([message()]))
        self.send()
        self.posts.clear()
        self.set_clock("2026-03-03 09:00")
        with self.assertRaises(UserError):
            self.say(channel, "Chào anh")
        self.account.facebook_human_agent = True
        self.say(channel, "Chào anh")
        channel._pakn_say("Trợ lý")
        self.send()
        [(_path, body)] = self.posts
        self.assertEqual((body["messaging_type"], body["tag"]),
                         ("MESSAGE_TAG", "HUMAN_AGENT"))  # fmt: skip
        self.assertEqual(body["message"]["text"], "Chào anh")
        self.assertEqual(self.out(channel)[-1].state, "failed")
        self.set_clock("2026-03-10 09:00")
        with self.assertRaises(UserError):
            self.say(channel, "Chào anh")

    def test_what_facebook_refuses(self):
        for number, (status, error, state) in enumerate(
            (
                (400, {"code": 10, "error_subcode": 2018278}, "failed"),
                (400, {"code": 551}, "failed"),
                (400, {"code": 190, "message": "expired"}, "waiting"),
                (400, {"code": 613}, "waiting"),
                (400, {"code": 100, "message": "x"}, "failed"),
                (500, {"code": 2, "message": "x"}, "unclear"),
            )
        ):
            channel = self.tell(call([message(who=f"e{number}")]))
            self.errors.append((status, error))
            self.send()
            with self.subTest(error):
                self.assertEqual(self.out(channel).state, state)
                is_shut = error["code"] in (10, 551)
                self.assertEqual(channel._pakn_is_open(), not is_shut)
        self.assertIn("190", self.account.problem)

    def test_secrets_and_test_button(self):
        for name in ("facebook_app_secret", "facebook_page_token"):
            for user in (self.operator, self.manager):
                with self.subTest(name), self.assertRaises(AccessError):
                    self.account.with_user(user).read([name])
        with self.assertRaises(AccessError):
            self.account.with_user(self.operator).action_facebook_test()
        found = self.account.with_user(self.manager).action_facebook_test()
        self.assertIn("1022 Gia Lai", found["params"]["message"])
        self.errors.append((400, {"code": 190, "message": "expired"}))
        with self.assertRaisesRegex(UserError, "expired"):
            self.account.with_user(self.manager).action_facebook_test()


@tagged(*TAGS)
class TestWebhook(FacebookCase, HttpCase):
    """Verified, signed, stored part by part, and no other effect."""

    def setUp(self):
        super().setUp()
        self.run_clock()  # a browser of today

    @property
    def path(self):
        return f"/pakn_facebook/webhook/{self.account.id}"

    def post(self, payload, secret=SECRET, signature=None):
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        signature = webhook.sign(body, secret) if signature is None else signature
        headers = {"Content-Type": "application/json"}
        if signature:
            headers["X-Hub-Signature-256"] = signature
        return self.url_open(
            self.path, data=body, headers=headers, timeout=30
        ).status_code

    def stored(self):
        events = self.env["pakn.chat.event"].sudo()
        return events.search([("account_id", "=", self.account.id)], order="id")

    def test_verification(self):
        query = "?hub.mode=subscribe&hub.verify_token={}&hub.challenge=115"
        answer = self.url_open(self.path + query.format("verify"))
        self.assertEqual((answer.status_code, answer.text), (200, "115"))
        for token in ("", "x", "verify%20"):
            answer = self.url_open(self.path + query.format(token))
            self.assertEqual(answer.status_code, 403)
        self.account.facebook_verify_token = False
        self.assertEqual(self.url_open(self.path + query.format("")).status_code, 403)

    def test_signed_is_stored_once_part_by_part(self):
        payload = call(
            [message("a", who="p1", mid="m1"), message("b", who="p2", mid="m2")],
            [comment("đèn hỏng", "c9")],
        )
        for _again in range(2):
            self.assertEqual(self.post(payload), 200)
        self.assertEqual(self.stored().mapped("identity"), ["p1", "p2", "comment:c9"])

    def test_signed_is_stored_though_others_were_faster(self):
        with self.slower_than_others("pakn.chat.event", "_store"):
            self.assertEqual(self.post(call([message()])), 200)
        self.assertEqual(len(self.stored()), 1)

    def test_wrong_missing_or_changed_has_no_effect(self):
        payload = call([message()])
        body = json.dumps(payload).encode()
        for secret, signature in (
            ("other", None),
            (SECRET, ""),
            (SECRET, "sha256="),
            (SECRET, webhook.sign(body + b" ", SECRET)),
            (SECRET, "é"),
        ):
            with self.subTest(signature):
                signature = signature and signature.encode().decode("latin-1")
                self.assertEqual(self.post(payload, secret, signature), 403)
        self.assertFalse(self.stored())

    def test_random_signed_payloads_break_nothing(self):
        random.seed(1022)
        odd = (None, True, -1, 1.5, "", "\x00", [], [[]], {"id": None}, "x", [{}])
        for number in range(120):
            values = message(who=f"r{number % 5}")
            change = comment("đèn đường hỏng ở thôn 3", f"rc{number % 5}")
            for target in (values, values["message"], change, change["value"]):
                for key in list(target):
                    if random.random() < 0.25:
                        target[key] = deepcopy(random.choice(odd))
            payload = call([values, random.choice(odd)], [change, random.choice(odd)])
            if random.random() < 0.1:
                payload["entry"] = random.choice(odd)
            self.assertEqual(self.post(payload), 200)
        self.assertEqual(self.post(b"[" * 50_000), 200)
        for identity in set(self.stored().mapped("identity")):
            self.env["pakn.chat.event"]._take_in_identity(self.account.id, identity)
            self.env.flush_all()
        self.assertEqual(set(self.stored().mapped("state")), {"done"})

    def test_ten_thousand_random_parts(self):
        """What the webhook and the job do with each, in this process: nothing breaks.

        Of each twentieth PostgreSQL takes what is stored, once.
        """
        random.seed(10221022)
        before, keys, kinds = len(self.stored()), set(), Counter()
        files = [
            {"type": "image", "payload": {"url": "https://example.com/a.jpg"}},
            {"type": "location", "payload": {"coordinates": {"lat": 13.9, "long": 1}}},
            {"type": "fallback", "payload": {"url": "https://example.com"}},
        ]
        events = self.env["pakn.chat.event"]
        for number in range(2_500):
            parts = [
                message(who=f"f{number % 9}", mid=f"f{number}", attachments=files),
                {"sender": {"id": "f1"}, "read": {"watermark": 1700000000000}},
                {"sender": {"id": "f1"}, "delivery": {"mids": ["a"]}},
            ]
            change = comment("đèn đường hỏng ở thôn 3", f"fc{number}")
            body = to_bytes(make_odd(random, call(parts, [change])))
            self.assertFalse(webhook.is_signed("sha256=x", body, SECRET))
            for part in webhook.split(json.loads(body), PAGE):
                if number % 20 == 0:
                    is_new = events._store(
                        self.account, part.payload, part.key, part.identity
                    )
                    self.assertEqual(is_new, part.key[:200] not in keys)
                    keys.add(part.key[:200])
                for event in self.account._parse(json.loads(json.dumps(part.payload))):
                    kinds[event.kind] += 1
                    self.assertNotIn("\x00", event.text + event.key + event.identity)
        self.assertEqual(len(self.stored()) - before, len(keys))
        for kind in ("message", "public", "read", "delivered", "ignored"):
            self.assertGreater(kinds[kind], 100, kind)
