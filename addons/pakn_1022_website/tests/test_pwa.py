import io
import json
from pathlib import Path

from PIL import Image

from odoo.tests import HttpCase, tagged
from odoo.tools import file_open

from odoo.addons.pakn_1022.tests.common import TAGS
from odoo.addons.pakn_1022.tools.province import CONTACT

from ..controllers.pwa import PaknPwa


@tagged(*TAGS)
class TestPwa(HttpCase):
    """Art. 3.2.1: the site can be kept on a phone as an app."""

    def test_the_manifest_names_icons_of_the_size_it_says(self):
        reply = self.url_open("/manifest.webmanifest")
        self.assertEqual(reply.headers["Content-Type"], "application/manifest+json")
        manifest = json.loads(reply.text)
        self.assertEqual((manifest["scope"], manifest["start_url"]), ("/", "/"))
        self.assertEqual(manifest["lang"], "vi-VN")
        self.assertEqual(
            {(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]},
            {
                (size, purpose)
                for size in ("192x192", "512x512")
                for purpose in ("any", "maskable")
            },
        )
        for icon in manifest["icons"]:
            with file_open(icon["src"].removeprefix("/"), "rb") as file:
                image = Image.open(io.BytesIO(file.read()))
            self.assertEqual(f"{image.width}x{image.height}", icon["sizes"])
        self.assertIn('href="/manifest.webmanifest"', self.url_open("/hoi-dap").text)

    def test_the_worker_may_serve_the_whole_site(self):
        reply = self.url_open("/1022-service-worker.js")
        self.assertEqual(reply.headers["Service-Worker-Allowed"], "/")
        self.assertIn("text/javascript", reply.headers["Content-Type"])

    def test_the_offline_page_is_whole_and_names_the_number(self):
        text = self.url_open("/1022-offline").text
        self.assertIn('href="tel:02691022"', text)
        self.assertNotIn("<script", text)
        self.assertNotIn("/web/assets", text)
        self.assertNotIn("csrf", text, "the same for everybody")

    def test_art20_the_page_while_the_server_is_stopped_names_the_number(self):
        """nginx serves it: nothing of it can come from the server that is down."""
        with file_open("pakn_1022_website/static/maintenance.html") as page:
            text = page.read()
        number = "".join(char for char in CONTACT["phone"] if char.isdigit())
        for dialled in (number, "113", "114", "115"):
            self.assertIn(f'href="tel:{dialled}"', text)
        for outside in ("<script", "<img", "<link", "src=", "url(", "@import"):
            self.assertNotIn(outside, text)
        running = Path(__file__).parents[3] / "docs/running.md"
        self.assertIn("=503 /maintenance.html", running.read_text(encoding="utf-8"))

    def test_who_asks_too_often_is_asked_to_wait(self):
        for name, path in (
            ("manifest", "/manifest.webmanifest"),
            ("service_worker", "/1022-service-worker.js"),
            ("offline", "/1022-offline"),
        ):
            self.patch(getattr(PaknPwa, name).rate_limit, "count", 0)
            with self.subTest(path):
                self.assertEqual(self.url_open(path).status_code, 429)

    def test_the_backends_own_app_stays_as_it_is(self):
        manifest = json.loads(self.url_open("/web/manifest.webmanifest").text)
        self.assertEqual(manifest["scope"], "/odoo")
        worker = self.url_open("/web/service-worker.js")
        self.assertEqual(worker.headers["Service-Worker-Allowed"], "/odoo")
