import json

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.pakn_1022.tests.common import TAGS

from .common import SmsCase


@tagged(*TAGS)
class TestReceiptsOverHttp(SmsCase, HttpCase):
    """What gateways call, and what forges them."""

    def path(self, uuid):
        return self.account._get_receipt_url(uuid).split("//", 1)[1].split("/", 1)[1]

    def receipts(self):
        return self.env["pakn.sms.receipt"].search(
            [("account_id", "=", self.account.id)], order="id"
        )

    def post(self, uuid, values):
        return self.url_open(
            "/" + self.path(uuid),
            data=json.dumps(values),
            headers={"Content-Type": "application/json"},
        )

    def test_a_signed_receipt_delivers_twice_the_same(self):
        sms = self.sms(self.new_ticket())
        self.work_off()
        for _time in range(2):
            self.assertEqual(self.post(sms.uuid, {"s": "2"}).status_code, 200)
            self.env["pakn.sms.receipt"]._process()
            self.assertEqual(sms.state, "sent")
        # As eSMS calls, by GET
        response = self.url_open(f"/{self.path(sms.uuid)}?s=2&id=x")
        self.assertEqual(response.status_code, 200)
        self.assertEqual(len(self.receipts()), 3)

    def test_a_receipt_is_kept_though_others_were_faster(self):
        sms = self.sms(self.new_ticket())
        self.work_off()
        with self.slower_than_others("pakn.sms.account", "_create_receipts"):
            self.assertEqual(self.post(sms.uuid, {"s": "2"}).status_code, 200)
        self.assertEqual(len(self.receipts()), 1)

    def test_the_signature_says_whose_receipt_it_is(self):
        sms, other = self.sms(self.new_ticket()), self.sms(self.new_ticket())
        self.account.receipt_uuid_path = "uuid"
        self.work_off()
        self.post(sms.uuid, {"s": "2", "uuid": other.uuid})
        self.env["pakn.sms.receipt"]._process()
        self.assertEqual((sms.state, other.state), ("sent", "pending"))

    @mute_logger("odoo.http")
    def test_forged_ones_are_not_found(self):
        sms = self.sms(self.new_ticket())
        self.work_off()
        good = self.path(sms.uuid)
        other = self.make_account("Khác", self.peer.url)
        forged = [
            good[:-1] + ("0" if good[-1] != "0" else "1"),
            good.replace(sms.uuid, "0" * 32),
            good.replace(f"/{self.account.id}/", f"/{other.id}/"),
            good.replace(f"/{self.account.id}/", "/999999/"),
            good.replace(sms.uuid, "..%2f.."),
            good.rsplit("/", 1)[0] + "/%C3%A1",
        ]
        for path in forged:
            with self.subTest(path):
                response = self.url_open("/" + path, data=b'{"s": "2"}')
                self.assertEqual(response.status_code, 404)
        self.assertFalse(self.receipts())
        self.assertEqual(sms.state, "pending")

    def test_what_cannot_be_read_is_refused_and_changes_nothing(self):
        sms = self.sms(self.new_ticket())
        for body in (b"", b"[1]", b"{", b"\xff\xfe", b"null"):
            with self.subTest(body):
                response = self.url_open(
                    "/" + self.path(sms.uuid),
                    data=body,
                    headers={"Content-Type": "application/json"},
                    method="POST",
                )
                self.assertEqual(response.status_code, 400)
        self.assertFalse(self.receipts())

    def test_characters_the_database_cannot_hold_are_left_out(self):
        self.account.write({"gateway": "speedsms", "password": "s3cret"})
        text = {"type": "incoming", "phone": "84\0905", "content": "\0a" * 5000}
        self.assertEqual(self.post("-", text).status_code, 200)
        receipt = self.receipts()
        self.assertEqual((receipt.number, receipt.text[:2]), ("84905", "aa"))
        self.assertEqual(len(receipt.text), 5000)

    @mute_logger("odoo.http")
    def test_short_links_lead_to_this_server_alone(self):
        links = self.env["pakn.short.link"]
        code = links._shorten("/rate/abc/5").rsplit("/", 1)[1]
        self.assertEqual(links._shorten("/rate/abc/5").rsplit("/", 1)[1], code)
        response = self.url_open(f"/t/{code}", allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertTrue(response.headers["Location"].endswith("/rate/abc/5"))
        evil = links.create({"code": "evil234567", "path": "//example.com/x"})
        for wrong in ("nosuchcode", evil.code, "%00", "a" * 500):
            with self.subTest(wrong):
                response = self.url_open(f"/t/{wrong}", allow_redirects=False)
                self.assertEqual(response.status_code, 404)
