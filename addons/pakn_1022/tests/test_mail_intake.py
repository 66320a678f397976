import base64
from email.message import EmailMessage

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools.incoming_mail import strip_subject
from ..tools.phone import find_phones
from ..tools.ticket_code import find_codes
from .common import TAGS, PaknCase

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)

# As Postfix writes it (RFC 3464)
BOUNCE = """From: MAILER-DAEMON@example.com
To: 1022@gialai.example
Subject: Undelivered Mail Returned to Sender
Message-Id: <bounce@example.com>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

The address does not exist.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.com

Final-Recipient: rfc822; tran.b@example.com
Action: failed
Status: 5.1.1
--b
Content-Type: text/rfc822-headers

From: 1022@gialai.example
To: tran.b@example.com
Message-Id: {reference}
--b--
"""


class MailCase(PaknCase):
    """Mails as a server hands them to Odoo's gateway."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain = cls.env["mail.alias.domain"].create({"name": "gialai.example"})
        cls.env.ref("pakn_1022.mail_alias_hotline").alias_domain_id = cls.domain
        cls.env.company.alias_domain_id = cls.domain
        cls.env.company.partner_id.lang = "en_US"

    count = 0

    def mail(self, text="Đèn đường trước nhà tôi hỏng đã ba ngày.", **headers):
        """Return a mail to the hotline; headers with ``_`` for ``-``."""
        type(self).count += 1
        message = EmailMessage()
        values = {
            "From": "Trần Thị B <tran.b@example.com>",
            "To": "1022@gialai.example",
            "Subject": "Đèn đường hỏng",
            "Message_Id": f"<{self.count}.{self.id()}@example.com>",
            "Date": "Mon, 02 Mar 2026 08:00:00 +0700",
        }
        for name, value in {**values, **headers}.items():
            if value is not None:
                message[name.replace("_", "-")] = value
        if text is not None:
            message.set_content(text)
        return message

    def receive(self, message, model=None):
        """Hand a mail to the gateway and return its request."""
        raw = message if isinstance(message, bytes) else message.as_bytes()
        found = self.env["mail.thread"].sudo().message_process(model, raw)
        return self.env["pakn.ticket"].sudo().browse(found or [])

    def kept(self):
        """Return the mails that did not become requests by themselves."""
        self.env.flush_all()
        return self.env["pakn.mail"].search([("reason", "!=", False)], order="id")

    def last_mail(self, ticket):
        return (
            self.env["mail.message"]
            .sudo()
            .search(
                [
                    ("model", "=", "pakn.ticket"),
                    ("res_id", "=", ticket.id),
                    ("message_type", "=", "email_outgoing"),
                ],
                order="id desc",
                limit=1,
            )
        )


@tagged(*TAGS)
class TestArt03MailIntake(MailCase):
    """Art. 3.2.2: what is written to the hotline's address becomes a request."""

    def test_art03_2_2_a_mail_becomes_a_request(self):
        ticket = self.receive(self.mail())
        self.assertEqual(ticket.title, "Đèn đường hỏng")
        self.assertIn("hỏng đã ba ngày", ticket.description)
        self.assertEqual(ticket.citizen_name, "Trần Thị B")
        self.assertEqual(ticket.citizen_email, "tran.b@example.com")
        self.assertEqual(ticket.channel_id, self.env.ref("pakn_1022.channel_email"))
        self.assertEqual((ticket.state, ticket.user_id.id), ("new", False))
        self.assertEqual(self.kinds(ticket), ["received", "asked"])
        self.assertEqual(ticket._verify_records(), {})
        self.assertFalse(self.kept())

    def test_art03_2_2_pictures_and_files_are_on_the_request(self):
        message = self.mail()
        message.add_alternative(
            '<p>Xem <img src="cid:picture"/></p><script>alert(1)</script>',
            subtype="html",
        )
        message.get_payload()[1].add_related(
            PICTURE, "image", "png", cid="<picture>", filename="den.png"
        )
        message.add_attachment(b"%PDF-1.4", "application", "pdf", filename="don.pdf")
        ticket = self.receive(message)
        self.assertEqual(
            sorted(ticket.attachment_ids.mapped("name")), ["den.png", "don.pdf"]
        )
        picture = ticket.attachment_ids.filtered(lambda file: file.name == "den.png")
        self.assertIn(f"/web/image/{picture.id}", ticket.description)
        self.assertNotIn("script", ticket.description)
        self.assertEqual(set(ticket.attachment_ids.mapped("res_id")), {ticket.id})

    def test_art03_2_2_odd_mails_become_requests_all_the_same(self):
        html = self.mail(text=None)
        html.set_content("<p>Nước máy <b>đục</b></p>", subtype="html")
        empty = self.mail(text="", Subject=None)
        empty.add_attachment(PICTURE, "image", "png", filename="anh.png")
        tnef = self.mail(text=None)
        tnef.set_content(b"\x78\x9f\x3e\x22", "application", "ms-tnef")
        latin = self.mail().as_bytes().replace(b'charset="utf-8"', b'charset="x-none"')
        cases = {
            "HTML alone": (html, "Đèn đường hỏng", "Nước máy"),
            "no subject": (
                self.mail(Subject=None),
                "Đèn đường trước nhà tôi hỏng đã ba ngày.",
                "hỏng",
            ),
            "nothing but a picture": (empty, "Mail without a subject", "see its files"),
            "TNEF": (tnef, "Đèn đường hỏng", "see its files"),
            "forward": (self.mail(Subject="Fwd: Re: Ổ gà"), "Ổ gà", "hỏng"),
            "unknown charset": (latin, "Đèn đường hỏng", "ba ng"),
            "no name": (self.mail(From="a@example.com"), "Đèn đường hỏng", "hỏng"),
        }
        for name, (message, title, text) in cases.items():
            with self.subTest(name), mute_logger("odoo.addons.mail.models.mail_thread"):
                ticket = self.receive(message)
                self.assertEqual(ticket.title, title)
                self.assertIn(text, ticket.description)
        self.assertFalse(self.kept())

    def test_art08_3_what_is_missing_is_asked_for_once(self):
        ticket = self.receive(self.mail())
        [mail] = self.mails_to("tran.b@example.com")
        self.assertIn("please complete your data", mail.subject)
        self.assertIn("your address", mail.body_html)
        self.assertIn("a phone number", mail.body_html)
        self.assertNotIn("your full name", mail.body_html)
        reply = self.mail(In_Reply_To=mail.message_id, Subject="Re: x")
        self.assertEqual(self.receive(reply), ticket)
        self.assertEqual(len(self.mails_to("tran.b@example.com")), 1)
        self.assertEqual(self.kinds(ticket).count("asked"), 1)

    def test_art08_3_a_phone_number_in_the_mail_is_a_proposal(self):
        """It may be that of the accused: nobody is told anything there."""
        ticket = self.receive(self.mail("Bà Hoa, số 0905.123.456, lấn chiếm đất."))
        self.assertFalse(ticket.citizen_phone)
        self.assertEqual(ticket.citizen_id.pakn_email, "tran.b@example.com")
        self.assertFalse(ticket.citizen_id.phone)
        own = ticket.with_user(self.operator)
        self.assertEqual(own.phone_hint, "0905 123 456")
        own.action_take_phone()
        self.assertEqual(ticket.citizen_phone, "+84905123456")
        self.assertEqual(self.kinds(ticket)[-1], "updated", "the operator's word")
        two = self.receive(self.mail("Gọi 0905.123.456 hoặc 0905.123.457. Đèn hỏng."))
        with self.assertRaises(UserError):
            two.with_user(self.operator).action_take_phone()

    def test_art08_3_who_wrote_counts_where_a_machine_sent(self):
        """Thousands of a commune's form are not one contact ``noreply@``."""
        tickets = [
            self.receive(self.mail(From="Cổng <noreply@xa.example>", Reply_To=reply))
            for reply in ("Lê Thị C <c@example.com>", "d@example.com")
        ]
        self.assertEqual(
            [ticket.citizen_email for ticket in tickets],
            ["c@example.com", "d@example.com"],
        )
        self.assertEqual(tickets[0].citizen_name, "Lê Thị C")
        self.assertFalse(tickets[0].citizen_id | tickets[1].citizen_id, "it is said")
        person = self.receive(self.mail(Reply_To="khac@example.com"))
        self.assertEqual(person.citizen_email, "tran.b@example.com")

    def test_the_citizen_reads_vietnamese(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        self.env.company.partner_id.lang = "vi_VN"
        ticket = self.receive(self.mail(text=None))
        self.assertEqual(ticket.citizen_id.lang, "vi_VN")
        self.assertIn("bổ sung thông tin", self.mails_to("tran.b@").subject)
        self.assertIn("không có nội dung", ticket.description)


@tagged(*TAGS)
class TestMailThreads(MailCase):
    """Answers land where they belong, and programs' mails nowhere."""

    def setUp(self):
        super().setUp()
        self.ticket = self.receive(self.mail())
        self.deliver()
        self.ours = self.last_mail(self.ticket)

    def joined(self, **headers):
        return self.receive(self.mail("Tôi nói thêm: cột số 5.", **headers))

    def test_answers_join_their_request(self):
        code = self.ticket.name
        cases = {
            "by reference": {"In_Reply_To": self.ours.message_id},
            "subject changed": {
                "References": f"<x@y.example> {self.ours.message_id}",
                "Subject": "Chuyện khác",
            },
            "by code": {"Subject": f"Hỏi về {code}"},
            "code in small letters": {"Subject": code.lower().replace("-", " ")},
            "to an address of the domain": {
                "To": "1022@gialai.example, khac@gialai.example",
                "Subject": code,
            },
        }
        for name, headers in cases.items():
            with self.subTest(name):
                messages = len(self.ticket.message_ids)
                self.assertEqual(self.joined(**headers), self.ticket)
                self.assertEqual(len(self.ticket.message_ids), messages + 1)
                self.assertTrue(self.ticket.has_new_reply)
                self.ticket.with_user(self.operator).action_reply_read()
                self.assertFalse(self.ticket.has_new_reply)
        self.assertEqual(self.kinds(self.ticket).count("replied"), len(cases))

    def test_a_code_alone_does_not_open_a_request(self):
        """Codes stand on the public site: who names one need not be its citizen."""
        acts = len(self.ticket.sudo().event_ids)
        other = self.joined(
            Subject=f"Re: {self.ticket.name}", From="ong.b@cong-ty.example"
        )
        self.assertNotEqual(other, self.ticket)
        self.assertEqual(other.with_user(self.operator).mentioned_id, self.ticket)
        self.assertEqual(len(self.ticket.sudo().event_ids), acts)
        # The operator's word joins it, and both records say so
        other.with_user(self.operator).action_join_mentioned()
        event = self.ticket.sudo().event_ids.sorted("id")[-1]
        self.assertEqual(event.kind, "replied")
        self.assertEqual(event.payload["from"], "ong.b@cong-ty.example")
        self.assertFalse(event.payload["is_citizen"])
        self.assertEqual(event.payload["joined"], other.name)
        self.assertEqual(other.state, "cancelled")
        self.assertTrue(self.ticket.has_new_reply)

    def written_by(self, *headers):
        """Return the request of a mail with the code and headers as they stand."""
        raw = self.mail(Subject=f"Re: {self.ticket.name}", From=None).as_bytes()
        head = "".join(f"{header}\n" for header in headers)
        return self.receive(head.encode() + raw)

    def test_who_may_be_another_joins_no_request(self):
        """C3: mail servers examine the one address of ``From``, and nothing else.

        Where we read the citizen's and they another one, or where answers go to.
        """
        own = "tran.b@example.com"
        acts = len(self.ticket.sudo().event_ids)
        for headers in (
            ("From: Cổng <noreply@xa.example>", f"Reply-To: {own}"),
            ("From: evil@e.example", f"Reply-To: {own}"),
            (f"From: {own}", "From: evil@e.example"),
            ("From: nobody", f"From: {own}"),
            (f"From: {own}, evil@e.example",),
            (f"From: x: {own};",),
            (f"From: {own} <evil@e.example>",),
            (f"From: <{own}>evil@e.example",),
            (f"From: {own})<evil@e.example>",),
            (f"From: <@evil.example:{own}>",),
            ("From: tran.b\t@example.com",),
            (f"From: =?utf-8?q?x_=3C{own.replace('@', '=40')}=3E?= <evil@e.example>",),
            (f"From: {own}\0@evil.example",),
            ("From: tran.b+x@example.com",),
            ("From: tran.ｂ@example.com",),
            ("From: trаn.b@example.com",),
            ("From: tran.b@exаmple.com",),
        ):
            with self.subTest(headers):
                other = self.written_by(*headers)
                self.assertTrue(other)
                self.assertNotEqual(other, self.ticket)
                self.assertEqual(
                    other.with_user(self.operator).mentioned_id, self.ticket
                )
                # Nor does it become the citizen's own, beside it (A1)
                self.assertNotEqual(other.citizen_id, self.ticket.citizen_id)
                self.assertNotIn(self.ticket.citizen_id, other.message_ids.author_id)
        self.assertEqual(len(self.ticket.sudo().event_ids), acts)
        # Every way in which programs write the one address
        for header in (
            own,
            own.upper(),
            f"<{own}>",
            f"{own} (Trần Thị B)",
            f'"Trần, B" <{own}>',
            f"Tran Thi B (Pleiku) <{own}>",
            f"=?utf-8?b?VHLhuqduIFRo4buLIEI=?= <{own}>",
        ):
            with self.subTest(header):
                self.assertEqual(self.written_by(f"From: {header}"), self.ticket)

    def test_who_may_be_another_is_no_known_contact(self):
        """A1, C3: the answer goes to the address; whose it is, only the operator says.

        A contact is one of a proved address, and so are the requests beside it.
        """
        own = "tran.b@example.com"
        contacts = self.env["res.partner"].search_count([])
        for headers in (
            (f"From: {own}, evil@e.example",),
            (f"From: {own}", "From: evil@e.example"),
            ("From: Cổng <noreply@xa.example>", f"Reply-To: {own}"),
            ("From: moi@e.example, evil@e.example",),
            (f"From: x: {own};",),
        ):
            with self.subTest(headers):
                mail = self.mail(Subject="Đèn hỏng", From=None).as_bytes()
                head = "".join(f"{header}\n" for header in headers)
                other = self.receive(head.encode() + mail)
                self.assertTrue(other.citizen_email)
                self.assertFalse(other.citizen_id)
                self.assertFalse(other.message_ids.author_id - self.env.user.partner_id)
        self.assertEqual(self.env["res.partner"].search_count([]), contacts)
        last = other.with_user(self.operator)
        last.citizen_address = "45 Lê Lợi"
        self.assertFalse(last.citizen_id)
        # The operator's word
        last.citizen_email = "tran.b2@example.com"
        self.assertTrue(last.citizen_id)
        # And in an answer to ours, which joins: it is not shown as the citizen's
        self.joined(In_Reply_To=self.ours.message_id, From=f"{own}, evil@e.example")
        self.assertFalse(self.ticket.message_ids[0].author_id)
        self.joined(In_Reply_To=self.ours.message_id)
        self.assertEqual(self.ticket.message_ids[0].author_id, self.ticket.citizen_id)

    def test_a_mail_is_kept_whatever_its_headers_hold(self):
        """NUL, which no database stores, lost the whole of it."""
        for header in ("Subject: Đèn \0hỏng", "Message-Id: <a\0b@example.com>"):
            with self.subTest(header):
                mail = self.mail(Subject=None, Message_Id=None).as_bytes()
                self.assertTrue(self.receive(f"{header}\n".encode() + mail))

    def mention(self):
        """Return the request of a mail from elsewhere that names the code, as seen."""
        other = self.joined(
            Subject=f"Re: {self.ticket.name}", From="ong.b@cong-ty.example"
        )
        return other.with_user(self.operator)

    def test_art10_1_who_wrote_is_told_where_a_joined_mail_is_handled(self):
        other = self.mention()
        done = other.action_join_mentioned()
        self.assertEqual(done["params"]["next"]["res_id"], self.ticket.id)
        self.assertIn(self.ticket.name, done["params"]["message"])
        self.assertEqual(self.kinds(other)[-1], "wrote")
        mail = self.env["mail.mail"].search(
            [("email_to", "like", "ong.b@cong-ty.example")], order="id desc", limit=1
        )
        self.assertIn(self.ticket.name, mail.body_html)
        # Both say so where they are read
        self.assertIn(self.ticket.name, other.status_text)
        said = self.ticket.with_user(self.operator).get_talks()["citizen"][-1]
        self.assertIn(other.name, said["label"])

    def test_the_unit_reads_the_files_of_a_joined_mail(self):
        self.ticket = self.new_ticket()
        self.ticket.transfer(self.unit.ids)
        other = self.mention()
        photo = self.env["ir.attachment"].create(
            {"name": "anh.png", "raw": PICTURE, "res_model": "pakn.ticket"}
            | {"res_id": other.id}
        )
        other.sudo().attachment_ids = photo
        other.action_join_mentioned()
        self.env.invalidate_all()
        [files] = self.ticket.with_user(self.focal).web_read(
            {"attachment_ids": {"fields": {"name": {}}}}
        )
        self.assertEqual([one["name"] for one in files["attachment_ids"]], ["anh.png"])
        seen = photo.with_user(self.focal).browse(files["attachment_ids"][0]["id"])
        self.assertEqual(seen.raw, PICTURE)
        self.assertEqual(other.attachment_ids, photo)

    def test_art13_1_what_is_protected_is_not_joined_to_what_is_less(self):
        other = self.mention()
        other.secrecy = "confidential"
        with self.assertRaisesRegex(UserError, "more protected"):
            other.action_join_mentioned()
        self.assertEqual(other.state, "new")
        self.assertFalse(self.ticket.has_new_reply)
        self.ticket.secrecy = "confidential"
        other.action_join_mentioned()
        self.assertEqual(other.state, "cancelled")

    def test_a_mail_on_a_state_secret_is_for_who_is_cleared(self):
        other = self.mention()
        self.ticket.sudo().secrecy = "secret"
        with self.assertRaisesRegex(UserError, f"{self.ticket.name} is a state secret"):
            other.action_join_mentioned()
        self.assertEqual(other.state, "new")
        other.with_user(self.manager).action_join_mentioned()
        self.assertEqual(other.state, "cancelled")

    def test_the_act_names_the_sender(self):
        self.joined(In_Reply_To=self.ours.message_id)
        event = self.ticket.sudo().event_ids.sorted("id")[-1]
        self.assertEqual(event.payload["from"], "tran.b@example.com")
        self.assertTrue(event.payload["is_citizen"])

    def test_a_mail_that_claims_to_be_an_operators_is_not_shown_as_hers(self):
        self.operator.email = "nhanvien@gialai.example"
        self.joined(
            In_Reply_To=self.ours.message_id, From="Tổng đài <nhanvien@gialai.example>"
        )
        message = self.ticket.message_ids[0]
        self.assertNotEqual(message.author_id, self.operator.partner_id)
        event = self.ticket.sudo().event_ids.sorted("id")[-1]
        self.assertFalse(event.payload["is_citizen"])
        self.assertTrue(self.ticket.has_new_reply)

    def test_a_wrong_code_is_a_new_request(self):
        digit = int(self.ticket.name[-1])
        wrong = f"{self.ticket.name[:-1]}{(digit + 1) % 10}"
        self.assertNotEqual(self.joined(Subject=f"Hỏi về {wrong}"), self.ticket)

    def test_files_of_an_answer_are_on_the_request(self):
        message = self.mail(In_Reply_To=self.ours.message_id)
        message.add_attachment(PICTURE, "image", "png", filename="them.png")
        self.receive(message)
        self.assertEqual(self.ticket.attachment_ids.mapped("name"), ["them.png"])
        self.assertIn("ba ngày", self.ticket.description)

    def test_what_the_operator_answers_goes_to_the_citizen(self):
        self.joined(In_Reply_To=self.ours.message_id)
        self.ticket.with_user(self.operator).message_post(
            body="Đã ghi nhận.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.ticket.citizen_id.ids,
        )
        self.assertFalse(self.ticket.has_new_reply)
        message = self.ticket.message_ids[0]
        self.assertIn("1022@gialai.example", message.reply_to)

    def test_programs_mails_make_nothing_but_are_kept(self):
        tickets = self.env["pakn.ticket"].search_count([])
        messages = len(self.ticket.message_ids)
        cases = (
            {"Auto_Submitted": "auto-replied", "In_Reply_To": self.ours.message_id},
            {"Precedence": "auto_reply"},
            {"X_Autoreply": "yes"},
            {"Subject": "Automatic reply: 1022", "Auto_Submitted": "auto-generated"},
            {"Subject": "Trả lời tự động: vắng mặt", "In_Reply_To": "<x@y.example>"},
            {"From": "MAILER-DAEMON@example.com"},
            {"Subject": "Out of office", "Return_Path": "<>"},
        )
        for headers in cases:
            with self.subTest(headers):
                self.assertFalse(self.receive(self.mail(**headers)))
        self.assertEqual(self.env["pakn.ticket"].search_count([]), tickets)
        self.assertEqual(len(self.ticket.message_ids), messages)
        self.assertEqual(
            [(mail.reason, mail.state) for mail in self.kept()],
            [("automatic", "aside")] * len(cases),
        )

    def test_a_bounce_of_our_mail_is_told_to_the_operator(self):
        self.ticket.user_id = self.operator
        bounce = BOUNCE.format(reference=self.ours.message_id)
        self.assertFalse(self.receive(bounce.replace("\n", "\r\n").encode()))
        self.assertEqual(self.kept().reason, "automatic")
        todo = self.todos(self.ticket)
        self.assertEqual(todo.user_id, self.operator)
        self.assertIn("did not arrive", todo.summary)

    def test_a_mail_delivered_twice_is_one(self):
        message = self.mail()
        self.assertTrue(self.receive(message))
        self.assertFalse(self.receive(message))
        program = self.mail(Auto_Submitted="auto-replied")
        self.receive(program)
        self.receive(program)
        self.assertEqual(len(self.kept()), 1)

    def test_a_flood_of_one_sender_is_held_back_and_kept(self):
        for number in range(25):
            self.receive(self.mail(Subject=f"Lần {number}", From="flood@example.com"))
        tickets = self.env["pakn.ticket"].search_count(
            [("citizen_email", "=", "flood@example.com")]
        )
        refused = self.kept().filtered(lambda mail: mail.reason == "refused")
        self.assertEqual(tickets + len(refused), 25)
        self.assertGreater(len(refused), 0)
        refused[0].with_user(self.operator).action_process()
        self.assertEqual(refused[0].state, "done")
        self.assertEqual(refused[0].ticket_id.citizen_email, "flood@example.com")

    def test_other_mail_is_left_to_odoo(self):
        with (
            self.assertRaises(ValueError),
            mute_logger("odoo.addons.mail.models.mail_thread"),
        ):
            self.receive(self.mail(To="khac@other.example"))
        self.assertFalse(self.kept())


@tagged(*TAGS)
class TestUnprocessedMail(MailCase):
    """A mail whose processing fails is kept, tried again, and never lost."""

    def setUp(self):
        super().setUp()
        # The province made the field compulsory and forgot the mail.
        self.env.flush_all()
        self.env.cr.execute(
            """ALTER TABLE pakn_ticket ADD CONSTRAINT test_fails
               CHECK (title NOT LIKE '%%hư hại%%')"""
        )

    def fail(self):
        log = "odoo.addons.pakn_1022.models.pakn_mail"
        with self.assertLogs(log, "WARNING"), mute_logger("odoo.sql_db"):
            self.assertFalse(self.receive(self.mail(Subject="Đường hư hại")))
        return self.kept()

    def repair(self):
        self.env.cr.execute("ALTER TABLE pakn_ticket DROP CONSTRAINT test_fails")

    def test_it_is_kept_and_taken_in_by_the_operator(self):
        mail = self.fail().with_user(self.operator)
        self.assertEqual((mail.state, mail.reason), ("pending", "error"))
        self.assertEqual(mail.subject, "Đường hư hại")
        self.assertIn("ba ngày", mail.text)
        self.assertIn(b"example.com", base64.b64decode(mail.raw))
        with self.assertRaises(UserError), mute_logger("odoo.sql_db"):
            mail.action_process()
        self.assertEqual(mail.state, "pending")
        self.repair()
        action = mail.action_process()
        ticket = self.env["pakn.ticket"].browse(action["res_id"])
        self.assertEqual(ticket.title, "Đường hư hại")
        self.assertEqual((mail.state, mail.ticket_id), ("done", ticket))
        with self.assertRaises(UserError):
            mail.action_process()

    def test_it_is_tried_again_by_itself_some_times(self):
        mail = self.fail()
        cron = self.env.ref("pakn_1022.ir_cron_process_mails")
        for _turn in range(3):
            with self.enter_registry_test_mode(), mute_logger("odoo.sql_db"):
                cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((mail.state, mail.attempts), ("pending", 3))
        self.repair()
        mail.attempts = 2
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(mail.state, "done")
        self.assertEqual(mail.ticket_id.title, "Đường hư hại")

    def test_it_is_set_aside(self):
        mail = self.fail().with_user(self.operator)
        mail.action_dismiss()
        self.assertEqual(mail.state, "dismissed")
        self.repair()
        mail.action_process()
        with self.assertRaises(ValidationError):
            mail.action_dismiss()

    def test_operators_alone_see_it(self):
        mail = self.fail()
        for user in (self.focal, self.monitor, self.employee):
            with self.subTest(user.login):
                for method in ("action_process", "action_dismiss"):
                    with self.assertRaises(AccessError):
                        getattr(mail.with_user(user), method)()

    def test_the_alias_stays_valid_and_nothing_is_sent(self):
        sent = self.env["mail.mail"].search_count([])
        self.fail()
        alias = self.env.ref("pakn_1022.mail_alias_hotline")
        self.assertNotEqual(alias.alias_status, "invalid")
        self.assertEqual(self.env["mail.mail"].search_count([]), sent)

    def test_html_of_a_stranger_is_shown_as_text(self):
        message = self.mail(text=None, Subject="Đường hư hại")
        message.set_content(
            "<script>alert(1)</script><img src='http://x.example/t.gif'/><b>Chào</b>",
            subtype="html",
        )
        with (
            self.assertLogs("odoo.addons.pakn_1022.models.pakn_mail", "WARNING"),
            mute_logger("odoo.sql_db"),
        ):
            self.receive(message)
        self.assertNotIn("<img", self.kept().text)
        self.assertNotIn("<script", self.kept().text)


@tagged(*TAGS)
class TestIncomingMailTools(PaknCase):
    """``tools/incoming_mail.py``: what a mail says of itself."""

    def test_codes(self):
        self.assertEqual(
            find_codes("về gl26-000123-7 và GL26 000123 7", "GL26-000123-8 GL26"),
            ["GL26-000123-7"],
        )

    def test_subjects(self):
        for subject, stripped in (
            ("Re: FWD: Trả lời: Đèn", "Đèn"),
            ("  Đèn \n hỏng ", "Đèn hỏng"),
            ("Re:", ""),
            (None, ""),
            ("Report: x", "Report: x"),
        ):
            self.assertEqual(strip_subject(subject), stripped)

    def test_phones(self):
        self.assertEqual(
            find_phones("Gọi 0905.123.456, 0905 123 456 hoặc +84 269 3824 123; 113"),
            ["+84905123456", "+842693824123"],
        )
