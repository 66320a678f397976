from cryptography.hazmat.primitives.asymmetric import ec

from odoo.tests import BaseCase, tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from ..tools import web_push
from .service import CURVE, Browser, check_vapid, decode


def load(text):
    return ec.derive_private_key(int.from_bytes(decode(text), "big"), CURVE)


@tagged(*TAGS)
class TestWebPush(BaseCase):
    """RFC 8291 and RFC 8292."""

    def test_the_example_of_rfc_8291(self):
        body = web_push.encrypt(
            b"When I grow up, I want to be a watermelon",
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6"
            "SRpkNtoIAiw4",
            "BTBZMqHH6r4Tts7J_aSIgg",
            load("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
            decode("DGv6ra1nlYgDCS1FRnbzlw"),
        )
        self.assertEqual(
            web_push.encode(body),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll"
            "6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3"
            "oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
        )
        browser = Browser(
            load("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"),
            decode("BTBZMqHH6r4Tts7J_aSIgg"),
        )
        self.assertEqual(
            browser.decrypt(body), b"When I grow up, I want to be a watermelon"
        )

    def test_one_browser_reads_and_no_other(self):
        browser, other = Browser(), Browser()
        text = "Kết quả đã gửi".encode()
        body = web_push.encrypt(text, **browser.keys)
        self.assertEqual(browser.decrypt(body), text)
        with self.assertRaises(Exception):  # noqa: B017 - of the library
            other.decrypt(body)
        self.assertNotEqual(body, web_push.encrypt(text, **browser.keys))
        with self.assertRaises(ValueError):
            web_push.encrypt(b"x" * 5000, **browser.keys)

    def test_who_sends(self):
        key = web_push.make_key()
        header = web_push.sign(
            key, "https://push.example.com:444/a?b", "mailto:a@example.com", 1000
        )
        claims = check_vapid(header, web_push.get_public(key))
        self.assertEqual(
            claims,
            {
                "aud": "https://push.example.com:444",
                "exp": 1000,
                "sub": "mailto:a@example.com",
            },
        )

    def test_keys_that_are_none(self):
        right = Browser().keys
        self.assertTrue(web_push.is_browser(**right))
        for p256dh, auth in (
            ("", right["auth"]),
            (right["p256dh"], ""),
            (right["p256dh"][:-4], right["auth"]),
            ("B" + "A" * 86, right["auth"]),
            (right["p256dh"], right["auth"] + "AAAA"),
            ("ả" * 87, right["auth"]),
            (right["auth"], right["p256dh"]),
        ):
            with self.subTest(p256dh):
                self.assertFalse(web_push.is_browser(p256dh, auth))
