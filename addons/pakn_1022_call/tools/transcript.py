"""Speech to text, by an engine in the province's own house. Nothing of Odoo.

Two ways to one: an HTTP service, asked as OpenAI's interface and those that follow it
(whisper.cpp, speaches, vLLM) are: a form with the file, answered as ``{"text": …}``;
or a command, which gets the name of a file as its last argument and writes the text.
The sound leaves the house by neither: an address on the internet is refused, and the
command is the machine's own.
"""

import contextlib
import http.client
import ipaddress
import json
import os
import secrets
import shlex
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

from .recording import CheckedConnection

# Bytes of an answer, characters of a text that are kept
ANSWER_LIMIT, TEXT_LIMIT = 4 * 1024 * 1024, 100_000
CHUNK = 65536
# What a command is told of its surroundings; no password, key or address beside them
ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "HOME", "TMPDIR")
SUFFIXES = {
    "audio/wav": ".wav",
    "audio/ogg": ".ogg",
    "audio/flac": ".flac",
    "audio/amr": ".amr",
    "audio/mp4": ".m4a",
    "audio/mpeg": ".mp3",
}


class TranscriptError(Exception):
    """No text was to be had; the message is a word for why."""


def find_house_address(url: str) -> tuple[str, int, str, bool, str]:
    """Return ``(host, port, IP address, whether TLS, path)`` of a service in the house.

    In the house are the machine itself and private networks; not the internet, and not
    the link-local addresses at which clouds keep their secrets.

    :raise TranscriptError: it is none, is not found, or lies outside
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise TranscriptError("address") from error
    if parts.scheme not in ("http", "https") or not host or parts.username:
        raise TranscriptError("address")
    if any(char <= " " or char == "\x7f" for char in url):
        raise TranscriptError("address")
    port = port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise TranscriptError("host") from error
    addresses = [entry[4][0] for entry in found]
    if not all(map(is_in_house, addresses)):
        raise TranscriptError("outside")
    path = parts.path or "/"
    if parts.query:
        path = f"{path}?{parts.query}"
    return host, port, addresses[0], parts.scheme == "https", path


def is_in_house(address: str) -> bool:
    """Return whether an IP address is the machine's own or of a private network.

    >>> is_in_house("10.1.2.3"), is_in_house("8.8.8.8"), is_in_house("169.254.169.254")
    (True, False, False)
    """
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    known = getattr(known, "ipv4_mapped", None) or known
    if known.is_link_local or known.is_unspecified or known.is_multicast:
        return False
    return known.is_loopback or known.is_private


def ask_service(
    url: str, data: bytes, mimetype: str, language: str, seconds: float
) -> str:
    """Return what a service in the house hears.

    :param seconds: for all of it
    :raise TranscriptError: it cannot be reached, refuses, or says nothing of use
    """
    deadline = time.monotonic() + seconds
    host, port, address, is_tls, path = find_house_address(url)
    body, content_type = _make_form(data, mimetype, language)
    connection = CheckedConnection(host, port, address, is_tls, deadline)
    try:
        connection.request(
            "POST",
            path,
            body,
            {"Content-Type": content_type, "Accept": "application/json"},
        )
        reply = connection.getresponse()
        if reply.status != 200:
            raise TranscriptError(f"status {reply.status}")
        answer = bytearray()
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TranscriptError("time")
            if connection.sock:
                connection.sock.settimeout(left)
            chunk = reply.read1(CHUNK)
            if not chunk:
                break
            answer += chunk
            if len(answer) > ANSWER_LIMIT:
                raise TranscriptError("size")
    except (OSError, http.client.HTTPException) as error:
        raise TranscriptError(type(error).__name__) from error
    finally:
        connection.close()
    try:
        text = json.loads(answer)["text"]
    except (ValueError, TypeError, KeyError) as error:
        raise TranscriptError("answer") from error
    return clean(text)


def _make_form(data, mimetype, language):
    """Return ``(body, content type)`` of a form with the sound."""
    mark = secrets.token_hex(16)
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in (
            ("language", language),
            ("response_format", "json"),
            ("model", "default"),
        )
    ]
    suffix = SUFFIXES.get(mimetype, "")
    parts.append(
        f'--{mark}\r\nContent-Disposition: form-data; name="file"; '
        f'filename="call{suffix}"\r\nContent-Type: {mimetype}\r\n\r\n'
    )
    body = "".join(parts).encode() + data + f"\r\n--{mark}--\r\n".encode()
    return body, f"multipart/form-data; boundary={mark}"


def run_command(command: str, data: bytes, mimetype: str, seconds: float) -> str:
    """Return what a command writes about a sound.

    It is run without a shell, in a folder of its own that is removed afterwards, and
    ended with all that it started when its time is over.

    :param command: program and arguments, as in a shell; the file's name comes last
    :raise TranscriptError: it cannot be run, fails, or takes too long
    """
    try:
        arguments = shlex.split(command)
    except ValueError as error:
        raise TranscriptError("command") from error
    if not arguments:
        raise TranscriptError("command")
    environment = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
    with tempfile.TemporaryDirectory(prefix="pakn-call-") as folder:
        sound = Path(folder) / f"call{SUFFIXES.get(mimetype, '')}"
        sound.write_bytes(data)
        written = Path(folder) / "text"
        with written.open("wb") as output:
            try:
                process = subprocess.Popen(  # noqa: S603 - named in odoo.conf alone
                    [*arguments, str(sound)],
                    cwd=folder,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )
            except OSError as error:
                raise TranscriptError("command") from error
            _wait(process, written, seconds)
        if process.returncode:
            raise TranscriptError(f"exit {process.returncode}")
        return clean(written.read_bytes().decode("utf-8", "replace"))


def _wait(process, written, seconds):
    """Wait for a command; end it when it takes too long or writes too much."""
    deadline, reason = time.monotonic() + seconds, ""
    try:
        while not reason:
            try:
                process.wait(0.2)
                return
            except subprocess.TimeoutExpired:
                if time.monotonic() > deadline:
                    reason = "time"
                elif written.stat().st_size > ANSWER_LIMIT:
                    reason = "size"
        raise TranscriptError(reason)
    finally:
        # What it started, and it itself, if anything is left of them
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def clean(text: object) -> str:
    """Return a text without what is no text, within its limit.

    :raise TranscriptError: it is none, or nothing was heard
    """
    if not isinstance(text, str):
        raise TranscriptError("answer")
    kept = "".join(char for char in text if char.isprintable() or char == "\n")
    kept = "\n".join(line.strip() for line in kept.splitlines() if line.strip())
    if not kept:
        raise TranscriptError("silence")
    return kept[:TEXT_LIMIT]
