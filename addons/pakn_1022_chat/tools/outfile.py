"""Which files may go out by a chat door. Nothing of Odoo."""

import re
import unicodedata
from collections.abc import Mapping

import magic

# What each type is called before people; what is sent is named by it too
NAMES = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "application/pdf": "pdf",
    "application/msword": "doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
NAME_LENGTH = 80


def get_type(data: bytes) -> str:
    """Return the type that the bytes of a file say, whatever its name says."""
    return magic.from_buffer(data[:65536], mime=True) if data else ""


def describe_limits(limits: Mapping[str, int]) -> str:
    """Return in words what a door takes: ``JPG, PNG (1 MB), PDF (5 MB)``.

    :param limits: greatest number of bytes of each type
    """
    by_size: dict[int, list[str]] = {}
    for mimetype, size in limits.items():
        by_size.setdefault(size, []).append(NAMES[mimetype].upper())
    return ", ".join(
        f"{', '.join(names)} ({size // 2**20} MB)" for size, names in by_size.items()
    )


def make_name(name: str, mimetype: str) -> str:
    """Return a name that all doors take: plain letters, and what the file is."""
    stem = (name or "").rpartition(".")[0] or name or ""
    plain = unicodedata.normalize("NFKD", stem.replace("đ", "d").replace("Đ", "D"))
    letters = plain.encode("ascii", "ignore").decode()
    words = re.sub(r"[^A-Za-z0-9]+", "-", letters).strip("-")[:NAME_LENGTH]
    return f"{words or 'file'}.{NAMES[mimetype]}"
