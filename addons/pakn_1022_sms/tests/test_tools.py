from odoo.tests import BaseCase, tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from ..tools.gsm import is_gsm
from ..tools.segments import count_segments, remove_accents
from ..tools.telco import get_telco, matches_prefix
from ..tools.templates import match_template


@tagged(*TAGS)
class TestTools(BaseCase):
    def test_segments(self):
        for text, segments in (
            ("", 1),
            ("a" * 160, 1),
            ("a" * 161, 2),
            ("a" * 306, 2),
            ("a" * 307, 3),
            ("€" * 80, 1),
            ("€" * 81, 2),
            ("€" * 152, 2),
            ("€" * 153, 3),
            ("ạ" * 70, 1),
            ("ạ" * 71, 2),
            ("ạ" * 134, 2),
            ("ạ" * 135, 3),
            ("😀" * 35, 1),
            ("😀" * 36, 2),
        ):
            with self.subTest(text[:1], length=len(text)):
                self.assertEqual(count_segments(text), segments)

    def test_without_accents_every_letter_of_vietnamese_is_plain(self):
        vowels = "aăâeêioôơuưy"
        tones = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
        text = "".join(vowel + tone for vowel in vowels for tone in tones)
        text += text.upper() + "đĐ “Đường” – …"
        plain = remove_accents(text)
        self.assertTrue(plain.isascii(), plain)
        self.assertTrue(is_gsm(plain))
        self.assertEqual(
            remove_accents("Đã chuyển Sở Xây dựng"), "Da chuyen So Xay dung"
        )

    def test_networks_by_prefix(self):
        for number, telco in (
            ("+84981234567", "viettel"),
            ("+84321234567", "viettel"),
            ("+84905123456", "mobifone"),
            ("+84941234567", "vinaphone"),
            ("+84921234567", "vietnamobile"),
            ("+842693824108", "other"),
            ("+12025550123", "other"),
        ):
            with self.subTest(number):
                self.assertEqual(get_telco(number), telco)
        self.assertTrue(matches_prefix("+84905123456", "098, 090"))
        self.assertTrue(matches_prefix("+84905123456", "MobiFone"))
        self.assertTrue(matches_prefix("+84905123456", "8490"))
        self.assertFalse(matches_prefix("+84905123456", "viettel 091"))

    def test_registered_texts(self):
        text = "1022 Gia Lai: phan anh {1} da chuyen {2}, han {3}."
        self.assertEqual(
            match_template(
                text, "1022 Gia Lai: phan anh GL26-1 da chuyen So Y te, han 8:00."
            ),
            ["GL26-1", "So Y te", "8:00"],
        )
        self.assertEqual(match_template("{2} và {1}", "a và b"), ["b", "a"])
        for other in ("phan anh GL26-1", "Kinh bao. " + text, ""):
            self.assertIsNone(match_template(text, other), other)
