import re

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.pakn_1022_website.tests.site import SiteCase

from ..controllers.lookup import LOOKUPS, PATH
from .common import CODE, TAGS, LookupCase

PHONE, STRANGER = "0905 123 456", "0914 222 333"
NOTHING = "Không tìm thấy hồ sơ nào có mã này"


@tagged(*TAGS)
class TestLookupSite(LookupCase, SiteCase):
    """Art. 6.2: citizens see how far their dossier is, and nobody sees another's."""

    def setUp(self):
        super().setUp()
        self.env["pakn.lookup"].search([("id", "!=", self.lookup.id)]).active = False
        self.lookup.site_access = "owner"
        self.texts = self.deliver_codes()
        self.env.flush_all()

    def ask(self, code=CODE, **values):
        return self.post(PATH, {"code": code, **values})

    def prove(self, phone=PHONE, code=CODE):
        reply = self.ask(code, phone=phone)
        self.assertIn('name="number"', reply.text)
        number = re.search(r"\d{6}", self.texts[-1])[0]
        return self.ask(code, phone=phone, number=number)

    def test_art6_2_the_owner_proves_the_phone_and_sees_the_dossier(self):
        self.assertIn(PATH, self.get("/tra-cuu").text)
        reply = self.prove()
        self.assertEqual(reply.status_code, 200)
        for text in ("Đang xử lý", "Sở Xây dựng", "03/12/2026", "Nguyễn Văn A"):
            self.assertIn(text, reply.text)
        self.assertNotIn("150.000", reply.text, "for operators alone")
        self.assertEqual(reply.headers["Cache-Control"], "no-store")
        # The proof holds for a while
        self.assertIn("Đang xử lý", self.ask().text)
        log = self.logs.search([("lookup_id", "=", self.lookup.id)], limit=1)
        self.assertEqual((log.place, log.user_id), ("site", self.public))
        self.assertNotIn("905123", log.phone)

    def test_another_phone_learns_nothing(self):
        theirs = self.prove(STRANGER)
        none = self.ask("000.00.16.H21-251126-0009")
        for reply in (theirs, none):
            self.assertIn(NOTHING, reply.text)
            self.assertNotIn("Nguyễn", reply.text)

        def strip(reply):
            text = re.sub(r'csrf_token" value="[^"]+"', "", reply.text)
            return re.sub(r"000\.00\.16\.H21-251126-\d{4}", "", text)

        self.assertEqual(strip(theirs), strip(none))

    def test_nothing_is_asked_before_the_phone_is_proved(self):
        self.ask()
        self.ask(phone=PHONE)
        number = re.search(r"\d{6}", self.texts[-1])[0]
        wrong = f"{(int(number) + 1) % 10**6:06d}"
        reply = self.ask(phone=PHONE, number=wrong)
        self.assertEqual(reply.status_code, 422)
        self.assertEqual(self.peer.seen, [])

    def test_without_a_phone_what_is_not_personal(self):
        self.lookup.field_ids.filtered("is_personal").is_shown = False
        self.lookup.site_access = "anybody"
        self.env.flush_all()
        reply = self.ask()
        self.assertIn("Đang xử lý", reply.text)
        self.assertNotIn("Nguyễn Văn A", reply.text)
        self.assertNotIn('name="phone"', reply.text)
        self.assertIn("Không có hồ sơ nào", self.ask("000.00.16.H21-251126-0009").text)
        self.assertIn("Mã không có dạng", self.ask("abc").text)
        self.peer.said = 503
        with mute_logger("odoo.addons.pakn_1022_lookup.models.pakn_lookup"):
            reply = self.ask("000.00.16.H21-251126-0010")
        self.assertIn("hiện không trả lời", reply.text)

    def test_what_is_not_for_the_site_is_not_there(self):
        other = self.set_up(name="Only operators")
        self.env.flush_all()
        self.assertNotIn("Only operators", self.get(PATH).text)
        self.ask(source=str(other.id), phone=PHONE)
        self.assertEqual(self.peer.seen, [])
        self.lookup.site_access = "none"
        self.env.flush_all()
        self.assertIn("Hiện chưa tra cứu được", self.get(PATH).text)
        self.assertNotIn(PATH, self.get("/tra-cuu").text)
        self.assertEqual(self.ask().status_code, 200)

    def test_what_was_found_is_a_page_of_its_own_while_the_phone_is_proved(self):
        page = self.prove()
        self.assertEqual(page.request.method, "GET")
        self.assertNotIn(CODE, page.request.path_url)
        self.assertIn("Nguyễn Văn A", self.get(page.request.path_url).text)
        asked = len(self.peer.seen)
        self.post("/tra-cuu/cua-toi/dong")
        closed = self.get(page.request.path_url)
        self.assertNotIn("Nguyễn Văn A", closed.text)
        self.assertEqual(len(self.peer.seen), asked, "looking again asks nobody")

    def test_a_form_that_was_open_for_too_long_keeps_its_code(self):
        for proof in (False, True):
            if proof:
                self.prove()
            reply = self.ask(csrf_token="0o1", phone=PHONE)
            self.assertIn("quá lâu", reply.text)
            self.assertIn(CODE, reply.text)

    def test_who_tries_often_waits(self):
        self.lookup.field_ids.filtered("is_personal").is_shown = False
        self.lookup.site_access = "anybody"
        self.env.flush_all()
        limits = self.env["pakn.rate.limit"]
        address = "127.0.0.1"
        for _time in range(LOOKUPS):
            limits._hit("site_lookup", address, LOOKUPS, 3600)
        reply = self.ask()
        self.assertRegex(reply.text, r"chờ \d+ phút")
        self.assertIn(CODE, reply.text)
        self.assertEqual(self.peer.seen, [])
