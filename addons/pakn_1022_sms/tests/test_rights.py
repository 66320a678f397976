from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import ROLES, TAGS

from .common import SmsCase

MODELS = {
    "pakn.sms.account": {"manager": "rcwu"},
    "pakn.sms.registration": {"manager": "rcwu"},
    "pakn.sms.receipt": {"operator cleared manager": "r"},
    "pakn.sms.part": {"manager": "r"},
    "pakn.short.link": {},
}


@tagged(*TAGS)
class TestRights(SmsCase):
    def test_every_model_and_role(self):
        self.check_rights("pakn_1022_sms", MODELS)

    def test_art18_4_nobody_but_the_hotline_texts_in_its_name(self):
        """Odoo lets every account send any words to any number."""
        values = {"composition_mode": "numbers", "numbers": "0905123123", "body": "x"}
        for role in ROLES:
            composers = self.env["sms.composer"].with_user(getattr(self, role))
            if role in ("operator", "manager"):
                composers.create(values).action_send_sms()
                continue
            with self.subTest(role), self.assertRaises(AccessError):
                composers.create(values).action_send_sms()
