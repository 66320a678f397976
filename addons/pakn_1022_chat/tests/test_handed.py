from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from .common import ChatCase


@tagged(*TAGS)
class TestHanded(ChatCase):
    """A unit sees the part of a conversation that came with its slip (Art. 13.1)."""

    def setUp(self):
        super().setUp()
        self.channel = self.whole_request()
        self.ticket = self.channel.pakn_ticket_id
        self.writes("trụ đèn số 5, gọi tôi ở 0905 123 456")
        self.ticket.category_id = self.category

    def transfer(self, take_out=""):
        """Transfer as an operator does in the dialog; return the slip."""
        wizards = self.env["pakn.ticket.transfer"].with_user(self.operator)
        form = Form(wizards.with_context(default_ticket_ids=self.ticket.ids))
        form.unit_id = self.unit
        if take_out:
            for number, line in enumerate(list(form.pakn_message_ids)):
                if take_out in (line.words or ""):
                    form.pakn_message_ids.remove(index=number)
                    break
        form.save().action_confirm()
        return self.ticket.transfer_ids.sorted("id")[-1]

    def test_art13_1_the_unit_reads_what_was_handed_and_nothing_later(self):
        slip = self.transfer(take_out="bỏ qua")
        said = slip.with_user(self.focal).pakn_conversation
        self.assertIn("trụ đèn số 5", said)
        self.assertNotIn("bỏ qua", said)
        self.assertNotIn("chương trình", said, "the helper's words are of no use")
        self.writes("chuyện riêng, đừng nói ai")
        self.assertNotIn("riêng", slip.with_user(self.focal).pakn_conversation)
        self.assertFalse(self.channel.with_user(self.focal).has_access("read"))
        event = self.ticket.event_ids.filtered(lambda one: one.kind == "attached")[-1:]
        self.assertIn("Conversation", event.payload["files"][0][0])

    def test_art13_1_masked_for_the_monitor_and_for_confidential_requests(self):
        slip = self.transfer()
        self.assertIn("0905", slip.with_user(self.focal).pakn_conversation)
        self.assertNotIn("123 456", slip.with_user(self.monitor).pakn_conversation)
        self.assertIn("trụ đèn", slip.with_user(self.monitor).pakn_conversation)
        self.ticket.secrecy = "confidential"
        self.env.invalidate_all()
        self.assertNotIn("123 456", slip.with_user(self.focal).pakn_conversation)
        self.assertNotIn("Nguyễn An", slip.with_user(self.focal).pakn_conversation)
        self.assertIn("0905", slip.with_user(self.operator).pakn_conversation)

    def test_nothing_is_handed_that_was_not_chosen(self):
        self.ticket.with_user(self.operator).transfer(self.unit.ids)
        slip = self.ticket.transfer_ids
        self.assertFalse(slip.with_user(self.focal).pakn_conversation)

    def test_art10_4_2_the_provincial_office_assigns_units_in_the_dialog(self):
        """Of a conversation it reads nothing, with which the dialog did not open."""
        for ticket in (self.ticket, self.new_ticket()):
            ticket.with_user(self.operator).refer_to_province("Chưa rõ thẩm quyền")
            wizards = self.env["pakn.ticket.transfer"].with_user(self.office_user)
            form = Form(wizards.with_context(default_ticket_ids=ticket.ids))
            form.unit_id = self.unit
            form.save().action_confirm()
            self.assertEqual(ticket.unit_id, self.unit)
            slip = ticket.transfer_ids.filtered(lambda one: one.unit_id == self.unit)
            self.assertFalse(slip.with_user(self.focal).pakn_conversation)

    def test_another_conversation_is_not_handed_along(self):
        other = self.whole_request(who="other")
        ticket = self.ticket.with_user(self.operator)
        ticket = ticket.with_context(pakn_said_ids=self.out(other).ids)
        with self.assertRaises(AccessError):
            ticket.transfer(self.unit.ids)

    def test_art11_1_the_head_gets_it_with_the_slip_that_came_after(self):
        slip = self.transfer()
        self.set_clock("2026-03-12 08:00")
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *_a, **_k: 60
        ):
            self.env["pakn.transfer"]._cron_process_deadlines()
        head = self.ticket.transfer_ids.filtered(lambda one: one.level == "head")
        self.assertTrue(head)
        self.assertEqual(
            head.with_user(self.head).pakn_conversation,
            slip.with_user(self.operator).pakn_conversation,
        )
