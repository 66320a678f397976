import tempfile
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from ..tools import pades, revocation
from .pki import Authority, Registry, TimeAuthority, to_pem
from .signing import SigningCase

DAY = timedelta(days=1)


def ask():
    """Return what asks peers of this machine."""
    return revocation.make_fetchers(lambda address: address == "127.0.0.1")


@tagged(*TAGS)
class TestRevocation(SigningCase):
    """Art. 16.4: whether a certificate counted is asked of its issuer."""

    def setUp(self):
        super().setUp()
        self.authority = Authority("CA Chính phủ")
        self.peer = Registry(self.authority)
        self.addCleanup(self.peer.stop)
        self.certified = self.authority.certify("Nguyễn Văn An")
        self.number = self.certified[0].serial_number

    def to_list(self, certificate, moment, **options):
        revoked = self.authority.revoke(certificate, moment, **options)
        return revoked.public_bytes(Encoding.DER)

    def look(self, pdf, **options):
        """Return what is said of a PDF with one signature, its issuer asked."""
        [found] = self.examine(pdf, fetchers=ask(), **options)
        return found.verdict, found.is_looked_up

    def test_art16_4_the_issuer_is_asked(self):
        signed = self.sign()
        other = self.authority.certify("Người khác")[0]
        self.assertEqual(self.judge(signed), ["valid"])
        self.assertEqual(self.peer.asked, [])
        self.assertEqual(self.look(signed), ("valid", True))
        self.assertEqual(self.peer.asked, ["responder"])
        self.peer.revoked[self.number] = self.now - DAY
        self.assertEqual(self.look(signed), ("revoked", True))
        # Revoked only afterwards, it was good when it was used
        later = self.now + timedelta(hours=1)
        self.peer.revoked[self.number] = self.now + timedelta(minutes=30)
        self.assertEqual(self.look(signed, now=later), ("valid", True))
        # A list serves where no responder answers
        self.authority.responder = None
        only_list = self.authority.certify("Trần Thị Bình")
        signed = self.sign(certified=only_list)
        self.assertEqual(self.look(signed), ("valid", False))
        self.peer.list = self.to_list(other, self.now - DAY)
        self.assertEqual(self.look(signed), ("valid", True))
        self.peer.list = self.to_list(only_list[0], self.now - DAY)
        self.assertEqual(self.look(signed), ("revoked", True))

    def test_art16_4_what_others_answer_says_nothing(self):
        signed = self.sign()
        forger = Authority("CA Chính phủ")
        self.peer.revoked[self.number] = self.now - DAY
        cases = {
            "another's answer": (forger.certificate, forger.key),
            "of one who may not answer": self.authority.certify("Ai đó"),
            "of one whom another has named": forger.certify(
                "OCSP", usage=ExtendedKeyUsageOID.OCSP_SIGNING
            ),
        }
        for name, delegate in cases.items():
            with self.subTest(name):
                self.peer.delegate = delegate
                self.assertEqual(self.look(signed), ("valid", False))
        self.peer.delegate = None
        with self.subTest("an answer of last year"):
            self.peer.age = timedelta(days=365)
            self.assertEqual(self.look(signed), ("valid", False))
        self.peer.age = timedelta()
        for garbage in (b"\x30\x03\x0a\x01\x06", b"<html>", b"\x00" * 5000):
            with self.subTest(garbage[:10]):
                self.peer.garbage = garbage
                self.assertEqual(self.look(signed), ("valid", False))
        self.peer.garbage = None
        with self.subTest("one whom the authority has named"):
            self.peer.delegate = self.authority.certify(
                "OCSP", usage=ExtendedKeyUsageOID.OCSP_SIGNING
            )
            self.assertEqual(self.look(signed), ("revoked", True))

    def test_nobody_is_asked_for_who_is_not_trusted_or_inside_the_house(self):
        signed = self.sign()
        self.assertEqual(
            self.look(signed, roots=[Authority().certificate])[0], "unknown"
        )
        [found] = self.examine(signed, fetchers=revocation.make_fetchers())
        self.assertEqual((found.verdict, found.is_looked_up), ("valid", False))
        self.assertEqual(self.peer.asked, [])

    def test_art16_4_lists_of_another_day_do_not_make_a_good_signature_unknown(self):
        signed, other = self.sign(), self.authority.certify("Người khác")[0]
        hour = timedelta(hours=1)
        for name, start, end, is_looked_up in (
            ("came out after it was signed", self.now + hour, self.now + DAY, True),
            ("no longer new", self.now - 2 * DAY, self.now - DAY, False),
        ):
            with self.subTest(name):
                revoked = self.authority.revoke(
                    other, self.now - 3 * DAY, start=start, end=end
                )
                [found] = self.examine(signed, lists=[revoked], now=self.now + 2 * hour)
                self.assertEqual(found.verdict, "valid")
                self.assertEqual(found.is_looked_up, is_looked_up)

    def test_art16_4_a_document_carries_what_its_issuer_answered(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        clock = TimeAuthority(folder, Authority("TSA"))
        self.addCleanup(clock.close)
        root = pades.load_certificate(to_pem(self.authority.certificate))
        clocks = pades.load_certificate((folder / "ca.pem").read_bytes())
        trust = pades.Trust([root, clocks], [], ask())
        signed = self.sign(tsa_url=clock.url, trust=trust)
        self.assertIn("responder", self.peer.asked)
        # Years later, nobody is asked any more, and no list is at hand
        later = self.now + timedelta(days=700)
        [found] = self.examine(signed, now=later)
        self.assertEqual((found.verdict, found.is_looked_up), ("valid", True))
        [plain] = self.examine(self.sign(), now=later)
        self.assertEqual((plain.verdict, plain.is_looked_up), ("valid", False))
        # Nobody signs with a certificate that was revoked
        self.peer.revoked[self.number] = self.now - DAY
        with self.assertRaisesRegex(ValueError, "revoked"):
            self.sign(trust=pades.Trust([root], [], ask()))

    def test_art16_4_issuers_are_asked_where_the_setting_says_so(self):
        trusts = self.env["pakn.trust"]
        self.startPatcher(
            patch.object(
                type(trusts), "_is_allowed", lambda _self, ip: ip == "127.0.0.1"
            )
        )
        self.trust(self.authority.certificate)
        self.peer.revoked[self.number] = self.now - DAY
        slip = self.upload(self.sign())
        self.check()
        row = slip.signature_ids
        self.assertEqual((row.verdict, row.is_looked_up), ("valid", False))
        settings = self.env["res.config.settings"].create({"pakn_ask_issuers": True})
        settings.execute()
        row.sudo().is_waiting = True
        self.check()
        self.assertEqual((row.verdict, row.is_looked_up), ("revoked", True))
