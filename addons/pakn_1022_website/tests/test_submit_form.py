import unittest

from ..tools.submit_form import SubmitForm, parse_place
from ..tools.text import excerpt

GOOD = {
    "description": "Đèn đường hỏng đã ba ngày. Tối lắm.",
    "citizen_name": "Nguyễn Văn A",
    "citizen_address": "12 Hùng Vương",
    "citizen_phone": "0905 123 456",
    "latitude": "13,98",
    "longitude": "108.0",
}


class TestSubmitForm(unittest.TestCase):
    """What the form says, without Odoo's database (Art. 8)."""

    def test_a_good_form_is_read_and_has_no_errors(self):
        form = SubmitForm.from_post(GOOD)
        self.assertEqual(form.check(), {})
        self.assertEqual(form.phone, "+84905123456")
        self.assertEqual(form.place, (13.98, 108.0))
        self.assertEqual(form.title, "Đèn đường hỏng đã ba ngày")

    def test_each_field_says_what_is_wrong_with_it(self):
        for field, value, wrong in (
            ("description", "Đèn hỏng", "short"),
            ("citizen_name", "A", "no_name"),
            ("citizen_address", "", "no_address"),
            ("citizen_phone", "113", "no_phone"),
            ("latitude", "21.03", "outside"),
            ("longitude", "", "outside"),
            ("longitude", "nan", "outside"),
        ):
            with self.subTest(field, value=value):
                form = SubmitForm.from_post(GOOD | {field: value})
                name = "latitude" if field == "longitude" else field
                self.assertEqual(form.check(), {name: wrong})

    def test_a_place_may_be_left_out(self):
        form = SubmitForm.from_post(GOOD | {"latitude": "", "longitude": ""})
        self.assertEqual((form.check(), form.place), ({}, None))
        self.assertIsNone(parse_place("13.9", None))

    def test_whatever_is_sent_becomes_clean_text(self):
        odd = {name: object() for name in (*GOOD, "key", "category_id", "confidential")}
        form = SubmitForm.from_post(odd)
        self.assertEqual((form.description, form.category_id), ("", 0))
        self.assertFalse(form.confidential)
        form = SubmitForm.from_post(
            {"citizen_name": "A\x00\u202e\n B", "area_id": "-1"}
        )
        self.assertEqual((form.citizen_name, form.area_id), ("A B", 0))

    def test_each_form_has_a_key_of_its_own_and_keeps_a_good_one(self):
        key = "123e4567-e89b-12d3-a456-426614174000"
        self.assertEqual(SubmitForm.from_post({"key": key}).key, key)
        for odd in ("1' or 1=1", "", None):
            first, second = (SubmitForm.from_post({"key": odd}) for _try in "ab")
            self.assertNotIn(first.key, (odd, second.key))

    def test_answers_are_shown_again_under_the_names_of_their_fields(self):
        form = SubmitForm.from_post(
            {}, [("q_pole", ["7", " 8 "]), ("description", ["x"])]
        )
        self.assertEqual(form.answers, {"pole": ["7", "8"]})
        values = form.get_values()
        self.assertEqual(values["q_pole"], ["7", "8"])
        self.assertNotIn("answers", values)


class TestExcerpt(unittest.TestCase):
    def test_it_ends_with_a_whole_word(self):
        self.assertEqual(excerpt("một\n hai  ba", 50), "một hai ba")
        self.assertEqual(excerpt("một hai ba", 8), "một hai…")
        self.assertEqual(excerpt(None, 8), "")
