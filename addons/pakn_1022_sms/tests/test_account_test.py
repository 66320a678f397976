import json
import socket

from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from .common import SmsCase
from .smsc import Smsc


@tagged(*TAGS)
class TestAccountTest(SmsCase):
    """What the administrator reads when an account is tested, and what is ticked."""

    def ask(self, account):
        """Return kind and text of what is shown, to a Vietnamese administrator."""
        manager = account.with_user(self.manager).with_context(lang="vi_VN")
        params = manager.action_test()["params"]
        return params["type"], params["message"]

    def is_ticked(self):
        steps = self.env["pakn.first.steps"].with_user(self.manager).get_steps()
        return next(step["done"] for step in steps if step["key"] == "sms")

    def test_accepted_refused_and_silent(self):
        self.env["pakn.notice"].search([("door", "=", "sms")]).date_sent = False
        with Smsc() as smsc, socket.create_server(("127.0.0.1", 0)) as nobody:
            account = self.make_account(
                "Viettel SMPP",
                False,
                gateway="smpp",
                host="127.0.0.1",
                port=smsc.port,
                username="gialai",
            )
            self.assertFalse(self.is_ticked())
            self.assertEqual(
                self.ask(account), ("success", "Dùng được “Viettel SMPP”.")
            )
            self.assertTrue(self.is_ticked(), "it answered its test")
            account.new_password = "wrong"
            self.assertFalse(self.is_ticked(), "another password was not tested")
            kind, text = self.ask(account)
            self.assertEqual(kind, "danger")
            self.assertIn("từ chối tên đăng nhập hoặc mật khẩu", text)
            account.write({"new_password": "secret", "port": smsc.port})
            self.ask(account)
            port = nobody.getsockname()[1]
            nobody.close()
            account.write({"port": port, "new_password": "secret"})
            kind, text = self.ask(account)
            self.assertEqual(kind, "danger")
            self.assertIn("không phản hồi", text)
            self.assertNotIn("Error", text)
            self.assertFalse(self.is_ticked())

    def test_one_that_cannot_be_asked_is_not_called_usable(self):
        kind, text = self.ask(self.account)
        self.assertEqual(kind, "warning")
        self.assertIn("tin nhắn đầu tiên", text)
        self.assertFalse(self.account.date_answered)

    def test_a_balance_that_is_not_told_is_a_refusal(self):
        account = self.make_account("eSMS", self.peer.url, gateway="esms", username="a")
        answers = {"Balance": 1234567, "CodeResponse": "100"}
        self.peer.answer = lambda path, body: (200, json.dumps(answers).encode())
        self.assertEqual(
            self.ask(account), ("success", "Dùng được “eSMS”. Số dư: 1.234.567")
        )
        del answers["Balance"]
        kind, text = self.ask(account)
        self.assertEqual(kind, "danger")
        self.assertIn("từ chối", text)

    def test_what_failed_is_told_in_a_sentence(self):
        """Names of errors of a library, or numbers alone, tell an operator nothing."""
        self.env["res.lang"]._activate_lang("vi_VN")
        self.refuse = 401, b""
        sms = self.sms(self.new_ticket())
        self.work_off()
        [notice] = sms.pakn_notice_ids
        self.assertEqual(notice.reason, "The gateway refuses the account. (HTTP 401)")
        self.refuse = 200, b"<html>"
        sms = self.sms(self.new_ticket())
        self.work_off()
        self.assertEqual(sms.pakn_reason, "It is unclear whether the message was sent.")
