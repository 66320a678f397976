import re
from urllib.parse import parse_qs, urlsplit

from odoo.http import root

from odoo.addons.pakn_1022.tests.common import TAGS
from odoo.addons.pakn_1022_website.tests.site import SiteCase

from ..models import auth_oauth_provider
from .peer import CLIENT, SECRET, Provider

__all__ = ["TAGS", "OidcCase"]


class OidcCase(SiteCase):
    """A provider on loopback, set up as the administrator does."""

    def setUp(self):
        super().setUp()
        auth_oauth_provider._keys.clear()
        self.env["auth.oauth.provider"].search([]).enabled = False
        self.env["ir.config_parameter"].set_param("auth_totp.policy", False)
        self.peer = self.enterContext(Provider())
        self.provider = self.set_up()
        self.operator.login = "can.bo@gialai.gov.vn"

    def set_up(self, kind="staff", peer=None, **values):
        """Set a provider up, and let it fill in the rest."""
        peer = peer or self.peer
        provider = (
            self.env["auth.oauth.provider"]
            .with_user(self.manager)
            .create(
                {
                    "name": f"Provider of {kind}",
                    "body": f"Sign in as {kind}",
                    "pakn_kind": kind,
                    "pakn_issuer": peer.url,
                    "pakn_networks": "127.0.0.0/8",
                    "client_id": CLIENT,
                    "pakn_new_secret": SECRET,
                    "enabled": True,
                    **values,
                }
            )
        )
        provider.action_pakn_discover()
        peer.redirect_uris.add(provider.pakn_redirect_uri)
        self.env.flush_all()
        return provider

    def bind(self, user, provider=None, subject="staff-1"):
        """Bind an account to a subject, as its administrator does."""
        user.with_user(self.manager).write(
            {
                "oauth_provider_id": (provider or self.provider).id,
                "oauth_uid": subject,
            }
        )
        self.env.flush_all()

    def begin(self, provider=None, query=""):
        """Press the button; return where the browser is sent."""
        reply = self.get(f"/dang-nhap/{(provider or self.provider).id}{query}")
        self.assertEqual(reply.status_code, 303, reply.text[:500])
        return reply.headers["Location"]

    def come_back(self, url):
        """Follow the provider's answer, and return ours."""
        parts = urlsplit(url)
        return self.get(f"{parts.path}?{parts.query}")

    def sign_in(self, provider=None, query=""):
        """Sign in from the button to the end; return the last answer."""
        return self.come_back(self.peer.sign_in(self.begin(provider, query)))

    def who(self):
        """Return who is signed in in this browser, if anybody."""
        session = root.session_store.get(self.opener.cookies["session_id"])
        return self.env["res.users"].browse(session.uid or [])

    def assert_in(self, reply, user):
        self.assertEqual(reply.status_code, 303)
        self.assertNotIn("oidc=", reply.headers["Location"])
        self.assertEqual(self.who(), user)

    def assert_refused(self, reply, reason):
        """Check that nobody is in, and that the page says why in Vietnamese."""
        self.assertEqual(reply.status_code, 303)
        self.assertFalse(self.who())
        location = urlsplit(reply.headers["Location"])
        self.assertEqual(location.path, "/web/login")
        self.assertEqual(parse_qs(location.query), {"oidc": [reason]})
        page = self.url_open(f"/web/login?{location.query}&lang=vi_VN").text
        shown = re.search(r'alert-danger" role="alert">\s*(.*?)\s*</p>', page, re.S)
        self.assertRegex(shown[1], r"[ạảịỉọộẻễ]")
