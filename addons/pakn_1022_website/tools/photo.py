"""Photos from a phone, made small and without what they tell of their maker."""

import io
import warnings

from PIL import (
    Image,
    ImageOps,
    WebPImagePlugin,  # noqa: F401 - Odoo leaves this format out, many phones do not
)

# Pixels of the long side that are kept
SIDE = 1920
# Pixels at most that are decoded: a small file may unfold to gigabytes
PIXELS = 60_000_000
FORMATS = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
}


def clean_photo(data):
    """Return a photo encoded anew, without metadata, and its type.

    :param bytes data: a JPEG, PNG or WebP file
    :return: ``(bytes, mimetype)``, at most :data:`SIDE` pixels on the long side
    :raise ValueError: no picture that can be read, or one of too many pixels
    """
    try:
        with warnings.catch_warnings():
            # Its own limit warns; ours, below, refuses.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=list(FORMATS))
        kind = image.format
        if image.width * image.height > PIXELS:
            raise ValueError("too many pixels")
        # Of a large JPEG only as much is decoded as is kept.
        image.draft(None, (SIDE, SIDE))
        image = ImageOps.exif_transpose(image)
        image.thumbnail((SIDE, SIDE))
        if kind == "JPEG":
            image = image.convert("RGB")
        elif image.mode not in ("RGB", "RGBA"):
            image = image.convert("RGBA")
        # A picture of its own: nothing of the file's remains beside its pixels.
        clean = Image.new(image.mode, image.size)
        clean.paste(image)
        out = io.BytesIO()
        clean.save(out, kind, **({} if kind == "PNG" else {"quality": 85}))
    except Exception as error:  # Pillow raises what its decoders raise
        raise ValueError("no picture that can be read") from error
    return out.getvalue(), FORMATS[kind]
