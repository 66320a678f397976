import base64
import subprocess
import tempfile
from datetime import datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path
from unittest.mock import patch

from cryptography.hazmat.primitives.serialization import Encoding
from PIL import Image, ImageDraw
from pyhanko.pdf_utils.reader import PdfFileReader

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from ..tools import signatures, stamps, tokens
from .common import EvidenceCase
from .pdfa import find_faults
from .pki import Authority, TimeAuthority, install, key_to_pem, to_pem

LOGGER = "odoo.addons.pakn_1022_evidence.models.pakn_document"
SOFTHSM = "/usr/lib/softhsm/libsofthsm2.so"
BLUE, RED = (20, 40, 190, 255), (210, 20, 30, 255)


def draw_signature(colour=BLUE, background=(0, 0, 0, 0)):
    """Return a PNG with a few strokes of a pen."""
    image = Image.new("RGBA", (420, 180), background)
    points = [(20, 140), (70, 30), (110, 150), (170, 50), (210, 140), (400, 80)]
    ImageDraw.Draw(image).line(points, fill=colour, width=9, joint="curve")
    return save(image)


def draw_seal(colour=RED):
    image = Image.new("RGBA", (430, 430), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.ellipse((8, 8, 422, 422), outline=colour, width=12)
    pen.ellipse((90, 90, 340, 340), outline=colour, width=6)
    pen.polygon(((215, 130), (290, 290), (140, 290)), fill=colour)
    return save(image)


def save(image):
    out = BytesIO()
    image.save(out, "PNG")
    return base64.b64encode(out.getvalue())


@tagged(*TAGS)
class TestStamps(EvidenceCase):
    """Art. 16.4, Decree 30/2020 Annex I: what is seen of the signatures on a paper."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.authority = Authority("CA Chính phủ")
        cls.params = cls.env["ir.config_parameter"]

    def setUp(self):
        super().setUp()
        # Authorities and pyHanko know the true time
        self.run_clock()

    def certify(self, name, holder, picture, **values):
        record = install(self.env, *self.authority.certify(name))
        record.write({"pakn_holder": holder, "pakn_picture": picture, **values})
        return record

    def equip(self):
        """Set the head's and the hotline's certificate; return both."""
        head = self.certify(
            "Trần Văn Bình", "person", draw_signature(), pakn_title="Giám đốc"
        )
        hotline = self.certify("Tổng đài 1022", "organisation", draw_seal())
        self.params.set_param("pakn_1022_evidence.head_certificate_id", str(head.id))
        self.params.set_param("pakn_1022_evidence.certificate_id", str(hotline.id))
        return head, hotline

    def make(self, method, record):
        number = int(getattr(record, method)()["url"].rsplit("/", 1)[1])
        document = self.env["pakn.document"].sudo().browse(number)
        return document, base64.b64decode(document.content)

    def judge(self, pdf):
        roots = signatures.load_certificates(to_pem(self.authority.certificate))
        now = datetime.now(timezone.utc).replace(tzinfo=None)
        found = signatures.read_signatures(pdf, roots, [], now)
        return [(one.signer, one.verdict) for one in found]

    def get_boxes(self, pdf):
        """Return page and rectangle of each signature's field."""
        reader = PdfFileReader(BytesIO(pdf))
        return [
            [float(value) for value in one.sig_field["/Rect"]]
            for one in reader.embedded_regular_signatures
        ]

    def test_art16_4_the_seal_is_over_the_left_third_of_the_heads_signature(self):
        self.equip()
        ticket = self.whole()
        document, pdf = self.make("action_make_answer", ticket)
        self.assertEqual(document.signer, "Trần Văn Bình; Tổng đài 1022")
        self.assertEqual(
            self.judge(pdf), [("Trần Văn Bình", "valid"), ("Tổng đài 1022", "valid")]
        )
        head, seal = self.get_boxes(pdf)
        width = head[2] - head[0]
        # Points of a field are whole
        self.assertAlmostEqual(seal[2] - head[0], width / 3, delta=2)
        self.assertAlmostEqual(seal[2] - seal[0], 36 * stamps.POINTS_PER_MM, delta=2)
        self.assertLess(seal[0], head[0])
        # In the right half, under the head's office and over the name
        self.assertGreater((head[0] + head[2]) / 2, 595 / 2)
        picture = self.draw(pdf)
        text = self.get_text(pdf)
        for words in ("GIÁM ĐỐC", "Trần Văn Bình", "Thời gian ký: ", "+07:00"):
            self.assertIn(words, text)
        # Blue in the middle of the signature's box, red in that of the seal
        scale = picture.width / 595
        for box, colour in ((head, "blue"), (seal, "red")):
            left, bottom, right, top = (value * scale for value in box)
            part = picture.crop(
                (
                    int(left),
                    int(picture.height - top),
                    int(right),
                    int(picture.height - bottom),
                )
            )
            self.assertGreater(self.count(part, colour), 60, colour)

    def draw(self, pdf):
        """Return the last page as a picture, as Poppler draws it."""
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (folder / "a.pdf").write_bytes(pdf)
        pages = PdfFileReader(BytesIO(pdf)).root["/Pages"]["/Count"]
        subprocess.run(
            [
                *("pdftoppm", "-r", "60", "-png", "-f", str(pages), "-singlefile"),
                *(folder / "a.pdf", folder / "a"),
            ],
            check=True,
        )
        return Image.open(folder / "a.png").convert("RGB")

    def get_text(self, pdf):
        said = subprocess.run(
            ["pdftotext", "-layout", "-", "-"],
            input=pdf,
            capture_output=True,
            check=True,
        )
        return said.stdout.decode()

    def count(self, image, colour):
        count, values = 0, image.tobytes()
        for red, green, blue in zip(*[iter(values)] * 3, strict=True):
            strong, others = (
                (red, (green, blue)) if colour == "red" else (blue, (red, green))
            )
            count += strong - max(others) > 60
        return count

    def test_art9_1_documents_are_made_to_be_kept(self):
        """PDF/A-2b, and 3b with the evidence attached; signed afterwards."""
        self.equip()
        ticket = self.whole()
        for number in range(30):
            ticket.with_user(self.operator).message_post(
                body=f"Trao đổi số {number} " * 20, message_type="comment"
            )
        slip = ticket.sudo().transfer_ids[-1:].with_user(self.operator)
        for method, record, part in (
            ("action_make_slip", slip, 2),
            ("action_make_answer", ticket, 2),
            ("action_make_file", ticket, 3),
        ):
            with self.subTest(method):
                _document, pdf = self.make(method, record)
                self.assertEqual(find_faults(pdf, part), [])
        self.assertGreater(PdfFileReader(BytesIO(pdf)).root["/Pages"]["/Count"], 1)
        # What the renderer makes is none, so that the check can fail
        raw = self.env["ir.actions.report"]._run_wkhtmltopdf(["<p>Xin chào</p>"])
        self.assertIn("no metadata", find_faults(raw, 2))

    def test_art16_4_a_unit_signs_what_it_replied_with_its_own_certificate(self):
        _head, hotline = self.equip()
        ticket = self.whole()
        slip = ticket.sudo().transfer_ids.filtered("result").with_user(self.operator)
        document, pdf = self.make("action_make_reply", slip)
        self.assertEqual(document.signer, "Tổng đài 1022")
        # The hotline's seal is not the unit's
        self.assertEqual(self.get_boxes(pdf), [[0, 0, 0, 0]])
        slip.sudo().unit_id.write(
            {
                "certificate_id": self.certify(
                    "Sở Xây dựng", "organisation", draw_seal(), pakn_seal_size=30
                ).id,
                "head_certificate_id": self.certify(
                    "Lê Thị Hoa", "person", draw_signature(), pakn_title="Giám đốc Sở"
                ).id,
            }
        )
        document, pdf = self.make("action_make_reply", slip)
        self.assertEqual(document.signer, "Lê Thị Hoa; Sở Xây dựng")
        self.assertIn("GIÁM ĐỐC SỞ", self.get_text(pdf))
        self.assertEqual([verdict for _name, verdict in self.judge(pdf)], ["valid"] * 2)

    def test_pictures_are_as_the_decree_says(self):
        for holder, picture, words in (
            ("person", draw_signature(RED), "colour"),
            ("organisation", draw_signature(BLUE), "colour"),
            ("person", draw_signature(BLUE, (255, 255, 255, 255)), "background"),
            ("person", base64.b64encode(b"GIF89a"), "PNG"),
        ):
            with (
                self.subTest(words, holder=holder),
                self.assertRaisesRegex(ValidationError, words),
            ):
                self.certify("Ai đó", holder, picture)
        with self.assertRaisesRegex(ValidationError, "millimetres"):
            self.certify("Ai đó", "organisation", draw_seal(), pakn_seal_size=200)

    def test_art16_4_what_is_needed_to_check_it_in_years_goes_along(self):
        """Level B-LT: with a time stamp and the authority's list of revoked ones."""
        self.equip()
        other = self.authority.certify("Người khác")[0]
        now = datetime.now(timezone.utc)
        revoked = self.authority.revoke(other, now - timedelta(days=1))
        for kind, content in (
            ("root", to_pem(self.authority.certificate)),
            ("list", revoked.public_bytes(Encoding.DER)),
        ):
            self.env["pakn.trust"].create(
                {"name": "CA", "kind": kind, "content": base64.b64encode(content)}
            )
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        clock = TimeAuthority(folder, self.authority)
        self.addCleanup(clock.close)
        self.params.set_param("pakn_1022_evidence.tsa_url", clock.url)
        _document, pdf = self.make("action_make_answer", self.whole())
        store = PdfFileReader(BytesIO(pdf)).root["/DSS"]
        self.assertTrue(store["/Certs"])
        lists = [one.get_object().data for one in store["/CRLs"]]
        self.assertIn(revoked.public_bytes(Encoding.DER), lists)
        self.assertEqual([one for _name, one in self.judge(pdf)], ["valid"] * 2)

    def test_art16_4_a_token_signs_and_keeps_its_key(self):
        """SoftHSM stands for the token; the library is the same PKCS #11."""
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (folder / "tokens").mkdir()
        (folder / "softhsm2.conf").write_text(
            f"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n"
        )
        certificate, key = self.authority.certify("Tổng đài 1022")
        (folder / "key.pem").write_bytes(key_to_pem(key))
        self.enterContext(
            patch.dict(
                "os.environ",
                {
                    "SOFTHSM2_CONF": str(folder / "softhsm2.conf"),
                    tokens.MODULE: SOFTHSM,
                    tokens.PIN: "1234",
                },
            )
        )
        for arguments in (
            ("--init-token", "--free", "--label", "T1022", "--so-pin", "5678"),
            ("--import", folder / "key.pem", "--token", "T1022", "--id", "01")
            + ("--label", "sign"),
        ):
            subprocess.run(
                ["softhsm2-util", *arguments, "--pin", "1234"],
                check=True,
                capture_output=True,
            )
        record = self.env["certificate.certificate"].create(
            {
                "name": "Token",
                "content": base64.b64encode(to_pem(certificate)),
                "pakn_token": "T1022",
                "pakn_key_label": "sign",
                "pakn_picture": draw_seal(),
            }
        )
        self.params.set_param("pakn_1022_evidence.certificate_id", str(record.id))
        ticket = self.whole()
        document, pdf = self.make("action_make_answer", ticket)
        self.assertEqual(document.signer, "Tổng đài 1022")
        self.assertEqual(self.judge(pdf), [("Tổng đài 1022", "valid")])
        anchor = self.env["pakn.anchor"]._anchor()
        self.assertTrue(anchor.is_signed)
        self.assertEqual(self.env["pakn.anchor"]._find_anchor_faults(), [])
        # Taken out, nothing is signed and no paper is lost; the PIN is in no log
        ticket.with_user(self.operator).title = "Tên khác"
        with (
            patch.dict("os.environ", {tokens.PIN: "9999"}),
            self.assertLogs(LOGGER, "ERROR") as logs,
        ):
            document, _pdf = self.make("action_make_answer", ticket)
        self.assertFalse(document.signer)
        self.assertNotIn("9999", "".join(logs.output))
