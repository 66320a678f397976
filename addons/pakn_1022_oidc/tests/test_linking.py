import re
from urllib.parse import parse_qs, urlsplit

from odoo.http import root
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.pakn_1022_website.tests.site import go_on

from ..controllers.oidc import ATTEMPTS
from .common import TAGS, OidcCase

LOGGER = "odoo.addons.pakn_1022_oidc.controllers.oidc"
PAGE = "/my/lien-ket"
NUMBER, SUBJECT = "+84905123456", "052090001234"
PASSWORD = "citizen of 1022"


@tagged(*TAGS)
class TestLinking(OidcCase):
    """Art. 18.5: a citizen links the account on the site to VNeID, and unlinks it."""

    def setUp(self):
        super().setUp()
        self.vneid = self.set_up("citizen", scope="openid profile phone", name="VNeID")
        self.peer.person = {"sub": SUBJECT, "name": "Lê Thị B"}
        self.peer.about = {"phone_number": NUMBER, "phone_number_verified": True}
        self.citizen = self.make_citizen("dan")
        self.enter(self.citizen)

    def make_citizen(self, login):
        return new_test_user(
            self.env,
            login,
            password=PASSWORD,
            groups="base.group_portal",
            lang="vi_VN",
        )

    def enter(self, user):
        """Sign in with a password, keeping what this browser has begun."""
        self.env.flush_all()
        data = {"login": user.login, "password": PASSWORD}
        self.post("/web/login", data, csrf="/web/login")
        self.assertEqual(self.who(), user)

    def post(self, path, data=None, csrf=PAGE):
        data = {"csrf_token": self.get_csrf(csrf), **(data or {})}
        return self.url_open(path, data=data, method="POST", allow_redirects=False)

    def press(self, provider=None):
        """Press “link”; return where the page sends the browser on to."""
        reply = self.post(f"{PAGE}/{(provider or self.vneid).id}")
        self.assertEqual(reply.status_code, 200, reply.text[:500])
        self.assertEqual(reply.headers["Cache-Control"], "no-store")
        url = reply.headers["Refresh"].removeprefix("0; url=")
        # Who has the browser not follow it reads a link
        self.assertIn(url.replace("&", "&amp;"), reply.text)
        return url

    def link(self):
        """Link the account from the button to the end; return the last answer."""
        return self.come_back(self.peer.sign_in(self.press()))

    def begin_anew(self):
        """Unlink the account, which ends its sessions, and sign in again."""
        self.citizen.sudo()._unlink_citizen()
        self.opener.cookies.clear()
        self.enter(self.citizen)

    def subject(self, user=None):
        self.env.invalidate_all()
        user_sudo = (user or self.citizen).sudo()
        return user_sudo.oauth_provider_id, user_sudo.oauth_uid

    def assert_told(self, reply, outcome, color="danger"):
        """Check that the page of linking says what has become of it, in Vietnamese."""
        self.assertEqual(reply.status_code, 303)
        self.assertEqual(reply.headers["Location"], f"{PAGE}?oidc={outcome}")
        text = self.url_open(reply.headers["Location"]).text
        shown = re.search(rf'alert-{color}" role="\w+">\s*(.*?)\s*</div>', text, re.S)
        self.assertRegex(shown[1], r"[ạảịỉọộẻễấầ]")

    def assert_not_linked(self, user=None):
        self.assertFalse(self.subject(user)[1])
        self.assertFalse((user or self.citizen).partner_id.pakn_verified_phone)

    # ------------------------------------------------------------
    # LINKING
    # ------------------------------------------------------------

    def test_art18_5_a_citizen_links_the_account_and_signs_in_by_it(self):
        self.assertIn(PAGE, self.url_open("/my").text)
        self.assert_told(self.link(), "linked", "success")
        self.assertEqual(self.subject(), (self.vneid, SUBJECT))
        self.assertEqual(self.who(), self.citizen)
        self.assertNotIn(SUBJECT, self.url_open(PAGE).text)
        self.opener.cookies.clear()
        self.assert_in(self.sign_in(self.vneid), self.citizen)
        self.assertEqual(self.url_open("/my").status_code, 200)
        self.assertFalse(self.citizen.sudo().oauth_access_token)

    def test_the_phone_is_proved_by_the_rules_of_signing_in(self):
        self.link()
        self.assertFalse(self.citizen.partner_id.pakn_verified_phone)
        self.vneid.pakn_phone_is_proved = True
        self.env.flush_all()
        for verified in (False, "true", None):
            self.peer.about["phone_number_verified"] = verified
            self.begin_anew()
            self.link()
            self.assertTrue(self.subject()[1])
            self.assertFalse(self.citizen.partner_id.pakn_verified_phone)
        self.peer.about["phone_number_verified"] = True
        self.begin_anew()
        self.link()
        self.env.invalidate_all()
        self.assertEqual(self.citizen.partner_id.pakn_verified_phone, NUMBER)

    def test_a_subject_of_another_account_changes_nothing(self):
        self.vneid.pakn_phone_is_proved = True
        other = self.make_citizen("nguoi_khac")
        self.bind(other, self.vneid, SUBJECT)
        self.assert_told(self.link(), "taken")
        self.assert_not_linked()
        self.assertEqual(self.subject(other), (self.vneid, SUBJECT))
        self.assertEqual(self.who(), self.citizen)
        other.active = False
        self.env.flush_all()
        self.assert_told(self.link(), "taken")
        self.assert_not_linked()

    def test_a_linked_account_takes_no_second_subject(self):
        url = self.peer.sign_in(self.press())
        self.link()
        self.peer.person = {"sub": "another"}
        self.assert_told(self.come_back(url), "linked_already")
        reply = self.post(f"{PAGE}/{self.vneid.id}", csrf="/tra-cuu")
        self.assert_told(reply, "linked_already")
        self.assertEqual(self.subject(), (self.vneid, SUBJECT))

    # ------------------------------------------------------------
    # WHAT DOES NOT BELONG TO IT
    # ------------------------------------------------------------

    def test_state_of_another_user_in_the_same_browser(self):
        url = self.peer.sign_in(self.press())
        other = self.make_citizen("nguoi_khac")
        self.enter(other)
        session = root.session_store.get(self.opener.cookies["session_id"])
        self.assertTrue(session[ATTEMPTS], "it is still there, but of another user")
        reply = self.come_back(url)
        self.assertEqual(reply.headers["Location"], "/web/login?oidc=state")
        self.assert_not_linked()
        self.assert_not_linked(other)
        self.assertEqual(self.peer.forms, [], "nothing was asked")

    def test_state_of_another_session(self):
        """Who is led to what somebody else has begun links nothing."""
        theirs = self.peer.sign_in(self.press())
        self.opener.cookies.clear()
        self.enter(self.make_citizen("nguoi_khac"))
        self.press()
        reply = self.come_back(theirs)
        self.assertEqual(reply.headers["Location"], "/web/login?oidc=state")
        self.opener.cookies.clear()
        self.assert_refused(self.come_back(theirs), "state")
        self.assertEqual(self.peer.forms, [])
        self.assertFalse(
            self.env["res.users"].search_count([("oauth_uid", "=", SUBJECT)])
        )

    def test_signed_out_expired_and_used(self):
        url = self.peer.sign_in(self.press())
        self.url_open("/web/session/logout")
        self.assert_refused(self.come_back(url), "state")
        self.enter(self.citizen)
        url = self.peer.sign_in(self.press())
        self.set_clock("2026-03-02 08:11")
        self.assert_told(self.come_back(url), "state")
        self.assertEqual(self.peer.forms, [])
        url = self.peer.sign_in(self.press())
        self.assert_told(self.come_back(url), "linked", "success")
        self.assert_told(self.post(f"{PAGE}/bo"), "unlinked", "success")
        reply = self.come_back(url)
        self.assertIn("oidc=state", reply.headers["Location"])
        self.assert_not_linked()

    def test_a_sign_in_links_nothing(self):
        """What was begun to sign in does not end in the account that is signed in."""
        url = self.peer.sign_in(self.begin(self.vneid))
        reply = self.come_back(url)
        self.assertNotIn("oidc=", reply.headers["Location"])
        self.assertNotEqual(self.who(), self.citizen, "VNeID's own account")
        self.assert_not_linked()

    @mute_logger("odoo.http")
    def test_get_and_forms_from_elsewhere_begin_and_end_nothing(self):
        path = f"{PAGE}/{self.vneid.id}"
        self.assertIn(self.get(path).status_code, (404, 405))
        for csrf in ("", "0" * 40 + "o1"):
            reply = self.url_open(path, data={"csrf_token": csrf}, method="POST")
            self.assertEqual(reply.status_code, 400)
        session = root.session_store.get(self.opener.cookies["session_id"])
        self.assertFalse(session.get(ATTEMPTS))
        self.link()
        self.assertIn(self.get(f"{PAGE}/bo").status_code, (404, 405))
        for csrf in ("", "0" * 40 + "o1"):
            data = {"csrf_token": csrf, "sure": "1"}
            reply = self.url_open(f"{PAGE}/bo", data=data, method="POST")
            self.assertEqual(reply.status_code, 400)
        self.assertEqual(self.subject(), (self.vneid, SUBJECT))

    def test_strangers_are_asked_to_sign_in(self):
        self.opener.cookies.clear()
        reply = self.get(PAGE)
        self.assertEqual(reply.status_code, 303)
        self.assertIn("/web/login", reply.headers["Location"])
        reply = self.post(f"{PAGE}/{self.vneid.id}", csrf="/tra-cuu")
        self.assertIn("/web/login", reply.headers["Location"])

    def test_art18_4_staff_are_not_linked_this_way(self):
        self.operator.password = PASSWORD
        self.enter(self.operator)
        self.assertEqual(self.get(PAGE).status_code, 404)
        self.assertNotIn(PAGE, self.url_open("/my").text)
        for path in (f"{PAGE}/{self.vneid.id}", f"{PAGE}/bo"):
            self.assertEqual(self.post(path, csrf="/tra-cuu").status_code, 404)
        # Who has become staff since it was begun
        self.enter(self.citizen)
        url = self.peer.sign_in(self.press())
        self.citizen.sudo().group_ids = self.env.ref("base.group_user")
        self.env.flush_all()
        reply = self.come_back(url)
        self.assertIn("oidc=kind", reply.headers["Location"])
        self.assert_not_linked()

    def test_staffs_provider_and_one_that_is_not_offered_link_nobody(self):
        path = f"{PAGE}/{self.provider.id}"
        self.assertEqual(self.post(path, csrf="/tra-cuu").status_code, 404)
        url = self.peer.sign_in(self.press())
        self.vneid.pakn_kind = "staff"
        self.env.flush_all()
        self.assert_told(self.come_back(url), "kind")
        self.assert_not_linked()
        self.vneid.write({"pakn_kind": "citizen", "enabled": False})
        self.env.flush_all()
        path = f"{PAGE}/{self.vneid.id}"
        self.assertEqual(self.post(path, csrf="/tra-cuu").status_code, 404)
        self.assertNotIn(path, self.url_open(PAGE).text)

    def test_what_the_provider_refuses_or_says_wrongly(self):
        url = self.press()
        state = parse_qs(urlsplit(url).query)["state"][0]
        path = f"/dang-nhap/{self.vneid.id}/tra-ve?error=access_denied&state={state}"
        self.assert_told(self.get(path), "denied")
        self.peer.more = {"nonce": "another"}
        self.assert_told(self.link(), "token")
        self.peer.more, self.peer.said = {}, {"/token": 500}
        with mute_logger(LOGGER):
            self.assert_told(self.link(), "down")
        self.assert_not_linked()

    def test_beginning_is_limited(self):
        path = f"{PAGE}/{self.vneid.id}"
        replies = [self.post(path).status_code for _time in range(21)]
        self.assertEqual(replies, [200] * 20 + [429])

    # ------------------------------------------------------------
    # UNLINKING
    # ------------------------------------------------------------

    def test_unlinked_it_is_opened_by_the_password_alone(self):
        self.link()
        mine = self.opener.cookies.copy()
        self.opener.cookies.clear()
        self.sign_in(self.vneid)
        theirs = self.opener.cookies.copy()
        self.assertEqual(self.get("/my").status_code, 200)
        self.opener.cookies.clear()
        self.opener.cookies.update(mine)
        self.assert_told(self.post(f"{PAGE}/bo"), "unlinked", "success")
        self.assertFalse(self.subject()[1])
        self.assertEqual(self.who(), self.citizen, "this session goes on")
        self.opener.cookies.clear()
        self.opener.cookies.update(theirs)
        reply = self.get("/my")
        self.assertEqual(reply.status_code, 303, "what VNeID has opened has ended")
        self.opener.cookies.clear()
        self.enter(self.citizen)

    def test_the_last_way_in_is_left_only_by_who_says_so_twice(self):
        self.opener.cookies.clear()
        self.sign_in(self.vneid)
        made = self.who()
        self.assertFalse(made._has_other_way_in())
        text = go_on(self, self.post(f"{PAGE}/bo")).text
        self.assertIn("/web/reset_password", text)
        self.assertIn("/tra-cuu/quen-ma", text)
        self.assertIn("không ai đăng nhập được", text)
        self.assertEqual(self.subject(made), (self.vneid, SUBJECT))
        self.assert_told(self.post(f"{PAGE}/bo", {"sure": "1"}), "unlinked", "success")
        self.assertFalse(self.subject(made)[1])
        # Now it is free for the account with a password
        self.opener.cookies.clear()
        self.enter(self.citizen)
        self.assert_told(self.link(), "linked", "success")
        self.assertEqual(self.subject(), (self.vneid, SUBJECT))

    def test_a_password_or_a_passkey_is_another_way(self):
        self.opener.cookies.clear()
        self.sign_in(self.vneid)
        made = self.who()
        self.assertFalse(made._has_other_way_in())
        made.sudo().password = PASSWORD
        self.assertTrue(made._has_other_way_in())
        self.env.cr.execute(
            "UPDATE res_users SET password = '' WHERE id = %s", made.ids
        )
        self.assertFalse(made._has_other_way_in())
        key = self.env["auth.passkey.key"].with_user(made).sudo()
        key.create({"name": "Điện thoại", "credential_identifier": "x"})
        self.env.invalidate_all()
        self.assertTrue(made._has_other_way_in())

    def test_unlinking_what_is_not_linked_changes_nothing(self):
        other = self.make_citizen("nguoi_khac")
        self.bind(other, self.vneid, SUBJECT)
        self.assert_told(self.post(f"{PAGE}/bo"), "unlinked", "success")
        self.assertEqual(self.subject(other), (self.vneid, SUBJECT))

    # ------------------------------------------------------------
    # REMOVING PERSONAL DATA
    # ------------------------------------------------------------

    def test_who_has_had_the_data_removed_is_nobody_to_the_provider(self):
        """Law 91/2025/QH15: the number of a person at VNeID goes with the rest."""
        self.link()
        self.assertEqual(self.subject(), (self.vneid, SUBJECT))
        self.citizen.partner_id._remove_personal_data()
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT id FROM res_users u WHERE u::text LIKE %s", [f"%{SUBJECT}%"]
        )
        self.assertFalse(self.env.cr.fetchall())
        self.assertFalse(self.citizen.sudo().oauth_provider_id)
        # Who comes again is somebody new, and neither locked out nor let in there
        self.opener.cookies.clear()
        reply = self.sign_in(self.vneid)
        self.assertNotIn("oidc=", reply.headers["Location"])
        self.assertTrue(self.who())
        self.assertNotEqual(self.who(), self.citizen)
