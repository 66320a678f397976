from configparser import ConfigParser
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import jwt

from odoo.exceptions import AccessDenied
from odoo.sql_db import db_connect
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..controllers.oidc import MOST_TIMES
from ..models.auth_oauth_provider import ALL_SEATS, LOCK, SEATS
from ..models.res_users import SignedIn
from .common import TAGS, OidcCase
from .peer import Key, Provider

LOGGER = "odoo.addons.pakn_1022_oidc.controllers.oidc"
NUMBER = "+84905123456"


@tagged(*TAGS)
class TestStaff(OidcCase):
    """Art. 18.4: the province's provider opens accounts that are there."""

    def test_art18_4_an_account_is_opened_by_its_subject(self):
        self.bind(self.operator)
        self.assertIn(f"/dang-nhap/{self.provider.id}", self.get("/web/login").text)
        self.assert_in(
            self.sign_in(query="?redirect=/odoo/pakn-tickets"), self.operator
        )
        self.assertEqual(self.peer.forms[0]["by_header"], True)
        self.assertFalse(self.operator.sudo().oauth_access_token)
        self.provider.pakn_method = "client_secret_post"
        self.env.flush_all()
        self.opener.cookies.clear()
        self.assert_in(self.sign_in(), self.operator)
        self.assertEqual(self.peer.forms[1]["by_header"], False)

    def test_where_it_leads_is_ours(self):
        self.bind(self.operator)
        for path, expected in (
            ("/odoo/pakn-tickets", "/odoo/pakn-tickets"),
            ("https://evil.example/", "/odoo"),
            ("//evil.example/", "/odoo"),
            ("/%5Cevil.example/", "/odoo"),
        ):
            with self.subTest(path):
                reply = self.sign_in(query=f"?redirect={path}")
                location = urlsplit(reply.headers["Location"])
                self.assertEqual(location.path, expected)
                self.assertNotIn("evil", location.netloc)

    def test_art18_4_who_signs_out_is_signed_out_there_too(self):
        """The next one at a machine that is everybody's is not signed in unasked."""
        self.bind(self.operator)
        self.assert_in(self.sign_in(), self.operator)
        reply = self.get("/web/session/logout?redirect=/")
        self.assertFalse(self.who())
        self.assertEqual(reply.headers["Location"], "/", "it has no such page")
        leave = f"{self.peer.url}/end?realm=staff"
        self.peer.announced = {"end_session_endpoint": leave}
        self.provider.action_pakn_discover()
        self.env.flush_all()
        self.assert_in(self.sign_in(), self.operator)
        for address in ("/", "https://evil.example/"):
            reply = self.get(f"/web/session/logout?redirect={address}")
            self.assertFalse(self.who())
            location = reply.headers["Location"]
            self.assertTrue(location.startswith(f"{leave}&"))
            back = f"{self.provider.get_base_url()}/web/login"
            self.assertEqual(
                parse_qs(urlsplit(location).query),
                {
                    "realm": ["staff"],
                    "client_id": ["hotline"],
                    "post_logout_redirect_uri": [back],
                },
            )
            self.assert_in(self.sign_in(), self.operator)
        # A session that it has not opened is not its own, nor one that is off
        self.provider.enabled = False
        self.env.flush_all()
        self.assertEqual(self.get("/web/session/logout").headers["Location"], "/odoo")
        self.provider.enabled = True
        self.env.flush_all()
        self.authenticate("test_focal", "test_focal")
        self.assertEqual(self.get("/web/session/logout").headers["Location"], "/odoo")

    def test_what_is_random_is_new_each_time(self):
        asked = [parse_qs(urlsplit(self.begin()).query) for _time in range(3)]
        for name in ("state", "nonce", "code_challenge"):
            self.assertEqual(len({one[name][0] for one in asked}), 3)

    def test_an_unknown_subject_opens_nothing(self):
        users = self.env["res.users"].with_context(active_test=False)
        count = users.search_count([])
        self.assert_refused(self.sign_in(), "unknown")
        self.assertEqual(users.search_count([]), count, "no staff is made")

    def test_a_verified_email_links_where_the_box_is_ticked(self):
        self.peer.about = {"email": "Can.Bo@gialai.gov.vn", "email_verified": True}
        self.assert_refused(self.sign_in(), "unknown")
        self.provider.pakn_link_by_email = True
        for verified in (False, None, "true", 1):
            self.peer.about["email_verified"] = verified
            self.env.flush_all()
            with self.subTest(verified):
                self.assert_refused(self.sign_in(), "unknown")
        self.peer.about["email_verified"] = True
        self.assert_in(self.sign_in(), self.operator)
        self.assertEqual(self.operator.oauth_uid, "staff-1")
        # Somebody else has the address now
        self.opener.cookies.clear()
        self.peer.person = {"sub": "staff-2"}
        self.assert_refused(self.sign_in(), "unknown")
        self.assertEqual(self.operator.oauth_uid, "staff-1")

    def test_an_email_of_a_citizen_links_nothing(self):
        new_test_user(self.env, "dan@example.com", groups="base.group_portal")
        self.provider.pakn_link_by_email = True
        self.env.flush_all()
        self.peer.about = {"email": "dan@example.com", "email_verified": True}
        self.assert_refused(self.sign_in(), "kind")

    def test_an_invitation_links_once(self):
        # Odoo takes the stamp of a date, which a clock that stands does not give
        self.run_clock()
        partner = self.focal.partner_id
        partner.signup_prepare()
        token = partner._generate_signup_token()
        self.env.flush_all()
        page = self.url_open(f"/web/signup?token={token}").text
        self.assertIn(f"/dang-nhap/{self.provider.id}?token=", page)
        self.assert_in(self.sign_in(query=f"?token={token}"), self.focal)
        self.focal.sudo().write({"oauth_uid": False})
        self.env.flush_all()
        self.opener.cookies.clear()
        self.assert_refused(self.sign_in(query=f"?token={token}"), "unknown")
        self.assert_refused(self.sign_in(query="?token=nonsense"), "unknown")

    def test_a_portal_account_is_not_for_staffs_provider(self):
        citizen = new_test_user(self.env, "dan", groups="base.group_portal")
        self.bind(citizen)
        self.assert_refused(self.sign_in(), "kind")

    def test_an_archived_account_is_locked(self):
        self.bind(self.operator)
        self.operator.active = False
        self.env.flush_all()
        self.assert_refused(self.sign_in(), "locked")

    def test_art18_4_the_second_factor_is_still_asked_for(self):
        self.bind(self.operator)
        self.env["ir.config_parameter"].set_param(
            "auth_totp.policy", "employee_required"
        )
        self.peer.more = {"amr": ["pwd", "otp"]}
        self.env.flush_all()

        def is_asked():
            self.opener.cookies.clear()
            reply = self.sign_in()
            path = urlsplit(reply.headers["Location"]).path
            return path == "/web/login/totp" and not self.who()

        self.assertTrue(is_asked(), "the box is not ticked")
        self.provider.pakn_asks_second_factor = True
        self.env.flush_all()
        for amr in (["pwd"], "mfa", None, [["mfa"]]):
            self.peer.more = {"amr": amr}
            with self.subTest(amr):
                self.assertTrue(is_asked())
        self.peer.more = {"amr": ["pwd", "mfa"]}
        self.assertFalse(is_asked())
        self.assertEqual(self.who(), self.operator)

    def test_no_form_makes_a_credential(self):
        self.bind(self.operator)
        for said in (None, {"user_id": self.operator.id}, SignedIn(1, True)):
            credential = {
                "type": "pakn_oidc",
                "login": self.operator.login,
                "said": said,
            }
            with self.subTest(said), self.assertRaises(AccessDenied):
                self.operator.with_user(self.operator)._check_credentials(
                    credential, {"interactive": True}
                )

    def test_local_accounts_go_on(self):
        self.operator.password = "operator of 1022"
        self.authenticate(self.operator.login, "operator of 1022")
        self.assertEqual(self.who(), self.operator)


@tagged(*TAGS)
class TestRefused(OidcCase):
    """Art. 18.5: what does not belong to this sign-in signs nobody in."""

    def setUp(self):
        super().setUp()
        self.bind(self.operator)

    def test_state_of_nobody_of_another_browser_and_used(self):
        url = self.peer.sign_in(self.begin())
        state = parse_qs(urlsplit(url).query)["state"][0]
        self.assert_refused(self.come_back(url.replace(state, "x" * 43)), "state")
        self.assert_refused(self.come_back(url.replace("state=", "x=")), "state")
        mine = self.opener.cookies.copy()
        self.opener.cookies.clear()
        self.begin()
        self.assert_refused(self.come_back(url), "state")
        self.opener.cookies.clear()
        self.opener.cookies.update(mine)
        self.assertEqual(self.peer.forms, [], "nothing was asked so far")
        self.assert_in(self.come_back(url), self.operator)
        self.url_open("/web/session/logout")
        reply = self.come_back(url)
        self.assertIn("oidc=state", reply.headers["Location"])
        self.assertEqual(len(self.peer.forms), 1)

    def test_ten_minutes_and_five_windows(self):
        url = self.peer.sign_in(self.begin())
        self.set_clock("2026-03-02 08:11")
        self.assert_refused(self.come_back(url), "state")
        first, *others = (self.peer.sign_in(self.begin()) for _time in range(6))
        self.assert_refused(self.come_back(first), "state")
        self.assert_in(self.come_back(others[0]), self.operator)

    def test_the_answer_of_another_provider(self):
        """RFC 9700, 4.4; RFC 9207."""
        other = self.set_up(peer=self.enterContext(Provider()))
        url = self.peer.sign_in(self.begin())
        moved = url.replace(f"/{self.provider.id}/", f"/{other.id}/")
        self.assert_refused(self.come_back(moved), "state")
        self.peer.answered = {"iss": other.pakn_issuer}
        self.assert_refused(self.sign_in(), "token")
        self.peer.answered = {}
        self.provider.pakn_sends_issuer = True
        self.env.flush_all()
        self.assert_refused(self.sign_in(), "token")
        self.assertEqual(self.peer.forms, [])
        self.peer.answered = {"iss": self.peer.url}
        self.assert_in(self.sign_in(), self.operator)

    def test_tokens_that_are_not_for_this_sign_in(self):
        for more in (
            {"nonce": "another"},
            {"nonce": None},
            {"iss": "https://id.example.com"},
            {"aud": "other"},
            {"exp": 1},
        ):
            self.peer.more = more
            with self.subTest(more):
                self.assert_refused(self.sign_in(), "token")

    def test_tokens_without_a_signature_or_by_another_key(self):
        for make in (
            lambda claims: jwt.encode(claims, None, "none"),
            lambda claims: jwt.encode(claims, "x" * 64, "HS256"),
            Key().sign,
            lambda claims: "nonsense",
            lambda claims: None,
        ):
            self.peer.make_token = make
            self.assert_refused(self.sign_in(), "token")

    def test_a_key_that_was_changed_is_fetched(self):
        self.assert_in(self.sign_in(), self.operator)
        self.opener.cookies.clear()
        self.assert_in(self.sign_in(), self.operator)
        self.assertEqual(self.peer.seen.count(("GET", "/keys")), 1)
        self.peer.key = Key("ES256")
        self.opener.cookies.clear()
        self.assert_in(self.sign_in(), self.operator)
        self.assertEqual(self.peer.seen.count(("GET", "/keys")), 2)

    def test_a_secret_that_is_wrong(self):
        self.provider.with_user(self.manager).pakn_new_secret = "wrong"
        self.env.flush_all()
        self.assert_refused(self.sign_in(), "token")

    def test_user_info_of_somebody_else(self):
        self.peer.about = {"sub": "staff-2"}
        self.assert_refused(self.sign_in(), "token")

    def test_who_says_no_there(self):
        state = parse_qs(urlsplit(self.begin()).query)["state"][0]
        path = f"/dang-nhap/{self.provider.id}/tra-ve?error=access_denied&state={state}"
        self.assert_refused(self.get(path), "denied")

    def test_art18_5_a_provider_that_is_down(self):
        for path in ("/token", "/keys", "/about"):
            for said in (500, b"nothing", b"[]", "endless"):
                self.peer.said = {path: said}
                with self.subTest(path, said=said), mute_logger(LOGGER):
                    self.assert_refused(self.sign_in(), "down")
        self.peer.said = {}
        url = self.peer.sign_in(self.begin())
        self.peer.server.server_close()
        self.peer.server.shutdown()
        with self.assertLogs(LOGGER, "WARNING") as log:
            self.assert_refused(self.come_back(url), "down")
        code = parse_qs(urlsplit(url).query)["code"][0]
        self.assertNotIn(code, str(log.output))

    def hold(self, *seats):
        """Sit where others wait for a provider; return the connection that does."""
        # Of a process of its own: what this one holds, it may take again
        cr = self.enterContext(db_connect(self.env.cr.dbname).cursor())
        for seat in seats:
            cr.execute("SELECT pg_advisory_xact_lock(%s, %s)", (LOCK, seat))
        return cr

    def test_art18_5_who_comes_fourth_waits_in_the_browser(self):
        first = self.provider.id * SEATS
        others = self.hold(*range(first, first + SEATS))
        url = self.peer.sign_in(self.begin())
        for _time in range(2):
            reply = self.come_back(url)
            self.assertEqual(reply.status_code, 503)
            self.assertEqual(reply.headers["Refresh"], "3")
            self.assertIn("no-store", reply.headers["Cache-Control"])
        self.assertFalse(self.who())
        self.assertEqual(self.peer.forms, [], "the code has not been used")
        # Another provider has seats of its own
        other = self.set_up(peer=self.enterContext(Provider()))
        self.assertTrue(other._take_seat())
        others.rollback()
        self.assert_in(self.come_back(url), self.operator)

    def test_art18_5_nobody_waits_for_ever(self):
        first = self.provider.id * SEATS
        self.hold(*range(first, first + SEATS))
        url = self.peer.sign_in(self.begin())
        for _time in range(MOST_TIMES):
            self.assertEqual(self.come_back(url).status_code, 503)
        with mute_logger(LOGGER):
            self.assert_refused(self.come_back(url), "down")
        self.assert_refused(self.come_back(url), "state")

    def test_art18_5_all_providers_together_leave_a_process_free(self):
        settings = ConfigParser(interpolation=None)
        settings.read(Path(__file__).parents[3] / "odoo.conf")
        self.assertLess(ALL_SEATS, settings.getint("options", "workers"))
        self.hold(*range(-ALL_SEATS, 0))
        url = self.peer.sign_in(self.begin())
        self.assertEqual(self.come_back(url).status_code, 503)

    def test_what_is_not_offered_is_not_there(self):
        self.provider.enabled = False
        self.env.flush_all()
        path = f"/dang-nhap/{self.provider.id}"
        self.assertEqual(self.get(path).status_code, 404)
        self.assertEqual(self.get(f"{path}/tra-ve?code=x").status_code, 404)
        self.assertNotIn(path, self.get("/web/login").text)


@tagged(*TAGS)
class TestCitizen(OidcCase):
    """Art. 18.5: citizens by VNeID, with an account of the site."""

    def setUp(self):
        super().setUp()
        self.vneid = self.set_up("citizen", scope="openid profile phone")
        self.peer.person = {"sub": "052090001234", "name": " Lê  Thị B "}
        self.peer.about = {"phone_number": NUMBER, "phone_number_verified": True}

    def citizen(self):
        return (
            self.env["res.users"]
            .with_context(active_test=False)
            .search([("oauth_uid", "=", "052090001234")])
        )

    def test_art18_5_an_account_is_made_once(self):
        reply = self.sign_in(self.vneid)
        citizen = self.citizen()
        self.assert_in(reply, citizen)
        self.assertTrue(citizen._is_portal())
        self.assertEqual((citizen.name, citizen.lang), ("Lê Thị B", "vi_VN"))
        self.assertNotIn("052090001234", citizen.login)
        self.assertFalse(citizen.partner_id.pakn_verified_phone)
        self.opener.cookies.clear()
        self.assert_in(self.sign_in(self.vneid), citizen)
        self.assertEqual(len(self.citizen()), 1)

    def test_a_proved_phone_opens_its_requests(self):
        ticket = self.submitted(description="Cây đổ trước nhà tôi tối qua")
        self.vneid.pakn_phone_is_proved = True
        for verified in (False, "true", None):
            self.peer.about["phone_number_verified"] = verified
            self.env.flush_all()
            self.opener.cookies.clear()
            self.sign_in(self.vneid)
            self.assertFalse(self.citizen().partner_id.pakn_verified_phone)
            self.assertNotIn(ticket.name, self.url_open("/my/requests").text)
        self.peer.about["phone_number_verified"] = True
        self.opener.cookies.clear()
        self.sign_in(self.vneid)
        self.env.invalidate_all()
        self.assertEqual(self.citizen().partner_id.pakn_verified_phone, NUMBER)
        self.assertIn(ticket.name, self.url_open("/my/requests").text)

    def test_no_account_of_staff(self):
        self.bind(self.operator, self.vneid, "052090001234")
        self.assert_refused(self.sign_in(self.vneid), "kind")
        self.operator.sudo().oauth_uid = False
        self.vneid.pakn_link_by_email = True
        self.env.flush_all()
        self.peer.about = {"email": self.operator.login, "email_verified": True}
        reply = self.sign_in(self.vneid)
        self.assert_in(reply, self.citizen())
        self.assertNotEqual(self.citizen(), self.operator)

    def test_who_was_archived_gets_no_other_account(self):
        self.sign_in(self.vneid)
        self.citizen().active = False
        self.env.flush_all()
        self.opener.cookies.clear()
        self.assert_refused(self.sign_in(self.vneid), "locked")
        self.assertEqual(len(self.citizen()), 1)
