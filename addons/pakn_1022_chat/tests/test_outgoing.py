from contextlib import nullcontext
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.pakn_1022.tests.common import TAGS

from ..models.pakn_chat_message import LENGTH, split_text
from ..tools.gateway import Event, Result
from .common import ChatCase


@tagged(*TAGS)
class TestOutgoing(ChatCase):
    """Queued, in order within a conversation, tried again, never twice."""

    def say(self, channel, text):
        """Say something as Discuss does: in sudo for the user who is signed in."""
        channel.with_user(self.operator).sudo().message_post(
            body=text, message_type="comment", subtype_xmlid="mail.mt_comment"
        )

    def test_a_long_answer_goes_out_in_pieces_that_can_be_read(self):
        code, link = "GL26-000123-7", "https://1022.gialai.gov.vn/ket-qua/GL26-000123-7"
        for shift in range(60):
            text = f"{'đ' * (LENGTH - shift)} {code} {link} \t hết"
            pieces = split_text(text)
            self.assertEqual("".join(pieces), text)
            self.assertLessEqual(max(map(len, pieces)), LENGTH)
            for whole in (code, link):
                self.assertTrue(any(whole in piece for piece in pieces), shift)
        # No door takes a message that says nothing
        empty = f"a{' ' * LENGTH}{chr(10) * LENGTH}b"
        self.assertTrue(all(piece.strip() for piece in split_text(empty)))
        # Of ten thousand letters none is lost, in their order
        channel = self.writes("alo")
        before = self.out(channel)
        text = "Kính gửi ông/bà, " * 600
        self.say(channel, text)
        queued = self.out(channel) - before
        self.assertGreater(len(queued), 5)
        self.assertEqual("".join(queued.mapped("text")), text.strip())

    def test_art10_1_a_door_that_breaks_the_job_stops_no_other(self):
        other = self.account.copy({"name": "Zalo 2", "outside_id": "test-oa-2"})
        channel = self.writes("alo")
        [said] = self.out(channel)
        messages = type(said)
        send_all, sent = messages._send_all, []

        def break_one(records, account):
            if account == other:
                raise KeyError("an answer that nobody has thought of")
            sent.append(account)
            return send_all(records, account)

        cursor, registry = self.env.cr, type(self.env.registry)
        order = patch.object(type(other), "_order", "id desc")
        with (
            order,
            patch.object(messages, "_send_all", break_one),
            patch.object(registry, "cursor", lambda *_a, **_k: nullcontext(cursor)),
            patch.object(cursor, "rollback", lambda: None),
            patch.object(
                type(self.env["ir.cron"]), "_commit_progress", lambda *_a, **_k: 60
            ),
            mute_logger("odoo.addons.pakn_1022_chat.models.pakn_chat_message"),
        ):
            messages._cron_send(said.browse())
        self.assertIn(self.account, sent)
        self.assertEqual(said.state, "sent")

    def test_art10_1_who_acts_meanwhile_makes_no_message_unclear(self):
        """Somebody writes on the same rows as it is claimed, and as it has gone out."""
        channel = self.writes("alo")
        self.send()
        self.say(channel, "Chào anh")
        message = self.out(channel)[-1]
        self.gateway.sent.clear()
        busy = []

        def meets():
            busy.append(message.state)
            return len(busy) in (1, 3)

        with self.committed_beside_others(meets):
            self.env["pakn.chat.message"]._send_all(self.account)
        self.assertEqual(busy, ["sending", "sending", "sent", "sent"])
        self.assertEqual([said.text for said in self.gateway.sent], ["Chào anh"])
        self.assertEqual(message.state, "sent")

    def test_said_in_discuss_goes_out_once_with_its_states(self):
        channel = self.writes("alo")
        self.say(channel, "Chào anh")
        self.send()
        self.send()
        self.assertEqual(
            [message.text for message in self.gateway.sent][-1:], ["Chào anh"]
        )
        message = self.out(channel)[-1]
        self.assertTrue(message.is_person)
        self.assertEqual(message.state, "sent")
        self.take_in(Event("read", "r1", "u1", about=(message.outside_id,)))
        self.assertEqual(message.state, "read")
        self.take_in(Event("delivered", "d1", "u1", about=(message.outside_id,)))
        self.assertEqual(message.state, "read")

    def test_order_within_a_conversation_while_the_first_is_put_off(self):
        channel = self.writes("alo")
        other = self.writes("alo", who="u2")
        self.send()
        self.gateway.sent.clear()
        for text in ("một", "hai", "ba"):
            self.say(channel, text)
        self.say(other, "khác")
        self.gateway.results.append(Result("retry", reason="500"))
        self.send()
        self.assertEqual([m.text for m in self.gateway.sent], ["một", "khác"])
        self.set_clock("2026-03-02 08:05")
        self.send()
        self.assertEqual(
            [m.text for m in self.gateway.sent], ["một", "khác", "một", "hai", "ba"]
        )

    def test_back_off_and_giving_up_is_said(self):
        channel = self.writes("alo")
        self.send()
        self.gateway.sent.clear()
        self.say(channel, "một")
        self.gateway.results += [Result("retry", reason="bận")] * 20
        message = self.out(channel)[-1]
        pauses = []
        while message.state == "waiting":
            self.send()
            if message.date_next and message.state == "waiting":
                pauses.append(message.date_next - fields.Datetime.now())
                moment = message.date_next + timedelta(hours=7, minutes=1)
                self.set_clock(moment.strftime("%Y-%m-%d %H:%M"))
        self.assertEqual(message.state, "failed")
        self.assertEqual(len(self.gateway.sent), 6)
        self.assertEqual(pauses, sorted(pauses))
        self.assertIn("bận", channel.message_ids[0].preview)

    def test_why_a_message_did_not_go_out_is_said_in_words(self):
        """The door's own words stand behind a sentence that operators understand."""
        channel = self.writes("alo")
        self.send()
        for result, said in (
            (Result("retry", reason="Zalo: no connection"), "Không kết nối được."),
            (Result("failed", reason="Zalo -999: Odd"), "Tin nhắn bị từ chối. (Zalo "),
            (Result("unclear", reason="Zalo: HTTP 500"), "Chưa rõ tin nhắn đã đến"),
            (Result("unclear", reason="Zalo: late"), "Không có phản hồi"),
        ):
            self.say(channel, "một")
            message = self.out(channel)[-1]
            said_in = message.with_context(lang="vi_VN")
            with self.subTest(said):
                reason = said_in._say_result(result).reason
                self.assertIn(said, reason)
                self.assertIn("Zalo", reason)
                self.assertNotRegex(reason, "connection|late")
                self.gateway.results.append(result)
                self.send()
                self.assertTrue(message.reason.endswith(")"), message.reason)
                message.state = "failed"

    def test_what_a_dead_process_left_is_unclear_and_not_sent_again(self):
        channel = self.writes("alo")
        self.send()
        self.gateway.sent.clear()
        self.say(channel, "một")
        message = self.out(channel)[-1]
        message.state = "sending"
        self.send()
        self.assertEqual(message.state, "unclear")
        self.assertFalse(self.gateway.sent)
        self.assertIn("một", channel.message_ids[0].preview)

    def test_shut_door_is_said_before_anything_is_written(self):
        channel = self.writes("alo")
        self.set_clock("2026-03-10 08:00")
        with self.assertRaisesRegex(UserError, "168"):
            self.say(channel, "Chào anh")
        self.assertNotIn("Chào anh", " ".join(self.out(channel).mapped("text")))

    def test_a_defect_of_a_gateway_is_unclear(self):
        channel = self.writes("alo")
        self.send()
        self.say(channel, "một")

        class Broken:
            def send(self, message):
                raise ValueError("x")

        with self.assertLogs("odoo.addons.pakn_1022_chat", "ERROR"):
            message = self.out(channel)[-1]
            with patch.object(
                type(self.account), "_open_gateway", lambda _self: Broken()
            ):
                self.send()
        self.assertEqual(message.state, "unclear")


@tagged(*TAGS)
class TestWaiting(ChatCase):
    """Retries are not lost with a state that nobody reads."""

    def test_who_waits_longest_comes_first(self):
        first = self.writes("gặp nhân viên", who="a")
        self.set_clock("2026-03-02 08:10")
        second = self.writes("gặp nhân viên", who="b")
        found = self.env["discuss.channel"].search(
            [("id", "in", (first | second).ids)], order="pakn_waiting_since"
        )
        self.assertEqual(found.ids, [first.id, second.id])
