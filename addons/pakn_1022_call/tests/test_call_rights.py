from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.pakn_1022.tests.common import ROLES

from .common import TAGS, CallCase

MODELS = {
    "pakn.call": {"focal other_focal head office_user monitor operator manager": "r"},
    "pakn.call.back": {"monitor operator manager": "r"},
    "pakn.call.reason": {"monitor operator": "r", "manager": "rcwu"},
    "pakn.call.account": {"manager": "rcw"},
    "pakn.call.seat": {"monitor operator": "r", "manager": "rcwu"},
    "pakn.call.recording": {"monitor operator manager": "r"},
    "pakn.call.hearing": {"monitor manager": "r"},
    "pakn.call.audio": {},
    "pakn.call.announcement": {"monitor operator": "r", "manager": "rcw"},
    "pakn.call.transcript": {"monitor operator manager": "r"},
    "pakn.call.settle": {"operator manager": "rcw"},
}


@tagged(*TAGS)
class TestCallRights(CallCase):
    """Art. 13.1, 15.4: who sees which call, and who called."""

    def test_what_each_role_may_do(self):
        self.check_rights("pakn_1022_call", MODELS, ROLES)

    def test_numbers_are_masked_to_the_monitor(self):
        call = self.answered()
        self.tell(*())
        seen = call.with_user(self.monitor)
        self.assertEqual(seen.number, "***456")
        self.assertEqual(seen.caller, "***456")
        self.assertNotIn("905", seen.display_name)
        self.assertFalse(seen.search([("number", "ilike", "905123")]))
        for name in ("private_number", "private_name", "note", "facts"):
            with self.assertRaises(AccessError):
                seen.read([name])
            with self.assertRaises(AccessError):
                seen.search([(name, "!=", False)])
        known = call.with_user(self.operator)
        self.assertEqual(known.number, "+84905123456")
        self.assertIn(call, known.search([("number", "ilike", "0905 123")]))

    def test_units_read_the_calls_of_what_they_hold_and_no_others(self):
        call, other = self.answered("c1"), self.answered("c2")
        ticket = self.transferred()
        call.with_user(self.operator).link(ticket.id)
        calls = self.calls.with_user(self.focal)
        found = calls.search([("id", "in", (call | other).ids)])
        self.assertEqual(found.ids, call.ids)
        self.assertEqual(found.number, "***456")
        self.assertFalse(self.calls.with_user(self.other_focal).search([]))

    def test_calls_on_secrets_are_the_cleareds(self):
        call = self.answered()
        ticket = self.new_ticket()
        call.with_user(self.operator).link(ticket.id)
        ticket.sudo().secrecy = "secret"
        for user in (self.operator, self.monitor):
            self.assertFalse(call.with_user(user).has_access("read"))
        self.assertTrue(call.with_user(self.manager).has_access("read"))

    def test_nobody_writes_or_deletes_calls(self):
        call = self.answered()
        muted = mute_logger("odoo.addons.base.models.ir_model", "odoo.sql_db")
        self.enterContext(muted)
        for user in (self.operator, self.manager):
            with self.assertRaises(AccessError):
                call.with_user(user).write({"state": "missed"})
            with self.assertRaises(AccessError):
                call.with_user(user).unlink()
        ticket = self.new_ticket()
        with self.assertRaises(AccessError):
            ticket.write({"call_ids": [Command.link(call.id)]})

    def test_secrets_are_read_by_nobody(self):
        account = self.account.with_user(self.manager)
        self.assertEqual(account.secrets_set, "secret")
        self.assertFalse(account.new_secret)
        for name in ("secret", "key_number"):
            with self.assertRaises(AccessError):
                account.read([name])
            with self.assertRaises(AccessError):
                account.search([(name, "!=", False)])
        self.assertEqual(account.sudo().secret, "s3cret-of-the-test")
        with self.assertRaises(AccessError):
            self.account.with_user(self.operator).read(["hook_url"])
        account.new_secret = "another"
        account.name = "Khác"
        self.env.invalidate_all()
        self.assertEqual(account.sudo().secret, "another")
        # It goes to none but the vendor's documented address, or the exchange's own
        for values in (
            {"kind": "omicall"},
            {"api_url": "https://other.example"},
            {"api_url": False},
        ):
            with self.subTest(values):
                account.new_secret = "another"
                account.write(values)
                self.assertFalse(account.secrets_set)

    def test_dialogs_take_up_nothing_that_is_not_ones_own(self):
        call = self.answered()
        ticket = self.new_ticket()
        call.with_user(self.operator).link(ticket.id)
        ticket.sudo().secrecy = "secret"
        with (
            self.assertRaises(AccessError),
            mute_logger("odoo.addons.base.models.ir_rule"),
        ):
            self.env["pakn.call.settle"].with_user(self.operator).create(
                {
                    "call_ids": [Command.set(call.ids)],
                    "reason_id": self.reasons["silent"].id,
                }
            )

    def test_settings_that_make_no_sense_are_refused(self):
        for values in (
            {"extension_pattern": "("},
            {"networks": "hôm nay"},
            {"dial_template": "PJSIP/901"},
            {"port": 0},
            {"recording_url": "ftp://x/{file}"},
            {"code": "Mã số"},
        ):
            with self.subTest(str(values)), self.assertRaises(UserError):
                self.account.write(values)

    def test_a_listener_who_is_no_operator_hears_nothing(self):
        call = self.answered(recording="https://cdn.example/a.wav")
        user = new_test_user(
            self.env,
            "test_only_listener",
            groups="pakn_1022_call.group_listener,pakn_1022.group_unit_focal",
        )
        with self.assertRaises(AccessError):
            call.recording_id.with_user(user)._hear()
