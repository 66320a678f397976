import json

from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from .common import SmsCase
from .smsc import HttpPeer


@tagged(*TAGS)
class TestFailover(SmsCase):
    """What an account certainly did not take for its own sake the next one sends."""

    def setUp(self):
        super().setUp()
        self.second_peer = self.enterContext(HttpPeer(self.answer))
        self.second = self.make_account("Dự phòng", self.second_peer.url, sequence=20)

    def send(self, number="+84905123456"):
        """Queue one message, work the queue off, and return the message."""
        sms = self.env["sms.sms"].create({"number": number, "body": "Xin chao"})
        self.work_off()
        return sms

    def check_sent_by_second(self, sms):
        self.assertEqual((sms.state, sms.pakn_account_id), ("pending", self.second))
        self.assertEqual(len(self.peer.requests), 1, "the first was asked")
        [body] = self.second_peer.bodies()
        self.assertEqual(body["id"], sms.uuid)
        self.work_off()
        self.assertEqual(len(self.peer.requests), 1)
        self.assertEqual(len(self.second_peer.requests), 1, "once")

    def test_after_a_refused_account(self):
        for status in (401, 403):
            self.peer.requests.clear()
            self.second_peer.requests.clear()
            self.refuse = (status, b"")
            self.second_peer.answer = self.accept
            with self.subTest(status):
                self.check_sent_by_second(self.send())

    def test_after_no_credit(self):
        self.account.write({"gateway": "speedsms", "password": "s3cret"})
        self.refuse = (200, b'{"status": "error", "code": "300", "message": "balance"}')
        self.second_peer.answer = self.accept
        self.check_sent_by_second(self.send())

    def accept(self, path, body):
        return 200, json.dumps({"code": "0", "id": json.loads(body)["id"][:8]}).encode()

    def test_not_after_a_refused_number(self):
        self.account.write({"gateway": "speedsms", "password": "s3cret"})
        self.refuse = (200, b'{"status": "error", "code": "105"}')
        sms = self.send()
        self.assertEqual(sms.state, "error")
        self.assertFalse(self.second_peer.requests, "it is wrong for every account")

    def test_what_no_account_takes_says_why(self):
        self.account.write({"gateway": "speedsms", "password": "s3cret"})
        self.refuse = (200, b'{"status": "error", "code": "300", "message": "balance"}')
        self.second_peer.answer = (401, b"")
        sms = self.send()
        self.assertEqual(sms.state, "error")
        self.assertEqual(len(self.second_peer.requests), 1)
        self.assertEqual(sms.failure_type, "sms_acc")
