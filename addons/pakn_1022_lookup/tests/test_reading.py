from datetime import UTC, datetime

from odoo.tests import BaseCase, tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from ..tools import ask, reading


@tagged(*TAGS)
class TestReading(BaseCase):
    """Values of what others answer, found and shaped."""

    def test_paths(self):
        answer = {"data": {"items": [{"a": {"b": 1}}, {"a": {"b": 2}}]}, "x": None}
        for path, value in {
            "data.items.1.a.b": 2,
            "data.items[1].a.b": 2,
            "data.items.a.b": 1,
            "data.items.9.a": None,
            "data.nothing": None,
            "x.y.z": None,
            "": answer,
        }.items():
            with self.subTest(path):
                self.assertEqual(reading.find(answer, path), value)

    def test_records(self):
        for answer, path, record in (
            ({"data": [{"a": 1}]}, "data", {"a": 1}),
            ({"data": []}, "data", None),
            ({"data": None}, "data", None),
            ({}, None, None),
            ('{"a": 1}', None, {"a": 1}),
            ({"data": '[{"a": 1}]'}, "data", {"a": 1}),
            ("<a/>", None, None),
            (5, None, None),
        ):
            with self.subTest(answer):
                self.assertEqual(reading.find_record(answer, path), record)

    def test_texts(self):
        words = reading.read_words("1 = Mới nhận\n2=Đang xử lý\nno sign")
        for value, kind, text in (
            (2, "text", "Đang xử lý"),
            ("2", "text", "Đang xử lý"),
            (3, "text", "3"),
            (None, "text", ""),
            ({"a": 1}, "text", ""),
            ([1, 2], "text", "Mới nhận, Đang xử lý"),
            ("2026-11-20T18:30:00Z", "date", "21/11/2026"),
            ("2026-11-20T18:30:00Z", "datetime", "01:30 21/11/2026"),
            ("9999-12-31T23:59:59Z", "date", "9999-12-31T23:59:59Z"),
            ("0001-01-01T00:00:00+07:00", "date", "0001-01-01T00:00:00+07:00"),
            (datetime.max.replace(tzinfo=UTC), "date", str(datetime.max) + "+00:00"),
            ("2026-11-20", "date", "20/11/2026"),
            ("5/9/2026", "date", "05/09/2026"),
            ("05/09/2026 08:00", "datetime", "08:00 05/09/2026"),
            ("/Date(1796256000000)/", "date", "03/12/2026"),
            ("99/99/2026", "date", "99/99/2026"),
            ("soon", "date", "soon"),
            (150000, "money", "150.000 đ"),
            ("x" * 900, "text", "x" * 500),
            # Half of a pair, and nothing: no page can show them
            ("Đã \ud83d duyệt\x00", "text", "Đã duyệt"),
        ):
            with self.subTest(value, kind=kind):
                self.assertEqual(reading.to_text(value, kind, words), text)

    def test_codes(self):
        examples = "000.00.16.H21-251126-0001\nH21.16-251126-0001"
        for code, fits in {
            "000.00.08.H21-261126-12": True,
            " h21.3-261126-0009 ": True,
            "H21": False,
            "000.00.08.H21-261126-12?x=1": False,
            "../../../etc/passwd": False,
            "": False,
            "9" * 100: False,
        }.items():
            with self.subTest(code):
                self.assertEqual(reading.fits(code, examples), fits)
        text = "Hồ sơ số 000.00.16.h21-251126-0001, nộp ngày 25/11/2026."
        self.assertEqual(reading.find_code(text, examples), "000.00.16.H21-251126-0001")
        self.assertEqual(reading.find_code("Số 0905123456", examples), "")
        self.assertEqual(reading.find_code(text, ""), "")

    def test_a_bomb_of_json_is_an_error_and_no_crash(self):
        with self.assertRaises(ValueError):
            reading.parse_json(b"[" * 200_000)

    def test_whom_one_speaks_to(self):
        own = ask.parse_networks("10.20.0.0/16, 127.0.0.0/8 169.254.0.0/16 ::1/128")
        for address, is_allowed in {
            "10.20.3.4": True,
            "10.21.3.4": False,
            "8.8.8.8": True,
            "127.0.0.1": False,
            "::1": False,
            "::ffff:127.0.0.1": False,
            "169.254.169.254": False,
            "0.0.0.0": False,
            "fe80::1%eth0": False,
        }.items():
            with self.subTest(address):
                self.assertEqual(ask.is_allowed(address, own), is_allowed)
