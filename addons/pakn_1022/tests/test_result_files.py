from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import TAGS, PaknCase


@tagged(*TAGS)
class TestResultFiles(PaknCase):
    """Ready answers of the field, and files in the dialogs."""

    def upload(self, user, name="bien-ban.pdf", content=b"%PDF-1.4 x"):
        """Return a file as the dialog of ``user`` uploads it."""
        return (
            self.env["ir.attachment"]
            .with_user(user)
            .create(
                {
                    "name": name,
                    "raw": content,
                    "res_model": "pakn.transfer.respond",
                    "res_id": 0,
                }
            )
        )

    def test_art10_2_a_units_files_reach_operator_and_citizen(self):
        ticket = self.transferred()
        slip = self.lead_slip(ticket, self.focal)
        dialog = (
            self.env["pakn.transfer.respond"]
            .with_user(self.focal)
            .create(
                {
                    "transfer_ids": slip.ids,
                    "operation": "answer",
                    "result": "<p>Đã thay bóng đèn.</p>",
                    "attachment_ids": self.upload(self.focal).ids,
                }
            )
        )
        dialog.action_confirm()
        file = ticket.result_attachment_ids
        self.assertEqual(file.name, "bien-ban.pdf")
        self.assertEqual(slip.result_attachment_ids, file.with_user(self.focal))
        for user in (self.focal, self.head, self.operator, self.monitor):
            self.assertEqual(file.with_user(user).raw, b"%PDF-1.4 x", user.login)
        with (
            mute_logger("odoo.addons.base.models.ir_rule"),
            self.assertRaises(AccessError),
        ):
            file.with_user(self.other_focal).read(["raw"])
        [event] = ticket.event_ids.filtered(lambda event: event.kind == "attached")
        self.assertEqual(event.payload["files"], [["bien-ban.pdf", file.checksum]])
        ticket.send_result()
        self.assertIn(
            "bien-ban.pdf",
            self.mails_to("nguyenvana@").mapped("attachment_ids.name"),
        )

    def test_art10_1_the_operators_files_go_with_the_answer(self):
        tickets = self.new_ticket() | self.new_ticket(citizen_phone="0905 123 457")
        file = self.upload(self.operator)
        tickets.answer("<p>Tại bộ phận một cửa.</p>", file.ids)
        first, second = (ticket.result_attachment_ids for ticket in tickets)
        self.assertNotEqual(first, second)
        self.assertEqual(
            [(part.name, part.res_id) for part in first | second],
            [("bien-ban.pdf", ticket.id) for ticket in tickets],
        )
        self.assertEqual(second.with_user(self.monitor).raw, b"%PDF-1.4 x")
        tickets.send_result()
        tickets[0].reopen("Chưa rõ")
        self.assertFalse(tickets[0].result_attachment_ids)
        self.assertTrue(first.exists(), "it stays where the answer was given")

    def test_art10_1_files_for_the_units_go_with_the_slip(self):
        ticket = self.new_ticket()
        file = self.upload(self.operator, "so-do.png", b"x")
        ticket.transfer(self.unit.ids, attachment_ids=file.ids)
        slip = self.lead_slip(ticket, self.focal)
        self.assertEqual(slip.attachment_ids.raw, b"x")
        self.assertEqual(self.kinds(ticket), ["received", "attached", "transferred"])

    def test_nobody_takes_a_file_of_others(self):
        strange = self.new_ticket()
        theirs = self.env["ir.attachment"].create(
            {
                "name": "mat.txt",
                "raw": b"x",
                "res_model": "pakn.ticket",
                "res_id": strange.id,
            }
        )
        tied = self.upload(self.focal)
        self.lead_slip(self.transferred(), self.focal).add_files(tied.ids)
        slip = self.lead_slip(self.transferred(), self.focal)
        for file in (theirs, tied):
            with self.assertRaises(AccessError):
                slip.add_files(file.ids)
        self.assertFalse(slip.result_attachment_ids)

    def test_files_too_large_for_a_mail_are_refused(self):
        slip = self.lead_slip(self.transferred(), self.focal)
        file = self.upload(self.focal, content=b"x" * (20 * 1024 * 1024 + 1))
        with self.assertRaisesRegex(ValidationError, "20 MB"):
            slip.add_files(file.ids)
        self.assertFalse(slip.result_attachment_ids)

    def test_ready_answers_are_those_of_the_field(self):
        articles = self.env["pakn.article"]
        group = self.env["pakn.category"].create({"name": "Nhóm", "code": "TG"})
        other = self.env["pakn.category"].create({"name": "Khác", "code": "TK"})
        self.category.parent_id = group
        own = articles.create(
            [
                {"name": name, "answer": "<p>x</p>", "category_id": category.id}
                for name, category in (("a", self.category), ("b", group))
            ]
        )
        strange = articles.create(
            [
                {"name": "c", "answer": "<p>x</p>", "category_id": other.id},
                {"name": "d", "answer": "<p>x</p>", "date_to": "2026-03-01"},
            ]
        )
        ticket = self.new_ticket()
        dialog = Form(
            self.env["pakn.ticket.answer"]
            .with_user(self.operator)
            .with_context(default_ticket_ids=ticket.ids)
        )
        offered = articles.search(dialog.article_domain)
        self.assertLessEqual(own | self.article, offered)
        self.assertFalse(strange & offered)
        dialog.article_id = self.article
        dialog.save().action_confirm()
        self.assertEqual((ticket.state, ticket.result), ("done", self.article.answer))
