import base64
import io
import json
import stat
import subprocess
import sys
import tempfile
import warnings
import zipfile
from datetime import datetime
from pathlib import Path
from unittest.mock import patch

from lxml import etree

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from .common import EvidenceCase
from .pki import Authority, install, to_pem
from .test_verify import SCRIPT, load_verifier

BATCH = "odoo.addons.pakn_1022_evidence.models.pakn_archive.BATCH"


@tagged(*TAGS)
class TestArchive(EvidenceCase):
    """Art. 12: a finished year goes to the province's archive, whole and checkable."""

    def make_year(self):
        """Return the archive of the last year, started, and its requests."""
        self.authority = Authority()
        record = install(self.env, *self.authority.certify("Tổng đài 1022 Gia Lai"))
        self.env["ir.config_parameter"].set_param(
            "pakn_1022_evidence.certificate_id", str(record.id)
        )
        tickets = [self.whole(title=f"Đèn số {number}") for number in range(3)]
        for ticket in tickets:
            ticket.with_user(self.manager).sudo()._acting().write({"state": "done"})
        self.seal()
        year = tickets[0].date_received.year
        opened = self.new_ticket()
        self.set_clock(f"{year + 1}-03-02 09:00")
        archive = (
            self.env["pakn.archive"]
            .with_user(self.manager)
            .create({"year": year, "organ_code": "G42"})
        )
        archive.action_start()
        self.assertGreaterEqual(archive.count_open, 1, opened.name)
        return archive, tickets

    def pack(self, archive, times):
        for _time in range(times):
            archive.sudo()._pack_next()

    def lay_out(self, archive):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        for part in archive.part_ids:
            (folder / part.file_name).write_bytes(base64.b64decode(part.content))
        path = folder / archive.manifest_name
        path.write_bytes(base64.b64decode(archive.manifest))
        (folder / "trust.pem").write_bytes(to_pem(self.authority.certificate))
        return folder, path

    def test_art12_a_year_is_packed_and_checked_without_odoo(self):
        archive, tickets = self.make_year()
        with patch(BATCH, 2):
            self.pack(archive, 1)
            self.assertEqual(archive.count_packed, 2)
            archive.action_stop()
            archive.action_start()
            # It goes on where it was
            self.pack(archive, archive.count_all // 2 + 2)
        self.assertEqual(archive.state, "done")
        self.assertEqual(archive.count_packed, archive.count_all)
        self.assertEqual(archive.progress, 100)
        folder, path = self.lay_out(archive)
        result = subprocess.run(
            [sys.executable, "-I", SCRIPT, path, "--trust", folder / "trust.pem"],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("hồ sơ nguyên vẹn", result.stdout)
        self.check_content(archive, tickets[0])
        self.check_changes(folder, path)
        archive.action_remove_files()
        self.assertFalse(any(archive.part_ids.mapped("content")))
        self.assertTrue(all(archive.part_ids.mapped("sha256")))

    def check_content(self, archive, ticket):
        names, facts = set(), None
        for part in archive.part_ids:
            with zipfile.ZipFile(io.BytesIO(base64.b64decode(part.content))) as package:
                names |= set(package.namelist())
                if f"{ticket.name}/thong-tin.xml" in package.namelist():
                    facts = etree.fromstring(
                        package.read(f"{ticket.name}/thong-tin.xml")
                    )
        self.assertIn(f"{ticket.name}/ho-so.pdf", names)
        self.assertTrue(
            any(name.startswith(f"{ticket.name}/tep/") for name in names), names
        )
        self.assertEqual(facts.findtext("Title"), ticket.title)
        self.assertEqual(facts.findtext("OrganId"), "G42")
        self.assertTrue(facts.findtext("EndDate"))

    def check_changes(self, folder, path):
        """Each way to change a package is named."""
        verifier = load_verifier()
        part = sorted(folder.glob("*.zip"))[0]
        content, manifest = part.read_bytes(), path.read_bytes()
        whole = json.loads(manifest)

        def judge():
            try:
                return verifier.verify_archive(
                    json.loads(path.read_bytes()), folder, [self.authority.certificate]
                )
            except verifier.Fault as fault:
                return str(fault)

        part.write_bytes(content[:100] + bytes([content[100] ^ 1]) + content[101:])
        self.assertIn("đã bị sửa", judge())
        part.unlink()
        self.assertIn("thiếu gói", judge())
        # Repacked with another file, and the manifest with it
        out = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(content)) as old,
            zipfile.ZipFile(out, "w") as new,
        ):
            for name in old.namelist():
                data = old.read(name)
                new.writestr(name, b"x" if "/tep/" in name else data)
        part.write_bytes(out.getvalue())
        found = verifier.digest(io.BytesIO(out.getvalue()))
        whole["archive"]["parts"][0] |= found
        path.write_text(json.dumps(whole))
        self.assertIn("chữ ký số của mã gốc không đúng", judge())
        whole["signature"] = ""
        path.write_text(json.dumps(whole))
        self.assertIn("đã bị sửa", judge())
        self.check_left_out(verifier, whole, part, path, judge, content)
        self.check_hostile(verifier, whole, part, path, judge, content)
        part.write_bytes(content)
        path.write_bytes(manifest)
        self.assertIsInstance(judge(), list)

    def check_left_out(self, verifier, whole, part, path, judge, content):
        """Neither a file nor its like is left out where nobody signed the list."""
        with zipfile.ZipFile(io.BytesIO(content)) as old:
            names = [name for name in old.namelist() if "/tep/" in name]
            kept = {name: old.read(name) for name in old.namelist()}
        first, second = names[:2]
        for words, change in (
            ("thiếu 1 tệp đã niêm phong", {first: None}),
            # The same content twice is not both files
            ("không phải tệp đã niêm phong", {first: kept[second]}),
            ("không phải tệp đã niêm phong", {first: None, f"{first}9": b"x"}),
        ):
            files = {
                name: data
                for name, data in (kept | change).items()
                if data is not None and name != "manifest.json"
            }
            listed = json.loads(kept["manifest.json"])
            listed["files"] = {
                name: verifier.digest(io.BytesIO(data)) for name, data in files.items()
            }
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w") as new:
                for name, data in files.items():
                    new.writestr(name, data)
                new.writestr("manifest.json", json.dumps(listed))
            part.write_bytes(out.getvalue())
            whole["archive"]["parts"][0] |= verifier.digest(io.BytesIO(out.getvalue()))
            path.write_text(json.dumps(whole))
            with self.subTest(words):
                self.assertIn(words, judge())

    def test_art12_a_file_of_a_message_without_words_is_kept(self):
        """Its photo alone is what the citizen said."""
        ticket = self.whole()
        file = self.env["ir.attachment"].create({"name": "b.jpg", "raw": b"lamp"})
        ticket.sudo().message_post(
            body="", message_type="comment", attachment_ids=file.ids
        )
        self.seal()
        values = self.env["pakn.document"]._get_file_values(ticket.sudo())
        self.assertIn(file, values["files"])

    def check_hostile(self, verifier, whole, part, path, judge, content):
        """Who unpacks a package that was checked gets what was checked, and there."""

        def lie_over_one_another(new):
            new.writestr("x/x", b"")
            new.filelist[0].compress_size = 10**8

        link = zipfile.ZipInfo("x/link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        cases = {
            "hai tệp cùng tên": lambda new: new.writestr(first, b"another"),
            # As Windows and macOS compare names
            "có hai tệp cùng tên": lambda new: new.writestr(first.upper(), b"x"),
            "hai tệp cùng": lambda new: new.writestr(f"{first}.", b"another"),
            # Files that lie over one another
            "bị hỏng": lie_over_one_another,
            "ra ngoài thư mục": lambda new: new.writestr(
                "x/../../../etc/cron.d/x", b""
            ),
            "ra ngoài thư mục giải nén": lambda new: new.writestr(link, b"/etc/passwd"),
        }
        with zipfile.ZipFile(io.BytesIO(content)) as old:
            first = next(name for name in old.namelist() if name.endswith(".xml"))
        for words, add in cases.items():
            out = io.BytesIO(content)
            with zipfile.ZipFile(out, "a") as new, warnings.catch_warnings():
                # That a name comes twice
                warnings.simplefilter("ignore")
                add(new)
            part.write_bytes(out.getvalue())
            whole["archive"]["parts"][0] |= verifier.digest(io.BytesIO(out.getvalue()))
            path.write_text(json.dumps(whole))
            self.assertIn(words, judge())
        self.check_lists(verifier, whole, part, path, judge, content)
        with patch.object(verifier, "LARGEST", 100):
            part.write_bytes(content)
            whole["archive"]["parts"][0] |= verifier.digest(io.BytesIO(content))
            path.write_text(json.dumps(whole))
            self.assertIn("lớn bất thường", judge())

    def check_lists(self, verifier, whole, part, path, judge, content):
        """What nobody has checked is not counted, where nobody signed the list."""
        with zipfile.ZipFile(io.BytesIO(content)) as old:
            kept = {name: old.read(name) for name in old.namelist()}
        listed = json.loads(kept.pop("manifest.json"))
        twice = listed | {"requests": listed["requests"] + listed["requests"][:1]}
        forged = kept | {"GL26-999999-9/ho-so.pdf": b"%PDF-"}
        doubled = json.dumps(listed)[:-1] + ', "requests": []}'
        for words, files, given in (
            ("kê một hồ sơ hai lần", kept, json.dumps(twice)),
            ("tệp không thuộc hồ sơ nào", forged, None),
            ("có mục lặp lại", kept, doubled),
        ):
            if given is None:
                hashed = {
                    name: verifier.digest(io.BytesIO(data))
                    for name, data in files.items()
                }
                given = json.dumps(listed | {"files": hashed})
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w") as new:
                for name, data in files.items():
                    new.writestr(name, data)
                new.writestr("manifest.json", given)
            part.write_bytes(out.getvalue())
            whole["archive"]["parts"][0] |= verifier.digest(io.BytesIO(out.getvalue()))
            path.write_text(json.dumps(whole))
            with self.subTest(words):
                self.assertIn(words, judge())
        parts = whole["archive"]["parts"]
        doubled = whole | {"archive": whole["archive"] | {"parts": parts * 2}}
        path.write_text(json.dumps(doubled))
        self.assertIn("kê một gói hai lần", judge())

    def test_only_a_year_that_is_over_and_nothing_twice(self):
        archives = self.env["pakn.archive"].with_user(self.manager)
        with self.assertRaises(ValidationError):
            archives.create({"year": datetime.now().year})
        empty = archives.create({"year": 2001})
        with self.assertRaisesRegex(UserError, "2001"):
            empty.action_start()
        for method in ("action_stop", "action_remove_files"):
            with self.subTest(method), self.assertRaises(UserError):
                getattr(empty, method)()
        empty.sudo().state = "running"
        for refuse in (
            empty.action_start,
            empty.unlink,
            lambda: empty.write({"year": 2002}),
        ):
            with self.assertRaises(UserError):
                refuse()
