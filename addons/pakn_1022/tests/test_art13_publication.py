from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import TAGS, PaknCase, local


@tagged(*TAGS)
class TestArt13Publication(PaknCase):
    """Art. 13.1: the result goes to the citizen and, unless secret, to the public."""

    def test_art13_1_publishing_is_a_decision_of_its_own(self):
        ticket = self.transferred()
        self.lead_slip(ticket, self.focal).answer("<p>Đã thay bóng đèn.</p>")
        self.assertFalse(ticket.is_published)
        self.set_clock("2026-03-02 11:00")
        ticket.send_result()
        self.assertRecordValues(
            ticket,
            [
                {
                    "state": "done",
                    "date_done": local("2026-03-02 11:00"),
                    "is_published": False,
                    "date_published": False,
                }
            ],
        )
        ticket.publish()
        self.assertTrue(ticket.is_published)
        self.assertEqual(ticket.date_published, local("2026-03-02 11:00"))
        self.assertEqual(self.kinds(ticket)[-2:], ["sent", "published"])

    def test_art13_1_by_itself_only_where_the_administrator_switched_it_on(self):
        """And there only what nothing personal is found in, nothing confidential."""
        self.category.sudo().is_published_unseen = True
        results = []
        for values in (
            {},
            {"secrecy": "confidential"},
            {"title": "Đèn hỏng trước nhà bà Trần Thị Mai"},
            {"description": "<p>Xin gọi tôi số 0905 111 222 về đèn đường hỏng.</p>"},
        ):
            ticket = self.transferred(category_id=self.category.id, **values)
            self.lead_slip(ticket, self.focal).answer("<p>Đã thay bóng đèn.</p>")
            ticket.send_result()
            results.append(ticket.is_published)
        seen = "pakn.ticket.publish" in self.env  # the site hides what is personal
        self.assertEqual(results, [True, False, not seen, not seen])

    def test_art13_1_confidential_and_secret_are_not_published(self):
        self.operator.group_ids += self.env.ref("pakn_1022.group_secrecy_clearance")
        for secrecy in ("confidential", "secret"):
            with self.subTest(secrecy):
                ticket = self.done(secrecy=secrecy)
                self.assertEqual(ticket.state, "done")
                self.assertFalse(ticket.is_published)
                with self.assertRaises(UserError):
                    ticket.publish()
                self.assertFalse(ticket.is_published)

    def test_art13_1_confidential_later_is_withdrawn_at_once(self):
        ticket = self.done()
        ticket.secrecy = "confidential"
        self.assertFalse(ticket.is_published)
        self.assertEqual(self.kinds(ticket)[-2:], ["unpublished", "updated"])

    def test_art13_1_withdrawn_and_published_again(self):
        ticket = self.done()
        ticket.unpublish()
        self.assertFalse(ticket.is_published)
        ticket.unpublish()
        ticket.publish()
        self.assertTrue(ticket.is_published)
        ticket.publish()
        self.assertEqual(
            self.kinds(ticket)[-4:], ["sent", "published", "unpublished", "published"]
        )

    def test_art13_1_sending_without_check_is_a_setting(self):
        self.env["ir.config_parameter"].set_param("pakn_1022.auto_send_result", "True")
        ticket = self.transferred()
        self.lead_slip(ticket, self.focal).answer("<p>Đã thay bóng đèn.</p>")
        self.assertEqual(ticket.state, "done")
        self.assertFalse(ticket.is_published)
        sent = ticket.event_ids.filtered(lambda e: e.kind == "sent")
        self.assertEqual(sent.user_id, self.focal)
