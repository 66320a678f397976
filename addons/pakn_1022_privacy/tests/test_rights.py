from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import ROLES, TAGS, PaknCase

STAFF = " ".join(role for role in ROLES if role not in ("public", "manager"))
MODELS = {
    "pakn.processing": {STAFF: "r", "manager": "rcwu"},
    "pakn.privacy.request": {"manager": "rcw"},
    "pakn.retention": {"manager": "rw"},
    "pakn.breach": {"manager": "rcw"},
    "pakn.access.log": {"manager": "r"},
    "pakn.file.removal": {"manager": "rcw"},
    "pakn.privacy.decision": {"manager": "rcw"},
}


@tagged(*TAGS)
class TestPrivacyRights(PaknCase):
    def test_every_role_has_its_rights_and_no_more(self):
        self.check_rights("pakn_1022_privacy", MODELS)

    def test_nobody_turns_removal_on_past_the_dry_run(self):
        rule = self.env["pakn.retention"].search([], limit=1)
        for values in ({"is_on": True}, {"date_tried": "2026-03-01 00:00:00"}):
            with self.subTest(values), self.assertRaises(AccessError):
                rule.with_user(self.manager).write(values)
        for user in (self.operator, self.monitor, self.focal):
            for method in ("action_try", "action_turn_on", "action_turn_off"):
                with (
                    self.subTest(user.login, method=method),
                    self.assertRaises(AccessError),
                ):
                    getattr(rule.with_user(user), method)()

    def test_nobody_writes_how_far_a_request_is(self):
        request = (
            self.env["pakn.privacy.request"]
            .with_user(self.manager)
            .create({"phone": "0905 123 456", "kind": "see", "state": "done"})
        )
        self.assertEqual(request.state, "new")
        self.assertEqual(request.identity, "papers")
        for values in ({"state": "done"}, {"identity": "code"}, {"package": "eA=="}):
            with self.subTest(values), self.assertRaises(AccessError):
                request.write(values)
        for user in (self.operator, self.monitor, self.focal):
            for method in ("accept", "refuse", "extend", "carry_out", "download"):
                with (
                    self.subTest(user.login, method=method),
                    self.assertRaises(AccessError),
                ):
                    getattr(request.with_user(user), f"action_{method}")()

    def test_who_may_take_in_none_draws_no_number(self):
        requests = self.env["pakn.privacy.request"]
        values = {"phone": "0905 123 456", "kind": "see"}
        before = requests.with_user(self.manager).create(values)
        with self.assertRaises(AccessError):
            requests.with_user(self.operator).create(values)
        after = requests.with_user(self.manager).create({**values, "kind": "correct"})
        numbers = [int(one.name.split("-")[1]) for one in (before, after)]
        self.assertEqual(numbers[1] - numbers[0], 1)
