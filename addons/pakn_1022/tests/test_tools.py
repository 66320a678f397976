from time import process_time

from odoo.tests import BaseCase, tagged

from odoo.addons.pakn_1022.tools.accents import compose, strip_accents
from odoo.addons.pakn_1022.tools.email_address import normalize_email
from odoo.addons.pakn_1022.tools.language import looks_vietnamese
from odoo.addons.pakn_1022.tools.mail_headers import decode_header
from odoo.addons.pakn_1022.tools.phone import (
    OldLandline,
    find_phones,
    normalize_phone,
)
from odoo.addons.pakn_1022.tools.span import split_span
from odoo.addons.pakn_1022.tools.ticket_code import (
    check_digit,
    make_code,
    normalize_code,
)

from .common import TAGS


@tagged(*TAGS)
class TestTools(BaseCase):
    def test_phone_one_number_however_written(self):
        for text in (
            "0905 123 456",
            "0905.123.456",
            "+84905123456",
            "84905123456",
            "0084905123456",
            "(+84) 905-123-456",
        ):
            with self.subTest(text):
                self.assertEqual(normalize_phone(text), "+84905123456")

    def test_phone_landline_and_foreign(self):
        self.assertEqual(normalize_phone("0269 3824 123"), "+842693824123")
        self.assertEqual(normalize_phone("+1 212 555 2368"), "+12125552368")
        self.assertEqual(normalize_phone("0033 1 42 68 53 00"), "+33142685300")

    def test_phone_old_landlines_are_told(self):
        for text, number in (
            ("0593824108", "+842693824108"),
            ("059 3 824 108", "+842693824108"),
            ("(059) 3824.108", "+842693824108"),
            ("0710 3812345", "+842923812345"),
            ("0500.3812345", "+842623812345"),
            ("060 3862123", "+842603862123"),
            ("0651 3812345", "+842713812345"),
        ):
            with self.subTest(text):
                with self.assertRaises(OldLandline) as caught:
                    normalize_phone(text)
                self.assertEqual(caught.exception.number, number)
        self.assertEqual(find_phones("Gọi 059 3824.108."), ["+842693824108"])
        # Mobile networks have these areas now.
        for text, number in (
            ("+84593824108", "+84593824108"),
            ("0563822123", "+84563822123"),
            ("0703822123", "+84703822123"),
        ):
            with self.subTest(text):
                self.assertEqual(normalize_phone(text), number)

    def test_phone_old_mobile_numbers_are_those_of_today(self):
        """Eleven digits until 2018: an old caller's list and an old person's memory."""
        for text, number in (
            ("0120 512 3456", "+84705123456"),
            ("0121.512.3456", "+84795123456"),
            ("+84122 5123456", "+84775123456"),
            ("0084 123 5123456", "+84835123456"),
            ("841625123456", "+84325123456"),
            ("0169-512-3456", "+84395123456"),
            ("01822123456", "+84522123456"),
            ("01865123456", "+84565123456"),
            ("01995123456", "+84595123456"),
        ):
            with self.subTest(text):
                self.assertEqual(normalize_phone(text), number)
                self.assertEqual(find_phones(f"Gọi {text}, gặp A."), [number])
        # Never given out, too short, too long, or of another country
        for text in ("01305123456", "0120512345", "012051234567", "+49 120 5123456"):
            with self.subTest(text), self.assertRaises(ValueError):
                normalize_phone(text)
        self.assertFalse(find_phones("Số thẻ 012051234567, mã 0130 512 3456."))

    def test_what_looks_like_numbers_takes_no_long_time(self):
        start = process_time()
        self.assertEqual(
            find_phones("0905 123 456 " + "GL26-000123-7" * 20_000), ["+84905123456"]
        )
        self.assertLess(process_time() - start, 2)

    def test_headers_of_bytes_and_letters_at_once_are_read(self):
        for value, text in (
            ("=?utf-8?B?\udcc3đ?=", ""),
            ("\udcc3\udca8 đèn", "è đèn"),
            ("đèn \ud83d", "đèn ?"),
            ("=?utf-8?Q?=C4=91=C3=A8n?=\udc80đ", "đèn"),
        ):
            with self.subTest(ascii(value)):
                self.assertIn(text, decode_header(value))
        start = process_time()
        decode_header("=?utf-8?B?" * 20_000)
        self.assertLess(process_time() - start, 2)

    def test_mail_addresses(self):
        for text, address in (
            ("a@gmail.com", "a@gmail.com"),
            (" B.C+d@Gia-Lai.gov.VN ", "b.c+d@gia-lai.gov.vn"),
            ("Trần Thị B <b@example.com>", "b@example.com"),
            ("a@tỉnh.vn", "a@xn--tnh-dlz.vn"),
            *(
                (text, None)
                for text in (
                    *("", None, "a", "a@", "@b.vn", "a@gmail", "a@gmail,com"),
                    *("a@gmail.com,", "a@gmail.com b@gmail.com", "a b@gmail.com"),
                    *("a@@gmail.com", "a..b@gmail.com", ".a@gmail.com", "a@-b.vn"),
                    *("a@gmail..com", "a@1.2.3.4", "a@[1.2.3.4]", "trần@b.vn"),
                    *("a@localhost", "a@xn--test.vn", "a@gmail.com\nBcc: x@y.vn"),
                    *("a" * 65 + "@b.vn", "a@" + "b" * 64 + ".vn", "<a@b.vn"),
                )
            ),
        ):
            with self.subTest(text):
                self.assertEqual(normalize_email(text), address)

    def test_phone_refuses_what_cannot_be_called_back(self):
        for text in (
            "1022",
            "02691022",
            "",
            None,
            "không có",
            "090512345",
            "0905123456789",
        ):
            with self.subTest(text), self.assertRaises(ValueError):
                normalize_phone(text)

    def test_code_has_a_check_digit(self):
        self.assertEqual(make_code(2026, 123), "GL26-000123-7")
        # Luhn with letters, against a published ISIN: US0378331005
        self.assertEqual(check_digit("US037833100"), 5)

    def test_code_is_forgiven_its_form_but_not_its_digits(self):
        for text in (
            "GL26-000123-7",
            "gl26-000123-7",
            " GL260001237 ",
            "GL26 000123 7",
        ):
            with self.subTest(text):
                self.assertEqual(normalize_code(text), "GL26-000123-7")
        wrong = [f"GL26-000123-{digit}" for digit in range(10) if digit != 7] + [
            "GL26-000132-7",
            "GL62-000123-7",
            "GL26-00012-7",
            "",
            None,
            "xyz",
        ]
        for text in wrong:
            with self.subTest(text):
                self.assertIsNone(normalize_code(text))

    def test_art08_1_vietnamese_is_recognised_with_and_without_accents(self):
        for text in ("Đèn đường hỏng đã lâu", "Den duong bi hong", "cap nuoc yeu"):
            with self.subTest(text):
                self.assertTrue(looks_vietnamese(text))
        for text in ("Please fix the street light", "我想投诉", "", "12345"):
            with self.subTest(text):
                self.assertFalse(looks_vietnamese(text))

    def test_a_span_of_hours_in_days_hours_and_minutes(self):
        for hours, hours_per_day, parts in (
            (0, 24, (0, 0, 0)),
            (26.5, 24, (1, 2, 30)),
            (-26.5, 24, (1, 2, 30)),
            (7.99, 8, (0, 7, 59)),
            (7.999, 8, (1, 0, 0)),
            (56.25, 8, (7, 0, 15)),
        ):
            with self.subTest(hours):
                self.assertEqual(split_span(hours, hours_per_day), parts)

    def test_accents_come_off_and_places_stay(self):
        self.assertEqual(strip_accents("Đèn đường"), "Den duong")
        text = "Rơ Châm H'Yến, số 4 Lê Lợi"
        self.assertEqual(len(strip_accents(text)), len(text))
        self.assertEqual(compose("e\u0302\u0301"), "ế")
        # Marks without end are sorted in no time; a letter keeps its own
        marks = "\u0301\u0323" * 50_000
        start = process_time()
        self.assertEqual(compose(f"e{marks}")[0], "ẹ")
        strip_accents(f"e{marks}")
        self.assertLess(process_time() - start, 2)
