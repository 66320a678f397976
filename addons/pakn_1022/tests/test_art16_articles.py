from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import TAGS, PaknCase


@tagged(*TAGS)
class TestArticles(PaknCase):
    """Art. 15.3, 16.3: the hotline and the units keep the knowledge base together."""

    def propose(self, user=None, **vals):
        return (
            self.env["pakn.article"]
            .with_user(user or self.focal)
            .create(
                {
                    "name": "Lịch cắt điện?",
                    "answer": "<p>Xem tại trang của Điện lực.</p>",
                    "unit_id": self.unit.id,
                    **vals,
                }
            )
        )

    def test_art16_3_a_unit_proposes_articles_of_its_own(self):
        for user in (self.focal, self.head):
            article = self.propose(user)
            self.assertTrue(article.is_proposed)
            self.assertFalse(article.is_published)
            article.answer = "<p>Mới.</p>"

    def test_art16_3_not_for_other_units_and_not_public(self):
        article = self.propose()
        for act in (
            lambda: self.propose(unit_id=self.other_unit.id),
            lambda: self.propose(unit_id=False),
            lambda: self.propose(is_published=True),
            lambda: self.propose(self.monitor),
            lambda: self.propose(self.employee),
            lambda: article.write({"is_published": True}),
            lambda: article.write({"unit_id": self.other_unit.id}),
            lambda: article.with_user(self.other_focal).write({"name": "Khác"}),
            lambda: article.with_user(self.monitor).write({"name": "Khác"}),
            article.action_publish,
            article.action_take_over,
            article.unlink,
        ):
            with self.assertRaises(AccessError):
                act()

    def test_art15_3_the_operator_takes_over_and_publishes(self):
        article = self.propose()
        managed = article.with_user(self.operator)
        managed.action_take_over()
        self.assertFalse(article.is_proposed)
        article.answer = "<p>Sửa lại.</p>"
        self.assertTrue(article.is_proposed, "changed by the unit: checked anew")
        managed.action_publish()
        self.assertEqual((article.is_published, article.is_proposed), (True, False))
        with self.assertRaises(AccessError):
            article.write({"answer": "<p>Lén sửa.</p>"})
        managed.action_unpublish()
        article.write({"answer": "<p>Sửa.</p>"})

    def test_a_proposal_is_no_ready_answer_yet(self):
        article = self.propose()
        offered = self.env["pakn.article"]._get_offered_domain(self.category)
        self.assertFalse(article.filtered_domain(offered))
        article.with_user(self.operator).action_take_over()
        self.assertTrue(article.filtered_domain(offered))

    def test_valid_by_the_day_of_gia_lai(self):
        article = self.propose(date_from="2026-03-02", date_to="2026-03-02")
        for moment, valid in (
            ("2026-03-01 23:59", False),
            ("2026-03-02 00:01", True),
            ("2026-03-02 23:59", True),
            ("2026-03-03 00:01", False),
        ):
            self.set_clock(moment)
            domain = self.env["pakn.article"]._get_valid_domain()
            with self.subTest(moment):
                self.assertEqual(bool(article.filtered_domain(domain)), valid)

    def test_a_file_of_somebody_else_does_not_become_the_articles(self):
        file = self.env["ir.attachment"].create({"name": "a.txt", "raw": b"x"})
        own = file.with_user(self.focal).create({"name": "b.txt", "raw": b"x"})
        article = self.propose(attachment_ids=[(6, 0, own.ids)])
        article.sudo().attachment_ids |= file
        self.assertEqual(own.sudo().res_id, article.id)
        article.write({"attachment_ids": [(4, file.id)]})
        self.assertNotEqual(file.res_model, "pakn.article")
