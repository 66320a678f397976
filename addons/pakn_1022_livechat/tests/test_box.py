import unittest

from ..tools import box


class TestBox(unittest.TestCase):
    """What needs no database."""

    def test_a_token_is_known_by_its_hash_alone(self):
        token = box.make_token()
        self.assertRegex(token, box.TOKEN)
        self.assertNotEqual(token, box.make_token())
        identity = box.get_identity(token)
        self.assertEqual(identity, box.get_identity(token))
        self.assertNotIn(token[:10], identity)
        for wrong in (None, "", "x", token + "x", token[:-1], "%" * 43, "ấ" * 43):
            self.assertEqual(box.get_identity(wrong), "", wrong)

    def test_keys_of_one_block_no_other(self):
        one, other = (box.get_identity(box.make_token()) for _number in "ab")
        key = "01234567-89ab-cdef-0123-456789abcdef"
        self.assertRegex(key, box.KEY)
        self.assertNotEqual(box.make_key(one, key), box.make_key(other, key))
        self.assertEqual(box.read_key(box.make_key(one, key)), key)
        self.assertEqual(box.read_key(None), "")

    def test_addresses_are_told_from_words(self):
        for text, expected in (
            ("alo", [("alo", False)]),
            ("", []),
            (
                "Xem (https://a.vn/b?c=1).",
                [("Xem (", False), ("https://a.vn/b?c=1", True), (").", False)],
            ),
            ("javascript:alert(1)", [("javascript:alert(1)", False)]),
        ):
            with self.subTest(text):
                self.assertEqual(box.split_links(text), expected)
