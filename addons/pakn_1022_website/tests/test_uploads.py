import io
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from unittest.mock import patch

from PIL import Image

from ..tools import uploads
from ..tools.field_guess import FieldGuesser, strip_accents
from ..tools.text import (
    clean_line,
    clean_text,
    first_sentence,
    parse_id,
    parse_number,
)
from ..tools.uploads import RefusedFile, read_upload, sniff
from .site import make_photo


class TestUploads(unittest.TestCase):
    """Plain algorithms of the site; nothing of Odoo."""

    def test_a_place_is_read_in_every_quarter_of_the_world(self):
        for place in ((13.9833, 108.0021), (-13.5, 108.5), (40.7, -73.9)):
            for kind in ("JPEG", "PNG", "WEBP"):
                with self.subTest(place, kind=kind):
                    found = read_upload(make_photo(place=place, kind=kind)).place
                    self.assertAlmostEqual(found[0], place[0], 3)
                    self.assertAlmostEqual(found[1], place[1], 3)

    def test_what_tells_no_place_tells_none(self):
        for data in (make_photo(), make_photo(place=(0, 0)), b"%PDF-1.4"):
            self.assertIsNone(read_upload(data).place)

    def test_nothing_but_the_picture_is_left(self):
        for kind in ("JPEG", "PNG", "WEBP"):
            data = make_photo((2500, 100), place=(13.9, 108.1), kind=kind)
            upload = read_upload(data + b"<script>alert(1)</script>")
            self.assertIsNone(read_upload(upload.data).place)
            self.assertNotIn(b"<script", upload.data)
            self.assertNotIn(b"Secret Camera", upload.data)

    def test_cut_off_photos_are_refused(self):
        data = make_photo((300, 300))
        for length in (3, 20, 200):
            with self.subTest(length), self.assertRaises(RefusedFile):
                read_upload(data[:length])

    def test_pictures_that_unfold_are_refused_before_they_do(self):
        for mode, kind, options in (
            ("RGB", "PNG", {}),
            ("RGBA", "PNG", {}),
            ("P", "GIF", {}),
            ("RGB", "JPEG", {"progressive": True}),
        ):
            large = io.BytesIO()
            Image.new(mode, (4600, 4600)).save(large, kind, **options)
            begin = time.monotonic()
            with (
                self.subTest(mode, kind=kind),
                patch.object(Image.Image, "load", side_effect=AssertionError),
                self.assertRaises(RefusedFile) as refused,
            ):
                read_upload(large.getvalue())
            self.assertEqual(refused.exception.reason, "large")
            self.assertLess(time.monotonic() - begin, 1)

    def test_four_at_once_take_turns_and_little_memory(self):
        code = """
import os, sys
from concurrent.futures import ThreadPoolExecutor
from PIL import Image
import uploads

def peak():
    status = open("/proc/self/status").read()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024

at_once = set()
most = 0

def shrink(image, real=uploads._shrink):
    global most
    at_once.add(id(image))
    most = max(most, len(at_once))
    try:
        return real(image)
    finally:
        at_once.remove(id(image))

uploads._shrink = shrink
folder, *numbers = sys.argv[1:]
files = [open(os.path.join(folder, number), "rb").read() for number in numbers]
before = peak()
with ThreadPoolExecutor(4) as pool:
    kept = list(pool.map(uploads.read_upload, files))
print(len(kept), most, peak() - before)
"""

        def read(folder, *numbers):
            # The module alone, in a process of its own: memory is its own too
            made = subprocess.run(
                [sys.executable, "-c", code, folder, *numbers],
                cwd=Path(uploads.__file__).parent,
                capture_output=True,
                text=True,
                check=True,
            )
            kept, most, megabytes = made.stdout.split()
            self.assertEqual((int(kept), int(most)), (len(numbers), 1))
            return float(megabytes)

        kinds = ("RGB", (3950, 4000), "PNG"), ("RGBA", (3400, 3500), "PNG")
        kinds += ("P", (3950, 4000), "GIF"), ("RGBA", (2400, 2400), "WEBP")
        with tempfile.TemporaryDirectory() as folder:
            for number, (mode, size, kind) in enumerate(kinds):
                Image.new(mode, size).save(Path(folder, str(number)), kind)
                # The largest that are taken: 104 to 130 MB
                self.assertLess(read(folder, str(number)), 200, kind)
            # 440 MB if they were opened side by side; what the allocator keeps from one
            # to the next hangs on their order
            self.assertLess(read(folder, "0", "1", "2", "3"), 300)

    def test_dangerous_types_are_nothing(self):
        for head in (b"<svg", b"<html", b"<?xml", b"#!/bin", b"MZ", b"\x7fELF", b"PK"):
            self.assertIsNone(sniff(head + bytes(60)))


class TestText(unittest.TestCase):
    def test_text_is_composed_and_without_controls(self):
        self.assertEqual(clean_text("e\u0302\x00\u202e\r\nb\ud800", 10), "ê\nb")
        self.assertEqual(clean_line(" a\n\tb ", 10), "a b")
        for value in (None, 1, [], {}, b"x"):
            self.assertEqual(clean_text(value, 10), "")

    def test_a_title_is_the_first_sentence(self):
        self.assertEqual(first_sentence("Đèn hỏng. Tối lắm.", 50), "Đèn hỏng")
        self.assertEqual(first_sentence("một hai ba bốn", 10), "một hai…")

    def test_numbers_and_ids_from_outside(self):
        self.assertEqual(parse_number("13,5", 0, 20), 13.5)
        for value in ("nan", "inf", "", None, [], "21", "1e999"):
            self.assertIsNone(parse_number(value, 0, 20))
        self.assertEqual(parse_id("12"), 12)
        for value in ("-1", "1.5", "9" * 12, "٣", None, [1], "1 OR 1=1"):
            self.assertEqual(parse_id(value), 0)


class TestFieldGuess(unittest.TestCase):
    def test_pairs_of_syllables_decide_and_accents_do_not_count(self):
        guesser = FieldGuesser(
            [
                ("light", "Chiếu sáng đèn đường hỏng"),
                ("road", "Giao thông mặt đường hỏng ổ gà"),
                ("water", "Cấp nước mất nước"),
            ]
        )
        self.assertEqual(guesser.guess("den duong trước nhà hỏng")[0], "light")
        self.assertEqual(guesser.guess("Ổ GÀ giữa đường")[0], "road")
        self.assertEqual(guesser.guess("xin chào"), [])
        self.assertEqual(guesser.guess(""), [])
        self.assertEqual(FieldGuesser([]).guess("đèn"), [])

    def test_accents(self):
        self.assertEqual(strip_accents("Đường Ở Ặ"), "duong o a")
