from datetime import timedelta
from unittest.mock import patch

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


@tagged(*TAGS)
class TestWarnings(ZaloCase):
    """What runs out is said in time, to those who can do something about it."""

    def setUp(self):
        super().setUp()
        self.connect()
        self.managers = self.env["pakn.notice"]._get_managers()

    def watch(self, left, total=500):
        """Have Zalo tell how many messages are left, as each hour."""

        def answer(method, path, headers, body):
            if path.startswith("/v2.0/oa/quota/"):
                return self.zalo.reply(
                    {"error": 0, "data": [{"remain": left, "total": total}]}
                )
            return self.zalo.answer(method, path, headers, body)

        token = patch.object(
            type(self.account), "_get_zalo_token", lambda *_args, **_kwargs: "a0"
        )
        with token, patch.object(self.zalo.peer, "answer", answer):
            self.account._read_zalo_quota()
        self.env.flush_all()
        self.env.invalidate_all()
        self.account._watch()

    def todos(self):
        return self.account.activity_ids

    def test_messages_that_run_out_are_a_todo_until_there_are_more(self):
        self.watch(400)
        self.assertFalse(self.account.warning)
        self.assertFalse(self.todos())
        self.watch(40)
        self.assertIn("40", self.account.warning)
        self.assertEqual(self.todos().user_id, self.managers)
        self.watch(40)
        self.assertEqual(len(self.todos()), len(self.managers), "said once")
        self.watch(0)
        self.assertIn("No messages", self.todos()[0].summary)
        self.assertEqual(len(self.todos()), len(self.managers))
        self.watch(500)
        self.assertFalse(self.account.warning)
        self.assertFalse(self.todos())

    def test_age_of_the_connection_is_shown_and_warned_of(self):
        account = self.account.with_user(self.manager)
        self.assertEqual(account.zalo_days_left, 90)
        connected = self.account.zalo_connected_on
        for days, left, is_warned in ((75, 15, False), (80, 10, True), (95, -5, True)):
            self.account.zalo_connected_on = connected - timedelta(days=days)
            self.watch(400)
            self.assertEqual(account.zalo_days_left, left)
            self.assertEqual(bool(account.warning), is_warned)
            self.assertEqual(bool(self.todos()), is_warned)
        self.assertIn("Connect", account.warning)
        steps = self.env["pakn.first.steps"].with_user(self.manager).get_steps()
        [step] = [one for one in steps if one["key"] == "chat"]
        self.assertFalse(step["done"])
        account.action_zalo_connect()
        account._finish_zalo("code", self.account.sudo().zalo_state)
        self.assertFalse(self.todos())

    def test_operators_read_the_warning_and_no_keys(self):
        self.watch(40)
        account = self.account.with_user(self.operator)
        self.assertIn("40", account.warning)
        with self.assertRaises(AccessError):
            _keys = account.zalo_app_secret

    def test_a_problem_is_a_todo_of_every_manager_once(self):
        self.account._note_problem("Facebook 190: x")
        self.account._note_problem("Facebook 190: x")
        self.assertEqual(
            self.todos().mapped("summary"), ["Facebook 190: x"] * len(self.managers)
        )
        self.account._note_well()
        self.assertFalse(self.todos())
        self.assertFalse(self.account.problem)
