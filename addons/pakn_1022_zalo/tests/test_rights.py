from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from .common import ZaloCase


@tagged(*TAGS)
class TestRights(ZaloCase):
    """Keys and tokens are read by nobody."""

    def test_rights_matrix(self):
        self.check_rights("pakn_1022_zalo", {"pakn.zalo.template": {"manager": "rcwu"}})

    def test_secrets(self):
        keys = ("zalo_app_secret", "zalo_oa_secret", "zalo_app_id")
        tokens = ("zalo_access_token", "zalo_refresh_token", "zalo_verifier")
        for name in (*keys, *tokens):
            with self.subTest(name), self.assertRaises(AccessError):
                self.account.with_user(self.operator).read([name])
        for name in (*keys[:2], *tokens):
            with self.subTest(name), self.assertRaises(AccessError):
                self.account.with_user(self.manager).read([name])
