"""PDF files put together, and their pages numbered."""

import functools
from io import BytesIO
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas

from odoo.tools.pdf import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    PdfReader,
    PdfWriter,
)

POINTS_PER_MM = 72 / 25.4
# Of the page number
FONT, FONT_SIZE, TOP_MM = "PaknNumber", 13, 12
# What stands in for Times New Roman, the likest first; the last comes with reportlab
FACES = ("LiberationSerif-Regular", "Tinos-Regular", "NotoSerif-Regular", "DejaVuSerif")
FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts")
LAST_FACE = "Vera.ttf"


def join_numbered(files: list[bytes]) -> bytes:
    """Return PDFs as one, with the number of each page but the first on top.

    wkhtmltopdf of the distributions knows no headers and footers, so the page numbers
    of Decree 30/2020 are stamped on afterwards. The number is a stream of its own
    beside what is on the page, which need not be read for it.
    """
    writer, number, font = PdfWriter(), 0, _load_font()
    for content in files:
        for page in PdfReader(BytesIO(content)).pages:
            number += 1
            if number > 1:
                _stamp(page, number, font)
            writer.add_page(page)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


@functools.cache
def _find_face() -> str:
    """Return the file of a font with serifs that this machine has."""
    for face in FACES:
        for folder in FOLDERS:
            for path in sorted(Path(folder).rglob(f"{face}.ttf")):
                return str(path)
    return LAST_FACE


@functools.cache
def _draw_digits() -> bytes:
    """Return a PDF that holds a font with the ten digits, embedded (ISO 19005)."""
    # Codes of the letters are those of ASCII
    pdfmetrics.registerFont(TTFont(FONT, _find_face(), asciiReadable=1))
    out = BytesIO()
    page = canvas.Canvas(out)
    page.setFont(FONT, FONT_SIZE)
    page.drawString(0, 0, "0123456789")
    page.save()
    return out.getvalue()


def _load_font() -> DictionaryObject:
    page = PdfReader(BytesIO(_draw_digits())).pages[0]
    fonts = page["/Resources"]["/Font"].get_object().values()
    [font] = [one for one in fonts if one.get_object()["/Subtype"] == "/TrueType"]
    return font.get_object()


def _stamp(page: DictionaryObject, number: int, font: DictionaryObject) -> None:
    """Write a number at the middle of the top of a page (ISO 32000-1, 7.8.2, 9.4)."""
    width, height = float(page.mediabox.width), float(page.mediabox.height)
    # A digit is about half as wide as the font is high.
    left = (width - len(str(number)) * FONT_SIZE / 2) / 2
    top = height - TOP_MM * POINTS_PER_MM
    text = f"Q BT /{FONT} {FONT_SIZE} Tf {left:.2f} {top:.2f} Td ({number}) Tj ET"
    before, after = DecodedStreamObject(), DecodedStreamObject()
    # What the page does to its coordinates ends before the number.
    before.set_data(b"q\n")
    after.set_data(f"\n{text}".encode())
    contents = page["/Contents"].get_object()
    if not isinstance(contents, ArrayObject):
        contents = [page.raw_get("/Contents")]
    page[NameObject("/Contents")] = ArrayObject([before, *contents, after])
    resources = page["/Resources"].get_object()
    fonts = resources.setdefault(NameObject("/Font"), DictionaryObject()).get_object()
    fonts[NameObject(f"/{FONT}")] = font
