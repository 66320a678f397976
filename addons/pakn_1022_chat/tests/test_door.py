from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from ..tools.gateway import Event, Result
from .common import ChatCase


@tagged(*TAGS)
class TestDoor(ChatCase):
    """Art. 10.1: told by the door the citizen came in by, the next when it is shut."""

    def notices(self, ticket, act):
        self.deliver()
        return self.env["pakn.notice"].search(
            [
                ("ticket_id", "=", ticket.id),
                ("act", "=", act),
                ("audience", "=", "citizen"),
            ]
        )

    def test_art10_1_each_step_is_told_where_the_citizen_wrote(self):
        channel = self.whole_request()
        ticket = channel.pakn_ticket_id
        [notice] = self.notices(ticket, "received")
        self.assertEqual(notice.door, "zalo")
        # Operators read along: the citizen's key is not said there
        said = " ".join(self.out(channel).mapped("text"))
        self.assertNotIn(ticket.sudo().access_token, said)
        self.assertNotIn("access_token", said)
        self.send()
        self.assertEqual(notice.state, "sent")
        ticket.with_user(self.operator).category_id = self.category
        ticket.with_user(self.operator).transfer([self.unit.id])
        [notice] = self.notices(ticket, "transferred")
        self.send()
        self.assertEqual((notice.door, notice.state), ("zalo", "sent"))
        self.assertIn(self.unit.name, self.gateway.sent[-1].text)
        message = self.out(channel)[-1]
        self.take_in(Event("read", "r1", "u1", about=(message.outside_id,)))
        self.assertEqual(notice.state, "read")

    def test_art14_result_and_rating_by_answer(self):
        channel = self.whole_request()
        ticket = channel.pakn_ticket_id
        ticket.with_user(self.operator).answer("<p>Đã thay bóng đèn.</p>")
        ticket.with_user(self.operator).send_result()
        self.deliver()
        self.send()
        said = [message.text for message in self.gateway.sent]
        self.assertTrue(any("Đã thay bóng đèn." in text for text in said), said)
        self.writes("3")
        self.writes("hôm sau lại hỏng")
        self.assertEqual(ticket._get_round_rating().rating, 1)
        self.assertEqual(ticket._get_round_rating().feedback, "hôm sau lại hỏng")

    def test_art13_1_of_a_state_secret_no_word_is_said_in_a_chat(self):
        channel = self.whole_request()
        ticket = channel.pakn_ticket_id
        ticket.with_user(self.operator).answer("<p>Đã thay bóng đèn.</p>")
        ticket.with_user(self.operator).send_result()
        ticket.sudo()._acting().write({"secrecy": "secret"})
        [notice] = self.notices(ticket, "sent")
        self.send()
        self.assertEqual((notice.door, notice.state), ("zalo", "sent"))
        said = self.out(channel)[-1].text
        self.assertIn(ticket.name, said)
        self.assertNotIn("bóng đèn", said)
        self.assertNotIn(ticket.title, said)

    def shut(self, channel):
        self.take_in(Event("unfollow", "uf", channel.pakn_outside_id))

    def test_shut_door_next_one_once_and_the_request_shows_why(self):
        channel = self.whole_request()
        ticket = channel.pakn_ticket_id
        ticket.with_user(self.operator).citizen_email = "nguyenan@example.com"
        self.deliver()
        self.shut(channel)
        ticket.with_user(self.operator).reject(self.reason.id)
        [notice] = self.notices(ticket, "rejected")
        self.assertEqual(notice.door, "mail")
        self.assertIn("unfollowed", notice.detour)
        self.assertEqual(len(self.mails_to("nguyenan@example.com")), 1)

    def test_a_door_that_refuses_hands_on_to_the_next(self):
        channel = self.whole_request()
        ticket = channel.pakn_ticket_id
        ticket.with_user(self.operator).citizen_email = "nguyenan@example.com"
        self.deliver()
        self.send()
        ticket.with_user(self.operator).reject(self.reason.id)
        [notice] = self.notices(ticket, "rejected")
        self.gateway.results.append(Result("shut", reason="7 ngày"))
        self.send()
        [notice] = self.notices(ticket, "rejected")
        self.assertEqual(notice.door, "mail")
        self.assertIn("7 ngày", notice.detour)
        self.assertEqual(len(self.mails_to("nguyenan@example.com")), 1)

    def test_unclear_is_told_by_no_second_door(self):
        channel = self.whole_request()
        ticket = channel.pakn_ticket_id
        ticket.with_user(self.operator).citizen_email = "nguyenan@example.com"
        self.deliver()
        self.send()
        ticket.with_user(self.operator).reject(self.reason.id)
        self.deliver()
        self.gateway.results.append(Result("unclear", reason="hết giờ"))
        self.send()
        [notice] = self.notices(ticket, "rejected")
        self.assertEqual(notice.state, "failed")
        self.assertFalse(self.mails_to("nguyenan@example.com"))

    def test_what_is_written_on_the_request_is_said_in_the_chat_alone(self):
        channel = self.whole_request()
        ticket = channel.pakn_ticket_id.with_user(self.operator)
        ticket.citizen_email = "nguyenan@example.com"
        self.deliver()
        self.send()
        ticket.message_post(
            body="Anh gửi thêm ảnh nhé",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.send()
        self.assertEqual(self.gateway.sent[-1].text, "Anh gửi thêm ảnh nhé")
        self.assertTrue(self.gateway.sent[-1].is_person)
        self.assertFalse(self.mails_to("nguyenan@example.com"))

    def test_texts_are_the_administrators_within_their_blanks(self):
        text = self.env.ref("pakn_1022_chat.text_helper_greeting")
        with self.assertRaisesRegex(ValidationError, "{code}"):
            text.with_user(self.manager).text = "Chào {code}"
        text.with_user(self.manager).text = "Chào bạn, tôi là chương trình máy tính."
        text = self.env.ref("pakn_1022_chat.text_notice_rejected")
        text.with_user(self.manager).active = False
        channel = self.whole_request()
        ticket = channel.pakn_ticket_id
        ticket.with_user(self.operator).reject(self.reason.id)
        # What the administrator wants not told by chat goes by the next door, if any
        self.assertFalse(
            self.notices(ticket, "rejected").filtered(lambda n: n.door == "zalo")
        )

    def test_every_text_the_helper_says_is_there(self):
        import re
        from pathlib import Path

        from ..tools import helper

        rooms = Path(helper.__file__).parent.glob("*.py")
        source = "\n".join(room.read_text(encoding="utf-8") for room in rooms)
        keys = set(re.findall(r'say\(\s*"(\w+)"', source))
        keys |= set(re.findall(r'"(\w+)" if .* else "(?:\w+)"', source)) & {
            *("complete_closed", "rated", "nobody")
        }
        keys |= {f"ask_{name}" for name in helper.DETAILS}
        keys |= {"complete", "nobody_now", "rated_before", "code_left"}
        known = {
            key.removeprefix("helper_")
            for key in self.env["pakn.chat.text"].search([]).mapped("key")
        }
        self.assertFalse(keys - known)
