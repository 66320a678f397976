import base64
import email.utils
import hashlib
import hmac
import json
import socket
import textwrap
import threading
from datetime import timedelta, timezone
from pathlib import Path
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from odoo.addons.pakn_1022.tools import acts, outside

from ..models import pakn_webhook_delivery
from ..models.pakn_ticket import TOLD
from ..models.pakn_webhook import EVENTS
from ..tools.signature import make_secret, sign
from .common import TAGS, ApiCase
from .peer import Peer


@tagged(*TAGS)
class TestOutside(BaseCase):
    """Whom the server speaks to: the open internet alone, and not without end."""

    def setUp(self):
        super().setUp()
        self.peer = self.enterContext(Peer())

    def post(self, url=None, seconds=5):
        return outside.post(
            url or self.peer.url, b"{}", {}, seconds, lambda ip: ip == "127.0.0.1"
        )

    def test_addresses_inside_are_not_spoken_to(self):
        for url in (
            self.peer.url,
            "http://localhost/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[fec0::1]/",
            "https://[2002:7f00:1::1]/",
            "https://[2002:a00:1::1]/",
            "https://10.0.0.1/",
            "https://169.254.169.254/latest",
            "https://192.168.1.1:8069/",
            "https://0/",
        ):
            with self.subTest(url), self.assertRaises(outside.Unreachable) as caught:
                outside.post(url, b"", {})
            self.assertEqual(caught.exception.args[0], "address")
        self.assertEqual(self.peer.seen, [])

    def test_a_name_that_is_never_known_is_not_waited_for(self):
        """Whoever switches on push messages names a host, and its name server too."""
        asked = threading.Event()
        self.addCleanup(asked.set)

        def resolve(*_where, **_how):
            asked.wait(30)
            return []

        with (
            patch.object(socket, "getaddrinfo", resolve),
            self.assertRaises(outside.Unreachable) as caught,
        ):
            outside.post("https://slow.example/", b"", {}, seconds=0.2)
        self.assertEqual(caught.exception.args, ("time",))
        self.assertFalse(asked.is_set(), "its answer was not waited for")

    def test_no_redirect_is_followed(self):
        self.peer.answer = lambda headers: 302
        self.assertEqual(self.post(), 302)
        self.assertEqual(len(self.peer.seen), 1)

    def test_what_answers_with_something_else_or_not_in_time(self):
        cases = {
            "answer": (b"", b"\x00\xff" * 50, b"SSH-2.0-OpenSSH_9.2\r\n"),
            "time": (3.0,),
        }
        for reason, answers in cases.items():
            for said in answers:
                self.peer.answer = lambda headers, said=said: said
                with self.subTest(said), self.assertRaises(outside.Unreachable) as seen:
                    self.post(seconds=0.5)
                self.assertEqual(seen.exception.args[0], reason)
        with self.assertRaises(outside.Unreachable):
            self.post("http://127.0.0.1:1/")

    def test_the_signature_of_the_standard(self):
        # The example of Standard Webhooks
        self.assertEqual(
            sign(
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                1614265330,
                b'{"test": 2432232314}',
            ),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        )
        self.assertNotEqual(make_secret(), make_secret())


@tagged(*TAGS)
class TestWebhook(ApiCase):
    """Art. 16.2: a program is told of each step, once and in order, or it is seen."""

    def setUp(self):
        super().setUp()
        self.clock = self.enterContext(freeze_time(fields.Datetime.now()))
        self.peer = self.enterContext(Peer())
        webhooks = type(self.env["pakn.webhook"])
        deliveries = type(self.env["pakn.webhook.delivery"])
        right = webhooks._is_right_url
        for model, name, method in (
            (webhooks, "_is_right_url", lambda self, url: url.startswith("http://127")
             or right(self, url)),
            (deliveries, "_is_allowed", lambda self, ip: ip == "127.0.0.1"),
        ):  # fmt: skip
            self.startPatcher(patch.object(model, name, method))
        self.startPatcher(patch.object(pakn_webhook_delivery, "SECONDS", 0.5))
        # What the job commits, the test takes back
        crons = type(self.env["ir.cron"])
        self.startPatcher(
            patch.object(crons, "_commit_progress", lambda self, *a, **k: 100)
        )
        self.startPatcher(
            patch.object(type(self.env.cr), "rollback", lambda self: None)
        )
        self.webhook, self.secret = self.subscribe(self.client)

    def subscribe(self, client, **values):
        """Subscribe a program as the administrator does; return it and its secret."""
        webhook = (
            self.env["pakn.webhook"]
            .with_user(self.manager)
            .create({"client_id": client.id, "url": self.peer.url, **values})
        )
        action = webhook.action_renew_secret()
        self.env.flush_all()
        return webhook, action["context"]["pakn_webhook_secret"]

    def renew(self, days_kept):
        """Renew the secret as the administrator does; return the new one."""
        action = self.webhook.action_renew_secret()
        self.assertNotIn("context", action, "asked first")
        dialog = self.env[action["res_model"]].with_user(self.manager)
        dialog = dialog.browse(action["res_id"])
        dialog.days_kept = days_kept
        shown = dialog.action_renew()["context"]["pakn_webhook_secret"]
        self.assertFalse(dialog.secret, "shown once")
        return shown

    def get_right(self, *secrets):
        """Return which of these secrets signed what was told last."""
        headers, body = self.peer.taken[-1]
        moment = int(headers["webhook-timestamp"])
        given = headers["webhook-signature"].split(" ")
        return [
            secret
            for secret in secrets
            if sign(secret, headers["webhook-id"], moment, body) in given
        ]

    def run_job(self):
        self.env["pakn.webhook.delivery"]._cron_send()
        self.env.invalidate_all()

    def get_told(self):
        """Return ``(code, kind)`` of what the peer has taken, as it came."""
        told = []
        for _headers, body in self.peer.taken:
            content = json.loads(body)
            told.append((content["data"]["code"], content["type"].split(".")[1]))
        return told

    def settle(self, ticket):
        ticket.with_user(self.operator).transfer(self.unit.ids)
        self.lead_slip(ticket, self.focal).answer("<p>Đã thay bóng đèn.</p>")
        ticket.with_user(self.operator).send_result()

    def get_states(self):
        deliveries = self.env["pakn.webhook.delivery"].search(
            [("webhook_id", "=", self.webhook.id)], order="id"
        )
        return deliveries.mapped("state")

    def test_the_documented_recipe_knows_what_is_ours(self):
        about = Path(__file__).parents[3] / "docs/api.md"
        text = about.read_text("utf-8").partition("In Python:\n\n")[2]
        lines = text.splitlines()
        end = next(
            number
            for number, line in enumerate(lines)
            if line and not line.startswith(" " * 6)
        )
        names = {}
        exec(textwrap.dedent("\n".join(lines[:end])), names)  # noqa: S102
        is_ours = names["is_ours"]
        self.sent()
        self.run_job()
        headers, body = self.peer.taken[0]
        moment = int(headers["webhook-timestamp"])
        self.assertTrue(is_ours(self.secret, headers, body, moment))
        for secret, told, sent, now in (
            (make_secret(), headers, body, moment),
            (self.secret, headers, body + b" ", moment),
            (self.secret, headers | {"webhook-id": "x"}, body, moment),
            (self.secret, headers, body, moment + 301),
        ):
            self.assertFalse(is_ours(secret, told, sent, now))

    def test_each_step_is_told_once_in_order_and_signed(self):
        ticket = self.sent()
        self.settle(ticket)
        self.run_job()
        self.run_job()
        kinds = [kind for _code, kind in self.get_told()]
        self.assertEqual(kinds, ["received", "transferred", "responded", "sent"])
        headers, body = self.peer.taken[1]
        event = ticket.sudo().event_ids.filtered(lambda e: e.kind == "transferred")
        name = f"{ticket.name}-{event.sequence}"
        self.assertEqual(headers["webhook-id"], name)
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        text = f"{name}.{headers['webhook-timestamp']}.".encode() + body
        digest = base64.b64encode(hmac.new(key, text, hashlib.sha256).digest())
        self.assertEqual(headers["webhook-signature"], f"v1,{digest.decode()}")
        content = json.loads(body)
        self.assertEqual(content["data"]["unit"]["name"], self.unit.name)
        self.assertEqual(set(self.get_states()), {"sent"})
        told = "".join(body.decode() for _headers, body in self.peer.taken)
        for secret in ("Nguyễn", "905123456", "Hùng Vương", "bóng đèn", "Tối lắm"):
            self.assertNotIn(secret, told)

    def test_art10_1_what_can_be_taken_back_is_not_told(self):
        ticket = self.sent().with_user(self.operator)
        self.run_job()

        def refuse():
            ticket._act_by_hand("rejected", [["reject", [self.reason.id]]])
            self.run_job()
            self.assertEqual([kind for _code, kind in self.get_told()], ["received"])

        refuse()
        ticket.take_back()
        self.clock.tick(timedelta(seconds=acts.HOLD))
        self.run_job()
        self.assertEqual(self.get_states(), ["sent", "dropped"])
        refuse()
        self.clock.tick(timedelta(seconds=acts.HOLD))
        self.run_job()
        self.assertEqual(
            [kind for _code, kind in self.get_told()], ["received", "rejected"]
        )

    def test_art10_1_the_first_part_of_many_waits_for_the_last_one(self):
        first, last = (self.sent(description=text) for text in ("Một", "Hai"))
        self.run_job()
        self.peer.taken.clear()
        calls = [["reject", [self.reason.id]]]
        first.with_user(self.operator).act_on_part(calls, "batch")
        # Shorter than the first part alone would wait, longer than the rest of it
        self.clock.tick(timedelta(seconds=acts.HOLD_PART - 1))
        last.with_user(self.operator).act_on_part(calls, "batch")
        self.clock.tick(timedelta(seconds=2))
        self.run_job()
        self.assertEqual(self.get_told(), [])
        (first + last).with_user(self.operator).action_take_back()
        self.clock.tick(timedelta(seconds=acts.HOLD_PART))
        self.run_job()
        self.assertEqual(self.get_told(), [])
        self.assertEqual(self.get_states().count("dropped"), 2)

    def test_art10_1_what_a_program_was_told_is_not_taken_back(self):
        ticket = self.sent().with_user(self.operator)
        ticket._act_by_hand("answered", [["answer", ["<p>Ở một cửa.</p>"]]])
        deliveries = self.env["pakn.webhook.delivery"]
        waiting = deliveries.search([("webhook_id", "=", self.webhook.id)])
        self.assertTrue(waiting.filtered("date_next"))
        waiting.date_next = False
        self.run_job()
        self.assertEqual(set(self.get_states()), {"sent"})
        with self.assertRaisesRegex(UserError, "told already"):
            ticket.take_back()
        # What cannot be taken back goes at once, also where it is done by hand
        ticket._act_by_hand("link_renewed", [["send_result", []], ["renew_link", []]])
        self.run_job()
        self.assertEqual(self.get_told()[-1], (ticket.name, "sent"))

    def test_a_program_is_told_of_no_more_than_it_may_know(self):
        self.subscribe(self.other, tells_published=True)
        mine = self.sent()
        confidential = self.sent(description="Một việc khác hẳn")
        self.run_job()
        self.peer.taken.clear()
        confidential._acting().write({"secrecy": "confidential"})
        for ticket in (mine, confidential):
            self.settle(ticket)
        foreign = self.done()
        self.env["pakn.webhook.delivery"]._cron_send()
        seen = {(code, kind) for code, kind in self.get_told()}
        self.assertIn((mine.name, "sent"), seen)
        self.assertNotIn(confidential.name, {code for code, _kind in seen})
        # Of what others handed in, that it is published and nothing before
        self.assertEqual(
            {kind for code, kind in seen if code == foreign.name}, {"published"}
        )

    def test_what_may_not_be_known_any_more_is_not_told(self):
        ticket = self.sent()
        ticket._acting().write({"secrecy": "confidential"})
        self.run_job()
        self.assertEqual(self.get_states(), ["dropped"])
        self.sent(description="Một việc khác hẳn")
        self.client.with_user(self.manager).may_follow = False
        self.run_job()
        self.assertEqual(self.get_states(), ["dropped", "dropped"])
        self.assertEqual(self.peer.seen, [])

    def test_a_program_that_was_down_for_a_day(self):
        self.peer.answer = lambda headers: 503
        one = self.sent()
        self.settle(one)
        other = self.sent(description="Một việc khác hẳn")
        for _minute in range(0, 24 * 60, 10):
            self.run_job()
            self.clock.tick(timedelta(minutes=10))
        # It was asked again and again, and not once for each message
        self.assertLess(len(self.peer.seen), 40)
        self.assertEqual(set(self.get_states()), {"waiting"})
        self.peer.answer = lambda headers: 200
        self.clock.tick(timedelta(hours=2))
        self.run_job()
        told = self.get_told()
        self.assertEqual(
            [kind for code, kind in told if code == one.name],
            ["received", "transferred", "responded", "sent"],
        )
        self.assertEqual([k for code, k in told if code == other.name], ["received"])
        self.assertFalse(self.webhook.failures)

    def test_a_program_that_never_comes_back_leaves_dead_letters(self):
        self.peer.answer = lambda headers: b"\xff garbage"
        self.settle(self.sent())
        self.run_job()
        self.assertEqual(self.webhook.failures, 1)
        self.assertTrue(self.webhook.reason)
        self.clock.tick(timedelta(hours=73))
        self.run_job()
        self.assertEqual(set(self.get_states()), {"dead"})
        self.assertEqual(self.webhook.with_user(self.manager).dead_count, 4)
        self.peer.answer = lambda headers: 200
        dead = self.webhook.with_user(self.manager).delivery_ids
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            dead.with_user(self.operator).action_resend()
        dead.action_resend()
        self.env.flush_all()
        self.run_job()
        kinds = [kind for _code, kind in self.get_told()]
        self.assertEqual(kinds, ["received", "transferred", "responded", "sent"])

    def test_what_one_request_meets_does_not_hold_up_the_others(self):
        one, other = self.sent(), self.sent(description="Một việc khác hẳn")
        first = f"{one.name}-1"
        self.peer.answer = lambda h: 422 if h["webhook-id"] == first else 200
        self.settle(one)
        self.run_job()
        self.assertEqual(self.get_told(), [(other.name, "received")])
        for _hour in range(5):
            self.clock.tick(timedelta(hours=1))
            for _run in range(3):
                self.run_job()
        # Refused to the end: it stands as a dead letter, the next ones have gone
        for _time in range(6):
            self.clock.tick(timedelta(hours=2))
            self.run_job()
        kinds = [kind for code, kind in self.get_told() if code == one.name]
        self.assertEqual(kinds, ["transferred", "responded", "sent"])
        self.assertEqual(self.get_states().count("dead"), 1)

    def test_a_slow_program_is_not_waited_for(self):
        self.peer.answer = lambda headers: 2.0
        self.settle(self.sent())
        self.run_job()
        self.assertEqual(len(self.peer.seen), 1)
        self.assertEqual(set(self.get_states()), {"waiting"})
        self.assertGreater(self.webhook.date_next, fields.Datetime.now())

    def test_a_program_says_itself_when_it_wants_to_be_asked_again(self):
        now = fields.Datetime.now()
        late = email.utils.format_datetime(
            (now + timedelta(hours=5)).replace(tzinfo=timezone.utc), usegmt=True
        )
        for said, hours in (("7200", 2), (late, 5), ("9" * 30, 24), ("soon", 0)):
            for status in (429, 503):
                self.webhook.write({"failures": 0, "date_next": False})
                self.peer.answer = lambda headers, status=status: status
                self.peer.headers = {"Retry-After": said}
                self.sent(description=f"Một việc khác hẳn {said[:5]} {status}")
                self.run_job()
                pause = self.webhook.date_next - fields.Datetime.now()
                with self.subTest(said[:20], status=status):
                    self.assertAlmostEqual(
                        pause.total_seconds(), hours * 3600 or 60, delta=5
                    )

    def test_an_address_that_is_gone_is_asked_no_more(self):
        """Standard Webhooks: 410 ends a subscription; nothing of it is lost."""
        self.peer.answer = lambda headers: 410
        self.settle(self.sent())
        for _run in range(3):
            self.run_job()
            self.clock.tick(timedelta(hours=2))
        self.assertEqual(len(self.peer.seen), 1)
        self.assertFalse(self.webhook.active)
        self.assertIn("410", self.webhook.reason)
        self.assertEqual(set(self.get_states()), {"dead"})
        # The administrator has put it right
        self.peer.answer = lambda headers: 200
        webhook = self.webhook.with_user(self.manager)
        webhook.active = True
        webhook.delivery_ids.action_resend()
        self.env.flush_all()
        self.run_job()
        kinds = [kind for _code, kind in self.get_told()]
        self.assertEqual(kinds, ["received", "transferred", "responded", "sent"])

    def test_an_address_that_was_put_right_is_asked_at_once(self):
        """Not after the pause of the wrong one, which may have asked for a day."""
        self.peer.answer = lambda headers: 503
        self.settle(self.sent())
        for _run in range(3):
            self.run_job()
            self.clock.tick(timedelta(hours=2))
        self.run_job()
        self.assertGreater(self.webhook.failures, 2)
        self.assertTrue(self.webhook.date_next)
        self.peer.answer = lambda headers: 200
        self.webhook.with_user(self.manager).url = f"{self.webhook.url}/dung"
        self.assertFalse(self.webhook.failures or self.webhook.reason)
        self.run_job()
        self.assertIn("sent", self.get_states())

    def test_nothing_is_sent_where_a_redirect_leads(self):
        self.peer.answer = lambda headers: 307
        self.sent()
        self.run_job()
        self.assertEqual(len(self.peer.seen), 1)
        self.assertEqual(self.get_states(), ["waiting"])

    def test_addresses_that_are_none(self):
        for url in (
            "http://example.com/",
            "https://user:key@example.com/",
            "https:///x",
            "ftp://example.com",
            "https://ví.dụ/x",
            "https://x y/",
            "https://[/",
            "https://example.com:99999/",
            "https://example.com/" + "x" * 500,
        ):
            with self.subTest(url), self.assertRaises(ValidationError):
                self.subscribe(self.other, url=url)
        self.subscribe(self.other, url="https://example.com:8443/1022?x=1")

    def test_the_secret_is_read_by_nobody(self):
        for user in (self.manager, self.operator):
            webhook = self.webhook.with_user(user)
            with self.assertRaises(AccessError):
                webhook.read(["secret"])
            with self.assertRaises(AccessError):
                webhook.search([("secret", "!=", False)])
        dialog = self.env["pakn.webhook.secret"].search([], order="id desc", limit=1)
        self.assertFalse(dialog.secret)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            self.webhook.with_user(self.operator).action_renew_secret()

    def test_while_a_secret_is_changed_the_one_before_signs_until_its_end(self):
        first, secrets = self.secret, [self.secret]
        secrets.append(self.renew(7))
        self.sent()
        self.run_job()
        self.assertEqual(self.get_right(*secrets), secrets)
        # Changed once more: of the two before only the last goes on
        secrets.append(self.renew(7))
        self.sent(description="Nước mất từ sáng nay ở cả khu phố.")
        self.run_job()
        self.assertEqual(self.get_right(*secrets), secrets[1:])
        self.clock.tick(timedelta(days=7))
        self.sent(description="Rác không ai lấy đã năm ngày nay.")
        self.run_job()
        self.assertEqual(self.get_right(*secrets), secrets[2:])
        self.env["pakn.webhook"]._gc_secrets()
        self.assertFalse(self.webhook.sudo().secret_before)
        # Somebody else has it: it ends now
        secrets.append(self.renew(0))
        self.sent(description="Cây đổ chắn ngang đường Hùng Vương.")
        self.run_job()
        self.assertEqual(self.get_right(first, *secrets), secrets[3:])
        self.assertFalse(self.webhook.sudo().secret_before)
        for days in (-1, 91):
            with self.subTest(days), self.assertRaises(UserError):
                self.renew(days)
        with self.assertRaises(AccessError):
            self.webhook.with_user(self.manager).read(["secret_before"])

    def test_an_act_asks_nothing_more_where_nobody_subscribed(self):
        self.webhook.active = False
        ticket = self.new_ticket()
        self.assertFalse(self.env["pakn.webhook"]._is_any())
        ticket.with_user(self.operator).transfer(self.unit.ids)
        self.assertEqual(self.get_states(), [])

    def test_what_may_be_told_is_among_what_anybody_follows(self):
        told = {kind for kinds in EVENTS.values() for kind in kinds}
        self.assertLessEqual(told - {"unpublished"}, set(TOLD))
        self.assertLessEqual(told, acts.KINDS)
