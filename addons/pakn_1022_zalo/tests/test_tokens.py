from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from ..tools import client
from .common import ZaloCase, ZaloPeer


@tagged(*TAGS)
class TestClient(BaseCase):
    """Tokens over HTTP."""

    def test_a_refresh_token_is_traded_once(self):
        zalo = ZaloPeer()
        with zalo.peer as peer:
            urls = client.Urls(peer.url, peer.url, peer.url)
            tokens = client.refresh(urls, "1", "s", "r0")
            self.assertEqual((tokens.access, tokens.seconds), (zalo.access, 90000))
            with self.assertRaises(client.RefusedError) as caught:
                client.refresh(urls, "1", "s", "r0")
            self.assertEqual(caught.exception.code, -14020)

    def test_not_reached_is_told_apart(self):
        urls = client.Urls(*["http://127.0.0.1:9"] * 3)
        with self.assertRaises(client.NotReachedError):
            client.refresh(urls, "1", "s", "r0")

    def test_challenge_as_in_rfc_7636(self):
        verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        self.assertEqual(
            client.make_challenge(verifier),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        )


@tagged(*TAGS)
class TestConnecting(ZaloCase):
    """The wizard: to Zalo and back, with a state that is good once."""

    def test_connect(self):
        account = self.account.with_user(self.manager)
        url = account.action_zalo_connect()["url"]
        self.assertIn("/v4/oa/permission?app_id=", url)
        state = self.account.sudo().zalo_state
        self.assertIn(state, url)
        for wrong in ("", "x", state + "x"):
            with self.subTest(wrong), self.assertRaises(UserError):
                account._finish_zalo("code", wrong)
        account._finish_zalo("code", state)
        self.assertEqual(self.account.sudo().zalo_access_token, self.zalo.access)
        self.assertTrue(self.account.zalo_connected_on)
        with self.assertRaises(UserError):
            account._finish_zalo("code", state)

    def test_keys_are_wanted_first(self):
        self.account.zalo_oa_secret = False
        with self.assertRaises(UserError):
            self.account.with_user(self.manager).action_zalo_connect()

    def test_not_for_others(self):
        for user in (self.operator, self.focal, self.monitor):
            account = self.account.with_user(user)
            for method in ("action_zalo_connect", "action_zalo_test"):
                with self.subTest(user.login, method=method):
                    self.assertRaises(AccessError, getattr(account, method))
