import io
import logging
import socket
from unittest.mock import patch

from odoo.exceptions import AccessDenied, AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import file_open, mute_logger

from odoo.addons.pakn_1022.tools.log_filter import KeyFilter

from .common import TAGS, OidcCase
from .peer import SECRET


@tagged(*TAGS)
class TestProvider(OidcCase):
    """Art. 18.4: the administrator sets a provider up, and nobody reads its secret."""

    def test_art18_4_the_provider_fills_in_the_rest(self):
        self.assertEqual(self.provider.auth_endpoint, f"{self.peer.url}/authorize")
        self.assertEqual(self.provider.pakn_token_endpoint, f"{self.peer.url}/token")
        self.assertEqual(self.provider.pakn_jwks_uri, f"{self.peer.url}/keys")
        self.assertEqual(self.provider.validation_endpoint, f"{self.peer.url}/about")
        self.assertEqual(self.provider.pakn_method, "client_secret_basic")
        self.assertFalse(self.provider.pakn_sends_issuer)
        self.assertFalse(self.provider.pakn_missing)
        self.assertTrue(
            self.provider.pakn_redirect_uri.endswith(
                f"/dang-nhap/{self.provider.id}/tra-ve"
            )
        )
        self.peer.announced = {
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            "authorization_response_iss_parameter_supported": True,
        }
        self.provider.action_pakn_discover()
        self.assertEqual(self.provider.pakn_method, "client_secret_post")
        self.assertTrue(self.provider.pakn_sends_issuer)

    def test_what_is_no_safe_provider_is_not_taken(self):
        for announced in (
            {"issuer": f"{self.peer.url}/"},
            {"token_endpoint": None},
            {"jwks_uri": 5},
            {"code_challenge_methods_supported": ["plain"]},
            {"id_token_signing_alg_values_supported": ["HS256", "none"]},
            {"token_endpoint_auth_methods_supported": ["none"]},
        ):
            self.peer.announced = announced
            with self.subTest(announced), self.assertRaises(UserError):
                self.provider.action_pakn_discover()
        self.peer.announced = {"token_endpoint": "file:///etc/passwd"}
        with self.assertRaises(ValidationError):
            self.provider.action_pakn_discover()
        for said in (500, b"[]", b"nothing", b"[" * 100000, "endless"):
            self.peer.said = {"/.well-known/openid-configuration": said}
            with self.subTest(str(said)[:20]), self.assertRaises(UserError):
                self.provider.action_pakn_discover()

    def test_only_named_networks_are_spoken_to(self):
        with self.assertRaises(ValidationError):
            self.provider.pakn_networks = False  # http:// on the open internet
        self.provider.pakn_networks = "10.20.0.0/16"
        seen = len(self.peer.seen)
        with self.assertRaises(UserError):
            self.provider.action_pakn_discover()
        self.assertEqual(len(self.peer.seen), seen, "nobody has come")
        for wrong in ("10.20.0.0/33", "the network"):
            with self.assertRaises(ValidationError):
                self.provider.pakn_networks = wrong
        for name, wrong in (
            ("pakn_issuer", "https://user:word@id.example.gov.vn"),
            ("pakn_issuer", "ftp://id.example.gov.vn"),
            ("pakn_jwks_uri", "https://id.example.gov.vn/keys#x"),
            ("scope", "profile"),
        ):
            with self.subTest(wrong), self.assertRaises(ValidationError):
                self.provider[name] = wrong

    def test_art18_4_nobody_reads_the_secret(self):
        provider = self.provider.with_user(self.manager)
        saved = provider.web_save(
            {"pakn_new_secret": SECRET}, {"pakn_new_secret": {}, "secrets_set": {}}
        )
        self.assertNotIn(SECRET, str(saved))
        self.assertTrue(provider.secrets_set)
        self.assertFalse(provider.pakn_new_secret)
        self.assertNotIn(SECRET, str(provider.read()))
        with self.assertRaises(AccessError):
            provider.read(["pakn_secret"])
        with self.assertRaises(AccessError):
            provider.search([("pakn_secret", "=", SECRET)])
        self.assertNotIn(SECRET, str(provider.copy_data()))
        for user in (self.operator, self.monitor, self.focal):
            with self.assertRaises(AccessError):
                self.provider.with_user(user).read(["name"])
            with self.assertRaises(AccessError):
                self.provider.with_user(user).action_pakn_discover()
            with self.assertRaises(AccessError):
                self.provider.with_user(user).write({"pakn_new_secret": "x"})
        # It goes to no other host
        provider.pakn_token_endpoint = "https://elsewhere.example/token"
        self.assertFalse(provider.secrets_set)
        self.assertIn("Secret", provider.pakn_missing)

    def test_a_secret_does_not_cross_the_open_internet_in_clear(self):
        asked = []

        def resolve(host, *_args, **_options):
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 80))]

        with patch.object(socket, "getaddrinfo", resolve):
            self.provider.pakn_issuer = "http://id.example.gov.vn"
            with self.assertRaises(UserError) as caught:
                self.provider.action_pakn_discover()
        self.assertEqual(asked, ["id.example.gov.vn"])
        self.assertIn(": address)", str(caught.exception))

    def test_another_issuer_is_another_provider(self):
        self.provider.pakn_issuer = f"{self.peer.url}/other"
        self.provider.pakn_issuer = self.peer.url
        self.bind(self.operator)
        self.provider.pakn_issuer = self.peer.url
        with self.assertRaises(UserError):
            self.provider.pakn_issuer = f"{self.peer.url}/other"

    def test_colleagues_do_not_read_who_somebody_is_there(self):
        self.bind(self.operator)
        with self.assertRaises(AccessError):
            self.operator.with_user(self.focal).read(["oauth_uid"])
        with self.assertRaises(AccessError):
            self.env["res.users"].with_user(self.focal).search(
                [("oauth_uid", "=", "staff-1")]
            )
        with self.assertRaises(AccessError):
            self.operator.with_user(self.operator).write({"oauth_uid": "x"})

    def test_the_form_says_what_is_missing(self):
        providers = self.env["auth.oauth.provider"].with_user(self.manager)
        view = "pakn_1022_oidc.auth_oauth_provider_view_form"
        with Form(providers, view) as form:
            form.name = form.body = "VNeID"
            form.pakn_kind = "citizen"
            form.pakn_issuer = "https://vneid.example.gov.vn"
            form.enabled = True
        self.assertIn("Secret", form.record.pakn_missing)
        self.assertNotIn(form.record, providers._get_shown())
        self.assertEqual(form.record.scope, "openid profile email")

    def test_art18_4_the_secret_goes_to_no_other_provider(self):
        provider = self.provider.with_user(self.manager)
        for values in (
            {"pakn_token_endpoint": "https://other.example/token"},
            {"pakn_token_endpoint": False},
            {"pakn_token_endpoint": "https://third.example/token"},
            {"pakn_issuer": "https://other.example"},
        ):
            with self.subTest(values):
                provider.pakn_new_secret = SECRET
                provider.write(values)
                self.assertFalse(provider.secrets_set)

    def test_a_copy_of_the_database_signs_in_nobody(self):
        path = "pakn_1022_oidc/data/neutralize.sql"
        with file_open(path) as file:
            self.env.cr.execute(file.read())
        self.env.invalidate_all()
        self.assertFalse(self.env["auth.oauth.provider"]._get_shown())
        self.assertFalse(self.provider.secrets_set)

    def test_codes_stand_in_no_log(self):
        out = io.StringIO()
        handler = logging.StreamHandler(out)
        handler.addFilter(KeyFilter())
        logger = logging.getLogger("werkzeug")
        logger.addHandler(handler)
        level = logger.level
        logger.setLevel(logging.INFO)
        try:
            self.bind(self.operator)
            url = self.peer.sign_in(self.begin())
            self.come_back(url)
        finally:
            logger.removeHandler(handler)
            logger.setLevel(level)
        code = url.partition("code=")[2].partition("&")[0]
        self.assertIn("/tra-ve?***", out.getvalue())
        self.assertNotIn(code, out.getvalue())

    def test_odoos_own_way_is_closed(self):
        self.bind(self.operator)
        for path in ("/auth_oauth/signin?state={}", "/auth_oauth/oea"):
            with mute_logger("odoo.http"):
                self.assertEqual(self.get(path).status_code, 404)
        with self.assertRaises(AccessDenied):
            self.env["res.users"].auth_oauth(self.provider.id, {"access_token": "x"})
