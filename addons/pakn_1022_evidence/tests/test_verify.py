import base64
import importlib.util
import io
import json
import random
import subprocess
import sys
import sysconfig
import tempfile
from contextlib import nullcontext, redirect_stdout
from datetime import datetime, timedelta, timezone
from pathlib import Path

from cryptography import x509

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from .common import EvidenceCase
from .pki import Authority, TimeAuthority, install, to_pem

SCRIPT = Path(__file__).parents[3] / "bin/verify.py"
FLIPS = 2000
# -S: what makes Odoo importable in the environment of the tests is not read
PURELIB = sysconfig.get_path("purelib")
START = (
    "import sys, runpy; sys.path.append(sys.argv.pop(1));"
    "import importlib.util as u; assert u.find_spec('odoo') is None;"
    "sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"
)


def load_verifier():
    spec = importlib.util.spec_from_file_location("pakn_verify", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@tagged(*TAGS)
class TestVerify(EvidenceCase, HttpCase):
    """Art. 9.1, 12.1: a record that was handed out is checked by anybody, offline."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.verifier = load_verifier()
        folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.folder = Path(folder)
        cls.authority = Authority()
        cls.clock = TimeAuthority(cls.folder, cls.authority)
        cls.addClassCleanup(cls.clock.close)
        cls.params = cls.env["ir.config_parameter"]

    def sign(self, certificate, key, with_time=True):
        record = install(self.env, certificate, key)
        self.params.set_param("pakn_1022_evidence.certificate_id", str(record.id))
        self.params.set_param(
            "pakn_1022_evidence.tsa_url", self.clock.url if with_time else ""
        )

    def evidence(self, *, certified=None, with_time=True, stop=True):
        """Return an anchored request and its file of evidence, read by the operator."""
        # The authority knows the true time
        with nullcontext() if stop else self.running_clock():
            certificate, key = certified or self.authority.certify(
                "Tổng đài 1022 Gia Lai"
            )
            self.sign(certificate, key, with_time)
            ticket = self.whole()
            ticket.write({"citizen_address": "14 Hùng Vương, Pleiku"})
            self.seal()
            self.env["pakn.anchor"]._anchor()
            return ticket, ticket.with_user(self.operator)._export_evidence()

    def judge(self, content, trusted=None, revoked=()):
        """Return what the verifier says: sentences, or the fault."""
        trusted = [self.authority.certificate] if trusted is None else trusted
        try:
            return " ".join(self.verifier.verify(content, trusted, revoked))
        except self.verifier.Fault as fault:
            return f"✗ {fault}"

    def test_art09_1_a_genuine_file_passes_without_odoo(self):
        ticket, content = self.evidence(stop=False)
        path = self.folder / "hồ sơ.json"
        path.write_bytes(content)
        trust = self.folder / "trust.pem"
        trust.write_bytes(to_pem(self.authority.certificate))
        result = subprocess.run(
            [
                *(sys.executable, "-I", "-S", "-c", START),
                *(PURELIB, SCRIPT, path, "--trust", trust),
            ],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn(f"✓ {ticket.name}: {ticket.record_length} bước", result.stdout)
        self.assertIn("✓ Người ký: CN=Tổng đài 1022 Gia Lai", result.stdout)
        self.assertIn("✓ Dấu thời gian: ", result.stdout)
        path.write_bytes(content.replace("Đã thay".encode(), "Đã thế".encode()))
        result = subprocess.run(
            [sys.executable, "-I", SCRIPT, path],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stdout, "✗ Nội dung đã bị sửa: .*result")

    def mean(self, content):
        """Return what a file says, past the ways to write the same."""
        evidence = self.verifier.read(content)
        proof = evidence["proof"]
        pem = x509.load_pem_x509_certificate(proof["certificate"].encode())
        token = self.verifier.base64.b64decode(proof["stamp"])
        signature = self.verifier.base64.b64decode(proof["signature"])
        statement = self.verifier.dump(
            {"version": 1}
            | {name: proof[name] for name in ("date", "size", "root", "previous")}
        )
        evidence["proof"] = proof | {
            "certificate": pem.tbs_certificate_bytes,
            "signature": signature,
            "stamp": self.verifier.read_stamp(token, statement),
        }
        return evidence

    def test_art09_1_two_thousand_flipped_bits_are_found_or_do_not_matter(self):
        _ticket, content = self.evidence(stop=False)
        self.assertNotIn("✗", self.judge(content))
        genuine = self.mean(content)
        dice = random.Random(1022)
        found = 0
        for _flip in range(FLIPS):
            place, bit = dice.randrange(len(content)), dice.randrange(8)
            changed = bytearray(content)
            changed[place] ^= 1 << bit
            said = self.judge(bytes(changed))
            if said.startswith("✗"):
                found += 1
            else:
                self.assertEqual(self.mean(bytes(changed)), genuine, (place, bit))
        self.assertGreater(found, FLIPS * 0.8)

    def test_art09_1_each_failure_is_named(self):
        _ticket, content = self.evidence(with_time=False)
        _other, foreign = self.evidence(with_time=False)
        self.assertIn("không có dấu thời gian", self.judge(content))

        def change(function):
            evidence = json.loads(content)
            function(evidence)
            return json.dumps(evidence).encode()

        cases = {
            "tệp bị hỏng": lambda e: e.pop("salt"),
            "bước xử lý số 2 không khớp": lambda e: e["acts"].pop(1),
            "không phải là bước đã được niêm phong": lambda e: e["acts"][-1].update(
                note="khác"
            ),
            "chưa được niêm phong": lambda e: e["seals"].pop(),
            "trạng thái|các dòng": lambda e: e["state"]["slip"].popitem(),
            "nội dung đã bị sửa": lambda e: next(
                iter(e["state"]["ticket"].values())
            ).update(title="khác"),
            "hồ sơ chưa được neo": lambda e: e.update(proof=None),
            "không phải là hồ sơ đã neo": lambda e: e.update(
                proof=json.loads(foreign)["proof"]
            ),
            "chữ ký số của mã gốc không đúng": lambda e: e["proof"].update(
                date="2026-03-02 01:00:01"
            ),
            "mã gốc không được ký số": lambda e: e["proof"].update(signature=""),
        }
        for words, function in cases.items():
            with self.subTest(words):
                self.assertRegex(self.judge(change(function)), f"✗.*({words})")

    def test_art16_4_wrong_certificates_are_named(self):
        utc = timezone.utc
        now = datetime.now(utc)
        stranger = Authority("CA lạ")
        _ticket, content = self.evidence(with_time=False)
        self.assertRegex(
            self.judge(content, [stranger.certificate]), "✗.*không do nơi được tin cậy"
        )
        own = Authority("Tự tạo")
        _ticket, content = self.evidence(
            certified=(own.certificate, own.key), with_time=False
        )
        self.assertRegex(self.judge(content), "✗.*tự tạo, không ai chứng nhận")
        self.assertNotIn("✗", self.judge(content, [own.certificate]))

        certificate, key = self.authority.certify("Tổng đài 1022")
        _ticket, content = self.evidence(certified=(certificate, key), with_time=False)
        before, after = (
            datetime(2026, 3, 1, tzinfo=utc),
            datetime(2026, 3, 3, tzinfo=utc),
        )
        self.assertRegex(
            self.judge(content, revoked=[self.authority.revoke(certificate, before)]),
            "✗.*bị thu hồi trước khi ký",
        )
        self.assertNotIn(
            "✗",
            self.judge(content, revoked=[self.authority.revoke(certificate, after)]),
        )
        trusted = [self.authority.certificate]
        for words, options in {
            "đã hết hạn khi ký": {"end": datetime(2026, 1, 1, tzinfo=utc)},
            "chưa có hiệu lực khi ký": {"start": now + timedelta(days=1)},
        }.items():
            certificate, _key = self.authority.certify("Tổng đài", **options)
            moment = now if "hiệu lực" in words else datetime(2026, 3, 2, tzinfo=utc)
            with self.assertRaisesRegex(self.verifier.Fault, words):
                self.verifier.check_trust(certificate, moment, trusted, (), "Tổng đài")

    def test_art09_1_a_wrong_time_is_named(self):
        """The clock of the tests stands in March, the authority's goes on."""
        _ticket, content = self.evidence()
        self.assertRegex(self.judge(content), "✗ thời gian không đúng")

    def test_art12_1_a_pdf_of_the_whole_file_carries_it(self):
        ticket, content = self.evidence(with_time=False)
        url = ticket.with_user(self.operator).action_make_file()["url"]
        document = self.env["pakn.document"].browse(int(url.rsplit("/", 1)[1]))
        pdf = base64.b64decode(document.content)
        unpacked = self.verifier.unpack(pdf)
        self.assertEqual(json.loads(unpacked)["code"], ticket.name)
        # The document is made after the anchor, as an act more
        self.assertNotIn("✗", self.judge(unpacked))
        self.assertEqual(self.verifier.unpack(content), content)
        for place in range(pdf.index(unpacked), pdf.index(unpacked) + 4000, 400):
            changed = bytearray(pdf)
            changed[place] ^= 1
            self.assertIn("✗", self.judge(self.verifier.unpack(bytes(changed))), place)
        path = self.folder / "ho-so.pdf"
        path.write_bytes(pdf)
        trust = self.folder / "trust.pem"
        trust.write_bytes(to_pem(self.authority.certificate))
        output = io.StringIO()
        with redirect_stdout(output):
            result = self.verifier.main([str(path), "--trust", str(trust)])
        self.assertEqual(result, 0, output.getvalue())
        self.assertIn("so cả tệp PDF", output.getvalue())
        for hostile in (
            b"%PDF-1.4 nothing attached",
            b"%PDF-1.4 /EmbeddedFile /Length 5 stream",
            # An update that shows its reader another file than the one checked
            pdf + b"9 0 obj <</Type /EmbeddedFile /Length 1>> stream\nx endstream",
            pdf
            + b"9 0 obj <</Type /#45mbedded#46#69le /Length 1>> stream\nx endstream",
            pdf + b"3 0 obj <</Length 1>> stream\nx endstream",
            pdf + b"03%\n0\tobj <</Length 1>> stream\nx endstream",
            pdf + b"9 0 obj <</Type /Filespec /#45F <</F 8 0 R>>>> endobj",
            pdf + b"9 0 obj <</Type /ObjStm /Length 1>> stream\nx endstream",
        ):
            with self.assertRaisesRegex(self.verifier.Fault, "tệp PDF kèm|không kèm"):
                self.verifier.unpack(hostile)

    def test_art12_1_what_a_citizen_writes_breaks_no_genuine_file(self):
        """The words of a PDF, in the evidence that lies in it as it is."""
        words = "/EmbeddedFile /EF /ObjStm 3 0 obj endstream endobj %%EOF"
        certificate, key = self.authority.certify("Tổng đài 1022 Gia Lai")
        self.sign(certificate, key, with_time=False)
        ticket = self.whole(title=words)
        self.seal()
        self.env["pakn.anchor"]._anchor()
        url = ticket.with_user(self.operator).action_make_file()["url"]
        document = self.env["pakn.document"].browse(int(url.rsplit("/", 1)[1]))
        unpacked = self.verifier.unpack(base64.b64decode(document.content))
        self.assertIn(words, unpacked.decode())

    def run_verifier(self, *arguments):
        """Return exit code and lines of the tool, on a console of another alphabet."""
        result = subprocess.run(
            [sys.executable, "-S", "-c", START, PURELIB, SCRIPT, *arguments],
            capture_output=True,
            env={"PYTHONIOENCODING": "ascii"},
            timeout=60,
            check=False,
        )
        self.assertEqual(result.stderr, b"")
        return result.returncode, result.stdout.decode("utf-8").splitlines()

    def test_art09_1_a_hostile_file_is_answered_with_one_sentence(self):
        """Nothing that it says makes a line of its own, or moves the cursor."""
        _ticket, content = self.evidence(with_time=False)
        evidence = json.loads(content)
        forged = "\x1b[2J\n✓ GL26-000001-1: không bước nào bị sửa\n"
        evidence["state"]["ticket"][next(iter(evidence["state"]["ticket"]))] |= {
            forged: "x"
        }
        cases = {
            "forged line": json.dumps(evidence).encode(),
            "no UTF-8": b"\xff\xfe\x00",
            "huge number": b'{"version": ' + b"9" * 100_000 + b"}",
            "deep": b"[" * 100_000,
            "empty": b"",
            "PDF": b"%PDF-1.4 /EmbeddedFile /Length 5 stream",
            "twice": content.replace(b'"version"', b'"version":1,"version"', 1),
            "no number": content.replace(b'"version":1', b'"version":NaN', 1),
            "archive twice": b'{"archive":1,"archive":{},"signature":"","x":0}',
        }
        path = self.folder / "hostile.json"
        for name, hostile in cases.items():
            with self.subTest(name):
                path.write_bytes(hostile)
                code, lines = self.run_verifier(path)
                self.assertEqual((code, len(lines)), (1, 1), lines)
                self.assertTrue(lines[0].startswith("✗ "))
                self.assertTrue(lines[0].isprintable(), lines)
                self.assertNotRegex(lines[0], r"\bnot\b|Errno|Unable|Expecting")
        for given in ([self.folder / "không có"], [path, "--trust", path]):
            with self.subTest(given):
                code, [line] = self.run_verifier(*given)
                self.assertEqual(code, 1)
                self.assertRegex(line, "^✗ Không đọc được")
                self.assertNotRegex(line, r"\bnot\b|Errno|Unable|\bNo\b")

    def test_art12_1_operators_take_it_out_and_it_is_noted(self):
        ticket = self.whole()
        for user in (self.monitor, self.focal, self.head, self.employee):
            with self.assertRaises(AccessError):
                ticket.with_user(user)._export_evidence()
            with self.assertRaises(AccessError):
                ticket.with_user(user).action_export_evidence()
        evidence = json.loads(ticket.with_user(self.operator)._export_evidence())
        self.assertIsNone(evidence["proof"])
        self.assertIn("operator", ticket.sudo().message_ids[0].body)
        self.assertEqual(ticket._find_faults(), {})

    def test_art12_1_it_is_downloaded(self):
        ticket = self.whole()
        self.operator.password = "nhanvien-1022"
        self.authenticate(self.operator.login, "nhanvien-1022")
        response = self.url_open(f"/pakn/evidence/{ticket.id}")
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.json()["code"], ticket.name)
        self.assertIn(f"{ticket.name}.json", response.headers["Content-Disposition"])
        self.assertEqual(self.url_open("/pakn/evidence/2000000000").status_code, 404)
        self.authenticate(None, None)
        response = self.url_open(f"/pakn/evidence/{ticket.id}", allow_redirects=False)
        self.assertIn(response.status_code, (303, 404))
