from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TAGS, ApiCase

MODELS = {
    "pakn.api.client": {"operator": "r", "manager": "rcw"},
    "pakn.api.key": {"manager": "r"},
    "pakn.api.key.issue": {"manager": "rcw"},
    "pakn.api.session": {},
    "pakn.api.call": {},
    "pakn.webhook": {"manager": "rcw"},
    "pakn.webhook.delivery": {"manager": "r"},
    "pakn.webhook.secret": {"manager": "rcw"},
}


@tagged(*TAGS)
class TestApiRights(ApiCase):
    """Who sets up the programs of others, and who sees what of them."""

    def test_what_each_role_may_do(self):
        self.check_rights("pakn_1022_api", MODELS)

    def test_the_hash_is_read_by_nobody(self):
        key = self.client.key_ids[:1]
        for user in (self.manager, self.operator, self.monitor):
            with self.assertRaises(AccessError):
                key.with_user(user).read(["digest"])
            with self.assertRaises(AccessError):
                key.with_user(user).search([("digest", "!=", False)])
            with self.assertRaises(AccessError):
                self.env["pakn.ticket"].with_user(user).search(
                    [("api_fingerprint", "!=", False)]
                )

    def test_nobody_makes_or_changes_a_key_by_hand(self):
        self.enterContext(mute_logger("odoo.addons.base.models.ir_model"))
        keys = self.env["pakn.api.key"].with_user(self.manager)
        with self.assertRaises(AccessError):
            keys.create({"client_id": self.client.id, "hint": "x", "digest": "x"})
        with self.assertRaises(AccessError):
            self.client.key_ids.with_user(self.manager).write({"date_revoked": False})

    def test_operators_neither_issue_nor_revoke(self):
        self.enterContext(mute_logger("odoo.addons.base.models.ir_model"))
        for user in (self.operator, self.monitor, self.focal, self.employee):
            with self.assertRaises(AccessError):
                self.client.key_ids.with_user(user).action_revoke()
            with self.assertRaises(AccessError):
                self.env["pakn.api.key.issue"].with_user(user).create(
                    {"client_id": self.client.id}
                ).action_issue()

    def test_no_citizen_and_no_unit_learns_which_program_it_was(self):
        ticket = self.sent()
        self.assertEqual(ticket.with_user(self.operator).api_client_id, self.client)
        ticket.with_user(self.operator).transfer(self.unit.ids)
        with self.assertRaises(AccessError):
            ticket.with_user(self.focal).read(["api_client_id"])
        with self.assertRaises(AccessError):
            ticket.with_user(self.focal).read(["api_media_url"])

    def test_nobody_writes_over_rpc_by_which_program_it_came(self):
        ticket = self.sent()
        with self.assertRaises(AccessError):
            ticket.with_user(self.operator).write({"api_client_id": self.other.id})
