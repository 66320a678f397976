import json
import re
import subprocess
import tempfile
from pathlib import Path

from odoo.tests import HttpCase, tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from .common import EvidenceCase
from .pki import Authority, install


@tagged(*TAGS)
class TestRoots(EvidenceCase, HttpCase):
    """Art. 9.1: the roots are public, so that anybody can keep and check them."""

    def anchored(self):
        self.new_ticket(title="Chuyện riêng")
        self.seal()
        return self.env["pakn.anchor"]._anchor()

    def test_art9_1_openssl_alone_checks_what_is_published(self):
        certificate, key = Authority().certify("Tổng đài 1022 Gia Lai")
        record = install(self.env, certificate, key)
        params = self.env["ir.config_parameter"]
        params.set_param("pakn_1022_evidence.certificate_id", str(record.id))
        params.set_param("pakn_1022_evidence.tsa_url", "")
        anchor = self.anchored()
        page = self.url_open("/bang-chung").text
        self.assertIn(anchor.root, page)
        for secret in ("Chuyện riêng", "GL26-"):
            self.assertNotIn(secret, page)
        with tempfile.TemporaryDirectory() as folder:
            for kind in ("json", "sig", "pem"):
                path = f"/bang-chung/{anchor.id}.{kind}"
                self.assertIn(path, page)
                reply = self.url_open(path)
                self.assertEqual(reply.status_code, 200)
                (Path(folder) / f"x.{kind}").write_bytes(reply.content)
            self.assertEqual(
                json.loads((Path(folder) / "x.json").read_text())["root"], anchor.root
            )
            [commands] = re.findall(r"<code>(openssl.*?)</code>", page)
            result = subprocess.run(
                ["sh", "-c", commands.replace("&gt;", ">")],
                cwd=folder,
                capture_output=True,
                text=True,
                check=False,
            )
        self.assertIn("Verified OK", result.stdout, result.stderr)
        self.assertEqual(self.url_open(f"/bang-chung/{anchor.id}.tsr").status_code, 404)

    def test_an_unsigned_root_says_so_and_odd_addresses_are_none(self):
        params = self.env["ir.config_parameter"]
        params.set_param("pakn_1022_evidence.certificate_id", False)
        anchor = self.anchored()
        page = self.url_open("/bang-chung").text
        self.assertIn("chưa ký số", page)
        for path in (f"{anchor.id}.sig", "0.json", "999999999.json", "x.json"):
            with self.subTest(path):
                self.assertEqual(self.url_open(f"/bang-chung/{path}").status_code, 404)
        for odd in ("-1", "x", "9" * 40, "9" * 5000, "٣"):
            with self.subTest(odd):
                reply = self.url_open("/bang-chung", params={"truoc": odd})
                self.assertEqual(reply.status_code, 200)
