"""Where pictures stand on the pages of a PDF. Of Odoo only its way to read one."""

from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple

from odoo.tools.pdf import PdfReader


class Place(NamedTuple):
    """Where on a PDF: page from 0, and left, bottom, right, top in points."""

    page: int
    box: tuple[float, float, float, float]


def find_pictures(pdf: bytes) -> Iterator[tuple[int, int, Place]]:
    """Give width and height in pixels of each picture, and where it is drawn."""
    for number, page in enumerate(PdfReader(BytesIO(pdf)).pages):
        pictures = page["/Resources"].get_object().get("/XObject", {}).get_object()
        sizes = {
            name: (picture.get_object()["/Width"], picture.get_object()["/Height"])
            for name, picture in pictures.items()
            if "/Width" in picture.get_object()
        }
        for name, box in _find_drawn(page, sizes):
            yield *sizes[name], Place(number, box)


def _find_drawn(page, names):
    """Give which of some pictures a page draws, and where (ISO 32000-1, 8.3.4)."""
    if not names:
        return
    # Not all of the page is understood: only what moves the coordinates
    matrix, stack, operands = (1, 0, 0, 1, 0, 0), [], []
    for word in page.get_contents().get_data().split():
        if word == b"q":
            stack.append(matrix)
        elif word == b"Q":
            matrix = stack.pop() if stack else (1, 0, 0, 1, 0, 0)
        elif word == b"cm":
            matrix = _multiply([float(value) for value in operands[-6:]], matrix)
        elif word == b"Do":
            name = operands[-1].decode()
            if name in names:
                corners = [_apply(matrix, x, y) for x in (0, 1) for y in (0, 1)]
                across, up = zip(*corners, strict=True)
                yield name, (min(across), min(up), max(across), max(up))
        else:
            operands.append(word)
            continue
        operands.clear()


def _multiply(one, other):
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return (
        *(a * g + b * i, a * h + b * j),
        *(c * g + d * i, c * h + d * j),
        *(e * g + f * i + k, e * h + f * j + m),
    )


def _apply(matrix, x, y):
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f
