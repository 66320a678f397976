"""Files that strangers send: what they are, and photos without their secrets.

Nothing of Odoo. What a file is, its first bytes say; the name and the type that came
with it are never believed.
"""

import hashlib
import io
import warnings
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import SupportsFloat

# Odoo lets Pillow read some formats only; WebP is one that phones send.
from PIL import ExifTags, Image, ImageOps, WebPImagePlugin  # noqa: F401

# Longest side of a kept photo, in pixels
SIDE = 1920
# Of the small one beside it, for lists and phones
SMALL_SIDE = 480
# Pixels of a photo that is still opened, by what decoding it takes: a usual JPEG is
# made smaller while it is read; one that comes in passes, and every other format, is
# whole in memory, with 4 bytes for a pixel; one that can be seen through, twice, and
# WebP four times.
PIXELS_SCALED, PIXELS = 60_000_000, 16_000_000
PIXELS_TRANSPARENT, PIXELS_WEBP = 12_000_000, 6_000_000
HEAD = 64
# Small photos that this process keeps
KEPT = 128
# By the digest of what they are of, which itself is not kept: it may have megabytes,
# and be of somebody who wants it forgotten
_SMALL: dict[bytes, bytes] = {}

# One at a time, and always the same thread: each takes a good part of what a process
# may have, and memory that a thread gives back is kept for that thread.
_DECODER = ThreadPoolExecutor(1, "photos")

_PHOTOS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
_PHOTOS["GIF"] = "image/gif"
_HEIC = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"}
_VIDEO = {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1"}
_VIDEO |= {b"M4V ", b"MSNV", b"dash", b"qt  "}


class RefusedFile(ValueError):
    """A file not taken; ``reason`` is ``empty``, ``type``, ``heic``, ``large`` or
    ``broken``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Upload:
    """A file as it is kept."""

    data: bytes
    mimetype: str
    extension: str
    kind: str  # photo, document or video
    # Latitude and longitude in decimal degrees, where a photo says
    place: tuple[float, float] | None = None


def sniff(head: bytes) -> str | None:
    """Return what a file is by its first :data:`HEAD` bytes.

    :return: a Pillow format (``JPEG``, ``PNG``, ``GIF``, ``WEBP``), ``PDF``, ``MP4``,
        ``3GP``, ``HEIC``, or ``None`` for what is not taken (SVG and HTML among it)
    """
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return "GIF"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head.startswith(b"%PDF-"):
        return "PDF"
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        if brand in _HEIC:
            return "HEIC"
        if brand[:3] in (b"3gp", b"3g2"):
            return "3GP"
        if brand in _VIDEO:
            return "MP4"
    return None


def read_upload(data: bytes) -> Upload:
    """Return an :class:`Upload` of the bytes that were sent.

    Photos are decoded and encoded anew, at most :data:`SIDE` pixels long: no place,
    camera, comment or hidden content is left.

    :raise RefusedFile: nothing that is taken
    """
    if not data:
        raise RefusedFile("empty")
    kind = sniff(data[:HEAD])
    if kind in _PHOTOS:
        return _read_photo(data, kind)
    if kind == "PDF":
        return Upload(data, "application/pdf", "pdf", "document")
    if kind == "MP4":
        return Upload(data, "video/mp4", "mp4", "video")
    if kind == "3GP":
        return Upload(data, "video/3gpp", "3gp", "video")
    raise RefusedFile("heic" if kind == "HEIC" else "type")


def _open(data: bytes, kind: str) -> Image.Image:
    """Return a photo of which no pixel is decoded yet.

    :raise RefusedFile: decoding it would take too much memory
    """
    with warnings.catch_warnings():
        # Its own limit warns; ours, below, refuses.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        image = Image.open(io.BytesIO(data), formats=[kind])
    if kind == "JPEG" and not image.info.get("progressive"):
        limit = PIXELS_SCALED
    elif kind == "WEBP":
        limit = PIXELS_WEBP
    else:
        limit = PIXELS if _is_opaque(image) else PIXELS_TRANSPARENT
    if image.width * image.height > limit:
        raise RefusedFile("large")
    return image


def _is_opaque(image: Image.Image) -> bool:
    return image.mode not in ("RGBA", "LA", "PA") and "transparency" not in image.info


def _read_photo(data: bytes, kind: str) -> Upload:
    try:
        image = _open(data, kind)
        return _DECODER.submit(_shrink, image).result()
    except RefusedFile:
        raise
    except Exception as error:  # noqa: BLE001 - Pillow's decoders raise anything
        raise RefusedFile("broken") from error


def _shrink(image: Image.Image) -> Upload:
    # Of a large JPEG only as much is decoded as is kept.
    image.draft(None, (SIDE, SIDE))
    opaque = _is_opaque(image)
    if image.mode == "P":
        # Its colours first, or the smaller one has spots
        image = image.convert("RGB" if opaque else "RGBA")
    image.thumbnail((SIDE, SIDE))
    # Behind the shrinking, or the whole would be in memory twice
    place = _get_place(image)
    image = ImageOps.exif_transpose(image)
    out = io.BytesIO()
    if opaque:
        image.convert("RGB").save(out, "JPEG", quality=85, optimize=True)
        return Upload(out.getvalue(), "image/jpeg", "jpg", "photo", place)
    image.convert("RGBA").save(out, "PNG")
    return Upload(out.getvalue(), "image/png", "png", "photo", place)


def make_small(data: bytes) -> bytes:
    """Return a photo that was kept as a WebP of the size of a card, some 20 kB.

    :raise ValueError: it is no photo
    """
    digest = hashlib.sha256(data).digest()
    small = _SMALL.get(digest)
    if small is None:
        small = _SMALL[digest] = _make_small(data)
        if len(_SMALL) > KEPT:
            _SMALL.pop(next(iter(_SMALL)), None)
    return small


def _make_small(data):
    try:
        with Image.open(io.BytesIO(data), formats=list(_PHOTOS)) as image:
            image.draft("RGB", (SMALL_SIDE, SMALL_SIDE))
            image.thumbnail((SMALL_SIDE, SMALL_SIDE))
            out = io.BytesIO()
            image.convert("RGB").save(out, "WEBP", quality=70)
    except OSError as error:
        raise ValueError("no photo") from error
    return out.getvalue()


def _get_place(image: Image.Image) -> tuple[float, float] | None:
    """Return where a photo was taken, before that is stripped from it."""
    try:
        gps = image.getexif().get_ifd(ExifTags.IFD.GPSInfo)
        latitude = _to_degrees(gps[2], gps.get(1))
        longitude = _to_degrees(gps[4], gps.get(3))
    except Exception:  # noqa: BLE001 - whatever is wrong with it, it tells no place
        return None
    if abs(latitude) > 90 or abs(longitude) > 180 or not (latitude or longitude):
        return None
    return round(latitude, 6), round(longitude, 6)


def _to_degrees(parts: Iterable[SupportsFloat], reference: str | None) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    return -value if reference in ("S", "W") else value
