from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import TAGS, PaknCase


@tagged(*TAGS)
class TestArt14Rating(PaknCase):
    """Art. 14: three grades, a reason for the third, once per result."""

    def test_art14_three_grades(self):
        for grade, feedback in ((5, None), (3, "Hơi lâu"), (1, "Đèn vẫn hỏng")):
            with self.subTest(grade):
                ticket = self.done()
                ticket.rate(grade, feedback)
                rating = ticket.sudo().rating_ids
                self.assertRecordValues(
                    rating,
                    [
                        {
                            "rating": grade,
                            "consumed": True,
                            "partner_id": ticket.citizen_id.id,
                            "parent_res_model": "pakn.unit",
                            "parent_res_id": self.unit.id,
                            "pakn_round": 1,
                        }
                    ],
                )
                self.assertEqual(rating.feedback or "", feedback or "")
                self.assertEqual(ticket.rating_last_value, grade)
                event = ticket.event_ids.filtered(lambda e: e.kind == "rated")
                self.assertEqual(event.payload, {"rating": grade})

    def test_art14_no_other_grade(self):
        ticket = self.done()
        for grade in (0, 2, 4, 6, -1, None, "", "x"):
            with self.subTest(grade), self.assertRaises(ValidationError):
                ticket.rate(grade)
        self.assertFalse(ticket.sudo().rating_ids.filtered("consumed"))

    def test_art14_3_not_satisfied_needs_a_reason(self):
        ticket = self.done()
        for feedback in (None, "", "   "):
            with self.subTest(feedback), self.assertRaises(ValidationError):
                ticket.rate(1, feedback)
        self.assertFalse(ticket.sudo().rating_ids.filtered("consumed"))

    def test_art14_once_per_result(self):
        ticket = self.done()
        ticket.rate(5)
        with self.assertRaisesRegex(UserError, "rated already"):
            ticket.rate(3)
        self.assertEqual(ticket.sudo().rating_ids.rating, 5)
        ticket.reopen("Người dân phản hồi lại")
        with self.assertRaises(UserError):
            ticket.rate(5)
        ticket.transfer(self.other_unit.ids)
        self.lead_slip(ticket, self.other_focal).answer("<p>Lần hai.</p>")
        ticket.send_result()
        ticket.rate(1, "Vẫn chưa được")
        self.assertRecordValues(
            ticket.sudo().rating_ids.sorted("pakn_round"),
            [
                {"pakn_round": 1, "rating": 5, "parent_res_id": self.unit.id},
                {"pakn_round": 2, "rating": 1, "parent_res_id": self.other_unit.id},
            ],
        )

    def test_art14_the_old_question_is_void_after_reopening(self):
        ticket = self.done()
        token = ticket._rating_get_access_token()
        self.assertEqual(token, ticket._rating_get_access_token())
        ticket.reopen("Đèn lại hỏng")
        self.assertFalse(
            self.env["rating.rating"].search([("access_token", "=", token)])
        )

    def test_art14_the_grades_add_up_at_the_unit(self):
        for grade in (5, 5, 3, 1):
            self.done().rate(grade, "vì")
        self.assertEqual(self.unit.rating_count, 4)
        self.assertEqual(self.unit.rating_percentage_satisfaction, 50)

    def test_art14_nobody_inside_writes_the_grade(self):
        ticket = self.done()
        ticket.rate(1, "Chưa được")
        rating = ticket.sudo().rating_ids
        model_id = self.env["ir.model"]._get_id("pakn.ticket")
        for user in (self.focal, self.operator, self.manager):
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    rating.with_user(user).write({"rating": 5})
                with self.assertRaises(AccessError):
                    self.env["rating.rating"].with_user(user).create(
                        {"res_model_id": model_id, "res_id": ticket.id, "rating": 5}
                    )
                with self.assertRaises(AccessError):
                    ticket.with_user(user).message_post(body="x", rating_value=5)
        self.assertEqual(rating.rating, 1)

    def test_art14_dialog_of_the_operator(self):
        ticket = self.done()
        self.env["pakn.ticket.rate"].with_user(self.operator).create(
            {"ticket_id": ticket.id, "rating": "3", "feedback": "Tạm được"}
        ).action_confirm()
        self.assertEqual(ticket.rating_last_value, 3)
