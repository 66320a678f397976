from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import TAGS

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
