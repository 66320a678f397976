import io
import random
import time

from pyhanko.pdf_utils.generic import NameObject, NumberObject, TextStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.pakn_1022.tests.common import TAGS

from ..tools import signatures
from .signing import SigningCase, make_pdf

FLIPS = 2000
# What the reader says of files that are broken on purpose
TALK = ("pyhanko", "pyhanko_certvalidator")


@tagged(*TAGS)
class TestSignatureMutations(SigningCase):
    """Art. 16.4: no other content than the one that was signed is called valid."""

    @mute_logger(*TALK)
    def test_art16_4_a_flipped_bit_is_never_valid(self):
        """Anywhere: in what was signed, in the signature, in the PDF's own tables."""
        pdf = self.sign()
        self.assertEqual(self.judge(pdf), ["valid"])
        start = pdf.index(b"/Contents <") + len(b"/Contents <")
        end = pdf.index(b">", start)
        chance = random.Random(1022)  # noqa: S311 - the same each time
        slowest, accepted = 0.0, []
        for _number in range(FLIPS):
            place, bit = chance.randrange(len(pdf)), 1 << chance.randrange(8)
            changed = bytearray(pdf)
            changed[place] ^= bit
            began = time.process_time()
            if "valid" in self.judge(bytes(changed)):
                accepted.append((place, bytes(changed)))
            slowest = max(slowest, time.process_time() - began)
        self.assertLess(slowest, 5, "seconds of one file")
        for place, changed in accepted:
            # What stands between the signed ranges is the signature itself: there
            # the same bytes are written in other digits, or padding is changed
            self.assertTrue(start <= place < end, place)
            self.assertEqual(changed[:start] + changed[end:], pdf[:start] + pdf[end:])

    @mute_logger(*TALK)
    def test_art16_4_cut_off_or_run_on_is_never_valid(self):
        pdf = self.sign()
        chance = random.Random(1022)  # noqa: S311 - the same each time
        for _number in range(200):
            length = chance.randrange(len(pdf))
            with self.subTest(cut_off=length):
                self.assertNotIn("valid", self.judge(pdf[:length]))
            for more in (chance.randbytes(chance.randrange(1, 400)), pdf[:length]):
                with self.subTest(run_on=length):
                    self.assertNotIn("valid", self.judge(pdf + more))

    @mute_logger(*TALK)
    def test_art16_4_a_cut_signature_is_never_valid(self):
        """Its digits taken away, zeros, other digits, no digits, another's range."""
        pdf = self.sign()
        start = pdf.index(b"/Contents <") + len(b"/Contents <")
        end = pdf.index(b">", start)
        size = end - start
        chance = random.Random(1022)  # noqa: S311 - the same each time
        contents = [b"0" * size, b"", b"f" * size, b"x" * size, pdf[start:end][::-1]]
        contents += [
            pdf[start : start + cut].ljust(size, b"0")
            for cut in (chance.randrange(1, 2000) for _number in range(60))
        ]
        for content in contents:
            changed = pdf[:start] + content + pdf[end:]
            self.assertNotIn("valid", self.judge(changed))
        # A signature that is none, which its reader takes for sure to be one
        field = pdf.index(b"/V ", pdf.index(b"/FT /Sig") - 400)
        number = pdf[field + 3 : pdf.index(b" ", field + 3)]
        for other in (b"1", b"9" * len(number), b"2"):
            other = other.rjust(len(number), b"0")
            changed = pdf[: field + 3] + other + pdf[field + 3 + len(number) :]
            self.assertNotIn("valid", self.judge(changed))
        ranges = pdf.index(b"/ByteRange")
        for other in (
            b"/ByteRange [0 0 0 0]",
            b"/ByteRange [0 10 20 30]",
            b"/ByteRange [-1 5 9 9]",
            b"/ByteRange [0 1e9 9 9]",
            b"/ByteRange [0 99999999999 1 99999999999]",
            b"/ByteRange [(a) 1 2 3]",
            b"/ByteRange null",
            b"/ByteRange [",
        ):
            stop = pdf.index(b"]", ranges) + 1
            changed = pdf[:ranges] + other.ljust(stop - ranges) + pdf[stop:]
            with self.subTest(other):
                self.assertNotIn("valid", self.judge(changed))

    @mute_logger(*TALK)
    def test_art16_4_what_was_added_afterwards_is_named(self):
        """A further page, another text over it, another title: not what was signed."""
        pdf = self.sign()

        def change_page(writer):
            page = writer.root["/Pages"]["/Kids"][0].get_object()
            page[NameObject("/Rotate")] = NumberObject(180)
            writer.update_container(page)

        def hide_pages(writer):
            pages = writer.root["/Pages"]
            pages[NameObject("/Count")] = NumberObject(0)
            writer.update_container(pages)

        def add_action(writer):
            writer.root[NameObject("/OpenAction")] = TextStringObject("x")
            writer.update_container(writer.root)

        for change in (change_page, hide_pages, add_action):
            writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
            out = io.BytesIO()
            change(writer)
            writer.write(out)
            with self.subTest(change.__name__):
                self.assertTrue(out.getvalue().startswith(pdf))
                self.assertEqual(self.judge(out.getvalue()), ["added"])
        # Another paper behind it, which some readers would show
        self.assertEqual(self.judge(pdf + make_pdf("Khác")), ["unreadable"])
        self.assertEqual(self.judge(pdf + b"\r\n\n"), ["valid"])

    @mute_logger(*TALK)
    def test_art16_4_of_two_signatures_each_is_judged_by_itself(self):
        """The second says nothing for the first, and changes nothing of it."""
        other = self.authority.certify("Trần Thị Bình")
        twice = self.sign(self.sign(), certified=other, field="Second")
        self.assertEqual(self.judge(twice), ["valid", "valid"])
        places = [
            place
            for place in range(len(twice))
            if twice.startswith(b"/Contents <", place)
        ]
        self.assertEqual(len(places), 2)
        for number, place in enumerate(places):
            changed = bytearray(twice)
            # Within the first bytes of the signature: its structure
            for digit in range(place + 500, place + 540):
                changed[digit] = ord("0")
            verdicts = self.judge(bytes(changed))
            with self.subTest(number):
                self.assertNotEqual(verdicts, ["valid", "valid"])
        self.assertTrue(signatures.is_signed(twice))
