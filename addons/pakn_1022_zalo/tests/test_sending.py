from itertools import count
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import TAGS
from odoo.addons.pakn_1022_chat.tests.test_fetch import PNG
from odoo.addons.pakn_1022_chat.tests.test_files_out import PDF
from odoo.addons.pakn_1022_chat.tools.gateway import Event

from .common import ZaloCase

NUMBERS = count()


@tagged(*TAGS)
class TestSending(ZaloCase):
    """Consult messages and ZNS, with what Zalo answers."""

    def setUp(self):
        super().setUp()
        self.connect()
        self.zalo.messages.clear()
        self.zalo.zns.clear()
        self.zalo.errors.clear()

    def writes(self, text, who="u1", key=None):
        channels = self.env["discuss.channel"]
        event = Event("message", key or f"k{next(NUMBERS)}", who, text=text)
        channels._pakn_take_in(self.account, [event])
        self.env.flush_all()
        self.env.invalidate_all()
        return channels.search(
            [
                ("pakn_account_id", "=", self.account.id),
                ("pakn_outside_id", "=", who),
            ]
        )

    def send(self):
        self.env.flush_all()
        with (
            patch.object(
                type(self.env["ir.cron"]), "_commit_progress", lambda *_a, **_k: 60
            ),
            patch.object(
                type(self.account), "_read_zalo", self._read_here, create=False
            ),
            patch.object(type(self.account), "_refresh_zalo", lambda *_a: self.fresh()),
        ):
            self.env["pakn.chat.message"]._send_all(self.account)
        self.env.flush_all()
        self.env.invalidate_all()

    @staticmethod
    def _read_here(account, *names, cr=None):
        """Read in this transaction: the account of a test is in no other."""
        account = account.sudo()
        return [account._fields[name].convert_to_read(account[name], account)
                for name in names]  # fmt: skip

    def fresh(self):
        self.zalo.access = "fresh"
        self.account.sudo().zalo_access_token = "fresh"
        return "fresh"

    def out(self, channel):
        return self.env["pakn.chat.message"].search(
            [("channel_id", "=", channel.id), ("direction", "=", "out")], order="id"
        )

    def test_consult_message(self):
        channel = self.writes("alo")
        self.send()
        [message] = self.zalo.messages
        self.assertEqual(message["recipient"], {"user_id": "u1"})
        self.assertTrue(message["message"]["text"])
        self.assertEqual(self.out(channel).state, "sent")
        self.assertTrue(self.out(channel).outside_id)

    def test_a_worn_token_is_traded_and_the_message_sent_once(self):
        channel = self.writes("alo")
        self.zalo.access = "another"
        self.send()
        self.assertEqual(len(self.zalo.messages), 1)
        self.assertEqual(self.out(channel).state, "sent")

    def say_files(self, channel, *files):
        """Have an operator send files, ``(name, bytes)``."""
        channel.with_user(self.operator).message_post(
            body="",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=list(files),
        )

    def test_files_are_uploaded_and_then_sent(self):
        channel = self.writes("alo")
        self.send()
        self.zalo.messages.clear()
        self.zalo.uploads.clear()
        self.say_files(channel, ("Ảnh.png", PNG), ("Giấy hẹn.pdf", PDF))
        self.send()
        self.assertEqual(
            self.zalo.uploads,
            [
                ("image", {"file": ("Anh.png", "image/png", PNG)}),
                ("file", {"file": ("Giay-hen.pdf", "application/pdf", PDF)}),
            ],
        )
        picture, document = (one["message"]["attachment"] for one in self.zalo.messages)
        [element] = picture["payload"]["elements"]
        self.assertEqual(
            (picture["type"], element["media_type"]), ("template", "image")
        )
        self.assertTrue(element["attachment_id"])
        self.assertEqual(document["type"], "file")
        self.assertTrue(document["payload"]["token"])
        self.assertEqual(set(self.out(channel)[-2:].mapped("state")), {"sent"})

    def test_an_upload_that_breaks_off_is_tried_again_and_nothing_sent_twice(self):
        channel = self.writes("alo")
        self.send()
        self.zalo.messages.clear()
        self.say_files(channel, ("a.pdf", PDF))
        self.zalo.errors.append(lambda: (500, {}, b"x"))
        self.send()
        message = self.out(channel)[-1]
        self.assertEqual((message.state, self.zalo.messages), ("waiting", []))
        self.set_clock("2026-03-02 08:10")
        self.zalo.errors.append(-216)  # a worn token, at the upload
        self.send()
        self.assertEqual((message.state, len(self.zalo.messages)), ("sent", 1))

    def test_a_picture_above_one_megabyte_is_refused_in_words(self):
        channel = self.writes("alo")
        with self.assertRaisesRegex(ValidationError, r"JPG, PNG \(1 MB\)"):
            self.say_files(channel, ("a.png", PNG + b"\0" * 2**20))

    def test_token_expires_in_the_middle_of_a_hundred_messages(self):
        channels = [self.writes("alo", who=f"h{number}") for number in range(10)]
        self.send()
        self.zalo.messages.clear()
        for number in range(100):
            channel = channels[number % 10]
            channel.with_user(self.operator).message_post(
                body=f"tin {number}",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
        answer = self.zalo.answer

        def expire(method, path, headers, body):
            if len(self.zalo.messages) == 50 and self.zalo.access != "fresh":
                self.zalo.access = (
                    "expired"  # whoever comes with the old one is refused
                )
            return answer(method, path, headers, body)

        with patch.object(self.zalo.peer, "answer", expire):
            self.send()
        texts = [one["message"]["text"] for one in self.zalo.messages]
        self.assertEqual(len(texts), 100)
        self.assertEqual(set(texts), {f"tin {number}" for number in range(100)})
        self.assertEqual(self.zalo.access, "fresh")
        for channel in channels:
            self.assertEqual(set(self.out(channel)[1:].mapped("state")), {"sent"})

    def test_what_zalo_refuses(self):
        for number, (code, state) in enumerate(
            (
                (-213, "failed"),
                (-230, "failed"),
                (-224, "failed"),
                (-32, "waiting"),
                (-999, "failed"),
            )
        ):
            channel = self.writes("alo", who=f"e{number}")
            self.zalo.errors.append(code)
            self.send()
            with self.subTest(code):
                self.assertEqual(self.out(channel).state, state)
                self.assertIn(str(code), self.out(channel).reason)
                self.assertEqual(channel._pakn_is_open(), code not in (-213, -230))

    def test_what_is_no_answer_is_unclear_and_busy_is_tried_again(self):
        for number, (answer, state) in enumerate(
            (
                (lambda: (500, {}, b"oops"), "unclear"),
                (lambda: (200, {}, b"<html>"), "unclear"),
                (lambda: (200, {}, b"[]"), "unclear"),
                (lambda: (200, {}, b'{"error": "0"}'), "unclear"),
                (lambda: (503, {}, b""), "waiting"),
                (lambda: (429, {}, b""), "waiting"),
            )
        ):
            channel = self.writes("alo", who=f"s{number}")
            self.zalo.errors.append(answer)
            self.send()
            with self.subTest(number):
                self.assertEqual(self.out(channel).state, state)

    def test_nobody_listening_is_tried_again(self):
        params = self.env["ir.config_parameter"]
        params.set_param("pakn_1022_zalo.api_url", "http://127.0.0.1:9")
        channel = self.writes("alo")
        self.send()
        self.assertEqual(self.out(channel).state, "waiting")

    def test_long_answers_go_out_in_pieces(self):
        channel = self.writes("alo")
        self.send()
        self.zalo.messages.clear()
        text = " ".join(f"từ{number}" for number in range(900))
        channel._pakn_say(text)
        self.send()
        sent = [message["message"]["text"] for message in self.zalo.messages]
        self.assertGreater(len(sent), 1)
        self.assertLessEqual(max(map(len, sent)), 2000)
        self.assertEqual("".join(sent).split(), text.split())

    # ------------------------------------------------------------
    # ZNS
    # ------------------------------------------------------------

    def request(self):
        channel = self.writes("đèn đường trước nhà tôi hỏng đã 3 ngày")
        ticket = channel.pakn_ticket_id.with_user(self.operator)
        ticket.write(
            {
                "citizen_phone": "0905 123 456",
                "citizen_email": "an@example.com",
                "category_id": self.category.id,
            }
        )
        self.deliver()
        self.send()
        return channel, ticket

    def template(self, act="rejected"):
        return self.env["pakn.zalo.template"].create(
            {
                "account_id": self.account.id,
                "act": act,
                "template_id": "12345",
                "params": '{"ma": "code"}',
                "state": "approved",
            }
        )

    def notice(self, ticket):
        self.deliver()
        return self.env["pakn.notice"].search(
            [("ticket_id", "=", ticket.id), ("act", "=", "rejected"),
             ("audience", "=", "citizen")])  # fmt: skip

    def test_zns_where_the_conversation_is_shut(self):
        channel, ticket = self.request()
        self.template()
        self.set_clock("2026-03-12 08:00")
        self.account.sudo().zalo_connected_on = "2026-03-12 00:00:00"
        ticket.reject(self.reason.id)
        notice = self.notice(ticket)
        self.send()
        [zns] = self.zalo.zns
        self.assertEqual(zns["phone"], "84905123456")
        self.assertEqual(zns["template_data"], {"ma": ticket.name})
        self.assertEqual((notice.door, notice.state), ("zalo", "sent"))
        self.assertIn("ZNS", notice.detour)
        self.assertFalse(self.mails_to("an@example.com"))
        message = self.out(channel)[-1]
        payload = self.payload(
            "user_received_message", number=message.outside_id, delivery_time="1"
        )
        events = self.account._parse(payload)
        self.env["discuss.channel"]._pakn_take_in(self.account, events)
        self.assertEqual(notice.state, "delivered")

    def test_refused_consult_message_goes_as_zns_and_then_by_mail(self):
        _channel, ticket = self.request()
        self.template()
        ticket.reject(self.reason.id)
        notice = self.notice(ticket)
        self.zalo.errors += [-230, -118]
        self.send()
        self.assertFalse(self.zalo.zns)
        notice = self.notice(ticket)
        self.assertEqual(notice.door, "mail")
        self.assertIn("-118", notice.detour + (notice.reason or "-118"))
        self.assertEqual(len(self.mails_to("an@example.com")), 1)

    def test_parameters_of_a_template_are_checked(self):
        template = self.template()
        template._note_info(
            {"status": "ENABLE", "listParams": [{"name": "ma"}, {"name": "han"}]}
        )
        self.assertEqual(template.state, "draft")
        self.assertIn("han", template.reason)
        template.params = '{"ma": "code", "han": "due"}'
        template._note_info(
            {"status": "ENABLE", "listParams": [{"name": "ma"}, {"name": "han"}]}
        )
        self.assertEqual(template.state, "approved")
        for text in ("", "[]", '{"ma": 1}', '{"ma": "secret"}', "{"):
            with self.subTest(text), self.assertRaises(ValidationError):
                template.params = text
