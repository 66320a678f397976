"""Recordings of calls: fetched within limits, and what they really are. Not of Odoo.

The address comes from outside, so the server is sent nowhere but to public addresses
and to the exchange that the administrator named. The name is resolved once, checked,
and that very address is connected to; each redirection is checked anew.
"""

import http.client
import io
import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Collection
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import soundfile

# Bytes of a recording, seconds to fetch it, redirections
SIZE_LIMIT, TIME_LIMIT, REDIRECTIONS = 64 * 1024 * 1024, 60, 3
CHUNK = 65536
# Length of a WAV's sound from which on its writer did not know it
UNKNOWN_LENGTH = 0x7FFFF000


class FetchError(Exception):
    """It could not be fetched; ``is_final`` where another attempt is of no use.

    ``recording`` is what there is of one that is not whole, for the last attempt.
    """

    def __init__(
        self,
        reason: str,
        is_final: bool = False,
        recording: "Recording | None" = None,
    ) -> None:
        super().__init__(reason)
        self.is_final = is_final
        self.recording = recording


class Recording(NamedTuple):
    """A recording; ``mimetype`` is what its bytes are, whatever was said of them."""

    data: bytes
    mimetype: str


def get_audio_type(data: bytes) -> str | None:
    """Return the MIME type of sound by its first bytes, ``None`` if it is none."""
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return "audio/wav"
    if data[:4] == b"OggS":
        return "audio/ogg"
    if data[:4] == b"fLaC":
        return "audio/flac"
    if data[:5] == b"#!AMR":
        return "audio/amr"
    if data[4:8] == b"ftyp" and data[8:11] in (b"M4A", b"mp4", b"iso", b"M4B", b"3gp"):
        return "audio/mp4"
    is_frame = len(data) > 3 and data[0] == 0xFF and data[1] & 0xE6 in (0xE2, 0xE4)
    # Layer III or II, with a bit rate and a sampling rate that there are
    if is_frame and (data[2] >> 4) not in (0, 15) and (data[2] >> 2) & 3 != 3:
        return "audio/mpeg"
    return "audio/mpeg" if data[:3] == b"ID3" else None


def read_recording(data: bytes) -> Recording:
    """Return what was fetched as a recording.

    :raise FetchError: it is no sound; or it is empty or not whole, which it may be
        while the exchange still writes it
    """
    if not data:
        raise FetchError("empty")
    mimetype = get_audio_type(data)
    if not mimetype:
        raise FetchError("not_audio", is_final=True)
    recording = Recording(data, mimetype)
    if mimetype == "audio/wav":
        _check_wav(recording)
        return recording
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as sound:
            frames = sound.frames
    except (soundfile.SoundFileError, RuntimeError, ValueError) as error:
        if mimetype in ("audio/mpeg", "audio/flac"):
            # Of these all kinds can be read
            raise FetchError("unreadable") from error
        return recording
    if not frames:
        raise FetchError("empty")
    return recording


def _check_wav(recording: Recording) -> None:
    """Check that a WAV holds the sound that it says, whatever it is coded in.

    :raise FetchError: it does not
    """
    data, place = recording.data, 12
    while place + 8 <= len(data):
        size = int.from_bytes(data[place + 4 : place + 8], "little")
        start = place + 8
        if data[place : place + 4] == b"data":
            if start >= len(data) or not (size or any(data[start:])):
                raise FetchError("empty")
            if not size or start + size > len(data) and size < UNKNOWN_LENGTH:
                # Its length is written when the call is over
                raise FetchError("unfinished", recording=recording)
            return
        # Parts begin at even places
        place = start + size + size % 2
    raise FetchError("unfinished")


def fetch(
    url: str,
    own_hosts: Collection[tuple[str, int]] = (),
    size_limit: int = SIZE_LIMIT,
    time_limit: float = TIME_LIMIT,
) -> Recording:
    """Fetch a recording.

    :param url: where the exchange says it is
    :param own_hosts: ``(host, port)`` that may be asked though they are not public
    :param size_limit: bytes
    :param time_limit: seconds for all of it
    :raise FetchError: it cannot be had, or is no sound
    """
    deadline = time.monotonic() + time_limit
    for _redirection in range(REDIRECTIONS + 1):
        data, url = _fetch_once(url, own_hosts, size_limit, deadline)
        if data is not None:
            return read_recording(data)
    raise FetchError("redirections", is_final=True)


def fetch_tail(
    url: str,
    own_hosts: Collection[tuple[str, int]],
    size: int,
    time_limit: float = TIME_LIMIT,
) -> bytes:
    """Return the last bytes of a file, whole lines alone; of a short one all of it.

    :param size: bytes that are asked for
    :raise FetchError: it cannot be had, or is longer and the server gives no part
    """
    deadline = time.monotonic() + time_limit
    headers = {"Range": f"bytes=-{size}", "Accept": "text/csv, text/plain"}
    for _redirection in range(REDIRECTIONS + 1):
        data, url = _fetch_once(url, own_hosts, size, deadline, headers)
        if data is not None:
            # The first line may be the end of one
            return data if len(data) < size else data.partition(b"\n")[2]
    raise FetchError("redirections", is_final=True)


def _fetch_once(url, own_hosts, size_limit, deadline, headers=None):
    """Return ``(bytes, url)``, or ``(None, where it leads)``."""
    if re.search(r"[\x00-\x20\x7f]", url):
        raise FetchError("address", is_final=True)
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError as error:
        raise FetchError("address", is_final=True) from error
    if parts.scheme not in ("http", "https") or not host or parts.username:
        raise FetchError("address", is_final=True)
    port = port or (443 if parts.scheme == "https" else 80)
    address = _resolve(host, port, is_own=(host, port) in own_hosts)
    connection = CheckedConnection(
        host, port, address, parts.scheme == "https", deadline
    )
    try:
        path = parts.path or "/"
        connection.request(
            "GET",
            f"{path}?{parts.query}" if parts.query else path,
            headers={"Accept": "audio/*", "User-Agent": "1022", **(headers or {})},
        )
        reply = connection.getresponse()
        if reply.status in (301, 302, 303, 307, 308):
            return None, urljoin(url, reply.headers.get("Location", ""))
        is_part = bool(headers) and reply.status == 206
        if reply.status != 200 and not is_part:
            # Not found may be not there yet
            raise FetchError(f"status {reply.status}", reply.status in (401, 403, 410))
        if int(reply.headers.get("Content-Length") or 0) > size_limit:
            raise FetchError("size", is_final=True)
        return _read(reply, connection, size_limit, deadline), url
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise FetchError(type(error).__name__) from error
    finally:
        connection.close()


def _read(reply, connection, size_limit, deadline):
    data = bytearray()
    while True:
        left = deadline - time.monotonic()
        if left <= 0:
            raise FetchError("time")
        if connection.sock:
            connection.sock.settimeout(left)
        # One read of the socket, so that what trickles is seen to
        chunk = reply.read1(CHUNK)
        if not chunk:
            break
        data += chunk
        if len(data) > size_limit:
            raise FetchError("size", is_final=True)
    if reply.length:
        raise FetchError("incomplete")
    return bytes(data)


def _resolve(host: str, port: int, is_own: bool) -> str:
    """Return the IP address of a host that may be asked.

    :raise FetchError: it is not found, or lies within
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError("host") from error
    addresses = [entry[4][0] for entry in found]
    if not is_own and not all(map(is_public, addresses)):
        raise FetchError("private", is_final=True)
    return addresses[0]


def is_public(address: str) -> bool:
    """Return whether an IP address is one of the internet at large."""
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    known = getattr(known, "ipv4_mapped", None) or known
    return known.is_global and not known.is_multicast


class CheckedConnection(http.client.HTTPConnection):
    """Connects to an address that was checked, and speaks with the host's name."""

    def __init__(self, host, port, address, is_tls, deadline):
        super().__init__(host, port, timeout=max(deadline - time.monotonic(), 0.01))
        self._checked, self._is_tls = address, is_tls

    def connect(self):
        sock = socket.create_connection((self._checked, self.port), self.timeout)
        if self._is_tls:
            context = ssl.create_default_context()
            sock = context.wrap_socket(sock, server_hostname=self.host)
        self.sock = sock
