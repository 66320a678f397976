from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import TAGS, PaknCase


@tagged(*TAGS)
class TestStrangeFiles(PaknCase):
    """A file that somebody else has uploaded and not tied yet is nobody else's.

    It has no record whose rights would guard it, and its number can be guessed.
    """

    def upload(self, user):
        """Return a file as a dialog of ``user`` uploads it, tied to nothing yet."""
        return (
            self.env["ir.attachment"]
            .with_user(user)
            .create(
                {
                    "name": "chung-cu.pdf",
                    "raw": b"%PDF-1.4 x",
                    "res_model": "pakn.transfer.respond",
                    "res_id": 0,
                }
            )
        )

    def check_untouched(self, file):
        self.assertFalse(file.sudo().res_id)
        self.assertEqual(file.sudo().res_model, "pakn.transfer.respond")

    def test_a_unit_does_not_answer_with_a_loose_file_of_others(self):
        slip = self.lead_slip(self.transferred(), self.focal)
        for user in (self.other_focal, self.operator):
            file = self.upload(user)
            with self.subTest(user.login), self.assertRaises(AccessError):
                slip.add_files(file.ids)
            self.check_untouched(file)
        self.assertFalse(slip.result_attachment_ids)
        slip.add_files(self.upload(self.focal).ids)
        self.assertTrue(slip.result_attachment_ids, "its own it does")

    def test_an_operator_neither_answers_nor_transfers_with_one(self):
        ticket, file = self.new_ticket(), self.upload(self.focal)
        with self.assertRaises(AccessError):
            ticket.answer("<p>Tại bộ phận một cửa.</p>", file.ids)
        with self.assertRaises(AccessError):
            ticket.transfer(self.unit.ids, attachment_ids=file.ids)
        self.check_untouched(file)
        self.assertEqual(ticket.state, "new")
        self.assertEqual(self.kinds(ticket), ["received"])
