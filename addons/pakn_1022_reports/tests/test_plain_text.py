from odoo.tests import TransactionCase, tagged
from odoo.tools import html2plaintext

from odoo.addons.pakn_1022.tests.common import TAGS

from ..tools.plain_text import get_simple_text


@tagged(*TAGS)
class TestPlainText(TransactionCase):
    """What is made fast of simple HTML is what Odoo makes of it."""

    def test_simple_html(self):
        for html in (
            "<p>Đèn đường hỏng.</p>",
            '<p data-oe-version="2.0">Một</p><p>Hai<br>Ba  bốn</p>',
            "<p> a &lt;b&gt; &amp;amp; c </p><p><br></p><p>d\u00a0</p>",
            "<p>a\nb</p><p> </p><p>c\u2028d</p>",
            "<p>&amp;lt;p&amp;gt;</p>",
        ):
            with self.subTest(html):
                self.assertEqual(
                    get_simple_text(html),
                    html2plaintext(html, include_references=False).strip(),
                )

    def test_all_else_is_left_to_odoo(self):
        for html in (
            "<p></p>",
            "<p><b>a</b></p>",
            "<p>a</p> <p>b</p>",
            "text",
            "<p>&nbsp;</p>",
            "<div>a</div>",
            "<p>a<p>b</p></p>",
            "<p>" + "a" * 100000,
        ):
            with self.subTest(html[:20]):
                self.assertIsNone(get_simple_text(html))
