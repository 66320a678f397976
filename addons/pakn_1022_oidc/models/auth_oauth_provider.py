import logging
import time
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.pakn_1022.tools import outside
from odoo.addons.pakn_1022.tools.visitor import is_among, is_network, split_list

from ..tools import oidc

_logger = logging.getLogger(__name__)

# For each question that a provider is asked; there are three at a sign-in
SECONDS = 5
# Keys of a provider are fetched anew after an hour, and when it signs by another one
KEYS_SECONDS = 3600
# Sign-ins that wait for one provider at the same moment, and for all of them, counted
# over all processes. Where a provider hangs, each holds a process for up to 15 seconds;
# there are five (odoo.conf), and one is always for who wants something else
SEATS, ALL_SEATS = 3, 4
# First number of the advisory locks that are these seats
LOCK = 1022_18
MANAGER = "base.group_system"
# Where the provider is, and what it is asked
ADDRESSES = (
    *("pakn_issuer", "auth_endpoint", "pakn_token_endpoint", "pakn_jwks_uri"),
    *("validation_endpoint", "pakn_logout_endpoint"),
)

# (database, address of the keys) -> (when they were fetched, keys)
_keys: dict[tuple, tuple[float, list]] = {}


class AuthOauthProvider(models.Model):
    """A provider of sign-ins that is asked over OpenID Connect (Art. 18.4, 18.5).

    Of staff the province's own: it opens accounts that are there already. Of citizens
    VNeID: it opens accounts of the site, which it makes. Providers without a kind are
    Odoo's own, which nobody is sent to any more: what they speak (RFC 6749, 4.2) lets
    one service sign in at another with what it was given (RFC 9700, 2.1.2).

    Administrators write and read all but the secret, which nobody reads.
    """

    _name = "auth.oauth.provider"
    _inherit = ["auth.oauth.provider", "pakn.secret.mixin"]
    _secret_addresses = ("pakn_issuer", "pakn_token_endpoint")

    # Read from the provider itself, once it has an issuer
    auth_endpoint = fields.Char(required=False)
    validation_endpoint = fields.Char(required=False)
    pakn_kind = fields.Selection(
        [("staff", "Staff"), ("citizen", "Citizens")],
        string="Signs in",
        help="Staff: opens accounts that are there already, and makes none. Citizens: "
        "makes an account of the site at the first sign-in.",
    )
    pakn_issuer = fields.Char(
        string="Issuer",
        help="The provider's address as it writes it itself, letter by letter.",
    )
    pakn_token_endpoint = fields.Char(string="Token URL")
    pakn_jwks_uri = fields.Char(string="Keys URL")
    pakn_logout_endpoint = fields.Char(
        string="Sign-out URL",
        help="Where who signs out here is sent, to be signed out there too: otherwise "
        "the next person at the same machine is signed in without a password. It sends "
        "people back to the page to sign in, which is to be registered there. Empty: "
        "nobody is sent.",
    )
    pakn_method = fields.Selection(
        [
            ("client_secret_basic", "In the header (client_secret_basic)"),
            ("client_secret_post", "In the form (client_secret_post)"),
        ],
        string="Secret is sent",
        required=True,
        default="client_secret_basic",
    )
    pakn_sends_issuer = fields.Boolean(
        string="Says who it is at each sign-in",
        help="RFC 9207. Where it does, an answer that does not is refused.",
    )
    pakn_secret = fields.Char(
        string="Secret as stored", groups=MANAGER, copy=False, secret="pakn_new_secret"
    )
    pakn_new_secret = fields.Char(
        string="Secret",
        store=False,
        groups=MANAGER,
        help="Stored when it is typed, and shown to nobody afterwards.",
    )
    pakn_networks = fields.Char(
        string="Own networks",
        help="Where the provider is on the province's own network: its addresses, e.g. "
        "10.20.0.0/16. Otherwise the open internet alone is spoken to.",
    )
    pakn_link_by_email = fields.Boolean(
        string="Link by verified email",
        help="At the first sign-in an account is found by its login, where that is the "
        "email that the provider has verified. Otherwise by an invitation alone.",
    )
    pakn_asks_second_factor = fields.Boolean(
        string="It asks for the second factor",
        help="Who says there has given it (amr: mfa or otp) is not asked again here.",
    )
    pakn_phone_is_proved = fields.Boolean(
        string="Its phone numbers are proved",
        help="Who signs in with a number that it has verified sees the requests of "
        "that number, as after a code by SMS.",
    )
    pakn_redirect_uri = fields.Char(
        string="Redirect URL",
        compute="_compute_pakn_redirect_uri",
        help="To be registered with the provider, letter by letter.",
    )
    pakn_missing = fields.Char(
        string="Still missing", compute="_compute_pakn_missing", compute_sudo=True
    )

    def _compute_pakn_redirect_uri(self):
        for provider in self:
            provider.pakn_redirect_uri = provider.id and provider._get_redirect_uri()

    @api.depends("client_id", "pakn_secret", *ADDRESSES)
    def _compute_pakn_missing(self):
        needed = ("pakn_issuer", "client_id", "auth_endpoint", "pakn_token_endpoint")
        labels = {name: self._fields[name] for name in (*needed, "pakn_jwks_uri")}
        for provider in self:
            missing = [
                field.get_description(self.env, ["string"])["string"]
                for name, field in labels.items()
                if not provider[name]
            ]
            if not provider.pakn_secret:
                missing.append(self.env._("Secret"))
            provider.pakn_missing = ", ".join(missing)

    # ------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------

    @api.constrains("pakn_kind", "pakn_networks", *ADDRESSES)
    def _check_pakn_addresses(self):
        for provider in self.filtered("pakn_kind"):
            networks = split_list(provider.pakn_networks)
            wrong = [network for network in networks if not is_network(network)]
            if wrong:
                raise ValidationError(
                    self.env._(
                        "“%s” is no network; write them as 10.20.0.0/16.", wrong[0]
                    )
                )
            for name in ADDRESSES:
                url = provider[name]
                if url and not self._is_right_url(url, bool(networks)):
                    raise ValidationError(
                        self.env._(
                            "The address begins with https:// and names a host, "
                            "without an account (http:// alone on the province's own "
                            "network): %s",
                            url,
                        )
                    )

    @api.constrains("pakn_kind", "scope")
    def _check_pakn_scope(self):
        for provider in self.filtered("pakn_kind"):
            if "openid" not in (provider.scope or "").split():
                raise ValidationError(self.env._("The scope holds the word openid."))

    @api.model
    def _is_right_url(self, url, is_own_network):
        try:
            parts = urlsplit(url)
            _port = parts.port
        except ValueError:
            return False
        return (
            parts.scheme in (("https", "http") if is_own_network else ("https",))
            and bool(parts.hostname)
            and "@" not in parts.netloc
            and not parts.fragment
            and url.isascii()
            and url.isprintable()
            and " " not in url
            and len(url) <= 500
        )

    # ------------------------------------------------------------
    # ITS SECRET
    # ------------------------------------------------------------

    def write(self, vals):
        self.check_access("write")
        if "pakn_issuer" in vals:
            self._check_nobody_is_bound(vals["pakn_issuer"])
        return super().write(vals)

    def _check_nobody_is_bound(self, issuer):
        """Refuse another issuer while accounts are opened by the one there is.

        A subject is somebody for its issuer alone (OpenID Connect Core 1.0, 2).

        :raise UserError: accounts are bound
        """
        moved = self.filtered(lambda one: one.pakn_issuer and one.pakn_issuer != issuer)
        # sudo: whether there are any; the right to write the provider was checked
        users_sudo = self.env["res.users"].sudo().with_context(active_test=False)
        if moved and users_sudo.search_count(
            [("oauth_provider_id", "in", moved.ids), ("oauth_uid", "!=", False)],
            limit=1,
        ):
            raise UserError(
                self.env._(
                    "Accounts are opened by this provider: another issuer is another "
                    "provider. Make a new one."
                )
            )

    # ------------------------------------------------------------
    # SETTING UP
    # ------------------------------------------------------------

    def action_pakn_discover(self):
        """Read the provider's end points from what it publishes of itself.

        :raise UserError: it does not answer, or cannot be used
        """
        self.check_access("write")
        for provider in self:
            if not provider.pakn_issuer:
                raise UserError(self.env._("Give the provider's issuer first."))
            found = provider._discover()
            # The issuer it was given for says where the secret goes (sudo: nobody
            # reads a secret)
            found["pakn_secret"] = provider.sudo().pakn_secret
            provider.write(found)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The provider's settings have been read."),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _discover(self):
        try:
            found = oidc.discover(self.pakn_issuer, self._speak)
        except oidc.Refused as refused:
            raise UserError(self._explain(refused)) from refused
        methods = oidc.get_list(
            found, "token_endpoint_auth_methods_supported", "client_secret_basic"
        )
        known = [name for name, _label in self._fields["pakn_method"].selection]
        method = next((name for name in known if name in methods), None)
        if not method:
            raise UserError(
                self.env._(
                    "The provider takes no secret in a header or a form; others of its "
                    "ways are not supported."
                )
            )
        about, leave = (
            found.get(name) for name in ("userinfo_endpoint", "end_session_endpoint")
        )
        return {
            "auth_endpoint": found["authorization_endpoint"],
            "pakn_token_endpoint": found["token_endpoint"],
            "pakn_jwks_uri": found["jwks_uri"],
            "validation_endpoint": about if isinstance(about, str) else False,
            "pakn_logout_endpoint": leave if isinstance(leave, str) else False,
            "pakn_method": method,
            "pakn_sends_issuer": found.get(
                "authorization_response_iss_parameter_supported"
            )
            is True,
        }

    def _explain(self, refused):
        """Return a sentence on why a provider's settings could not be read."""
        if refused.detail == "issuer":
            return self.env._(
                "The provider gives itself another issuer than “%s”; type it exactly "
                "as the provider does.",
                self.pakn_issuer,
            )
        if refused.reason == "token":
            return self.env._(
                "The provider lacks what a safe sign-in needs: %s.", refused.detail
            )
        return self.env._(
            "The provider does not answer (%s). Is the issuer right, and is its "
            "network named?",
            refused.detail,
        )

    # ------------------------------------------------------------
    # SIGNING IN
    # ------------------------------------------------------------

    @api.model
    def _get_shown(self):
        """Return the providers that the page to sign in offers, in sudo."""
        # sudo: a visitor reads none; name and button alone are shown
        providers_sudo = self.sudo().search(
            [("enabled", "=", True), ("pakn_kind", "!=", False)]
        )
        return providers_sudo.filtered(lambda one: not one.pakn_missing)

    def _get_redirect_uri(self):
        """Return where the provider sends the browser back to: its own address each.

        An answer of one provider is never taken for that of another (RFC 9700, 4.4).
        """
        return f"{self.get_base_url()}/dang-nhap/{self.id}/tra-ve"

    def _get_sign_out_url(self):
        """Return where somebody signs out there too; empty where there is no such.

        The provider sends the browser back to our page to sign in, and nowhere else.
        """
        if not self.pakn_logout_endpoint:
            return ""
        return oidc.get_sign_out_url(
            self.pakn_logout_endpoint,
            self.client_id,
            f"{self.get_base_url()}/web/login",
        )

    def _get_client(self):
        return oidc.Client(
            issuer=self.pakn_issuer,
            client_id=self.client_id,
            authorization_endpoint=self.auth_endpoint,
            token_endpoint=self.pakn_token_endpoint,
            jwks_uri=self.pakn_jwks_uri,
            userinfo_endpoint=self.validation_endpoint or "",
            scope=self.scope,
            method=self.pakn_method,
            sends_issuer=self.pakn_sends_issuer,
            secret=self.pakn_secret,
        )

    def _begin(self):
        """Return ``(what the session keeps, where the browser goes)``."""
        attempt = oidc.begin()
        url = oidc.get_authorization_url(
            self._get_client(), attempt, self._get_redirect_uri()
        )
        return attempt, url

    def _finish(self, attempt, answer):
        """Return the claims of who has come back from the provider.

        :param dict attempt: what the session has kept
        :param dict answer: what the browser has brought
        :raise oidc.Refused: see there
        """
        self.ensure_one()
        return oidc.finish(
            self._get_client(),
            attempt,
            answer,
            self._get_redirect_uri(),
            self._speak,
            self._get_keys,
        )

    def _speak(self, method, url, body, headers):
        headers = {"User-Agent": "1022-oidc/1", **headers}
        is_sealed = urlsplit(url).scheme == "https"

        def may_speak_to(address):
            """Return whether an address is of a network that is named, or public.

            The secret never crosses the open internet in clear.
            """
            networks = split_list(self.pakn_networks)
            return is_among(address, networks) or (
                is_sealed and outside.is_public(address)
            )

        return outside.ask(method, url, body, headers, SECONDS, may_speak_to)

    def _get_keys(self, is_new=False):
        """Return the provider's keys; those that are kept, unless others are wanted."""
        place = self.env.cr.dbname, self.pakn_jwks_uri
        fetched, keys = _keys.get(place, (None, []))
        now = time.monotonic()
        if is_new or fetched is None or now > fetched + KEYS_SECONDS:
            keys = oidc.fetch_keys(self.pakn_jwks_uri, self._speak)
            _keys[place] = now, keys
        return keys

    def _take_seat(self):
        """Return whether one more may wait; held until the transaction ends."""
        return self._take_one_of(self.id * SEATS, SEATS) and self._take_one_of(
            -ALL_SEATS, ALL_SEATS
        )

    @api.model
    def _take_one_of(self, first, count):
        """Return whether one of ``count`` seats is free; ``first`` is the first one."""
        for seat in range(first, first + count):
            [[is_free]] = self.env.execute_query(
                SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", LOCK, seat)
            )
            if is_free:
                return True
        return False
