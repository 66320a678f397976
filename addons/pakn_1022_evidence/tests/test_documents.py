import base64
import hashlib
import json
import re
import subprocess
import tempfile
from io import BytesIO
from pathlib import Path

from asn1crypto import x509
from cryptography.hazmat.primitives import serialization
from markupsafe import Markup
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfReader

from ..tools import documents
from .common import EvidenceCase
from .pki import Authority, TimeAuthority, install

# Certificates of the tests say nothing of their use
ANY_USE = KeyUsageConstraints(key_usage=set())


def get_text(pdf):
    """Return what a PDF says, without its line breaks."""
    pages = PdfReader(BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@tagged("post_install", "-at_install")
class TestDocuments(EvidenceCase, HttpCase):
    """What was written has the value of paper (Art. 9.1) and is handed out (12.1)."""

    def make(self, method, record):
        """Return the document that a button makes."""
        url = getattr(record, method)()["url"]
        number = int(url.rsplit("/", 1)[1])
        return self.env["pakn.document"].browse(number)

    def get_slip(self, ticket, user):
        """Return the slip of the lead unit, open or not, as a user sees it."""
        slips = ticket.sudo().transfer_ids.sorted("id")
        return slips.filtered(lambda slip: slip.unit_id == self.unit)[:1].with_user(
            user
        )

    def get_pdf(self, document):
        return base64.b64decode(document.sudo().content)

    def test_art9_1_each_kind_says_what_it_is_of_and_goes_on_record(self):
        ticket = self.whole(citizen_name="Trần Thị Bình", title="Đèn đường không sáng")
        slip = self.get_slip(ticket, self.focal)
        cases = (
            ("slip", slip, "action_make_slip", "PHIẾU CHUYỂN"),
            ("reply", slip, "action_make_reply", "Đã thay bóng đèn"),
            ("answer", ticket, "action_make_answer", "TRẢ LỜI PHẢN ÁNH"),
            ("file", ticket, "action_make_file", "NHẬT KÝ XỬ LÝ"),
        )
        for kind, record, method, words in cases:
            with self.subTest(kind):
                document = self.make(method, record)
                pdf = self.get_pdf(document)
                text = get_text(pdf)
                for expected in (ticket.name, words, document.name, "Đèn đường"):
                    self.assertIn(expected, text)
                self.assertEqual(document.kind, kind)
                self.assertEqual(document.sha256, hashlib.sha256(pdf).hexdigest())
                self.assertTrue(document._is_whole())
                act = (
                    ticket.sudo()
                    .event_ids.filtered(lambda event: event.kind == "documented")
                    .sorted("sequence")[-1:]
                )
                self.assertEqual(act.payload["sha256"], document.sha256)
                self.assertEqual(act.note, document.name)
        self.seal()
        self.assertEqual(ticket._find_faults(), {})

    def test_art12_1_the_whole_file_carries_its_evidence(self):
        ticket = self.whole()
        document = self.make("action_make_file", ticket)
        pdf = self.get_pdf(document)
        names = PdfReader(BytesIO(pdf)).trailer["/Root"]["/Names"]["/EmbeddedFiles"]
        [name, file] = names["/Names"]
        self.assertEqual(name, f"{ticket.name}.json")
        evidence = json.loads(file.get_object()["/EF"]["/F"].get_object().get_data())
        self.assertEqual(evidence["code"], ticket.name)
        self.assertEqual(evidence["seals"][-1]["ticket"], ticket.name)
        text = get_text(pdf)
        photo = hashlib.sha256(b"photo of the lamp").hexdigest()
        for expected in ("anh.jpg", photo[:16], "Đã cử thợ", "bien-ban.txt"):
            self.assertIn(expected, text)

    def test_art12_1_a_page_ends_between_rows_and_says_what_was_said(self):
        ticket = self.transferred(self.unit)
        slip = self.lead_slip(ticket, self.focal)
        for number in range(60):
            words = f"từ{number}x " + "đã gọi lại người dân hai lần " * (2 + number % 3)
            slip.message_post(body=f"{words} đến{number}x", message_type="comment")
        # What the program wrote to the unit tells it the request once more
        slip.sudo().message_post(body="Kính gửi đơn vị", message_type="email_outgoing")
        pdf = self.get_pdf(self.make("action_make_file", ticket))
        pages = [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]
        self.assertGreater(len(pages), 3)
        for number, text in enumerate(pages, 1):
            with self.subTest(page=number):
                begun = re.findall(r"từ(\d+)x", text)
                self.assertEqual(re.findall(r"đến(\d+)x", text), begun)
                # The head of the table on each page again
                is_headed = "Người viết" in " ".join(text.split())
                self.assertEqual(bool(begun), is_headed)
        self.assertIn("từ59x", "".join(pages))
        self.assertNotIn("Kính gửi đơn vị", "".join(pages))

    def test_art9_1_each_correction_says_what_it_changed(self):
        """Fifty-three acts: whole rows under a head on each page, old and new words."""
        ticket = self.transferred(self.unit)
        operated = ticket.with_user(self.operator)
        titles = [f"Đèn hỏng số {number}x" for number in range(50)]
        for title in titles:
            operated.title = title
        operated.citizen_phone = "0914 222 333"
        pdf = self.get_pdf(self.make("action_make_file", ticket))
        pages = [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]
        texts = [" ".join(page.split()) for page in pages]
        last = next(index for index, text in enumerate(texts) if "VII. CHỨNG" in text)
        begun = next(index for index, text in enumerate(texts) if "VI. NHẬT KÝ" in text)
        self.assertGreater(last - begun, 1)
        for text in texts[begun : last + 1]:
            self.assertRegex(text, r"TT Lúc Việc Người\s?làm")
        whole = " ".join(texts)
        for before, after in zip(titles, titles[1:], strict=False):
            self.assertIn(f"{before} → {after}", whole)
        self.assertIn("0905 123 456 → 0914 222 333", whole)

    def test_art12_1_tables_are_closed_and_say_something_in_each_row(self):
        ticket = self.transferred(self.unit)
        ticket.sudo().message_post(
            body=Markup('<img src="/rating/static/src/img/rating_5.png" alt="5"/>'),
            author_id=self.env.ref("base.public_partner").id,
        )
        pdf = self.get_pdf(self.make("action_make_file", ticket))
        [_before, talk] = get_text(pdf).split("IV. TRAO ĐỔI")
        self.assertEqual(talk.partition("V. TỆP")[0].strip(), "Không có.")
        # The line at the right of a row, where the line above it ends
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (folder / "a.pdf").write_bytes(pdf)
        draw = ("pdftoppm", "-r", "150", "-gray", "-singlefile", "-png", "-f", "1")
        subprocess.run([*draw, folder / "a.pdf", folder / "a"], check=True)
        page = Image.open(folder / "a.png").convert("L")
        dark = [
            [x for x in range(page.width) if page.getpixel((x, y)) < 200]
            for y in range(page.height)
        ]
        longest = max(range(page.height), key=lambda y: len(dark[y]))
        right = dark[longest][-1]
        for y in range(longest + 3, longest + 12):
            self.assertTrue(any(x >= right - 3 for x in dark[y]), y)

    def test_numbers_go_on_by_issuer_and_year(self):
        first, second = self.transferred(self.unit), self.transferred(self.unit)
        slips = [self.lead_slip(ticket, self.focal) for ticket in (first, second)]
        one, two = (self.make("action_make_slip", slip) for slip in slips)
        self.assertEqual(two.number, one.number + 1)
        self.assertEqual(one.name, f"{one.number}/PC-1022")
        slips[0].answer("<p>Đã xong.</p>")
        reply = self.make("action_make_reply", slips[0])
        self.assertEqual(reply.name, f"1/TL-{self.unit.code}")
        # Asked for again, it is the same paper
        self.assertEqual(self.make("action_make_slip", slips[1]), two)
        # Changed, it is another one
        slips[1].sudo().ticket_id.with_user(self.operator).title = "Tên khác"
        self.assertEqual(self.make("action_make_slip", slips[1]).number, two.number + 1)

    def test_art13_1_units_do_not_learn_who_wants_to_stay_unknown(self):
        ticket = self.transferred(
            self.unit, secrecy="confidential", citizen_name="Trần Thị Bình"
        )
        slip = self.lead_slip(ticket, self.focal)
        text = get_text(self.get_pdf(self.make("action_make_slip", slip)))
        self.assertNotIn("Trần Thị Bình", text)
        self.assertIn("Được giữ kín", text)

    def test_who_may_make_and_read_them(self):
        ticket = self.whole()
        answer = self.make("action_make_answer", ticket)
        for user in (self.focal, self.monitor):
            with self.subTest(user.login):
                for method in ("action_make_answer", "action_make_file"):
                    with self.assertRaises(AccessError):
                        getattr(ticket.with_user(user), method)()
                with self.assertRaises(AccessError):
                    answer.with_user(user).read(["content"])
        with self.assertRaises(AccessError):
            self.get_slip(ticket, self.office_user).action_make_slip()
        # Who monitors reads names masked; on paper they would stand whole
        with self.assertRaises(AccessError):
            self.get_slip(ticket, self.monitor).action_make_slip()
        with self.assertRaises(UserError):
            self.new_ticket().action_make_answer()

    def test_the_paper_is_checked_by_everybody(self):
        ticket = self.whole()
        document = self.make("action_make_answer", ticket)
        token, pdf = document.sudo().token, self.get_pdf(document)
        page = self.url_open(f"/van-ban/{token}")
        self.assertEqual(page.status_code, 200)
        self.assertIn("có trong hồ sơ", page.text)
        self.assertIn(document.name, page.text)
        self.assertNotIn(ticket.sudo().citizen_name, page.text)
        self.assertEqual(self.url_open("/van-ban/khong-co").status_code, 404)

        def compare(content):
            csrf = self.url_open("/van-ban").text.split('name="csrf_token" value="')[1]
            return self.url_open(
                "/van-ban",
                data={"csrf_token": csrf.split('"')[0]},
                files={"file": ("a.pdf", content, "application/pdf")},
            )

        self.assertIn("không thay đổi một ký tự nào", compare(pdf).text)
        for place in (20, len(pdf) // 2, len(pdf) - 3):
            changed = bytearray(pdf)
            changed[place] ^= 1
            self.assertIn("đã bị sửa", compare(bytes(changed)).text)
        self.assertEqual(compare(b"").status_code, 400)
        # Whoever changes the row past the program is found by the record
        self.execute(
            "ALTER TABLE pakn_document DISABLE TRIGGER USER; "
            "UPDATE pakn_document SET sha256 = %s WHERE id = %s",
            "0" * 64,
            document.id,
        )
        self.assertIn("không còn khớp", self.url_open(f"/van-ban/{token}").text)

    def test_odd_codes_and_files_are_answered_with_a_sentence(self):
        self.make("action_make_answer", self.whole())
        for token in ("%00", "a%00b", "%27", "..%2f", "%F0%9F%98%80", "x" * 64, "%25"):
            with self.subTest(token):
                page = self.url_open(f"/van-ban/{token}")
                self.assertEqual(page.status_code, 404)
        self.assertEqual(self.url_open("/van-ban/" + "x" * 5000).status_code, 404)
        # Without the page's own token nothing is compared
        answer = self.url_open("/van-ban", data={"file": "x"})
        self.assertEqual(answer.status_code, 400)
        page = self.url_open("/van-ban").text
        csrf = page.split('name="csrf_token" value="')[1].split('"')[0]
        for given in ({}, {"file": "a text"}, {"file": "\x00", "token": ["a", "b"]}):
            with self.subTest(given=given):
                answer = self.url_open("/van-ban", data={"csrf_token": csrf, **given})
                self.assertEqual(answer.status_code, 400)
                self.assertIn("Xin chọn tệp", answer.text)

    def test_the_pdf_is_given_to_who_may_read_it(self):
        ticket = self.whole()
        slip = self.get_slip(ticket, self.focal)
        mine, answer = (
            self.make("action_make_slip", slip),
            self.make("action_make_answer", ticket),
        )
        for user, document, status in (
            (self.focal, mine, 200),
            (self.focal, answer, 404),
            (self.office_user, mine, 404),
            (self.operator, answer, 200),
        ):
            with self.subTest(user.login, kind=document.kind):
                user.password = "nhanvien-1022"
                self.authenticate(user.login, "nhanvien-1022")
                response = self.url_open(f"/pakn/document/{document.id}")
                self.assertEqual(response.status_code, status)
                self.assertEqual(response.content[:5] == b"%PDF-", status == 200)
        for kind in ("document", "evidence"):
            response = self.url_open(f"/pakn/{kind}/{'9' * 25}")
            self.assertEqual(response.status_code, 404)

    def test_art16_4_it_is_signed_and_any_change_is_seen(self):
        authority = Authority()
        certificate, key = authority.certify("Tổng đài 1022 Gia Lai")
        record = install(self.env, certificate, key)
        params = self.env["ir.config_parameter"]
        params.set_param("pakn_1022_evidence.certificate_id", str(record.id))
        ticket = self.whole()
        self.run_clock()  # the authority of time knows the true one
        with tempfile.TemporaryDirectory() as folder:
            clock = TimeAuthority(Path(folder), authority)
            self.addCleanup(clock.close)
            params.set_param("pakn_1022_evidence.tsa_url", clock.url)
            document = self.make("action_make_file", ticket)
        self.assertEqual(document.signer, "Tổng đài 1022 Gia Lai")
        pdf = self.get_pdf(document)
        status = self.judge(pdf, authority)
        self.assertTrue(status.bottom_line, status.pretty_print_details())
        self.assertTrue(status.timestamp_validity.valid)
        self.assertIn("Tổng đài 1022", status.signing_cert.subject.human_friendly)
        # Poppler reads it as another program does
        path = Path(self.enterContext(tempfile.NamedTemporaryFile(suffix=".pdf")).name)
        path.write_bytes(pdf)
        said = subprocess.run(
            ["pdfsig", "-nocert", path], capture_output=True, text=True, check=True
        ).stdout
        self.assertIn("Signature is Valid", said)
        self.assertIn("Total document signed", said)
        changed = bytearray(pdf)
        changed[len(pdf) // 3] ^= 1
        self.assertFalse(self.judge(bytes(changed), authority).intact)
        # Whom nobody knows is not trusted
        self.assertFalse(self.judge(pdf, Authority("Người khác")).bottom_line)

    def test_art16_4_without_the_authority_of_time_it_is_signed_all_the_same(self):
        certificate, key = Authority().certify("Tổng đài 1022 Gia Lai")
        record = install(self.env, certificate, key)
        params = self.env["ir.config_parameter"]
        params.set_param("pakn_1022_evidence.certificate_id", str(record.id))
        params.set_param("pakn_1022_evidence.tsa_url", "http://127.0.0.1:9/")
        with self.assertLogs("odoo.addons.pakn_1022_evidence.tools.pades", "ERROR"):
            document = self.make("action_make_answer", self.whole())
        self.assertTrue(document.signer)
        self.assertIn(b"/Contents", self.get_pdf(document))

    def judge(self, pdf, authority):
        """Return what pyHanko's validator says of the one signature of a PDF."""
        [signature] = PdfFileReader(BytesIO(pdf), strict=False).embedded_signatures
        root = x509.Certificate.load(
            authority.certificate.public_bytes(serialization.Encoding.DER)
        )
        trust = ValidationContext(trust_roots=[root], allow_fetching=False)
        with mute_logger("pyhanko.sign.validation.generic_cms"):
            return validate_pdf_signature(signature, trust, key_usage_settings=ANY_USE)

    def test_names_and_sizes(self):
        self.assertEqual(documents.get_name("slip", 7), "7/PC-1022")
        self.assertEqual(documents.get_name("reply", 7, "SXD"), "7/TL-SXD")
        self.assertEqual(
            documents.get_file_name("reply", "7/TL-SXD"), "ket-qua-7-TL-SXD.pdf"
        )
        self.assertEqual(documents.write_size(300), "300 B")
        self.assertEqual(documents.write_size(3 * 1024 * 1024), "3,0 MB")
