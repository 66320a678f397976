import time

from odoo.http import root
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TAGS, OidcCase
from .peer import CLIENT, SECRET, Key, Provider

LOGGER = "odoo.addons.pakn_1022_oidc.controllers.oidc"


@tagged(*TAGS)
class TestSignIn(OidcCase):
    """Art. 18.4, 18.5: from the button to the provider and back."""

    def new_browser(self):
        """Go on as somebody else, in another browser."""
        self.opener.cookies.clear()

    def refuse(self, reason, provider=None):
        """Sign in, and check that it is refused for that reason."""
        with mute_logger(LOGGER):
            self.assert_refused(self.sign_in(provider), reason)

    # ------------------------------------------------------------
    # STAFF
    # ------------------------------------------------------------

    def test_art18_5_staff_sign_in_by_the_province(self):
        self.bind(self.operator)
        page = self.get("/web/login").text
        self.assertIn("Sign in as staff", page)
        self.assertIn(f"/dang-nhap/{self.provider.id}", page)
        self.assert_in(self.sign_in(), self.operator)
        [form] = self.peer.forms
        self.assertTrue(form["by_header"])
        self.assertGreaterEqual(len(form["code_verifier"]), 43)
        self.assertNotIn("client_secret", form)
        # In the form, where the provider wants it so
        self.provider.pakn_method = "client_secret_post"
        self.env.flush_all()
        self.new_browser()
        self.assert_in(self.sign_in(), self.operator)
        self.assertEqual(self.peer.forms[1]["client_secret"], SECRET)
        self.assertEqual(self.peer.forms[1]["client_id"], CLIENT)
        self.assertNotEqual(
            self.peer.forms[1]["code_verifier"], form["code_verifier"], "of one sign-in"
        )

    def test_local_accounts_go_on_working(self):
        self.bind(self.operator)
        self.authenticate(self.operator.login, self.operator.login)
        self.assertEqual(self.who(), self.operator)

    def test_art18_4_staff_are_linked_by_an_email_that_is_verified(self):
        self.peer.person = {"sub": "new", "email": "Can.Bo@gialai.gov.vn"}
        self.peer.person["email_verified"] = True
        self.refuse("unknown")
        self.provider.pakn_link_by_email = True
        self.env.flush_all()
        for verified in (False, None, "true", 1):
            self.peer.more = {"email_verified": verified}
            with self.subTest(verified):
                self.refuse("unknown")
        self.peer.more = {}
        self.assert_in(self.sign_in(), self.operator)
        self.assertEqual(self.operator.oauth_uid, "new")
        # The address was given to somebody else there: no other subject gets in
        self.new_browser()
        self.peer.person["sub"] = "newer"
        self.refuse("unknown")
        self.assertEqual(self.operator.oauth_uid, "new")

    def test_art18_4_an_invitation_links_once(self):
        self.operator.partner_id.signup_prepare(signup_type="signup")
        token = self.operator.partner_id._generate_signup_token()
        self.env.flush_all()
        self.assert_in(self.sign_in(query=f"?token={token}"), self.operator)
        self.assertEqual(self.operator.oauth_uid, "staff-1")
        self.new_browser()
        # Not for having signed in since, but as it is used up
        self.operator.log_ids.unlink()
        self.operator.oauth_uid = False
        self.env.flush_all()
        self.peer.person = {"sub": "thief"}
        with mute_logger(LOGGER):
            reply = self.sign_in(query=f"?token={token}")
        self.assert_refused(reply, "unknown")

    def test_art18_4_no_account_of_staff_is_made(self):
        self.provider.pakn_link_by_email = True
        self.env.flush_all()
        before = self.env["res.users"].with_context(active_test=False).search_count([])
        self.peer.person = {"sub": "x", "email": "la@gialai.gov.vn"}
        self.peer.person["email_verified"] = True
        self.refuse("unknown")
        users = self.env["res.users"].with_context(active_test=False)
        self.assertEqual(users.search_count([]), before)

    def test_art18_4_each_provider_opens_its_own_kind(self):
        citizen = self.env["res.users"].create(
            {
                "name": "Người dân",
                "login": "dan@example.com",
                "group_ids": [(6, 0, self.env.ref("base.group_portal").ids)],
            }
        )
        self.provider.pakn_link_by_email = True
        self.peer.person = {"sub": "1", "email": citizen.login, "email_verified": True}
        self.env.flush_all()
        self.refuse("kind")
        self.bind(citizen, subject="1")
        self.refuse("kind")
        citizens = self.set_up("citizen")
        self.bind(self.operator, citizens, "1")
        self.refuse("kind", citizens)

    def test_a_locked_account_stays_locked(self):
        self.bind(self.operator)
        self.operator.active = False
        self.env.flush_all()
        self.refuse("locked")

    def test_art18_4_the_second_factor_is_asked_all_the_same(self):
        self.bind(self.operator)
        self.operator.sudo().totp_secret = "JBSWY3DPEHPK3PXP"
        self.env.flush_all()
        for box, amr, is_in in (
            (False, ["mfa"], False),
            (True, ["pwd"], False),
            (True, "mfa", False),
            (True, ["pwd", "otp"], True),
        ):
            self.provider.pakn_asks_second_factor = box
            self.peer.more = {"amr": amr}
            self.env.flush_all()
            self.new_browser()
            with self.subTest(box=box, amr=amr):
                reply = self.sign_in()
                self.assertEqual(self.who() == self.operator, is_in)
                self.assertEqual("totp" in reply.headers["Location"], not is_in)

    # ------------------------------------------------------------
    # CITIZENS
    # ------------------------------------------------------------

    def test_art18_5_a_citizen_gets_an_account_of_the_site(self):
        citizens = self.set_up("citizen", pakn_phone_is_proved=True)
        self.peer.person = {
            "sub": "vneid-1",
            "name": "  Trần  Thị\nBình ",
            "email": self.operator.login,
            "email_verified": True,
            "phone_number": "+84905123987",
            "phone_number_verified": True,
        }
        reply = self.sign_in(citizens)
        citizen = self.who()
        self.assert_in(reply, citizen)
        self.assertNotEqual(citizen, self.operator, "an email is nobody here")
        self.assertTrue(citizen._is_portal())
        self.assertEqual(citizen.name, "Trần Thị Bình")
        self.assertEqual(citizen.partner_id.pakn_verified_phone, "+84905123987")
        self.assertNotIn("905123987", citizen.login)
        # The same one the next time
        self.new_browser()
        self.assert_in(self.sign_in(citizens), citizen)

    def test_a_number_that_is_not_verified_proves_nothing(self):
        citizens = self.set_up("citizen")
        person = {"sub": "v", "name": "A", "phone_number": "0905123987"}
        for number, (box, verified) in enumerate(
            ((False, True), (True, False), (True, "true"), (True, None))
        ):
            citizens.pakn_phone_is_proved = box
            self.env.flush_all()
            self.peer.person = {**person, "sub": f"v{number}"}
            self.peer.more = {"phone_number_verified": verified}
            self.new_browser()
            with self.subTest(box=box, verified=verified):
                self.sign_in(citizens)
                self.assertTrue(self.who())
                self.assertFalse(self.who().partner_id.pakn_verified_phone)

    # ------------------------------------------------------------
    # WHAT BELONGS TOGETHER
    # ------------------------------------------------------------

    def test_art18_4_an_answer_is_of_use_once_and_in_its_own_browser(self):
        self.bind(self.operator)
        url = self.peer.sign_in(self.begin())
        self.new_browser()
        with mute_logger(LOGGER):
            self.assert_refused(self.come_back(url), "state")
            # A link that a stranger has sent, without anything begun
            self.assert_refused(self.come_back(url.replace("state=", "x=")), "state")
        url = self.peer.sign_in(self.begin())
        self.assert_in(self.come_back(url), self.operator)
        self.new_browser()
        begun = self.begin()
        url = self.peer.sign_in(begun)
        with mute_logger(LOGGER):
            wrong = self.come_back(url.replace("state=", "state=x"))
            self.assert_refused(wrong, "state")
        self.assert_in(self.come_back(url), self.operator)
        forms = len(self.peer.forms)
        with mute_logger(LOGGER):
            reply = self.come_back(url)
        self.assertIn("oidc=state", reply.headers["Location"], "it was used")
        self.assertEqual(len(self.peer.forms), forms, "the provider is not asked")

    def test_art18_4_an_answer_is_too_late_after_ten_minutes(self):
        self.bind(self.operator)
        url = self.peer.sign_in(self.begin())
        session = root.session_store.get(self.opener.cookies["session_id"])
        for attempt in session["pakn_oidc"].values():
            self.assertLessEqual(attempt["until"], time.time() + 600)
            attempt["until"] -= 601
        session.is_dirty = True
        root.session_store.save(session)
        with mute_logger(LOGGER):
            self.assert_refused(self.come_back(url), "state")

    def test_art18_4_the_answer_of_one_provider_is_none_of_another(self):
        self.bind(self.operator)
        with Provider() as other:
            second = self.set_up(peer=other)
            self.bind(self.monitor, second, "staff-1")
            url = self.peer.sign_in(self.begin())
            mixed = url.replace(
                f"/dang-nhap/{self.provider.id}/", f"/dang-nhap/{second.id}/"
            )
            with mute_logger(LOGGER):
                self.assert_refused(self.come_back(mixed), "state")
            # RFC 9207
            self.peer.answered = {"iss": other.url}
            self.refuse("token")
        self.peer.answered = {}
        self.provider.pakn_sends_issuer = True
        self.env.flush_all()
        self.refuse("token")
        self.peer.answered = {"iss": self.peer.url}
        self.assert_in(self.sign_in(), self.operator)

    def test_art18_4_what_the_token_says_is_checked(self):
        self.bind(self.operator)
        now = int(time.time())
        for more in (
            {"nonce": "another"},
            {"iss": "https://elsewhere.example"},
            {"aud": "another"},
            {"exp": now - 100},
        ):
            self.peer.more = more
            with self.subTest(more):
                self.refuse("token")
        self.peer.more = {}
        self.peer.about = {"sub": "somebody else"}
        self.refuse("token")

    def test_art18_4_a_new_key_is_fetched_and_a_stranger_s_is_not_believed(self):
        self.bind(self.operator)
        self.assert_in(self.sign_in(), self.operator)
        self.new_browser()
        self.peer.key = Key("ES256")
        self.assert_in(self.sign_in(), self.operator)
        self.new_browser()
        self.peer.make_token = Key().sign
        self.refuse("token")

    def test_a_wrong_secret_and_an_error_are_said(self):
        self.bind(self.operator)
        self.provider.with_user(self.manager).pakn_new_secret = "wrong"
        self.env.flush_all()
        self.refuse("token")
        self.peer.answered = {"error": "access_denied"}
        self.refuse("denied")

    # ------------------------------------------------------------
    # A PROVIDER THAT IS ILL
    # ------------------------------------------------------------

    def test_a_provider_that_is_down_or_talks_without_end(self):
        self.bind(self.operator)
        for path in ("/token", "/keys", "/about"):
            for said in (500, b"[]", b"nothing", "endless"):
                self.peer.said = {path: said}
                begun = time.monotonic()
                with self.subTest(path=path, said=str(said)):
                    self.refuse("down")
                    self.assertLess(time.monotonic() - begun, 20)
        self.peer.said = {}
        self.assert_in(self.sign_in(), self.operator)

    def test_addresses_that_are_no_page_of_ours_are_not_gone_to(self):
        self.bind(self.operator)
        for redirect in ("https://evil.example", "//evil.example", "/\\evil.example"):
            self.new_browser()
            with self.subTest(redirect):
                reply = self.sign_in(query=f"?redirect={redirect}")
                self.assert_in(reply, self.operator)
                self.assertNotIn("evil", reply.headers["Location"])

    def test_a_provider_that_is_not_offered_is_not_there(self):
        number = self.provider.id
        self.provider.enabled = False
        self.env.flush_all()
        for path in (f"/dang-nhap/{number}", "/dang-nhap/0", "/dang-nhap/99999999999"):
            with self.subTest(path), mute_logger("odoo.http"):
                self.assertEqual(self.get(path).status_code, 404)
