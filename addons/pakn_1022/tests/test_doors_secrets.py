"""What opens something is read by nobody, whichever addon has brought it."""

import re

from odoo.tests import new_test_user, tagged

from .common import TAGS
from .test_doors import DoorsCase

# What a field is called that opens something to who knows it
CALLED = re.compile(r"password|passwd|secret|token|private_key|verifier")
# Those that hold words; the others are counts, dates and choices about them
TYPES = {"char", "text", "html", "binary", "json"}

ADMINISTRATOR = "manager system"
OWN_FORM = "Odoo's own, typed and shown on Odoo's own form"
# Field -> who reads it all the same, and why
READ = {
    "auth.oauth.provider.pakn_token_endpoint": (ADMINISTRATOR, "an address"),
    "certificate.certificate.pakn_token": (
        ADMINISTRATOR,
        "the name of the device that holds the key, which opens nothing",
    ),
    "certificate.certificate.pkcs12_password": (ADMINISTRATOR, OWN_FORM),
    "fetchmail.server.google_gmail_access_token": (ADMINISTRATOR, OWN_FORM),
    "fetchmail.server.google_gmail_refresh_token": (ADMINISTRATOR, OWN_FORM),
    "fetchmail.server.microsoft_outlook_access_token": (ADMINISTRATOR, OWN_FORM),
    "fetchmail.server.microsoft_outlook_refresh_token": (ADMINISTRATOR, OWN_FORM),
    "fetchmail.server.password": (ADMINISTRATOR, OWN_FORM),
    "iap.account.account_token": (ADMINISTRATOR, OWN_FORM),
    "ir.attachment.access_token": (
        "operator focal head office monitor employee manager system",
        "opens a file that its reader reads anyway; Odoo's own links are made of it",
    ),
    "ir.mail_server.google_gmail_access_token": (ADMINISTRATOR, OWN_FORM),
    "ir.mail_server.google_gmail_refresh_token": (ADMINISTRATOR, OWN_FORM),
    "ir.mail_server.microsoft_outlook_access_token": (ADMINISTRATOR, OWN_FORM),
    "ir.mail_server.microsoft_outlook_refresh_token": (ADMINISTRATOR, OWN_FORM),
    "ir.mail_server.smtp_ssl_private_key": (ADMINISTRATOR, OWN_FORM),
    "ir.ui.view.visibility_password": (ADMINISTRATOR, OWN_FORM),
    "pakn.chat.account.facebook_verify_token": (
        "manager",
        "a word of ours that the administrator types at Facebook; it opens nothing: "
        "what comes from there is believed by its signature",
    ),
    "res.company.sms_twilio_auth_token": (ADMINISTRATOR, OWN_FORM),
    "res.config.settings.google_gmail_client_secret": (ADMINISTRATOR, OWN_FORM),
    "res.config.settings.microsoft_outlook_client_secret": (ADMINISTRATOR, OWN_FORM),
    "res.config.settings.recaptcha_private_key": (ADMINISTRATOR, OWN_FORM),
    "res.config.settings.twilio_account_token": (ADMINISTRATOR, OWN_FORM),
}


@tagged(*TAGS)
class TestSecrets(DoorsCase):
    """Art. 18.4: passwords, tokens and keys that are stored are told to nobody."""

    def setUp(self):
        super().setUp()
        system = new_test_user(
            self.env, "test_system", groups="base.group_system,base.group_user"
        )
        citizen = new_test_user(self.env, "test_citizen", groups="base.group_portal")
        self.readers = {
            "operator": self.operator,
            "focal": self.focal,
            "head": self.head,
            "office": self.office_user,
            "monitor": self.monitor,
            "manager": self.manager,
            "system": system,
            "employee": self.employee,
            "citizen": citizen,
            "public": self.public,
        }

    def secrets(self):
        """Yield ``(model, field)`` of what our addons make or add to."""
        for name, model in sorted(self.registry.items()):
            # What an addon does for all models (``base``) makes none of them ours
            is_ours = any(
                (getattr(base, "_module", None) or "").startswith("pakn_1022")
                and base._name != "base"
                for base in model.__mro__
            )
            if model._abstract or not is_ours:
                continue
            for field in model._fields.values():
                if field.store and field.type in TYPES and CALLED.search(field.name):
                    yield name, field

    def may_read(self, name):
        """Yield role and user who may read a model."""
        for role, user in self.readers.items():
            if self.env[name].with_user(user).has_access("read"):
                yield role, user

    def test_art18_4_what_opens_something_is_read_by_nobody(self):
        found = {}
        for name, field in self.secrets():
            for role, user in self.may_read(name):
                if self.env[name].with_user(user)._has_field_access(field, "read"):
                    found.setdefault(f"{name}.{field.name}", set()).add(role)
        known = {
            field: set(roles.split())
            for field, (roles, _why) in READ.items()
            if self.is_there(field)
        }
        self.maxDiff = None
        self.assertEqual(found, known)

    def is_there(self, field):
        """Return whether the addons that are installed have made a field ours."""
        return field in {f"{name}.{one.name}" for name, one in self.secrets()}

    def test_art18_4_no_call_tells_them(self):
        """Neither by reading, nor by what is found, sorted or grouped."""
        for name, field in self.secrets():
            roles = READ.get(f"{name}.{field.name}", ("",))[0].split()
            word = field.name
            for role, user in self.may_read(name):
                if role in roles:
                    continue
                for method, args in (
                    ("search_read", ([], [word])),
                    ("search_count", ([(word, "=like", "a%")],)),
                    ("search", ([], 0, 1, f"{word} desc")),
                    ("formatted_read_group", ([], [word], ["__count"])),
                ):
                    told = self.subTest(f"{name}.{word}", role=role, method=method)
                    with told, self.refused():
                        self.call(user, name, method, *args)

    def test_art14_staff_do_not_grade_in_the_citizens_place(self):
        """The token of a rating that was asked for gives the grade."""
        ticket = self.done()
        ticket._rating_get_access_token()
        self.env.flush_all()
        for user in (self.operator, self.focal, self.monitor, self.manager):
            with self.subTest(user.login), self.refused():
                domain = [("pakn_ticket_id", "=", ticket.id)]
                self.call(
                    user, "rating.rating", "search_read", domain, ["access_token"]
                )

    def test_art18_4_no_message_tells_the_citizens_key(self):
        """It stands in the mail to the citizen, and not in what staff read of it."""
        ticket = self.done()
        self.deliver()
        key, rating_key = ticket.sudo().access_token, ticket._rating_get_access_token()
        values = {"body_html": f"/rate/{rating_key}/5", "body": f"/rate/{rating_key}/5"}
        self.env["mail.mail"].sudo().create(
            {"model": "pakn.ticket", "res_id": ticket.id, **values}
        )
        new = new_test_user(self.env, "test_new", email="moi@example.com")
        new.partner_id.signup_prepare()
        link = new.partner_id.sudo()._get_signup_url()
        values = {"body_html": link, "body": link, "model": "res.users"}
        self.env["mail.mail"].sudo().create({"res_id": new.id, **values})
        signup_key = new.partner_id.sudo()._generate_signup_token()
        self.assertIn("token=", link)
        # sudo: what goes out, and what is kept of it
        mails_sudo = self.env["mail.mail"].sudo().search([("res_id", "=", ticket.id)])
        mails_sudo = mails_sudo.filtered(lambda mail: key in (mail.body_html or ""))
        self.assertTrue(mails_sudo)
        for message in mails_sudo.mail_message_id:
            self.assertNotIn(key, message.body)
            self.assertIn(ticket.name, message.body)
        for user in (self.operator, self.focal, self.monitor, self.manager):
            told = self.call(user, "mail.message", "search_read", [], ["body"], 0, 200)
            with self.subTest(user.login):
                for one in (key, rating_key, signup_key, "token="):
                    self.assertNotIn(one, str(told))
