from unittest.mock import patch

from lxml import html
from werkzeug.exceptions import (
    BadRequest,
    Forbidden,
    NotFound,
    RequestEntityTooLarge,
    TooManyRequests,
)

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import TAGS, PaknCase

# As a browser asks for what is in its address bar
BROWSER = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "vi-VN,vi;q=0.9",
}
FILE = "/web/content/1"
SENTENCE = "Tệp này đã được thu hồi."
# What Odoo's and werkzeug's own pages say
ENGLISH = r"(?i)Not Found|Forbidden|Bad Request|Server Error|The request|You don|server"


@tagged(*TAGS)
class TestErrorPage(PaknCase, HttpCase):
    """Art. 21: who opens a wrong address reads in Vietnamese what to do."""

    def open(self, path, **headers):
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_http"):
            return self.url_open(path, headers=BROWSER | headers)

    def check_page(self, reply, code, words, home):
        self.assertEqual(reply.status_code, code)
        self.assertTrue(reply.headers["Content-Type"].startswith("text/html"))
        self.assertIn("default-src", reply.headers["Content-Security-Policy"])
        page = html.fromstring(reply.content)
        self.assertEqual(page.get("lang"), "vi")
        text = page.text_content()
        self.assertIn(words, text)
        self.assertIn("(0269) 1022", text)
        self.assertNotRegex(text, ENGLISH)
        self.assertEqual(page.xpath("//a[@class='main']/@href"), [home])

    def check_errors(self, home):
        http = type(self.env["ir.http"])
        for error, code, words in (
            (BadRequest(), 400, "Quay lại, tải lại trang"),
            (Forbidden(), 403, "Hãy đăng nhập bằng tài khoản"),
            (NotFound(), 404, "Địa chỉ bị sai"),
            (RequestEntityTooLarge(), 413, "ít tệp hơn hoặc tệp nhỏ hơn"),
            (TooManyRequests(retry_after=60), 429, "Hãy đợi vài phút"),
            (UserError(SENTENCE), 422, SENTENCE),
            (AccessError(SENTENCE), 403, SENTENCE),
            (ValueError("x"), 500, "Đây là lỗi của hệ thống"),
        ):
            with (
                self.subTest(code=code),
                patch.object(http, "_dispatch", side_effect=error),
            ):
                reply = self.open(FILE)
                self.check_page(reply, code, words, home)
                if code == 429:
                    self.assertEqual(reply.headers["Retry-After"], "60")

    def test_art21_each_error_outside_the_site_says_what_to_do(self):
        self.check_errors("/")

    def test_art21_and_to_who_is_signed_in(self):
        self.operator.lang = "vi_VN"
        self.authenticate("test_operator", "test_operator")
        self.check_errors("/web")

    def test_art21_addresses_that_are_not_there(self):
        self.check_page(self.open("/web/content/2147483647"), 404, "Địa chỉ", "/")
        # None that a page could repeat
        self.check_page(self.open("/web/" + "9" * 200), 404, "Địa chỉ", "/")

    def test_programs_and_pictures_are_told_shortly(self):
        for accept in ("*/*", "image/avif,image/webp,*/*;q=0.8", "application/json"):
            reply = self.open("/web/content/2147483647", Accept=accept)
            self.assertEqual(reply.status_code, 404)
            self.assertNotIn("1022", reply.text, accept)
            reply = self.open("/web/" + "9" * 200, Accept=accept)
            self.assertEqual((reply.status_code, reply.text), (404, "Not Found"))

    def test_art18_4_a_mails_link_to_what_is_gone_or_not_ones_own_says_so(self):
        """Odoo opens its conversations, where nothing tells why."""
        ticket = self.new_ticket()
        self.focal.lang = "vi_VN"
        self.authenticate(self.focal.login, self.focal.login)
        for number in (ticket.id, 2**31 - 1):
            reply = self.open(f"/mail/view?model=pakn.ticket&res_id={number}")
            self.check_page(reply, 404, "không dành cho Ông/Bà", "/web")
