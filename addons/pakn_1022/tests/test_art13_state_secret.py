from odoo.tests import tagged
from odoo.tools import html2plaintext

from .common import TAGS, PaknCase

# What is told of a request that nobody may send: title, description, result, message
WORDS = ("Đèn đường", "ba ngày", "bóng đèn", "Gấp")


@tagged(*TAGS)
class TestStateSecret(PaknCase):
    """Art. 13.1: of a state secret no word leaves by mail, whatever the texts say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["mail.template"].search([("pakn_audience", "!=", False)]).write(
            {"subject": "{{ object.display_name }} Đèn đường"}
        )

    def make_secret(self, tickets):
        tickets.sudo()._acting().write({"secrecy": "secret"})

    def sent(self, tickets):
        """Return what was mailed of requests: texts, and names of files."""
        self.deliver()
        slips = tickets.sudo().transfer_ids
        mails = self.env["mail.mail"].search(
            [("pakn_notice_ids.ticket_id", "in", tickets.ids)]
        )
        self.assertTrue(mails)
        self.assertTrue(slips)
        return [
            " ".join(
                [mail.subject, html2plaintext(mail.body_html)]
                + mail.attachment_ids.mapped("name")
            )
            for mail in mails
        ]

    def acted_on(self):
        """Return a request with a photo of its result that everybody is told of."""
        ticket = self.new_ticket()
        ticket.transfer(self.unit.ids, note="Gấp")
        slip = self.lead_slip(ticket, self.focal)
        photo = self.env["ir.attachment"].with_user(self.focal)
        slip.add_files(photo.create({"name": "bóng đèn.jpg", "raw": b"x"}).ids)
        slip.answer("<p>Đã thay bóng đèn.</p>")
        ticket.send_result()
        return ticket.sudo()

    def test_art13_1_mails_of_a_secret_say_its_code_and_no_word_of_it(self):
        ticket = self.acted_on()
        self.make_secret(ticket)
        texts = self.sent(ticket)
        self.assertGreater(len(texts), 3)
        for text in texts:
            with self.subTest(text[:60]):
                self.assertIn(ticket.name, text)
                for word in WORDS:
                    self.assertNotIn(word, text)

    def test_art13_1_mails_of_others_say_what_they_are_about(self):
        said = "\n".join(self.sent(self.acted_on()))
        for word in WORDS:
            self.assertIn(word, said)

    def test_art13_1_in_a_mail_of_many_a_secret_has_no_title(self):
        self.set_clock("2026-03-02 08:00")
        tickets = self.env["pakn.ticket"].union(
            *(self.transferred(title=f"Đèn đường {n}").sudo() for n in range(4))
        )
        self.deliver()
        before = self.env["mail.mail"].search([])
        self.make_secret(tickets[:2])
        self.set_clock("2026-03-03 08:00")
        self.env["pakn.transfer"].search(
            [("ticket_id", "in", tickets.ids)]
        )._acting()._escalate()
        self.deliver()
        mails = self.env["mail.mail"].search([("id", "not in", before.ids)])
        [digest, *_others] = mails.filtered(
            lambda mail: len(mail.pakn_notice_ids.ticket_id) == 4
        )
        text = html2plaintext(digest.body_html)
        for ticket, is_said in zip(tickets, (False, False, True, True), strict=True):
            self.assertIn(ticket.name, text)
            self.assertEqual(ticket.title in text, is_said)

    def test_art13_1_words_typed_on_a_secret_slip_are_read_on_it_alone(self):
        """What one of the unit writes to the hotline, with a file."""
        self.operator.notification_type = "email"
        for secrecy in ("public", "secret"):
            with self.subTest(secrecy):
                ticket = self.transferred().sudo()
                slip = self.lead_slip(ticket, self.focal)
                ticket._acting().write({"secrecy": secrecy})
                mails = self.env["mail.mail"]
                before = mails.search([])
                slip.with_context(mail_notify_force_send=False).message_post(
                    body="Bóng đèn Gấp",
                    message_type="comment",
                    subtype_xmlid="mail.mt_comment",
                    attachments=[("bóng đèn.txt", b"x")],
                )
                [mail] = mails.search([("id", "not in", before.ids)])
                [email] = mail._prepare_outgoing_list()
                files = [name for name, *_content in email["attachments"]]
                said = " ".join(
                    [email["subject"], str(email["body"]), email["body_alternative"]]
                    + files
                )
                self.assertEqual("Gấp" in said, secrecy == "public")
                self.assertEqual("bóng đèn.txt" in files, secrecy == "public")
                if secrecy == "secret":
                    self.assertIn(ticket.name, said)
                    self.assertIn(slip._get_response_path(), email["body"])
                    self.assertNotIn("Đèn đường", said)
