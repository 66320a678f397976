from odoo.tests import tagged

from odoo.addons.pakn_1022.tools.ticket_code import (
    find_codes,
    has_wrong_digit,
    make_code,
    normalize_code,
)

from .common import TAGS, PaknCase


@tagged(*TAGS)
class TestTicketCode(PaknCase):
    def test_codes_of_a_batch_are_valid_unique_and_cost_no_query_each(self):
        Ticket = self.env["pakn.ticket"]
        Ticket._next_numbers(2026, 1)
        vals_list = [{} for _i in range(50)]
        with self.assertQueryCount(2):  # the sequence, and its numbers
            Ticket._set_codes(vals_list)
        codes = [vals["name"] for vals in vals_list]
        self.assertEqual(len(set(codes)), 50)
        self.assertEqual([normalize_code(code) for code in codes], codes)

    def test_a_code_is_found_as_people_type_it(self):
        code = "GL26-000123-7"
        for text in (
            "GL26-000123-7",
            "gl26-000123-7",
            "#GL26-000123-7",
            "# gl26-000123-7",
            " GL26 000123 7 ",
            "GL260001237",
            "GL26–000123–7",
            "GL 26 - 000123 - 7",
            "GL26.000123.7",
            "GL26/000123/7",
            "GL26_000123_7",
            "GLZ6".replace("Z", "2") + "-OOO123-7",
            "gl26-ooo123-7",
            "GL26-O00l23-7",
            "26-000123-7",
            "260001237",
            "GL26-123-7",
            "gl26 123 7",
            "26-123-7",
            "GL26-000123-7.",
            "GL26-000123-7 .",
            "(GL26-000123-7)",
            "“GL26-000123-7”",
            "GL26-000123-7?",
            "Mã: GL26-000123-7",
            "mã GL26-000123-7",
            "Ma so: gl26-000123-7",
            "Mã phản ánh là GL26-000123-7",
            "mã hồ sơ: 26-000123-7",
            "Mã tra cứu: GL26-000123-7.",
        ):
            with self.subTest(text):
                self.assertEqual(normalize_code(text), code)
                self.assertFalse(has_wrong_digit(text))

    def test_a_wrong_last_digit_is_told_from_what_is_no_code(self):
        for text in (
            "GL26-000123-8",
            "#gl26-000123-1",
            "26-000123-0",
            "Mã: GL26-123-9",
        ):
            with self.subTest(text):
                self.assertIsNone(normalize_code(text))
                self.assertTrue(has_wrong_digit(text))
        for text in (
            *("", None, "GL", "GL26", "1022", "113", "đèn hỏng", "0905 123 456"),
            *("+84905123456", "02693824108", "064087001234", "231234567", "2026"),
            *("26/11/2026", "GL26-000000-1", "GL26-000123-7 GL26-000124-5", "x" * 9999),
        ):
            with self.subTest(text):
                self.assertIsNone(normalize_code(text))
                self.assertFalse(has_wrong_digit(text))

    def test_codes_in_a_text(self):
        for text, codes in {
            "Về việc gl26-000123-7 hôm nọ": ["GL26-000123-7"],
            "GL26-000123-7, GL26-000124-5; GL26-000123-7": [
                "GL26-000123-7",
                "GL26-000124-5",
            ],
            "Re: [GL26-000123-7] Đèn": ["GL26-000123-7"],
            "GL26 000123 7 2 ngày rồi": ["GL26-000123-7"],
            "mã 26-123-7 sao lâu thế": ["GL26-000123-7"],
            "#26-123-7": ["GL26-000123-7"],
            "hồ sơ 26-000123-7 của tôi": ["GL26-000123-7"],
            "GL26-123-7": ["GL26-000123-7"],
            "GL26-000123-8": [],
            "từ ngày 26-11-2 đến nay, gọi 0905 123 456": [],
            "26-123-7": [],
            "ZGL26-000123-7": [],
            "": [],
        }.items():
            with self.subTest(text):
                self.assertEqual(find_codes(text), codes)

    def test_every_code_is_found_again_in_each_form(self):
        for number in (*range(1, 500), 99_999, 100_000, 999_999, 1_000_000):
            code = make_code(2026, number)
            year, digits, check = code[2:].split("-")
            for text in (
                *(code, code.lower(), code.replace("-", ""), f"#{code}."),
                *(code.replace("0", "O"), f"{year}-{digits}-{check}"),
                f"GL{year}-{number}-{check}",
            ):
                self.assertEqual(normalize_code(text), code, text)
            self.assertEqual(find_codes(f"a {code.lower()}, b 5"), [code])

    def test_the_operator_finds_a_request_by_its_code(self):
        ticket = self.new_ticket()
        _start, number, digit = ticket.name.split("-")
        tickets = self.env["pakn.ticket"].with_user(self.operator)
        for text in (
            ticket.name.lower(),
            f"#{ticket.name}.",
            f"Mã: {ticket.name}",
            ticket.name[2:],
            f"GL26-{int(number)}-{digit}",
        ):
            with self.subTest(text):
                found = tickets.search([("display_name", "ilike", text)])
                self.assertIn(ticket, found)
