import base64
import tempfile
from datetime import datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from reportlab.pdfgen import canvas

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from ..tools import pades, signatures
from .common import EvidenceCase
from .pki import Authority, TimeAuthority, key_to_pem, to_pem


def make_pdf(text="Kết quả xử lý"):
    out = BytesIO()
    page = canvas.Canvas(out, pageCompression=0)
    page.drawString(100, 700, text)
    page.save()
    return out.getvalue()


def add_to(pdf):
    """Return a signed PDF with something added behind what was signed."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    writer.root["/Lang"] = generic.TextStringObject("vi")
    writer.update_root()
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


@tagged(*TAGS)
class TestSignatures(EvidenceCase):
    """Art. 16.4: what a unit signed elsewhere is judged when it is uploaded."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.signatures = cls.env["pakn.signature"]
        cls.authority = Authority("CA Chính phủ")
        cls.certified = cls.authority.certify("Nguyễn Văn An")

    def setUp(self):
        super().setUp()
        # Authorities and pyHanko know the true time
        self._clock.stop()
        self.addCleanup(self._clock.start)
        self.now = datetime.now(timezone.utc)

    def check(self):
        """Run the job as the server does."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.env(cr=cr)["pakn.signature"]._cron_check()
        self.env.invalidate_all()

    def sign(self, pdf=None, certified=None, **options):
        certificate, key = certified or self.certified
        return pades.sign(
            pdf or make_pdf(),
            to_pem(certificate),
            key_to_pem(key),
            reason="Trả lời",
            place="Pleiku",
            **options,
        )

    def trust(self, *certificates, lists=()):
        files = [("root", to_pem(one)) for one in certificates]
        files += [("list", one.public_bytes(Encoding.DER)) for one in lists]
        return self.env["pakn.trust"].create(
            [
                {"name": "CA", "kind": kind, "content": base64.b64encode(content)}
                for kind, content in files
            ]
        )

    def judge(self, pdf, roots=None, lists=(), now=None):
        """Return the verdicts on a PDF."""
        roots = [self.authority.certificate] if roots is None else roots
        return [
            one.verdict
            for one in signatures.read_signatures(
                pdf,
                [signatures.load_certificates(to_pem(one))[0] for one in roots],
                [signatures.load_list(one.public_bytes(Encoding.DER)) for one in lists],
                (now or self.now).replace(tzinfo=None),
            )
        ]

    def upload(self, *files):
        """Return a slip whose unit answered with files."""
        ticket = self.transferred(self.unit)
        slip = self.lead_slip(ticket, self.focal)
        attachments = self.env["ir.attachment"].with_user(self.focal)
        for number, content in enumerate(files, 1):
            slip.add_files(
                attachments.create({"name": f"tl-{number}.pdf", "raw": content}).ids
            )
        return slip

    def test_art16_4_each_fault_has_its_name(self):
        signed, other = self.sign(), Authority("Người khác")
        day = timedelta(days=1)
        changed = signed.replace(b"100 700", b"100 701")
        self.assertNotEqual(changed, signed)
        certificate = self.certified[0]
        expired = self.authority.certify("Hết hạn", end=datetime(2021, 1, 1))
        early = self.authority.certify("Sớm", start=self.now + day)
        emails = self.authority.certify(
            "Thư", key_usage=x509.KeyUsage(*[i == 2 for i in range(9)])
        )
        own, revoke = [other.certificate], self.authority.revoke
        forger = Authority("CA Chính phủ")
        cases = (
            ("valid", signed, {}),
            ("changed", changed, {}),
            ("added", add_to(signed), {}),
            ("expired", self.sign(certified=expired), {}),
            ("not_yet", self.sign(certified=early), {}),
            ("wrong_use", self.sign(certified=emails), {}),
            ("wrong_time", signed, {"now": self.now - day}),
            ("unknown", signed, {"roots": own}),
            ("unknown", signed, {"roots": []}),
            (
                "self_made",
                self.sign(certified=(other.certificate, other.key)),
                {},
            ),
            ("revoked", signed, {"lists": [revoke(certificate, self.now - day)]}),
            # Revoked only afterwards, it was good when it was used
            ("valid", signed, {"lists": [revoke(certificate, self.now + day)]}),
            # A list that the authority did not sign says nothing
            ("valid", signed, {"lists": [forger.revoke(certificate, self.now - day)]}),
            ("unreadable", b"%PDF-1.7\n/ByteRange [0 1 2 3]", {}),
            ("unreadable", signed[: len(signed) // 2], {}),
        )
        for expected, pdf, options in cases:
            with self.subTest(expected, **options):
                self.assertEqual(self.judge(pdf, **options), [expected])

    def test_art16_4_a_stamp_of_time_is_believed_when_its_authority_is(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        clock = TimeAuthority(folder, self.authority)
        self.addCleanup(clock.close)
        signed = self.sign(tsa_url=clock.url)
        for roots, is_stamped in (([self.authority.certificate], True), ([], False)):
            [found] = signatures.read_signatures(
                signed,
                [signatures.load_certificates(to_pem(one))[0] for one in roots],
                [],
                datetime.now(timezone.utc).replace(tzinfo=None),
            )
            self.assertEqual(found.is_stamped, is_stamped)
        # A certificate that ended meanwhile was good at the stamped time
        later = datetime.now(timezone.utc) + timedelta(days=365 * 4)
        self.assertEqual(self.judge(signed, now=later), ["valid"])

    def test_art16_4_several_signatures_each_for_itself(self):
        office = self.authority.certify("Sở Xây dựng")
        stranger = Authority("Lạ").certify("Người lạ")
        pdf = self.sign()
        pdf = self.sign(pdf, office, field="Organisation")
        self.assertEqual(self.judge(pdf), ["valid", "valid"])
        pdf = self.sign(pdf, stranger, field="Third")
        self.assertEqual(self.judge(pdf), ["valid", "valid", "unknown"])
        self.assertEqual(self.judge(add_to(pdf)), ["added"] * 3)

    def test_art16_4_request_and_slip_show_what_a_unit_signed(self):
        trusted = self.trust(self.authority.certificate)
        slip = self.upload(self.sign(), make_pdf("không ký"), add_to(self.sign()))
        self.assertEqual(slip.signature_ids.mapped("is_waiting"), [True, True])
        self.check()
        rows = slip.signature_ids.sorted("id")
        self.assertEqual(rows.mapped("verdict"), ["valid", "added"])
        self.assertEqual(rows.mapped("signer"), ["Nguyễn Văn An"] * 2)
        self.assertEqual(rows.mapped("issuer"), ["CA Chính phủ"] * 2)
        self.assertEqual(rows.mapped("is_changed_after"), [False, True])
        self.assertEqual(rows[0].date.date(), self.now.date())
        ticket = slip.sudo().ticket_id.with_user(self.operator)
        self.assertEqual(ticket.signature_ids.mapped("verdict"), ["valid", "added"])
        self.assertFalse(self.signatures.with_user(self.office_user).search([]))
        # No longer trusted, the same file is judged anew
        trusted.unlink()
        self.assertTrue(all(rows.mapped("is_waiting")))
        self.check()
        self.assertEqual(slip.signature_ids.mapped("verdict"), ["unknown", "added"])

    def test_a_file_that_ends_the_program_is_not_read_for_ever(self):
        slip = self.upload(self.sign())
        row = slip.sudo().signature_ids
        row.attempts = 2
        self.check()
        self.assertEqual(row.verdict, "unreadable")

    def test_what_is_no_certificate_is_refused_with_a_sentence(self):
        trust = self.env["pakn.trust"].with_user(self.manager)
        good = base64.b64encode(to_pem(self.authority.certificate))
        made = trust.create({"name": "CA", "content": good})
        self.assertIn("CA Chính phủ", made.holder)
        self.assertTrue(made.date_end)
        for values in (
            {"content": base64.b64encode(b"%PDF-1.4")},
            {"content": base64.b64encode(b"-----BEGIN CERTIFICATE-----\nx\n-----END")},
            {"content": good, "kind": "list"},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                trust.create({"name": "CA", **values})
        with self.assertRaises(AccessError):
            trust.with_user(self.operator).create({"name": "CA", "content": good})
