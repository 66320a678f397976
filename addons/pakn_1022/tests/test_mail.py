from odoo.tests import tagged

from .common import TAGS, PaknCase, local


@tagged(*TAGS)
class TestMail(PaknCase):
    """Art. 10.1: the citizen is told at each step, in Vietnamese."""

    def setUp(self):
        super().setUp()
        self.email = "congdan@example.com"

    def subjects(self):
        return self.mails_to(self.email).mapped("subject")

    def ticket_with_mail(self):
        ticket = self.new_ticket(citizen_email=self.email, citizen_phone="0905666001")
        ticket.citizen_id.sudo().lang = "vi_VN"
        return ticket

    def test_received(self):
        ticket = self.ticket_with_mail()
        [mail] = self.mails_to(self.email)
        self.assertIn(ticket.name, mail.subject)
        self.assertIn("Đèn đường hỏng", mail.body_html)
        self.assertEqual((mail.model, mail.res_id), ("pakn.ticket", ticket.id))
        self.assertIn(mail.mail_message_id, ticket.message_ids)

    def test_rejected_says_why_and_what_to_do(self):
        self.ticket_with_mail().reject(self.reason.id)
        mail = self.mails_to(self.email)[-1]
        self.assertIn("Ngoài phạm vi", mail.body_html)
        self.assertIn("Xin gửi đến Tòa án.", mail.body_html)

    def test_each_step_is_told_once(self):
        ticket = self.ticket_with_mail()
        before = len(self.mails_to(self.email))
        ticket.transfer(self.unit.ids)
        slip = self.lead_slip(ticket, self.focal)
        slip.acknowledge()
        self.assertEqual(len(self.mails_to(self.email)), before + 1)
        self.assertIn(self.unit.name, self.mails_to(self.email)[-1].body_html)
        slip.schedule(local("2026-03-10 10:00"))
        mail = self.mails_to(self.email)[-1]
        self.assertIn("10/03/2026", mail.body_html)
        self.assertIn("10:00", mail.body_html)
        slip.extend(local("2026-03-12 10:30"), "Chờ vật tư")
        mail = self.mails_to(self.email)[-1]
        self.assertIn("12/03/2026", mail.body_html)
        self.assertIn("10:30", mail.body_html)
        slip.answer("<p>Đã thay bóng đèn.</p>")
        self.assertEqual(len(self.mails_to(self.email)), before + 3)
        ticket.send_result()
        result, rating = self.mails_to(self.email)[-2:]
        self.assertIn("Đã thay bóng đèn.", result.body_html)
        token = ticket._rating_get_access_token()
        for grade in (5, 3, 1):
            self.assertIn(f"/rate/{token}/{grade}", rating.body_html)
        self.assertEqual(len(self.mails_to(self.email)), before + 5)

    def test_mails_are_in_vietnamese_for_a_vietnamese_citizen(self):
        ticket = self.ticket_with_mail()
        ticket.transfer(self.unit.ids)
        mail = self.mails_to(self.email)[-1]
        self.assertRegex(mail.subject, "(?i)chuyển")

    def test_nobody_is_told_without_an_address_or_when_told_not_to(self):
        ticket = self.new_ticket(citizen_email=False, citizen_phone="0905666002")
        ticket.transfer(self.unit.ids)
        mails = self.env["mail.mail"].search(
            [("model", "=", "pakn.ticket"), ("res_id", "=", ticket.id)]
        )
        self.assertFalse(mails)
        quiet = self.env["pakn.ticket"].with_context(pakn_no_notify=True)
        values = {
            "title": "Nhập từ hệ thống cũ",
            "description": "<p>Nội dung phản ánh cũ</p>",
            "citizen_email": self.email,
        }
        quiet.with_user(self.manager).create(dict(values))
        self.assertFalse(self.mails_to(self.email))
        # An operator cannot ask for silence over an interface.
        quiet.with_user(self.operator).create(dict(values))
        self.assertEqual(len(self.mails_to(self.email)), 1)

    def test_mails_come_from_the_hotline_not_from_a_person(self):
        self.env.company.email = "1022@example.org"
        self.ticket_with_mail()
        self.assertIn("1022@example.org", self.mails_to(self.email).email_from)

    def test_the_unit_is_not_told_who_a_confidential_citizen_is(self):
        ticket = self.transferred(secrecy="confidential", citizen_name="Lê Thị Kín")
        mail = self.mails_to("focal@example.com").filtered(
            lambda m: m.res_id == ticket.open_transfer_id.id
        )
        self.assertEqual(len(mail), 1)
        self.assertNotIn("Lê Thị Kín", mail.body_html)
        slip = self.lead_slip(ticket, self.focal)
        self.assertFalse(slip.citizen_name)
        self.assertFalse(slip.citizen_phone)
        self.assertEqual(
            self.lead_slip(ticket, self.operator).citizen_name, "Lê Thị Kín"
        )

    def test_other_addons_extend_the_hooks(self):
        """The core calls ``_notify_citizen`` and ``_notify_unit`` and no channel."""
        told = []
        Ticket, Transfer = (
            type(self.env["pakn.ticket"]),
            type(self.env["pakn.transfer"]),
        )
        self.patch(Ticket, "_notify_citizen", lambda records, event: told.append(event))
        self.patch(Transfer, "_notify_unit", lambda records, event: told.append(event))
        ticket = self.transferred()
        self.set_clock("2026-03-04 08:00")
        self.lead_slip(ticket, self.operator).action_escalate()
        self.lead_slip(ticket, self.head).delegate(self.focal.ids)
        self.assertEqual(
            told,
            ["received", "transferred", "transferred"]  # citizen, unit, citizen
            # The focal point hears that it is late, the head that it is hers now
            + ["overdue", "escalated", "escalated", "delegated"],
        )
