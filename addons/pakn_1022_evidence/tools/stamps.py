"""Pictures of signatures and seals on a PDF, after Decree 30/2020/ND-CP (Annex I).

The head's signature is blue and stands between office and name; the organisation's
seal is red, of its true size, and covers the left third of the signature. Both are PNG
with a transparent background.
"""

from io import BytesIO
from typing import NamedTuple

from PIL import Image

from odoo.addons.pakn_1022.tools.pdf_pictures import Place, find_pictures

POINTS_PER_MM = 72 / 25.4
# The renderer writes a picture of these pixels where the signatures belong
PLACE_WIDTH, PLACE_HEIGHT = 3, 1
# Millimetres: of a signature at most, of the seal of most offices
SIGNATURE_WIDTH, SIGNATURE_HEIGHT, SEAL = 50, 22, 36
LARGEST = 2 * 1024 * 1024
MOST_PIXELS = 3000 * 3000
COVERED = 1 / 3
# Least share of the drawn pixels that must be of the colour
COLOURED = 0.6


class Picture(NamedTuple):
    """A picture and where it belongs."""

    image: Image.Image
    place: Place


class PictureError(ValueError):
    """A picture cannot be used; ``reason``: ``format``, ``background``, ``colour``."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


def load_picture(content: bytes, colour: str) -> Image.Image:
    """Return the picture of a PNG, its empty border cut off.

    :param colour: ``blue`` or ``red``, of what is drawn
    :raise PictureError: it is no such picture
    """
    if len(content) > LARGEST:
        raise PictureError("format")
    try:
        image = Image.open(BytesIO(content), formats=["PNG"])
        if image.width * image.height > MOST_PIXELS:
            raise PictureError("format")
        image = image.convert("RGBA")
    except PictureError:
        raise
    except Exception as error:  # Pillow raises many kinds for what is broken
        raise PictureError("format") from error
    alpha = image.getchannel("A")
    drawn = alpha.point(lambda value: 255 if value > 40 else 0)
    box = drawn.getbbox()
    if box is None or drawn.histogram()[0] == 0:
        raise PictureError("background")
    image = image.crop(box)
    if not _has_colour(image, colour):
        raise PictureError("colour")
    return image


def _has_colour(image, colour):
    small = image.copy()
    small.thumbnail((200, 200))
    values = small.tobytes()
    pixels = [values[at : at + 4] for at in range(0, len(values), 4)]
    pixels = [one for one in pixels if one[3] > 128]
    wanted = 0
    for red, green, blue, _alpha in pixels:
        strong, other = (red, blue) if colour == "red" else (blue, red)
        wanted += strong - max(other, green) > 25
    return bool(pixels) and wanted >= COLOURED * len(pixels)


def find_place(pdf: bytes) -> Place | None:
    """Return where the renderer left room for the signatures; ``None``: nowhere."""
    places = [
        place
        for width, height, place in find_pictures(pdf)
        if (width, height) == (PLACE_WIDTH, PLACE_HEIGHT)
    ]
    return places[-1] if places else None


def arrange(
    place: Place,
    signature: Image.Image | None,
    seal: Image.Image | None,
    seal_mm: float,
) -> tuple[Place | None, Place | None]:
    """Return where signature and seal go: the seal over its left third.

    :param place: the room that was left; the signature is in its middle
    """
    left, bottom, right, top = place.box
    middle, level = (left + right) / 2, (bottom + top) / 2
    width = SIGNATURE_WIDTH * POINTS_PER_MM
    signed = sealed = None
    if signature:
        scale = min(
            width / signature.width,
            min(SIGNATURE_HEIGHT * POINTS_PER_MM, top - bottom) / signature.height,
        )
        width = signature.width * scale
        signed = _around(place.page, middle, level, width, signature.height * scale)
    if seal:
        size = seal_mm * POINTS_PER_MM
        edge = middle - width / 2 + width * COVERED
        height = size * seal.height / seal.width
        sealed = _around(place.page, edge - size / 2, level, size, height)
    return signed, sealed


def _around(page, x, y, width, height):
    return Place(page, (x - width / 2, y - height / 2, x + width / 2, y + height / 2))
