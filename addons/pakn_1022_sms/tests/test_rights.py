from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from .common import SmsCase

# Model -> what the manager may; nobody else may anything
MODELS = {
    "pakn.sms.account": "rcwu",
    "pakn.sms.registration": "rcwu",
    "pakn.sms.receipt": "r",
    "pakn.sms.part": "r",
    "pakn.short.link": "",
}


@tagged(*TAGS)
class TestRights(SmsCase):
    def test_every_model_and_role(self):
        ours = {
            name
            for name, model in self.registry.items()
            if model._original_module == "pakn_1022_sms" and not model._abstract
        }
        self.assertEqual(ours, set(MODELS), "rows and models differ")
        letters = {"r": "read", "c": "create", "w": "write", "u": "unlink"}
        for name, rights in MODELS.items():
            for user in (
                self.env.ref("base.public_user"),
                self.employee,
                self.focal,
                self.head,
                self.office_user,
                self.monitor,
                self.operator,
                self.manager,
            ):
                model = self.env[name].with_user(user)
                found = "".join(
                    letter
                    for letter, operation in letters.items()
                    if model.has_access(operation)
                )
                with self.subTest(name, user=user.login):
                    self.assertEqual(found, rights if user == self.manager else "")
