from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import TAGS, PaknCase

READERS = "focal other_focal head office_user monitor operator"
QUESTIONS = {f"employee {READERS}": "r", "manager": "rcwu"}
MODELS = {
    "pakn.category.question": QUESTIONS,
    "pakn.category.question.value": QUESTIONS,
    "pakn.question.answer": {f"{READERS} manager": "r"},
    "pakn.ticket.publish": {"operator manager": "rcw"},
    "pakn.ticket.publish.photo": {"operator manager": "rcwu"},
    "pakn.abuse": {"operator manager": "rw"},
    "pakn.subscription": {"manager": "ru"},
    "pakn.supporter": {},
    "pakn.statistics": {"manager": "r"},
    "pakn.street": {"manager": "r"},
    "pakn.upload": {},
    "pakn.spoken.guide": {"manager": "rcwu"},
    "pakn.area.load": {"manager": "rcw"},
    "pakn.map.load": {"manager": "rcw"},
}


@tagged(*TAGS)
class TestSiteRights(PaknCase):
    def test_every_role_has_its_rights_and_no_more(self):
        self.check_rights("pakn_1022_website", MODELS)

    def test_answers_are_read_by_who_reads_the_request(self):
        ticket = self.transferred()
        answer = self.env["pakn.question.answer"].create(
            {"ticket_id": ticket.id, "name": "Số?", "code": "a", "value": "12"}
        )
        for user, seen in (
            (self.operator, True),
            (self.monitor, True),
            (self.focal, True),
            (self.other_focal, False),
        ):
            found = self.env["pakn.question.answer"].with_user(user).search([])
            self.assertEqual(answer in found, seen, user.login)
        ticket.sudo().secrecy = "secret"
        found = self.env["pakn.question.answer"].with_user(self.operator).search([])
        self.assertNotIn(answer, found)

    def test_what_the_site_sets_nobody_sets_by_hand(self):
        ticket = self.new_ticket()
        for name, value in (
            ("is_phone_verified", True),
            ("account_id", self.operator.partner_id.id),
            ("site_key", "x"),
            ("answer_ids", [(5,)]),
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                ticket.with_user(self.operator).write({name: value})
