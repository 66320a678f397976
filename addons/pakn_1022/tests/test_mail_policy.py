import datetime
import email.policy
from email.message import EmailMessage

from odoo.tests import BaseCase, tagged

from ..tools.mail_policy import KEPT, LONGEST, Headers
from .common import TAGS

USUAL = email.policy.EmailPolicy(linesep="\r\n")
QUICK = USUAL.clone(header_factory=Headers())
VALUES = {
    "Subject": (
        *("Đèn đường hỏng", "x" * 300, "Re: [GL26-000001-1] đã " + "tiếp nhận " * 9),
        *("", " ", "=?utf-8?B?4bqh?=", "a\tb", "\udc80", "ả" * 100),
    ),
    "From": (
        *('"Tổng đài 1022" <hotline@example.com>', "a@b.vn", "Nguyễn, An <a@b.vn>"),
        *("a@b.vn, c@d.vn", "nhóm: a@b.vn;", "<>", "đèn@đường.vn", '"a', "(x) a@b.vn"),
    ),
    "Content-Type": ("text/plain; charset=utf-8", "x", "a/b; c=\"đ\"; d*=utf-8''%E1"),
    "Date": (
        "Mon, 02 Mar 2026 08:00:00 +0700",
        "hôm nay",
        datetime.datetime(2026, 3, 2),
    ),
    "X-Anything": ("1", "a" * LONGEST, "b" * (LONGEST + 1), "c " * 200),
    "Message-Id": ("<1.2-openerp-3-pakn.ticket@host>", "none"),
}


@tagged(*TAGS)
class TestMailPolicy(BaseCase):
    def build(self, policy, name, value):
        message = EmailMessage(policy=policy)
        message[name] = value
        if name != "Content-Type":
            message.add_alternative("Đã tiếp nhận.", subtype="plain")
            message.add_alternative("<p>Đã tiếp nhận.</p>", subtype="html")
            message.set_boundary("b")
        header = message[name]
        facts = str(header), header.name, header.defects
        addresses = getattr(header, "addresses", None)
        return message.as_bytes(), str(facts), str(addresses)

    def test_mails_are_what_python_makes_of_them(self):
        """Byte by byte, the second time too, when its headers are known."""
        for name, values in VALUES.items():
            for value in values:
                with self.subTest(name=name, value=str(value)[:30]):
                    usual = self.build(USUAL, name, value)
                    self.assertEqual(self.build(QUICK, name, value), usual)
                    self.assertEqual(
                        self.build(QUICK, name.lower(), value)[2], usual[2]
                    )
                    self.assertEqual(self.build(QUICK, name, value), usual)

    def test_what_is_refused_is_refused(self):
        for policy in (USUAL, QUICK):
            message = EmailMessage(policy=policy)
            with self.assertRaises(ValueError):
                message["Subject"] = "a\r\nBcc: c@d.vn"

    def test_a_flood_of_headers_takes_no_more_room(self):
        """Names and values of mails that come in are anybody's."""
        headers = Headers()
        for number in range(KEPT + 50):
            headers(f"X-{number}", f"{number}")
        self.assertLessEqual(headers._make.cache_info().currsize, KEPT)
        self.assertIs(headers["X-1"], headers["X-2"])

    def test_odoo_makes_its_mails_by_it(self):
        self.assertIsInstance(email.policy.SMTP.header_factory, Headers)
