import re
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import TAGS, PaknCase


@tagged(*TAGS)
class TestPhoneCode(PaknCase):
    """One-time codes, whatever delivers them."""

    def setUp(self):
        super().setUp()
        # Attempts are counted beside the transaction of who tries
        self.registry_enter_test_mode()
        self.delivered = []
        codes = self.registry["pakn.phone.code"]
        for name, function in (
            ("_can_deliver", lambda codes: True),
            ("_deliver", lambda codes, *what: self.delivered.append(what)),
        ):
            patcher = patch.object(codes, name, function)
            patcher.start()
            self.addCleanup(patcher.stop)

    def send(self):
        """Send a code and return it as the phone shows it."""
        public = self.env.ref("base.public_user")
        self.env["pakn.phone.code"].with_user(public)._send("0905 123 456")
        number, text = self.delivered[-1]
        self.assertEqual(number, "+84905123456")
        return re.search(r"\b\d{6}\b", text)[0]

    def check(self, code, phone="+84905123456"):
        return self.env["pakn.phone.code"]._check(phone, code)

    def test_the_right_code_counts_once(self):
        code = self.send()
        self.assertFalse(self.check(code, "0905 123 457"))
        self.assertTrue(self.check(f" {code} "))
        self.assertFalse(self.check(code))

    def test_five_attempts_and_ten_minutes(self):
        code = self.send()
        wrong = f"{(int(code) + 1) % 10**6:06d}"
        for _attempt in range(5):
            self.assertFalse(self.check(wrong))
        self.assertFalse(self.check(code))
        code = self.send()
        self.set_clock("2026-03-02 08:11")
        self.assertFalse(self.check(code))

    def test_a_newer_code_ends_the_older_one(self):
        old, new = self.send(), self.send()
        if old != new:
            self.assertFalse(self.check(old))
        self.assertTrue(self.check(new))

    def test_three_codes_an_hour(self):
        for _code in range(3):
            self.send()
        with self.assertRaises(UserError):
            self.send()
        self.set_clock("2026-03-02 09:01")
        self.send()

    def test_no_code_is_kept_readable(self):
        code = self.send()
        self.env.cr.execute(
            "SELECT digest FROM pakn_phone_code ORDER BY id DESC LIMIT 1"
        )
        self.assertNotIn(code, self.env.cr.fetchone()[0])

    def test_without_delivery_there_are_no_codes(self):
        codes = self.env["pakn.phone.code"]
        with (
            patch.object(self.registry["pakn.phone.code"], "_can_deliver", lambda s: 0),
            self.assertRaises(UserError),
        ):
            codes._send("0905 123 456")
