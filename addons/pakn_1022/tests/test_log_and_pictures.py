import io
import logging

from odoo.tests import tagged

from ..tools.html_text import is_heavy
from ..tools.log_filter import KeyFilter
from ..tools.mail_content import parse_mail, read_mail
from ..tools.remote_pictures import keep_out
from .common import TAGS, PaknCase

FORGED = "2026-03-02 01:00:00,000 1 INFO pakn odoo.sql_db: forged"
PICTURES = """
<p>Đường hỏng <img src="http://track.example/a.png?who=operator" width="1"></p>
<p><img src="&#104;ttps://track.example/b"><img src=//track.example/c></p>
<img alt=">" src="ht
tps://track.example/d"><img srcset="https://track.example/e 2x" src="cid:x@y">
<table background="http://track.example/f"><tr><td>ô</td></tr></table>
<div style="background-image:url('http://track.example/g')">nền</div>
<video poster="http://track.example/h"><source src="http://track.example/i"></video>
<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="> &lt;b&gt; hết
"""


@tagged(*TAGS)
class TestLog(PaknCase):
    """Nobody writes into the log but the program, and no key stands in it."""

    def setUp(self):
        super().setUp()
        self.out = io.StringIO()
        handler = logging.StreamHandler(self.out)
        handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
        handler.addFilter(KeyFilter())
        self.logger = logging.getLogger("pakn_test")
        self.logger.propagate = False
        self.logger.addHandler(handler)
        self.addCleanup(self.logger.removeHandler, handler)

    def test_no_line_is_forged(self):
        for text in (f"x\n{FORGED}", f"x\r{FORGED}", f"x\r\n{FORGED}"):
            self.logger.warning("Page %s not found", text)
            self.logger.warning(text)
            try:
                raise ValueError(text)
            except ValueError:
                self.logger.exception("It failed")
        lines = self.out.getvalue().split("\n")
        self.assertFalse([line for line in lines if line.startswith("2026-")])
        self.assertNotIn("\r", self.out.getvalue())
        self.assertIn("Traceback", self.out.getvalue())

    def test_no_key_is_kept(self):
        self.logger.warning("CSRF failed on %s", "/tra-cuu/x?access_token=geheim")
        self.logger.warning("GET /open311/v2/requests.json?api_key=geheim")
        key = "geheim" * 6
        for path in ("pakn_call/omi", "pakn_call_text/ami", "pakn_sms/receipt/7"):
            self.logger.warning("GET /%s/%s/now HTTP/1.1", path, key)
        self.logger.warning("GET /pakn_sms/receipt/7/%s/%s", "0" * 32, key)
        self.logger.warning("GET /pakn_1022_website/static/src/site/site.js 200")
        try:
            raise ValueError("/rate/geheim/5")
        except ValueError:
            self.logger.exception("token=geheim")
        # The line of the program that is shown with it is ours
        said = [line for line in self.out.getvalue().split("\n") if "raise" not in line]
        self.assertNotIn("geheim", "\n".join(said))
        self.assertIn("/pakn_call/omi/***/now", "\n".join(said))
        self.assertIn("/static/src/site/site.js 200", "\n".join(said))

    def test_a_line_that_cannot_be_made_is_left_to_logging(self):
        record = logging.makeLogRecord({"msg": "%d", "args": ("x",)})
        self.assertTrue(KeyFilter().filter(record))


@tagged(*TAGS)
class TestPictures(PaknCase):
    """A mail tells its sender nothing when it is read (Art. 20.4)."""

    def test_nothing_of_elsewhere_is_left(self):
        page = keep_out(PICTURES, "[%s]")
        self.assertNotRegex(page, r"(src|srcset|background|poster|url)\W+(h|//)")
        self.assertEqual(page.count("[track.example]"), 4)
        for kept in (
            "Đường hỏng",
            "nền",
            "ô",
            "cid:x@y",
            "data:image/gif",
            "&lt;b&gt;",
        ):
            self.assertIn(kept, page)
        for page in ("<p>Không có gì</p>", "x < y", "", "a // b"):
            self.assertEqual(keep_out(page, "[%s]").replace("&lt;", "<"), page)

    def test_art03_2_2_attributes_without_end_stall_nobody(self):
        """libxml2 takes the square of those of one element: a minute for 40,000."""
        names = [f"a{number}" for number in range(20_000)]
        for tag in (
            *(f"<p {' '.join(names)}>", f"<p {'=x '.join(names)}>"),
            *("<p " + 'x="<>" '.join(names) + ">", "<p " + '="x"'.join(names) + ">"),
            *('<p "x="' + " ".join(names) + '">', "<p x='>' " + " ".join(names) + ">"),
        ):
            with self.subTest(tag[:20]):
                self.assertTrue(is_heavy(tag))
        for tag in (PICTURES, "a = b " * 9999, f'<img src="data:{"A/+" * 9999}=="/>'):
            self.assertFalse(is_heavy(tag))
        words = "//x Đèn đường trước nhà tôi hỏng đã ba ngày nay rồi."
        mail = (
            "From: A <anh@example.com>\nTo: 1022@example.com\nSubject: Anh\n"
            "Message-ID: <nang@example.com>\nMIME-Version: 1.0\n"
            "Content-Type: text/html; charset=utf-8\n\n"
            f"<p {' '.join(names)}>{words}</p>"
        ).encode()
        content = read_mail(parse_mail(mail))
        self.assertFalse(content.html, "no parser is given it")
        self.assertIn("deep", content.marks)
        ticket_id = self.env["mail.thread"].sudo().message_process("pakn.ticket", mail)
        ticket = self.env["pakn.ticket"].browse(ticket_id)
        self.assertIn(words, ticket.description)

    def test_a_citizens_mail_loads_nothing(self):
        mail = (
            "From: A <anh@example.com>\nTo: 1022@example.com\nSubject: Anh\n"
            "Message-ID: <anh@example.com>\nMIME-Version: 1.0\n"
            f"Content-Type: text/html; charset=utf-8\n\n{PICTURES}"
        )
        threads = self.env["mail.thread"].sudo()
        ticket_id = threads.message_process("pakn.ticket", mail.encode())
        ticket = self.env["pakn.ticket"].browse(ticket_id)
        for page in (ticket.description, *ticket.message_ids.mapped("body")):
            self.assertNotIn("http", page or "")
        self.assertIn("track.example", ticket.description)
        self.assertIn("nền", ticket.description)
