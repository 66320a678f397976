import uuid
from dataclasses import dataclass

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import AccessDenied, UserError
from odoo.tools import SQL, mute_logger

from odoo.addons.auth_signup.models.res_partner import SignupError
from odoo.addons.pakn_1022.tools.phone import normalize_phone
from odoo.addons.pakn_1022.tools.province import LANG
from odoo.addons.pakn_1022.tools.storable import make_storable

from ..tools.oidc import Refused

CREDENTIAL = "pakn_oidc"
MANAGER = "base.group_erp_manager"
# What a provider says of a second factor that was given (RFC 8176)
SECOND_FACTORS = {"mfa", "otp"}


@dataclass(frozen=True)
class SignedIn:
    """Who has signed in at a provider. Made here alone: no form or RPC brings one."""

    user_id: int
    has_second_factor: bool


class ResUsers(models.Model):
    """Accounts that a provider opens (Art. 18.4): by its subject, never by a name."""

    _inherit = "res.users"

    # Who somebody is to a provider may be a number of that person: not for colleagues
    oauth_provider_id = fields.Many2one(
        string="Signs in by", groups=MANAGER, index="btree_not_null"
    )
    oauth_uid = fields.Char(
        string="Subject",
        groups=MANAGER,
        help="Who this person is to the provider; it is filled at the first sign-in.",
    )

    @api.model
    def auth_oauth(self, provider, params):
        """Refuse what Odoo's own sign-in by OAuth brings (RFC 9700, 2.1.2).

        :raise AccessDenied: always
        """
        raise AccessDenied

    def _check_credentials(self, credential, env):
        if credential.get("type") != CREDENTIAL:
            return super()._check_credentials(credential, env)
        said = credential.get("said")
        if (
            not isinstance(said, SignedIn)
            or said.user_id != self.env.uid
            or not self.env.user.active
        ):
            raise AccessDenied
        return {
            "uid": self.env.uid,
            "auth_method": CREDENTIAL,
            "mfa": "skip" if said.has_second_factor else "default",
        }

    @api.model
    def _get_oidc_credential(self, provider_sudo, claims, token=""):
        """Return the credential of whoever a provider has signed in.

        :param provider_sudo: ``auth.oauth.provider``
        :param dict claims: what it says, checked
        :param str token: of an invitation that was followed
        :raise Refused: there is no such account, or it is not for this provider
        """
        # sudo: nobody is signed in yet; the provider's word has been checked
        users_sudo = self.sudo().with_context(active_test=False)
        user_sudo = users_sudo._find_by_subject(provider_sudo, claims)
        is_staff = provider_sudo.pakn_kind == "staff"
        if not user_sudo:
            if is_staff:
                user_sudo = users_sudo._link_staff(provider_sudo, claims, token)
            else:
                user_sudo = users_sudo._make_citizen(provider_sudo, claims)
        if not user_sudo.active:
            raise Refused("locked", f"user {user_sudo.id}")
        if not (user_sudo._is_internal() if is_staff else user_sudo._is_portal()):
            raise Refused("kind", f"user {user_sudo.id}")
        if not is_staff:
            user_sudo._prove_phone(provider_sudo, claims)
        factors = claims.get("amr")
        has_second_factor = (
            is_staff
            and provider_sudo.pakn_asks_second_factor
            and isinstance(factors, list)
            and any(one in factors for one in SECOND_FACTORS)
        )
        return {
            "type": CREDENTIAL,
            "login": user_sudo.login,
            "said": SignedIn(user_sudo.id, has_second_factor),
        }

    def _find_by_subject(self, provider_sudo, claims):
        """Return the account that a subject opens, if any; in sudo, archived too."""
        return self.search(
            [
                ("oauth_provider_id", "=", provider_sudo.id),
                ("oauth_uid", "=", claims["sub"]),
            ],
            limit=1,
        )

    def _bind_subject(self, provider_sudo, claims):
        """Let a subject open this account from now on; in sudo.

        Written at once, for the token of the session is made of what is stored.

        :raise Refused: another account was bound to it at the same moment
        """
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self.write(
                    {"oauth_provider_id": provider_sudo.id, "oauth_uid": claims["sub"]}
                )
        except UniqueViolation as error:
            raise Refused("state", "at the same moment") from error

    def _link_staff(self, provider_sudo, claims, token):
        """Return the account of staff that a subject opens from now on."""
        if token:
            user_sudo = self._get_invited(token)
        elif provider_sudo.pakn_link_by_email and claims.get("email_verified") is True:
            email = claims.get("email")
            logins = [email, email.lower()] if isinstance(email, str) else []
            user_sudo = self.search([("login", "in", logins)])
        else:
            user_sudo = self.browse()
        if len(user_sudo) != 1:
            raise Refused("unknown", "no account")
        if not user_sudo._is_internal():
            raise Refused("kind", f"user {user_sudo.id}")
        if not user_sudo.active:
            raise Refused("locked", f"user {user_sudo.id}")
        if user_sudo.oauth_uid:
            # Of somebody who had this address before, or of another provider
            raise Refused("unknown", f"user {user_sudo.id} has another subject")
        user_sudo._bind_subject(provider_sudo, claims)
        if token:
            user_sudo.partner_id.signup_type = False  # it is used up
        return user_sudo

    def _get_invited(self, token):
        """Return whom an invitation by mail is for."""
        try:
            partner_sudo = self.env["res.partner"]._signup_retrieve_partner(
                token, check_validity=True, raise_exception=True
            )
        except (UserError, ValueError):
            return self.browse()  # used, too old, or none at all
        return partner_sudo.user_ids

    def _make_citizen(self, provider_sudo, claims):
        """Return a new account of the site for a subject.

        Nothing that says who it is stands in the login, which servers log.
        """
        name = claims.get("name")
        name = make_storable(name) if isinstance(name, str) else ""
        name = " ".join(name.split())[:100]
        try:
            return self._create_user_from_template(
                {
                    "login": f"citizen-{uuid.uuid4().hex[:16]}",
                    "name": name or self.env._("Citizen"),
                    "lang": LANG,
                    "oauth_provider_id": provider_sudo.id,
                    "oauth_uid": claims["sub"],
                }
            )
        except SignupError as error:
            # At the same moment in another window
            raise Refused("state", "account") from error

    def _prove_phone(self, provider_sudo, claims):
        """Take a phone for proved that the provider has verified, where it counts."""
        number = claims.get("phone_number")
        if (
            not provider_sudo.pakn_phone_is_proved
            or claims.get("phone_number_verified") is not True
            or not isinstance(number, str)
        ):
            return
        try:
            self.partner_id.pakn_verified_phone = normalize_phone(number)
        except ValueError:
            return  # of another country's form, or none

    # ------------------------------------------------------------
    # LINKING ONE'S OWN ACCOUNT
    # ------------------------------------------------------------

    def _link_citizen(self, provider_sudo, claims):
        """Let a citizen's subject open this account of the site from now on.

        Its phone is taken for proved by the same rules as at a sign-in.

        :param provider_sudo: ``auth.oauth.provider``
        :param dict claims: what it says, checked, in the session of this user
        :raise Refused: ``kind`` (an account or a provider of staff), ``linked_already``
            (to another subject), ``taken`` (the subject opens another account)
        """
        self.ensure_one()
        # sudo: the user's own account; who it is to the provider nobody reads
        user_sudo = self.sudo().with_context(active_test=False)
        if provider_sudo.pakn_kind != "citizen" or not user_sudo._is_portal():
            raise Refused("kind", f"user {self.id}")
        owner_sudo = user_sudo._find_by_subject(provider_sudo, claims)
        if owner_sudo - user_sudo:
            raise Refused("taken", f"user {owner_sudo.id}")
        if not owner_sudo:
            if user_sudo.oauth_uid:
                raise Refused("linked_already", f"user {self.id}")
            user_sudo._bind_subject(provider_sudo, claims)
        user_sudo._prove_phone(provider_sudo, claims)

    def _unlink_citizen(self):
        """Have no subject open this account any more, and end what it has opened.

        A phone that was proved stays so: it was.
        """
        self.ensure_one()
        user_sudo = self.sudo()  # sudo: the user's own account
        user_sudo.write({"oauth_provider_id": False, "oauth_uid": False})
        user_sudo.flush_recordset()

    def _get_citizen_link(self):
        """Return the provider that opens this account, if one does; in sudo."""
        user_sudo = self.sudo()  # sudo: of the user's own, and only which one it is
        return (
            user_sudo.oauth_uid
            and user_sudo.oauth_provider_id
            or (user_sudo.oauth_provider_id.browse())
        )

    def _has_other_way_in(self):
        """Return whether a password or a passkey opens this account."""
        self.ensure_one()
        user_sudo = self.sudo()  # sudo: of the user's own, and only whether there are
        if user_sudo.auth_passkey_key_ids:
            return True
        # No field gives a password
        user_sudo.flush_recordset(["password"])
        return bool(
            self.env.execute_query(
                SQL("SELECT 1 FROM res_users WHERE id = %s AND password <> ''", self.id)
            )
        )

    def _get_session_token_fields(self):
        """Have a session end when another subject, or none, opens its account."""
        return super()._get_session_token_fields() | {"oauth_uid"}
