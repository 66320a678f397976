from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from .common import SmsCase
from .smsc import HttpPeer


@tagged(*TAGS)
class TestReceiptOfAnotherAccount(SmsCase):
    """Gateways number their messages each for itself: a receipt is its account's."""

    def keep(self, account, reference, outcome="delivered"):
        """Keep a receipt of an account, to be worked off; return it."""
        return self.env["pakn.sms.receipt"].create(
            {"account_id": account.id, "reference": reference, "outcome": outcome}
        )

    def test_the_same_number_at_another_gateway_settles_nothing(self):
        answer = (200, b'{"code": "0", "id": "77"}')
        self.peer.answer = answer
        with HttpPeer(answer) as other_peer:
            other = self.make_account("Khác", other_peer.url, prefixes="viettel")
            sms, theirs = self.env["sms.sms"].create(
                [
                    {"number": number, "body": "Xin chao"}
                    for number in ("+84905123456", "+84981234567")
                ]
            )
            self.work_off()
        self.assertEqual(sms.pakn_account_id, self.account)
        self.assertEqual(theirs.pakn_account_id, other)
        self.assertEqual((sms | theirs).pakn_part_ids.mapped("reference"), ["77", "77"])
        receipts = self.env["pakn.sms.receipt"]
        kept = self.keep(other, "77")
        receipts._process()
        self.assertEqual(kept.sms_id, theirs)
        self.assertEqual((theirs.state, sms.state), ("sent", "pending"))
        # Both at once, the other way round
        kept = self.keep(self.account, "77", "failed") | self.keep(other, "77")
        receipts._process()
        self.assertEqual(kept.mapped("sms_id"), sms | theirs)
        self.assertEqual((theirs.state, sms.state), ("sent", "error"))

    def test_an_account_that_sent_nothing_settles_nothing(self):
        stranger = self.make_account("Khác", self.peer.url, prefixes="viettel")
        sms = self.env["sms.sms"].create({"number": "+84905123456", "body": "Xin chao"})
        self.work_off()
        reference = sms.pakn_part_ids.reference
        self.assertTrue(reference)
        for outcome in ("delivered", "failed"):
            receipt = self.keep(stranger, reference, outcome)
            receipt._process()
            self.assertEqual(receipt.state, "stray")
            self.assertEqual(sms.state, "pending")
