"""Fetch a file that a chat names, from the open internet alone. Nothing of Odoo.

The address comes from outside: it may name a machine of ours, lead there by its name or
by a redirect, be endless, never end, or be something else than it says. So names are
resolved once and the very address that was looked at is connected to.
"""

import http.client
import time
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import magic

from odoo.addons.pakn_1022.tools import outside

MAX_BYTES = 20 * 1024 * 1024
SECONDS = 30
REDIRECTS = 3
# Real type, as the bytes say -> how the file is named
TYPES = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "application/pdf": "pdf",
    "audio/mpeg": "mp3",
    "audio/amr": "amr",
    "audio/x-m4a": "m4a",
    "audio/mp4": "m4a",
    "audio/ogg": "ogg",
    "audio/aac": "aac",
    "audio/x-hx-aac-adts": "aac",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/3gpp": "3gp",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/msword": "doc",
}


class FetchError(Exception):
    """It is not fetched. ``args[0]``: ``address``, ``scheme``, ``size``, ``time``,
    ``type``, ``gone``, ``answer``; ``may_retry``: later it may go."""

    def __init__(self, reason: str, may_retry: bool = False) -> None:
        super().__init__(reason)
        self.may_retry = may_retry


class Fetched(NamedTuple):
    data: bytes
    mimetype: str
    extension: str


def fetch(
    url: str,
    max_bytes: int = MAX_BYTES,
    seconds: float = SECONDS,
    is_allowed=outside.is_public,
) -> Fetched:
    """Return the file at an address.

    :param seconds: for all of it, redirects included
    :param is_allowed: which IP addresses are connected to
    :raise FetchError: see there
    """
    deadline = time.monotonic() + seconds
    for _hop in range(REDIRECTS + 1):
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise FetchError("scheme")
        try:
            status, location, data = _get(parts, max_bytes, deadline, is_allowed)
        except FetchError:
            raise
        except TimeoutError as error:
            raise FetchError("time", may_retry=True) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise FetchError("answer", may_retry=True) from error
        if status in (301, 302, 303, 307, 308) and location:
            url = urljoin(url, location)
            continue
        if status != 200:
            raise FetchError("gone", may_retry=status >= 500 or status == 429)
        mimetype = magic.from_buffer(data[:65536], mime=True) if data else ""
        if mimetype not in TYPES:
            raise FetchError("type")
        return Fetched(data, mimetype, TYPES[mimetype])
    raise FetchError("address")


def _get(parts, max_bytes, deadline, is_allowed):
    """Return ``(status, location, body)`` of one request."""
    try:
        sock = outside.connect(parts, _left(deadline), is_allowed)
    except outside.Unreachable as error:
        if error.args[0] == "name":
            raise FetchError("gone", may_retry=True) from error
        raise FetchError("address") from error
    try:
        connection = http.client.HTTPConnection(parts.netloc.rpartition("@")[2])
        connection.sock = sock
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", path, headers={"Accept": "*/*"})
        sock.settimeout(_left(deadline))
        answer = connection.getresponse()
        location = answer.getheader("Location", "")
        if answer.status != 200:
            return answer.status, location, b""
        length = answer.getheader("Content-Length") or "0"
        if not length.isdigit() or int(length) > max_bytes:
            raise FetchError("size")
        pieces, size = [], 0
        while True:
            sock.settimeout(_left(deadline))
            piece = answer.read1(65536)
            if not piece:
                break
            size += len(piece)
            if size > max_bytes:
                raise FetchError("size")
            pieces.append(piece)
        if int(length) and size < int(length):
            raise FetchError("answer", may_retry=True)
        return answer.status, location, b"".join(pieces)
    finally:
        sock.close()


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise FetchError("time", may_retry=True)
    return min(left, 10)
