import re

from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import TAGS
from odoo.addons.pakn_1022_website.tests.site import SiteCase

PATH = "/quyen-rieng-tu/yeu-cau"
E164 = "+84905123456"


@tagged(*TAGS)
class TestPrivacySite(SiteCase):
    """Law 91/2025/QH15: who has the phone asks on the site."""

    def prove(self):
        """Open the form with a code."""
        texts = self.deliver_codes()
        reply = self.post(PATH, {"phone": "0905 123 456"})
        self.assertEqual(reply.status_code, 200)
        [code] = re.findall(r"\b\d{6}\b", texts[-1])
        reply = self.post(PATH, {"phone": "0905 123 456", "number": code})
        self.assertEqual(reply.status_code, 303)
        return texts

    def asked(self):
        return self.env["pakn.privacy.request"].search([("phone", "=", E164)])

    def test_who_proves_the_phone_asks_and_reads_how_far_it_is(self):
        self.new_ticket()
        self.prove()
        page = self.get(PATH).text
        self.assertIn("0905 123 456", page)
        reply = self.post(f"{PATH}/gui", {"kind": "see", "words": "Cho tôi xem"})
        self.assertEqual(reply.status_code, 303)
        request = self.asked()
        self.assertEqual(request.identity, "code")
        self.assertEqual(request.words, "Cho tôi xem")
        self.assertIn(request.name, self.get(PATH).text)
        # The same again is being handled already
        reply = self.post(f"{PATH}/gui", {"kind": "see"})
        self.assertEqual(reply.status_code, 422)
        self.assertEqual(self.asked(), request)
        request.with_user(self.manager).action_accept()
        request.with_user(self.manager).action_carry_out()
        self.env.flush_all()
        self.assertIn(f"{PATH}/goi/{request.id}", self.get(PATH).text)
        package = self.get(f"{PATH}/goi/{request.id}")
        self.assertEqual(package.status_code, 200)
        self.assertEqual(package.content[:2], b"PK")
        self.assertIn("no-store", package.headers["Cache-Control"])

    def test_without_a_proof_nothing_is_asked_or_fetched(self):
        request = self.env["pakn.privacy.request"].create(
            {"phone": E164, "kind": "see", "package": "UEs=", "package_name": "a.zip"}
        )
        texts = self.deliver_codes()
        self.assertIn('name="phone"', self.get(PATH).text)
        reply = self.post(f"{PATH}/gui", {"kind": "delete"})
        self.assertEqual(reply.status_code, 303)
        self.assertEqual(self.asked(), request)
        self.assertEqual(self.get(f"{PATH}/goi/{request.id}").status_code, 404)
        # Another phone opens no package of this one
        self.post(PATH, {"phone": "0905 777 777"})
        [code] = re.findall(r"\b\d{6}\b", texts[-1])
        self.post(PATH, {"phone": "0905 777 777", "number": code})
        self.assertEqual(self.get(f"{PATH}/goi/{request.id}").status_code, 404)

    def test_odd_values_change_nothing(self):
        self.prove()
        for values in ({}, {"kind": "x"}, {"kind": "' OR 1=1"}):
            with self.subTest(values):
                reply = self.post(f"{PATH}/gui", values)
                self.assertEqual(reply.status_code, 422)
        self.assertFalse(self.asked())
        long = self.post(f"{PATH}/gui", {"kind": "delete", "words": "x" * 9000})
        self.assertEqual(long.status_code, 303)
        self.assertEqual(len(self.asked().words), 2000)

    def test_a_wrong_code_opens_nothing(self):
        self.deliver_codes()
        self.post(PATH, {"phone": "0905 123 456"})
        reply = self.post(PATH, {"phone": "0905 123 456", "number": "000000"})
        self.assertEqual(reply.status_code, 422)
        self.assertIn('name="number"', reply.text)

    def test_the_page_on_personal_data_leads_to_it(self):
        self.assertIn(f'href="{PATH}"', self.url_open("/quyen-rieng-tu").text)

    def test_a_refused_form_is_a_page_and_keeps_what_was_typed(self):
        self.new_ticket()
        self.deliver_codes()
        reply = self.post(PATH, {"phone": "0905 12"})
        self.assertEqual((reply.request.method, reply.status_code), ("GET", 422))
        self.assertIn("0905 12", reply.text)
        reply = self.post(PATH, {"phone": "0905 12", "csrf_token": "0o1"})
        self.assertIn("quá lâu", reply.text)
        self.prove()
        self.assertNotIn("0905 12<", self.get(f"{PATH}?lai=1").text)
        typed = {"kind": "delete", "words": "Xin xóa đi"}
        for wrong in ({"kind": "x"}, {"csrf_token": "0o1"}):
            reply = self.post(f"{PATH}/gui", typed | wrong)
            self.assertEqual((reply.request.method, reply.status_code), ("GET", 422))
            self.assertIn(">Xin xóa đi</textarea>", reply.text)
        [chosen] = re.findall(r"<input[^>]*checked[^>]*>", reply.text)
        self.assertIn('value="delete"', chosen)
        self.assertFalse(self.asked())
        # Nothing of it where the proof has ended
        url = reply.request.path_url
        self.post("/tra-cuu/cua-toi/dong")
        self.assertNotIn("Xin xóa đi", self.get(url).text)
