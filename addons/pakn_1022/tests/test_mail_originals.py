import base64
from contextlib import contextmanager
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TAGS
from .mail.origins import make_report, status
from .test_mail_intake import BOUNCE, MailCase

KEY = "https://1022.gialai.example/tra-cuu/GL26-000123-7?access_token=0f8b7c6d-1a2b"


class StumblingCase(MailCase):
    @contextmanager
    def stumbling(self):
        """Let no mail become a request."""
        tickets = type(self.env["pakn.ticket"])
        with (
            patch.object(tickets, "message_new", side_effect=KeyError),
            mute_logger("odoo.addons.pakn_1022.models.pakn_mail"),
        ):
            yield


@tagged(*TAGS)
class TestMailOriginals(StumblingCase):
    """The original of each mail is there for some time, for operators alone."""

    def original(self, ticket):
        return self.env["pakn.mail"].search([("ticket_id", "=", ticket.id)])

    def test_art03_2_2_the_original_of_each_mail_can_be_opened(self):
        message = self.mail()
        ticket = self.receive(message)
        self.receive(self.mail(Subject=ticket.name))
        mails = self.original(ticket).with_user(self.operator).sorted("id")
        self.assertEqual(mails.mapped("state"), ["done", "done"])
        self.assertEqual(base64.b64decode(mails[0].raw), message.as_bytes())
        self.assertIn("ba ngày", mails[0].text)
        self.assertEqual(ticket.with_user(self.operator).mail_count, 2)
        action = ticket.with_user(self.operator).action_view_mails()
        self.assertEqual(self.env["pakn.mail"].search(action["domain"]), mails)
        for user in (self.focal, self.monitor, self.employee):
            with self.subTest(user.login), self.assertRaises(AccessError):
                mails.with_user(user).read(["raw"])

    def test_the_original_of_a_secret_is_for_the_cleared(self):
        ticket = self.receive(self.mail())
        ticket.sudo().secrecy = "secret"
        mail = self.original(ticket)
        with self.assertRaises(AccessError):
            mail.with_user(self.operator).read(["raw"])
        self.assertFalse(mail.with_user(self.operator).search([("id", "in", mail.ids)]))
        self.operator.group_ids += self.env.ref("pakn_1022.group_secrecy_clearance")
        self.assertTrue(mail.with_user(self.operator).raw)

    def test_originals_are_removed_after_the_time_that_is_set(self):
        ticket = self.receive(self.mail())
        program = self.mail(Auto_Submitted="auto-replied")
        self.receive(program)
        with self.stumbling():
            self.receive(self.mail())
        done, aside, pending = self.env["pakn.mail"].search([], order="id")
        self.env["ir.config_parameter"].set_param("pakn_1022.mail_original_days", "30")
        mails = done | aside | pending
        mails.date = "2026-02-10 08:00:00"
        self.env["pakn.mail"]._gc_originals()
        self.assertTrue(all(mail.raw for mail in mails))
        mails.date = "2026-01-10 08:00:00"
        self.env["pakn.mail"]._gc_originals()
        self.assertEqual([bool(mail.raw) for mail in mails], [True, False, True])
        # It was still handled; now it is not
        ticket.with_user(self.operator).cancel("Gọi thử")
        self.env["pakn.mail"]._gc_originals()
        self.assertEqual([bool(mail.raw) for mail in mails], [False, False, True])
        self.assertEqual(done.ticket_id, ticket)
        # What was delivered then is still known.
        self.assertFalse(self.receive(program))

    def test_what_cannot_be_read_is_marked_and_a_file_of_the_request(self):
        message = self.mail()
        raw = message.as_bytes().replace(b"Content-Transfer-Encoding: base64", b"")
        body = "Đèn đường hỏng".encode()[:-1] + b"\xff" + " cột 5".encode()
        raw = raw.partition(b"\n\n")[0] + b"\n\n" + body
        ticket = self.receive(raw)
        self.assertIn("cột 5", ticket.description)
        self.assertIn("not in order", ticket.description)
        self.assertEqual(ticket.attachment_ids.mapped("name"), ["original-mail.eml"])
        self.assertEqual(ticket.attachment_ids.raw, raw)
        self.assertTrue(self.original(ticket).is_unsure)
        self.assertEqual(ticket._verify_records(), {})

    def test_keys_in_quotations_are_seen_by_nobody(self):
        first = self.receive(self.mail(f"Xem {KEY}"))
        page = self.mail(None, Subject=first.name)
        page.set_content(
            f"<p>Vẫn hỏng</p><blockquote><a href='{KEY}'>{KEY}</a></blockquote>",
            subtype="html",
            cte="base64",
        )
        self.assertEqual(self.receive(page), first)
        self.assertNotIn("0f8b7c6d", first.description)
        self.assertNotIn("0f8b7c6d", str(first.message_ids.mapped("body")))
        self.assertNotIn("0f8b7c6d", str(first.event_ids.mapped("payload")))
        for mail in self.original(first):
            self.assertNotIn(b"0f8b7c6d", base64.b64decode(mail.raw))
            self.assertNotIn("0f8b7c6d", mail.text)


@tagged(*TAGS)
class TestMailNamesakes(MailCase):
    """Two mails are one only if they say the same."""

    def test_art03_2_2_two_mails_of_one_name_are_two(self):
        name = "<one@program.example>"
        first = self.receive(self.mail("Đèn hỏng.", Message_Id=name))
        second = self.mail("Cống tắc.", Message_Id=name, Subject="Cống")
        other = self.receive(second)
        self.assertTrue(other)
        self.assertNotEqual(first, other)
        self.assertIn("Cống tắc", other.description)
        # The very same one, by another way
        again = second.as_bytes()
        again = b"Received: from mx2.example\nDelivered-To: 1022@x.example\n" + again
        self.assertFalse(self.receive(again))
        third = self.mail("Cống tắc.", Message_Id=name, From="c@x.example")
        self.assertTrue(self.receive(third))
        self.assertFalse(self.receive(third))
        self.assertEqual(self.env["pakn.mail"].search_count([]), 3)

    def test_answers_of_one_name_are_two(self):
        ticket = self.receive(self.mail())
        for text in ("Một.", "Hai.", "Hai."):
            self.receive(self.mail(text, Subject=ticket.name, Message_Id="<a@b.vn>"))
        events = ticket.event_ids.filtered(lambda event: event.kind == "replied")
        texts = [event.payload["text"] for event in events]
        self.assertEqual(sorted(texts), ["Hai.", "Một."])

    def test_a_mail_of_before_is_known_by_its_sender(self):
        """Mails that came before their contents were compared."""
        message = self.mail()
        self.receive(message)
        self.env["pakn.mail"].search([]).unlink()
        self.assertFalse(self.receive(message))


@tagged(*TAGS)
class TestMailReports(MailCase):
    """A delayed mail has not failed yet."""

    def setUp(self):
        super().setUp()
        self.ticket = self.receive(self.mail())
        self.ticket.user_id = self.operator
        self.deliver()
        self.ours = self.last_mail(self.ticket)

    def report(self, action, code):
        bounce = BOUNCE.format(reference=self.ours.message_id)
        bounce = bounce.replace("Action: failed", f"Action: {action}")
        bounce = bounce.replace("5.1.1", code).replace("<bounce@", f"<{action}@")
        self.receive(bounce.replace("\n", "\r\n").encode())
        return self.todos(self.ticket)

    def test_art10_1_a_delayed_mail_is_no_failure(self):
        self.assertFalse(self.report("delayed", "4.4.7"))
        self.assertFalse(self.report("delivered", "2.0.0"))
        self.assertTrue(self.report("failed", "5.1.1"))
        self.assertEqual(self.kept().mapped("state"), ["aside"] * 3)

    def test_a_report_that_is_taken_in_by_hand_is_a_letter(self):
        head = b"Message-Id: <r@x.example>\r\nTo: 1022@gialai.example\r\n"
        head += b"From: MAILER-DAEMON@x.example\r\n"
        self.receive(head + make_report("delivery-status", status("delayed", "4.4.7")))
        mail = self.kept().with_user(self.operator)
        mail.action_process()
        self.assertIn("Xe tải", mail.ticket_id.description)


@tagged(*TAGS)
class TestMailByHand(StumblingCase):
    """What an operator takes in is taken in, or it is said why not."""

    def waiting(self):
        with self.stumbling():
            self.receive(self.mail(Subject="Cống tắc"))
        return self.kept().with_user(self.operator)

    def test_what_odoo_stumbles_over_is_taken_in_by_its_words(self):
        mail = self.waiting()
        threads = type(self.env["mail.thread"])
        for method in ("message_parse", "message_route", "_message_route_process"):
            with self.subTest(method), self.env.cr.savepoint() as savepoint:
                with (
                    patch.object(threads, method, side_effect=RecursionError),
                    mute_logger("odoo.addons.pakn_1022.models.pakn_mail"),
                ):
                    mail.action_process()
                ticket = mail.ticket_id
                self.assertEqual(ticket.title, "Cống tắc")
                self.assertIn("ba ngày", ticket.description)
                self.assertEqual(ticket.citizen_email, "tran.b@example.com")
                self.assertIn("original-mail.eml", ticket.attachment_ids.mapped("name"))
                self.assertEqual(ticket._verify_records(), {})
                savepoint.rollback()
                self.env.invalidate_all()

    def test_what_fails_says_why_in_vietnamese(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        mail = self.waiting().with_context(lang="vi_VN")
        self.env.flush_all()
        self.env.cr.execute(
            """ALTER TABLE pakn_ticket ADD CONSTRAINT test_fails
               CHECK (title NOT LIKE '%%tắc%%')"""
        )
        with mute_logger("odoo.sql_db"), self.assertRaises(UserError) as caught:
            mail.action_process()
        self.assertIn("Không tiếp nhận được thư này", str(caught.exception))
        self.assertIn("test_fails", str(caught.exception))
        self.assertEqual(mail.state, "pending")

    def test_several_are_taken_in_at_once(self):
        for header in ("auto-replied", "auto-replied; x"):
            self.receive(self.mail(Auto_Submitted=header))
        mails = self.kept().with_user(self.operator)
        action = mails.action_process()
        self.assertEqual(set(mails.mapped("state")), {"done"})
        self.assertEqual(
            self.env["pakn.ticket"].search(action["domain"]), mails.ticket_id
        )
