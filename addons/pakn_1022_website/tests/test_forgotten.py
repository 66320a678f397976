"""All requests of a phone, for who has forgotten the codes (Art. 10.1, 14)."""

import re
import time
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from ..controllers import forgotten
from .site import SiteCase

ASK, OWN = "/tra-cuu/quen-ma", "/tra-cuu/cua-toi"
PHONE, STRANGER = "0905 123 456", "0914 222 333"


@tagged(*TAGS)
class TestForgotten(SiteCase):
    def setUp(self):
        super().setUp()
        self.ticket = self.submitted()
        self.texts = self.deliver_codes()

    def prove(self, phone=PHONE):
        """Ask for a code and enter it; return the answer."""
        reply = self.post(ASK, {"phone": phone})
        self.assertEqual(reply.status_code, 200)
        code = re.search(r"\d{6}", self.texts[-1])[0]
        return self.post(ASK, {"phone": phone, "number": code})

    def test_art14_a_proved_phone_opens_all_of_its_requests(self):
        second = self.submitted(description="Cống trước nhà bị tắc, nước ngập.")
        other = self.submitted(citizen_phone=STRANGER)
        self.assertURLEqual(self.prove().headers["Location"], OWN)
        reply = self.get(OWN)
        for ticket in (self.ticket, second):
            self.assertIn(ticket.name, reply.text)
        self.assertNotIn(other.name, reply.text)
        address = re.search(r'href="(/tra-cuu/GL[^"]+)"', reply.text)[1]
        page = self.get(address.replace("&amp;", "&"))
        self.assertIn(second.title, page.text)
        self.assertEqual(reply.headers["Cache-Control"], "no-store")
        self.assertEqual(reply.headers["Referrer-Policy"], "no-referrer")

    def test_requests_without_a_key_get_one_and_secrets_stay_away(self):
        by_phone = self.ticket.with_user(self.operator).create(
            {
                "description": "<p>Gọi điện báo mất nước.</p>",
                "citizen_name": "Nguyễn Văn A",
                "citizen_phone": PHONE,
            }
        )
        secret = self.submitted(description="Một việc không ai được biết ở đây.")
        secret.sudo()._acting().secrecy = "secret"
        by_phone.sudo().access_token = False
        self.env.flush_all()
        self.prove()
        text = self.get(OWN).text
        self.assertIn(by_phone.name, text)
        self.assertNotIn(secret.name, text)
        self.env.invalidate_all()
        self.assertIn(by_phone.sudo().access_token, text)

    def test_the_answer_does_not_tell_whether_a_phone_is_known(self):
        answers = set()
        for phone in (PHONE, STRANGER):
            reply = self.post(ASK, {"phone": phone})
            text = re.sub(r'csrf_token" value="[^"]+"', "", reply.text)
            answers.add((reply.status_code, text.replace(phone, "")))
        self.assertEqual(len(answers), 1)
        self.assertEqual(len(self.texts), 2, "the same work for both")

    def test_a_wrong_code_opens_nothing(self):
        self.post(ASK, {"phone": PHONE})
        code = re.search(r"\d{6}", self.texts[-1])[0]
        wrong = f"{(int(code) + 1) % 10**6:06d}"
        for _attempt in range(5):
            reply = self.post(ASK, {"phone": PHONE, "number": wrong})
            self.assertEqual(reply.status_code, 422)
        # After five attempts the right one is none any more either
        reply = self.post(ASK, {"phone": PHONE, "number": code})
        self.assertEqual(reply.status_code, 422)
        self.assertURLEqual(self.get(OWN).headers["Location"], ASK)

    def test_codes_are_limited_by_phone_and_by_address(self):
        for _time in range(3):
            self.assertEqual(self.post(ASK, {"phone": PHONE}).status_code, 200)
        self.assertEqual(self.post(ASK, {"phone": PHONE}).status_code, 422)
        self.assertEqual(len(self.texts), 3)
        with patch.object(forgotten, "PER_ADDRESS", 4):
            reply = self.post(ASK, {"phone": STRANGER})
            self.assertRegex(reply.text, r"chờ \d+ phút")
        self.assertEqual(len(self.texts), 3)

    def test_the_list_closes(self):
        session = self.opener.cookies["session_id"]
        self.prove()
        self.assertNotEqual(self.opener.cookies["session_id"], session)
        later = time.time() + forgotten.OPEN_SECONDS + 1
        with patch.object(forgotten.time, "time", lambda: later):
            self.assertURLEqual(self.get(OWN).headers["Location"], ASK)
        self.assertEqual(self.get(OWN).status_code, 200)
        self.post(f"{OWN}/dong")
        self.assertURLEqual(self.get(OWN).headers["Location"], ASK)

    def test_without_sms_the_hotline_is_named(self):
        with patch.object(
            type(self.env["pakn.phone.code"]), "_can_deliver", lambda self: False
        ):
            self.assertIn("tel:02691022", self.get(ASK).text)
            self.assertNotIn(ASK, self.get("/tra-cuu").text)
            self.post(ASK, {"phone": PHONE})
        self.assertFalse(self.texts)

    def test_the_list_needs_few_queries_whatever_its_length(self):
        self.prove()
        self.get(OWN)
        counts = []
        for _time in range(2):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.get(OWN)
            counts.append(self.cr.sql_log_count - before)
            for _number in range(3):
                self.submitted()
        self.assertLessEqual(counts[1], counts[0] + 2)
