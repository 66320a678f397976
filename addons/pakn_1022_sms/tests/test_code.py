import re

from odoo.tests import tagged
from odoo.tools import file_open

from odoo.addons.pakn_1022.tests.common import TAGS

from .common import SmsCase


@tagged(*TAGS)
class TestCode(SmsCase):
    """One-time codes for the citizens' site."""

    def setUp(self):
        super().setUp()
        # Attempts are counted beside the transaction of who tries
        self.registry_enter_test_mode()

    def send(self):
        """Send a code and return it as the phone shows it."""
        self.env["pakn.phone.code"].with_user(self.env.ref("base.public_user"))._send(
            "0905 123 456"
        )
        sms = self.env["sms.sms"].search([], limit=1, order="id desc")
        self.assertEqual((sms.number, sms.pakn_date_next), ("+84905123456", False))
        return re.search(r"\b\d{6}\b", sms.body)[0]

    def check(self, code, phone="+84905123456"):
        return self.env["pakn.phone.code"]._check(phone, code)

    def test_the_right_code_counts_once(self):
        self.set_clock("2026-03-02 23:00")
        code = self.send()
        self.work_off()
        self.assertEqual(len(self.peer.requests), 1, "at night too")
        self.assertFalse(self.check(code, "0905 123 457"))
        self.assertTrue(self.check(f" {code} "))
        self.assertFalse(self.check(code))

    def test_a_copy_of_the_database_has_no_keys(self):
        with file_open("pakn_1022_sms/data/neutralize.sql") as file:
            self.env.flush_all()
            self.env.cr.execute(file.read())
        self.env.invalidate_all()
        account = self.account.with_context(active_test=False)
        self.assertFalse(account.active or account.password)
