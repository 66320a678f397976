from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import TAGS, PaknCase


@tagged(*TAGS)
class TestTalks(PaknCase):
    """Conversations with citizen and units side by side, and writing to the citizen."""

    def compose(self, ticket, user=None, **values):
        dialog = self.env["pakn.ticket.write"].with_user(user or self.operator)
        dialog = dialog.create({"ticket_ids": ticket.ids, **values})
        return dialog, dialog.action_confirm()["params"]["message"]

    def test_art10_1_both_conversations_stand_side_by_side(self):
        ticket = self.new_ticket(citizen_email="dan@example.com")
        ticket.transfer(self.unit.ids, note="Xem giúp tuyến đường này.")
        slip = ticket.transfer_ids
        said = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
        slip.message_post(body="Bao giờ xong?", **said)
        slip.with_user(self.focal).message_post(body="Chiều nay.", **said)
        slip.message_post(
            body="Ghi chú riêng", message_type="comment", subtype_xmlid="mail.mt_note"
        )
        self.compose(ticket, text="Đang kiểm tra.")
        ticket._note_reply("Cảm ơn.", {"door": "sms"})
        self.lead_slip(ticket, self.focal).answer("<p>Đã sửa.</p>")
        ticket.send_result()
        ticket.reopen("Chưa được")
        talks = ticket.get_talks()
        self.assertEqual(
            [(one["is_ours"], one["text"]) for one in talks["citizen"]],
            [(True, "Đang kiểm tra."), (False, "Cảm ơn."), (True, "Đã sửa.")],
            "the result that was sent stands there after a reopening",
        )
        self.assertEqual(talks["citizen"][1]["door"], "SMS")
        self.assertEqual(talks["citizen"][0]["state_label"], "Waiting")
        said = [(one["is_ours"], one["text"]) for one in talks["units"]]
        self.assertCountEqual(
            said,
            [
                (True, "Xem giúp tuyến đường này."),
                (True, "Bao giờ xong?"),
                (False, "Chiều nay."),
                (False, "Đã sửa."),
            ],
        )
        self.assertFalse(talks["slips"])
        for user in (self.focal, self.monitor):
            with self.subTest(user.login), self.assertRaises(AccessError):
                ticket.with_user(user).get_talks()

    def test_art10_1_queries_do_not_grow_with_what_was_said(self):
        ticket = self.new_ticket(citizen_email="dan@example.com")
        counts = []
        for rounds in (1, 2, 10):
            for number in range(rounds):
                self.compose(ticket, text=f"Tin {number}")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            ticket.get_talks()
            counts.append(self.env.cr.sql_log_count - before)
        # The first one fills the caches of the registry
        self.assertEqual(counts[1], counts[2])

    def test_art10_1_writing_to_the_citizen_is_an_act_and_is_said(self):
        ticket = self.new_ticket(citizen_email="dan@example.com")
        ticket._note_reply("Bao giờ xong?")
        dialog, said = self.compose(ticket, text=" Chào ông. ", door="mail")
        self.assertIn("the citizen", said)
        event = ticket.event_ids[-1]
        self.assertEqual((event.kind, event.payload["text"]), ("wrote", "Chào ông."))
        self.assertFalse(ticket.has_new_reply, "who answers has read")
        mail = self.env["mail.mail"].search(
            [("mail_message_id", "=", event.payload["message"])]
        )
        self.assertIn("dan@example.com", mail.email_to)
        ready = self.env["mail.canned.response"].with_user(self.operator)
        dialog.ready_id = ready.create(
            {"source": "chao", "substitution": "Xin chào ông/bà."}
        )
        self.assertIn("Xin chào ông/bà.", dialog.text)

    def test_art10_1_what_cannot_be_written_says_why_and_changes_nothing(self):
        ticket = self.new_ticket(citizen_email=False)
        dialog = self.env["pakn.ticket.write"].with_user(self.operator)
        dialog = dialog.create({"ticket_ids": ticket.ids, "door": "mail", "text": "x"})
        self.assertIn("no mail address", dialog.shut_text)
        count = len(ticket.event_ids)
        for text, error in (("x", UserError), ("  ", ValidationError)):
            dialog.text = text
            with self.subTest(text), self.assertRaises(error):
                dialog.action_confirm()
        reachable = self.new_ticket(citizen_email="dan@example.com")
        for text, door in (("a" * 5001, "mail"), ("x", "unlink"), ("x", None)):
            with self.subTest(door), self.assertRaises(ValidationError):
                reachable._write_to_citizen(text, door)
        with self.assertRaises(AccessError):
            reachable.with_user(self.focal)._write_to_citizen("x", "mail")
        self.assertEqual(len(ticket.event_ids), count)
