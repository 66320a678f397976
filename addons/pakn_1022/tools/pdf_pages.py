"""PDF files put together, and their pages numbered."""

from io import BytesIO

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


def join_numbered(files: list[bytes]) -> bytes:
    """Return PDFs as one, with the number of each page but the first on top.

    wkhtmltopdf of the distributions knows no headers and footers, so the page numbers
    of Decree 30/2020 are stamped on afterwards. The number is a stream of its own
    beside what is on the page, which need not be read for it.
    """
    writer, number = PdfWriter(), 0
    for content in files:
        for page in PdfReader(BytesIO(content)).pages:
            number += 1
            if number > 1:
                _stamp(page, number)
            writer.add_page(page)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _stamp(page: DictionaryObject, number: int) -> None:
    """Write a number at the middle of the top of a page (ISO 32000-1, 7.8.2, 9.4)."""
    width, height = float(page.mediabox.width), float(page.mediabox.height)
    # A digit of Times is half as wide as the font is high.
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
    fonts[NameObject(f"/{FONT}")] = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Times-Roman"),
        }
    )
