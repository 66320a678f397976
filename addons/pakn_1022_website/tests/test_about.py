"""The pages on personal data and on accessibility, the foot, and the sign-in."""

import re

from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from .site import SiteCase

PAGES = ("/quyen-rieng-tu", "/tiep-can")


@tagged(*TAGS)
class TestAbout(SiteCase):
    def test_each_page_leads_there(self):
        for path in ("/", "/phan-anh", "/tra-cuu", "/ket-qua", "/thong-ke", "/khong"):
            foot = self.get(path).text.split("<footer")[1]
            for page in PAGES:
                self.assertIn(f'href="{page}"', foot, path)
        self.assertIn(PAGES[0], self.get("/phan-anh").text.split("<footer")[0])
        for page in PAGES:
            self.assertIn(page, self.get("/sitemap.xml").text)

    def test_it_says_what_the_law_asks_for_and_whom_to_ask(self):
        text = self.get(PAGES[0]).text
        for words in ("91/2025/QH15", "24 giờ", "15 phút", "1022@gialai", "lưu trữ"):
            self.assertIn(words, text)
        params = self.env["ir.config_parameter"]
        for name, value in (
            ("name", "Sở Khoa học <Công nghệ>"),
            ("address", "02 Trần Phú"),
            ("phone", "(0269) 3824 404"),
            ("email", "dulieu@gialai.gov.vn"),
        ):
            params.set_param(f"pakn_1022_website.privacy_{name}", value)
        for page in PAGES:
            text = self.get(page).text
            self.assertIn("Sở Khoa học &lt;Công nghệ&gt;", text)
            self.assertIn("tel:02693824404", text)
            self.assertIn("mailto:dulieu@gialai.gov.vn", text)

    def test_it_tells_of_open_matters_only_where_there_are_some(self):
        words = "trong khi đang xử lý"
        self.assertNotIn(words, self.get(PAGES[0]).text)
        self.env["ir.config_parameter"].set_param("pakn_1022_website.show_open", "True")
        self.assertIn(words, self.get(PAGES[0]).text)

    def test_the_hours_of_the_hotline_stand_in_the_foot(self):
        self.assertIn("cả ngày lẫn đêm", self.get("/").text.split("<footer")[1])
        hours = "7 giờ đến 17 giờ, thứ Hai đến thứ Bảy"
        self.env["ir.config_parameter"].set_param(
            "pakn_1022_website.hotline_hours", hours
        )
        for path in ("/", "/khong-co"):
            text = self.get(path).text
            self.assertIn(hours, text)
            self.assertNotIn(
                "cả ngày lẫn đêm", re.sub(r'<meta name="description"[^>]*>', "", text)
            )

    def test_the_sign_in_is_no_dead_end(self):
        text = self.get("/web/login").text
        for path in ("/phan-anh", "/tra-cuu", "/tra-cuu/quen-ma", "tel:02691022"):
            self.assertIn(f'href="{path}"', text)

    def test_editors_change_their_words_with_the_builder(self):
        self.authenticate("admin", "admin")
        for page in PAGES:
            text = self.get(page).text
            self.assertRegex(text, r'data-oe-model="ir.ui.view"')
