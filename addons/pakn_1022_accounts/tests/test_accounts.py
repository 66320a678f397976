from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessDenied, AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.pakn_1022.tests.common import TAGS, PaknCase

MODELS = {
    "pakn.role.grant": {"manager": "r"},
    "pakn.rights.review": {"manager": "rc"},
}


@tagged(*TAGS)
class TestAccounts(PaknCase):
    """Art. 4.4, 18.4: who has which role, and how accounts are kept."""

    def grants(self, user, **values):
        domain = [("user_id", "=", user.id)]
        domain += [(name, "=", value) for name, value in values.items()]
        return self.env["pakn.role.grant"].search(domain)

    def test_every_role_has_its_rights_and_no_more(self):
        self.check_rights("pakn_1022_accounts", MODELS)

    def test_art18_4_a_role_is_noted_from_its_first_day_to_its_last(self):
        self.set_clock("2026-03-02 08:00")
        user = new_test_user(
            self.env, login="rights_a", groups="pakn_1022.group_operator"
        )
        grant = self.grants(user)
        self.assertEqual(grant.group_id, self.env.ref("pakn_1022.group_operator"))
        self.assertEqual(str(grant.date_from), "2026-03-02 01:00:00")
        self.set_clock("2026-03-05 08:00")
        user.group_ids = [
            Command.link(self.env.ref("pakn_1022.group_monitor").id),
            Command.unlink(grant.group_id.id),
        ]
        self.assertEqual(str(grant.date_to), "2026-03-05 01:00:00")
        self.assertEqual(len(self.grants(user, date_to=False)), 1)
        user.active = False
        self.assertFalse(self.grants(user, date_to=False))
        user.active = True
        self.assertEqual(len(self.grants(user)), 3)

    def test_art18_4_a_role_given_by_the_form_of_the_group_is_noted_too(self):
        user = new_test_user(self.env, login="rights_c", groups="base.group_user")
        group = self.env.ref("pakn_1022.group_monitor")
        group.user_ids = [Command.link(user.id)]
        grant = self.grants(user)
        self.assertEqual(grant.group_id, group)
        group.user_ids = [Command.unlink(user.id)]
        self.assertTrue(grant.date_to)

    def test_art18_4_a_role_that_comes_with_another_group_is_noted_too(self):
        """Whoever looks the roles through twice a year would never see it."""
        role = self.env.ref("pakn_1022.group_monitor")
        crew = self.env["res.groups"].create({"name": "Ca trực"})
        lead = self.env["res.groups"].create({"name": "Trưởng ca"})
        lead.implied_ids = crew
        user = new_test_user(self.env, login="rights_d", groups="base.group_user")
        user.group_ids += lead
        self.assertFalse(self.grants(user))
        for begin, end in (
            (
                lambda: crew.write({"implied_ids": [Command.link(role.id)]}),
                lambda: crew.write({"implied_ids": [Command.unlink(role.id)]}),
            ),
            (
                lambda: role.write({"implied_by_ids": [Command.link(crew.id)]}),
                lambda: lead.write({"implied_ids": [Command.unlink(crew.id)]}),
            ),
            (
                lambda: self.env["res.groups"].create(
                    {
                        "name": "Giám sát ca",
                        "implied_ids": [Command.link(role.id)],
                        "user_ids": [Command.link(user.id)],
                    }
                ),
                lambda: role.implied_by_ids.filtered(
                    lambda group: group.name == "Giám sát ca"
                ).unlink(),
            ),
        ):
            begin()
            grant = self.grants(user, date_to=False)
            self.assertEqual(grant.group_id, role)
            self.assertTrue(user.has_group("pakn_1022.group_monitor"))
            with self.assertRaisesRegex(UserError, "Trưởng ca|Giám sát ca"):
                grant.with_user(self.manager).action_end()
            end()
            self.assertTrue(grant.date_to)
        # What one role has of another is no role beside it
        self.assertNotIn(
            self.env.ref("pakn_1022.group_operator"),
            self.grants(self.manager, date_to=False).group_id,
        )

    def test_art18_4_a_role_ends_with_one_click(self):
        user = new_test_user(
            self.env, login="rights_b", groups="pakn_1022.group_operator"
        )
        grant = self.grants(user)
        for other in (self.operator, self.monitor):
            with self.assertRaises(AccessError):
                grant.with_user(other).action_end()
            with self.assertRaises(AccessError):
                grant.with_user(other).action_archive_person()
        grant.with_user(self.manager).action_end()
        self.assertFalse(user.has_group("pakn_1022.group_operator"))
        self.assertTrue(grant.date_to)
        own = self.grants(self.manager, date_to=False)
        with self.assertRaises(UserError):
            own.with_user(self.manager).action_end()
        with self.assertRaises(UserError):
            own.with_user(self.manager).action_archive_person()
        grant.with_user(self.manager).action_archive_person()
        self.assertFalse(user.active)

    def test_art18_4_the_review_opens_itself_twice_a_year(self):
        reviews = self.env["pakn.rights.review"]
        reviews.search([]).unlink()
        reviews._cron_open()
        review = reviews.search([])
        self.assertEqual(review.state, "open")
        self.assertIn(self.manager, review.activity_ids.user_id)
        reviews._cron_open()
        self.assertEqual(reviews.search([]), review, "one at a time")
        with self.assertRaises(AccessError):
            review.with_user(self.operator).action_done()
        review.with_user(self.manager).action_done()
        self.assertEqual(review.user_id, self.manager)
        self.assertGreaterEqual(review.count, 7)
        self.assertFalse(review.activity_ids)
        self.set_clock("2026-08-01 08:00")
        reviews._cron_open()
        self.assertEqual(reviews.search([]), review)
        self.set_clock("2026-09-02 08:00")
        reviews._cron_open()
        self.assertEqual(len(reviews.search([])), 2)

    def test_art18_4_a_review_shows_later_what_was_looked_through(self):
        reviews = self.env["pakn.rights.review"]
        reviews.search([]).unlink()
        self.set_clock("2026-03-02 08:00")
        user = new_test_user(
            self.env, login="rights_c", groups="pakn_1022.group_operator"
        )
        grant = self.grants(user)
        review = reviews.with_user(self.manager).create({})
        self.assertEqual(review.display_name, "02/03/2026")
        self.assertIn(grant, review.grant_ids)
        self.set_clock("2026-03-03 08:00")
        review.action_done()
        self.set_clock("2026-03-04 08:00")
        grant.with_user(self.manager).action_end()
        later = new_test_user(
            self.env, login="rights_d", groups="pakn_1022.group_operator"
        )
        review.invalidate_recordset()
        self.assertIn(grant, review.grant_ids)
        self.assertNotIn(self.grants(later), review.grant_ids)

    def test_art18_4_nobody_says_past_the_button_that_rights_were_reviewed(self):
        reviews = self.env["pakn.rights.review"]
        reviews.search([]).unlink()
        forged = {
            "state": "done",
            "date": "2025-01-01",
            "date_done": "2026-01-01 00:00:00",
            "user_id": self.operator.id,
            "count": 99,
        }
        review = reviews.with_user(self.manager).create(forged)
        self.assertEqual((review.state, review.count), ("open", 0))
        self.assertFalse(review.date_done or review.user_id)
        self.assertEqual(review.date, fields.Date.context_today(review))
        with self.assertRaises(AccessError):
            review.write(forged)
        with self.assertRaises(UserError):
            reviews.with_user(self.manager).create({})

    def test_first_steps_say_what_is_missing(self):
        steps = self.env["pakn.first.steps"]
        self.env["ir.config_parameter"].set_param("auth_totp.policy", False)
        self.env["pakn.rights.review"].search([]).unlink()

        def done():
            return {
                step["key"]: step["done"]
                for step in steps.with_user(self.manager).get_steps()
                if step["key"] in ("policy", "review")
            }

        self.assertEqual(done(), {"policy": False, "review": False})
        settings = self.env["res.config.settings"].with_user(self.manager)
        settings.create(
            {
                "pakn_second_factor": True,
                "pakn_timeout_minutes": 60,
                "pakn_password_length": 10,
            }
        ).set_values()
        self.assertEqual(self.operator._get_lock_timeout_inactivity(), 3600)
        self.assertEqual(self.operator._mfa_type(), "totp_mail")
        self.env["pakn.rights.review"].with_user(self.manager).create({}).action_done()
        self.assertEqual(done(), {"policy": True, "review": True})
        with self.assertRaises(ValidationError):
            settings.create({"pakn_password_length": 4})

    def test_what_odoo_sets_too_does_not_undo_it(self):
        """The screen saves Odoo's own settings with it, as they were."""
        settings = self.env["res.config.settings"].with_user(self.manager)
        for length, factor in ((12, True), (9, False)):
            before = settings.default_get(["minlength", "auth_totp_enforce"])
            own = {"pakn_password_length": length, "pakn_second_factor": factor}
            settings.create(before | own).set_values()
            after = settings.default_get([*before, *own])
            self.assertEqual({name: after[name] for name in own}, own)
            self.assertEqual(after["minlength"], length)

    def test_passwords_that_everybody_knows_open_nothing(self):
        users = self.env["res.users"]
        for password in ("admin", "1022gialai"):
            user = new_test_user(
                self.env, login=f"known_{password}", groups="base.group_user"
            )
            # As before there was a policy
            self.env.cr.execute(
                "UPDATE res_users SET password = %s WHERE id = %s",
                [user._crypt_context().hash(password), user.id],
            )
            credential = {"type": "password", "login": user.login, "password": password}
            with (
                self.subTest(password),
                patch.object(type(users), "_is_demonstration", lambda _self: False),
                mute_logger("odoo.addons.pakn_1022_accounts.models.res_users"),
                self.assertRaises(AccessDenied),
            ):
                user.with_user(user)._check_credentials(credential, {"interactive": 1})
            with patch.object(type(users), "_is_demonstration", lambda _self: True):
                user.with_user(user)._check_credentials(credential, {"interactive": 1})
