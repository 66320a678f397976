import base64
from datetime import datetime, timezone
from io import BytesIO

from cryptography.hazmat.primitives.serialization import Encoding
from reportlab.pdfgen import canvas

from ..tools import pades, signatures
from .common import EvidenceCase
from .pki import Authority, key_to_pem, to_pem


def make_pdf(text="Kết quả xử lý"):
    out = BytesIO()
    page = canvas.Canvas(out, pageCompression=0)
    page.drawString(100, 700, text)
    page.save()
    return out.getvalue()


class SigningCase(EvidenceCase):
    """An authority, somebody whom it certified, and PDFs that are signed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.signatures = cls.env["pakn.signature"]
        cls.authority = Authority("CA Chính phủ")
        cls.certified = cls.authority.certify("Nguyễn Văn An")

    def setUp(self):
        super().setUp()
        # Authorities and pyHanko know the true time
        self.run_clock()
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

    def judge(self, pdf, **options):
        """Return the verdicts on a PDF; see :meth:`examine`."""
        return [one.verdict for one in self.examine(pdf, **options)]

    def examine(self, pdf, roots=None, lists=(), now=None, fetchers=None):
        roots = [self.authority.certificate] if roots is None else roots
        return signatures.read_signatures(
            pdf,
            [signatures.load_certificates(to_pem(one))[0] for one in roots],
            [signatures.load_list(one.public_bytes(Encoding.DER)) for one in lists],
            (now or self.now).replace(tzinfo=None),
            fetchers,
        )

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
