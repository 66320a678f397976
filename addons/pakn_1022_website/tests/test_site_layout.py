"""What comes to a visitor: the small layout, its files, fewer bytes, own addresses."""

import gzip
import re
import sys
import unittest
from datetime import datetime
from unittest.mock import patch

import polib
from lxml import html
from werkzeug.exceptions import NotFound

from odoo.tests import new_test_user, tagged
from odoo.tools import file_path, mute_logger

from odoo.addons.pakn_1022.models.pakn_incident import Incident
from odoo.addons.pakn_1022.tests.common import TAGS

from ..tools import compress, scripts, uploads
from ..tools.uploads import make_small
from .site import SiteCase, make_photo

HOME = "https://1022.gialai.gov.vn"
STRANGE = {"Host": "evil.example"}


class TestTools(unittest.TestCase):
    def test_citizens_are_spoken_to_with_respect(self):
        """Whoever is sixty is no “bạn” of the province's."""
        for entry in polib.pofile(file_path("pakn_1022_website/i18n/vi.po")):
            self.assertNotRegex(entry.msgstr.lower(), r"\bbạn\b")

    def test_gzip_is_sent_to_who_takes_it(self):
        for header, expected in (
            ("gzip, deflate, br", True),
            ("br;q=1.0, gzip;q=0.8", True),
            ("*", True),
            ("gzip;q=0", False),
            ("identity", False),
            ("", False),
        ):
            self.assertEqual(compress.accepts_gzip(header), expected, header)
        data = b"1022 " * 1000
        self.assertEqual(gzip.decompress(compress.compress(data)), data)
        self.assertIs(compress.compress(data, "/a"), compress.compress(b"", "/a"))

    def test_modules_find_what_they_import(self):
        files = scripts.get_files()
        for name, content in files.items():
            if not name.startswith("src/"):
                continue
            folder = name.rsplit("/", 1)[0]
            text = content.decode()
            self.assertNotIn("@web/", text, "no framework")
            for path in re.findall(r'(?:from |import\(|import )"(\.[^"]+)"', text):
                parts = folder.split("/")
                for part in path.split("/"):
                    if part == "..":
                        parts.pop()
                    elif part != ".":
                        parts.append(part)
                self.assertIn("/".join(parts), files, f"{name}: {path}")

    def test_the_font_holds_each_icon_that_pages_use(self):
        root = file_path("pakn_1022_website")
        with open(f"{root}/static/src/site/icons.scss", encoding="utf-8") as file:
            known = set(re.findall(r"\.fa-([\w-]+)(?:::before)? \{", file.read()))
        used = set()
        for name in ("submit", "results", "follow", "layout", "unit", "knowledge"):
            path = f"{root}/views/{name}_templates.xml"
            with open(path, encoding="utf-8") as file:
                used.update(re.findall(r"\bfa-([a-z0-9-]+)\b(?!-)", file.read()))
        self.assertFalse({one for one in used if one} - known, "bin/make_icons.py")

    def test_a_photo_for_a_list_is_small(self):
        photo = make_photo((1920, 1080))
        small = make_small(photo)
        self.assertTrue(small.startswith(b"RIFF"))
        self.assertLess(len(small), 30_000)
        with self.assertRaises(ValueError):
            make_small(b"%PDF-1.4")

    def test_the_photo_itself_is_not_kept_in_memory(self):
        photo = make_photo((640, 480))
        before = sys.getrefcount(photo)
        small = make_small(photo)
        self.assertEqual(sys.getrefcount(photo), before)
        self.assertIs(make_small(photo), small, "made once")
        for number in range(uploads.KEPT + 10):
            make_small(make_photo((8 + number, 8)))
        self.assertLessEqual(len(uploads._SMALL), uploads.KEPT)


@tagged(*TAGS)
class TestSiteLayout(SiteCase):
    def test_what_search_engines_are_told_is_there_and_described(self):
        self.env["ir.attachment"].search([("url", "=like", "/sitemap%")]).unlink()
        pages = re.findall(
            r"<loc>https?://[^/]*([^<]*)</loc>", self.get("/sitemap.xml").text
        )
        self.assertIn("/tra-cuu", pages)
        for path in {page for page in pages if page.count("/") == 1}:
            with self.subTest(path):
                reply = self.get(path)
                self.assertEqual(reply.status_code, 200)
                page = html.fromstring(reply.text)
                for name in ("@name='description'", "@property='og:description'"):
                    [said] = page.xpath(f"//meta[{name}]/@content")
                    self.assertGreater(len(said), 20)
        self.assertNotIn("/website/info", pages)

    def test_paper_is_spared(self):
        [url] = re.findall(r'href="(/web/assets/[^"]+css)"', self.get("/tra-cuu").text)
        self.assertIn("@media print", self.get(url).text)

    def test_visitors_get_the_small_layout_and_editors_the_builder(self):
        text = self.url_open("/").text
        self.assertIn("pakn_1022_website.assets_site", text)
        self.assertNotIn("assets_frontend", text)
        sheets = html.fromstring(text).xpath("//link[@rel='stylesheet']")
        self.assertEqual(len(sheets), 1)
        self.authenticate("admin", "admin")
        text = self.url_open("/").text
        self.assertIn("assets_frontend", text)
        self.assertNotIn("assets_site", text)

    def test_files_may_be_kept_for_ever_under_their_version(self):
        url = scripts.get_url("submit/submit.js")
        reply = self.url_open(url)
        self.assertEqual(reply.headers["Content-Encoding"], "gzip")
        self.assertIn("immutable", reply.headers["Cache-Control"])
        self.assertIn("text/javascript", reply.headers["Content-Type"])
        old = self.url_open(url.replace(scripts.get_version(), "0" * 16))
        self.assertEqual(old.status_code, 200)
        self.assertEqual(old.headers["Cache-Control"], "no-cache")
        with mute_logger("odoo.http"):
            for name in ("src/../__manifest__.py", "src/submit/submit.scss", "x.js"):
                path = f"/1022-site/{scripts.get_version()}/{name}"
                self.assertEqual(self.url_open(path).status_code, 404, name)

    def test_pages_and_bundles_are_compressed(self):
        for path in ("/", "/phan-anh", "/ket-qua", "/thong-ke", "/ban-do/dia-ban.json"):
            reply = self.url_open(path)
            self.assertEqual(reply.headers.get("Content-Encoding"), "gzip", path)
            self.assertIn("Accept-Encoding", reply.headers["Vary"], path)
            plain = self.url_open(path, headers={"Accept-Encoding": "identity"})
            self.assertNotIn("Content-Encoding", plain.headers, path)
        page = html.fromstring(self.url_open("/").text)
        [sheet] = page.xpath("//link[@rel='stylesheet']/@href")
        reply = self.url_open(sheet)
        self.assertEqual(reply.headers.get("Content-Encoding"), "gzip")
        self.assertLess(int(reply.headers["Content-Length"]), 40_000)

    def test_addresses_are_those_of_the_setting_whatever_host_is_asked(self):
        params = self.env["ir.config_parameter"]
        params.set_param("web.base.url", HOME)
        params.set_param("pakn_1022.hosts", "evil.example")
        for path in ("/", "/ket-qua", "/phan-anh", "/robots.txt", "/sitemap.xml"):
            text = self.url_open(path, headers=STRANGE).text
            self.assertIn(HOME, text, path)
            self.assertNotIn("evil.example", text, path)
            self.assertNotIn("127.0.0.1", text, path)
        page = html.fromstring(self.url_open("/ket-qua", headers=STRANGE).text)
        [address] = page.xpath("//link[@rel='canonical']/@href")
        self.assertEqual(address, f"{HOME}/ket-qua")
        self.assertEqual(page.xpath("//meta[@property='og:url']/@content"), [address])

    def test_shared_pages_say_what_they_are(self):
        field = self.env.ref("pakn_1022.category_5")
        for path in ("/", "/phan-anh", "/ket-qua", f"/ket-qua?linh-vuc={field.code}"):
            page = html.fromstring(self.url_open(path).text)
            [text] = page.xpath("//meta[@property='og:description']/@content")
            self.assertGreater(len(text), 40, path)
            self.assertTrue(page.xpath("//meta[@property='og:title']/@content"))
        self.assertIn(field.with_context(lang="vi_VN").name, text)

    def test_art6_incidents_stand_above_the_form_and_on_the_first_page(self):
        incident = Incident(
            name="Mất điện tại <b>Pleiku</b>",
            text="Đang sửa đường dây.",
            category=self.env["pakn.category"],
            area=self.env["pakn.area"],
            date_from=datetime(2026, 11, 28, 1, 0),
            date_to=datetime(2026, 11, 28, 7, 0),
        )
        for path in ("/", "/phan-anh"):
            self.assertNotIn("o_pakn_incidents", self.url_open(path).text)
            with patch.object(
                type(self.env["pakn.incident"]), "_get_now", lambda _self: [incident]
            ):
                page = html.fromstring(self.url_open(path).text)
            [told] = page.xpath("//section[@aria-labelledby='o_pakn_incidents']")
            text = " ".join(told.text_content().split())
            self.assertIn("Mất điện tại <b>Pleiku</b> Đang sửa đường dây.", text)
            self.assertIn("14:00 thứ Bảy, 28/11/2026", text)

    def test_errors_name_the_number_and_the_way_on(self):
        with mute_logger("odoo.http"):
            reply = self.url_open("/khong-co-trang-nay")
        self.assertEqual(reply.status_code, 404)
        for link in ("tel:02691022", "/phan-anh", "/tra-cuu"):
            self.assertIn(f'href="{link}"', reply.text)
        self.assertNotIn("assets_frontend", reply.text)
        with mute_logger("odoo.http"):
            reply = self.url_open("/tra-cuu?code=%00")
        self.assertEqual(reply.status_code, 400)
        self.assertIn('href="tel:02691022"', reply.text)

    def test_art21_the_administrator_reads_of_errors_what_others_read(self):
        """Odoo tells an editor of the site of its parts, in English at worst."""
        new_test_user(
            self.env,
            login="site_editor_error",
            password="site_editor_error",
            groups="pakn_1022.group_manager,website.group_website_designer",
        ).lang = "vi_VN"
        self.authenticate("site_editor_error", "site_editor_error")
        http = type(self.env["ir.http"])
        for code, error in ((404, NotFound()), (500, ValueError("x"))):
            with (
                mute_logger("odoo.http"),
                patch.object(http, "_dispatch", side_effect=error),
            ):
                reply = self.url_open("/tra-cuu")
            self.assertEqual(reply.status_code, code)
            text = html.fromstring(reply.text).text_content()
            self.assertIn(f"Lỗi {code}", " ".join(text.split()))
            self.assertIn('href="tel:02691022"', reply.text)
            self.assertNotIn("Internal Server Error", text)

    def test_the_lines_to_copy_are_text(self):
        page = html.fromstring(self.url_open("/nhung?mau=do&so=3").text)
        [lines] = page.xpath("//textarea[@id='widget_lines']")
        self.assertIn('data-so="3" data-mau="do"', lines.text)
        self.assertTrue(lines.text.startswith("<script async"))
        self.assertFalse(
            [src for src in page.xpath("//script/@src") if src.endswith("/nhung.js")]
        )
        [frame] = page.xpath("//iframe/@src")
        self.assertIn("#a52834", self.url_open(frame).text)
        odd = html.fromstring(self.url_open("/nhung?mau=%22onload%3D&so=999").text)
        [lines] = odd.xpath("//textarea[@id='widget_lines']")
        self.assertIn('data-so="5" data-mau="xanh"', lines.text)

    def test_reloading_a_form_of_the_follow_page_shows_the_request(self):
        ticket = self.submitted().sudo()
        for act in ("tra-loi", "danh-gia"):
            reply = self.get(self.follow_url(ticket, f"/{act}"))
            self.assertEqual(reply.status_code, 303, act)
            self.assertIn(f"/tra-cuu/{ticket.name}?", reply.headers["Location"])
        reply = self.post(
            f"{ticket.access_url}/tra-loi",
            {"access_token": ticket.access_token, "text": "Vẫn chưa sửa"},
        )
        self.assertIn("done=replied", reply.headers["Location"])
        text = self.url_open(reply.headers["Location"]).text
        self.assertIn("alert-success", text)
