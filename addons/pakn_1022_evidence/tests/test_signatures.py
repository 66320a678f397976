import base64
import tempfile
from datetime import datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path

from cryptography import x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from ..tools import signatures
from .pki import Authority, TimeAuthority, to_pem
from .signing import SigningCase, make_pdf


def add_to(pdf):
    """Return a signed PDF with something added behind what was signed."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    writer.root["/Lang"] = generic.TextStringObject("vi")
    writer.update_root()
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


@tagged(*TAGS)
class TestSignatures(SigningCase):
    """Art. 16.4: what a unit signed elsewhere is judged when it is uploaded."""

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

    def test_art16_4_what_comes_with_a_message_is_judged(self):
        slip = self.upload()
        ticket = slip.sudo().ticket_id
        files = self.env["ir.attachment"].sudo()
        [of_slip, of_ticket, plain] = files.create(
            [
                {"name": f"{number}.pdf", "raw": content}
                for number, content in enumerate(
                    (self.sign(), add_to(self.sign()), make_pdf("không ký"))
                )
            ]
        )
        self.trust(self.authority.certificate)
        slip.sudo().message_post(body="Kèm theo", attachment_ids=of_slip.ids)
        ticket.message_post(body="Kèm theo", attachment_ids=(of_ticket | plain).ids)
        self.check()
        rows = ticket.signature_ids
        self.assertEqual(
            {row.attachment_id: (row.transfer_id, row.verdict) for row in rows},
            {of_slip: (slip, "valid"), of_ticket: (slip.browse(), "added")},
        )
        # What came with a message on the request is not the unit's to see
        self.assertEqual(
            self.signatures.with_user(self.focal).search([]).attachment_id.ids,
            of_slip.ids,
        )

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
        self.assertEqual(made.holder, "CA Chính phủ")
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
