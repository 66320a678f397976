"""What is sent over a slow line, in fewer bytes (RFC 9110, 8.4). Nothing of Odoo."""

import gzip
from collections import OrderedDict

# What is shorter gains nothing
LEAST = 600
LEVEL = 6
# Bytes of what is compressed once and kept: bundles and libraries
KEPT = 24 * 2**20
TYPES = {
    "application/atom+xml",
    "application/feed+json",
    "application/geo+json",
    "application/javascript",
    "application/json",
    "application/ld+json",
    "application/manifest+json",
    "application/rss+xml",
    "application/xml",
    "image/svg+xml",
    "text/calendar",
    "text/css",
    "text/csv",
    "text/html",
    "text/javascript",
    "text/plain",
    "text/xml",
}

_kept: OrderedDict[str, bytes] = OrderedDict()


def accepts_gzip(header: str) -> bool:
    """Return whether an ``Accept-Encoding`` header takes gzip."""
    for part in header.lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() in ("gzip", "*"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def is_worth(mimetype: str | None, length: int) -> bool:
    """Return whether such content gets smaller by it."""
    return mimetype in TYPES and length >= LEAST


def compress(data: bytes, key: str = "") -> bytes:
    """Return data as gzip, without a date: the same of the same.

    :param key: of content that never changes; it is compressed once then
    """
    if not key:
        return gzip.compress(data, LEVEL, mtime=0)
    done = _kept.get(key)
    if done is None:
        done = _kept[key] = gzip.compress(data, 9, mtime=0)
        # Threads may be here at once: each takes what is there
        while sum(map(len, list(_kept.values()))) > KEPT and len(_kept) > 1:
            _kept.popitem(last=False)
    return done
