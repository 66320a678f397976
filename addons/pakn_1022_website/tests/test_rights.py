from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import TAGS, PaknCase

ROLES = {"r": "read", "c": "create", "w": "write", "u": "unlink"}
STAFF = ("employee", "focal", "head", "office_user", "monitor", "operator", "manager")
READERS = ("focal", "head", "office_user", "monitor", "operator", "manager")
# Model -> role -> rights; who is not named has none
MODELS = {
    "pakn.rate.limit": {},
    "pakn.category.question": dict.fromkeys(STAFF, "r") | {"manager": "rcwu"},
    "pakn.category.question.value": dict.fromkeys(STAFF, "r") | {"manager": "rcwu"},
    "pakn.question.answer": dict.fromkeys(READERS, "r"),
}


@tagged(*TAGS)
class TestSiteRights(PaknCase):
    def test_every_role_has_its_rights_and_no_more(self):
        users = {role: getattr(self, role) for role in STAFF}
        users["public"] = self.env.ref("base.public_user")
        for name, rights in MODELS.items():
            for role, user in users.items():
                model = self.env[name].with_user(user)
                found = "".join(
                    letter for letter, act in ROLES.items() if model.has_access(act)
                )
                with self.subTest(name, role=role):
                    self.assertEqual(found, rights.get(role, ""))

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
