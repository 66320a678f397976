"""Speak to machines of others, on the open internet alone. Nothing of Odoo.

An address that somebody outside has named may be that of a machine of ours, or lead
there by its name; its answer may never end. So names are resolved once, the very
address that was looked at is connected to, and all of it has one deadline.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from datetime import timezone
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

SECONDS = 10
MOST_BYTES = 2**20


class Unreachable(Exception):
    """``args[0]``: ``address`` (not one to speak to), ``name`` (not known), ``time``,
    ``size`` (too much) or ``answer`` (none, or none of HTTP)."""


class Answer(NamedTuple):
    """What a machine of others has answered.

    ``wait``: seconds after which it wants to be asked again (Retry-After), 0 for none
    """

    status: int
    body: bytes
    wait: int = 0


def get_origin(url: str | None) -> tuple[str, str]:
    """Return scheme and host of an address, all of it for one that is none."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return "", url or ""
    return parts.scheme, parts.netloc or parts.path


def is_public(address: str) -> bool:
    """Return whether an IP address is one of the open internet."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if ip.version == 6:
        # One of IPv4 within it: mapped, or reached through it (6to4)
        ip = ip.ipv4_mapped or ip.sixtofour or ip
    is_inside = ip.is_multicast or ip.is_reserved or getattr(ip, "is_site_local", False)
    return ip.is_global and not is_inside


def connect(
    parts: SplitResult, seconds: float, is_allowed: Callable[[str], bool] = is_public
) -> socket.socket:
    """Return a connection to the host of an address, with TLS for ``https``.

    :param seconds: for all of it, its name among it
    :param is_allowed: which IP addresses are connected to; a name of which one is not
        allowed leads nowhere
    :raise Unreachable: ``address`` or ``name``
    :raise OSError: it cannot be reached, ``TimeoutError`` among it
    """
    deadline = time.monotonic() + seconds
    is_tls = parts.scheme == "https"
    port = parts.port or (443 if is_tls else 80)
    addresses = _resolve(parts.hostname, port, seconds)
    if not addresses or not all(is_allowed(address) for address in addresses):
        raise Unreachable("address")
    left = max(deadline - time.monotonic(), 0.001)
    sock = socket.create_connection((addresses[0], port), timeout=left)
    if not is_tls:
        return sock
    try:
        sock.settimeout(max(deadline - time.monotonic(), 0.001))
        context = ssl.create_default_context()
        return context.wrap_socket(sock, server_hostname=parts.hostname)
    except BaseException:
        sock.close()
        raise


def _resolve(host: str, port: int, seconds: float) -> list[str]:
    """Return the addresses of a name.

    The system's resolver knows no deadline: a name server that never answers would
    hold its caller for half a minute.

    :raise Unreachable: ``name``
    :raise TimeoutError: it is not known in time
    """
    found: list = []

    def look_up():
        try:
            found.append(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            found.append(error)

    thread = threading.Thread(target=look_up, daemon=True)
    thread.start()
    thread.join(seconds)
    if not found:
        raise TimeoutError
    if isinstance(found[0], Exception):
        raise Unreachable("name") from found[0]
    return list(dict.fromkeys(one[4][0] for one in found[0]))


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    seconds: float = SECONDS,
    is_allowed: Callable[[str], bool] = is_public,
) -> int:
    """Post a body; return the status of the answer, of which nothing else is read.

    See :func:`ask`.
    """
    return ask("POST", url, body, headers, seconds, is_allowed, most=0).status


def ask(
    method: str,
    url: str,
    body: bytes | None,
    headers: Mapping[str, str],
    seconds: float = SECONDS,
    is_allowed: Callable[[str], bool] = is_public,
    most: int = MOST_BYTES,
) -> Answer:
    """Send one request and return what is answered.

    No redirect is followed: it would lead where nobody has looked.

    :param seconds: for all of it
    :param most: bytes of the answer; 0: nothing of it is read
    :raise Unreachable: see there
    """
    deadline = time.monotonic() + seconds
    parts = urlsplit(url)
    try:
        sock = connect(parts, seconds, is_allowed)
    except TimeoutError as error:
        raise Unreachable("time") from error
    except (OSError, ValueError) as error:
        raise Unreachable("answer") from error
    # Who sends a byte now and then would be waited for without end
    is_late = threading.Event()
    timer = threading.Timer(
        max(deadline - time.monotonic(), 0), _hang_up, [sock, is_late]
    )
    timer.daemon = True
    timer.start()
    try:
        connection = http.client.HTTPConnection(parts.netloc.rpartition("@")[2])
        connection.sock = sock
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(method, path, body, dict(headers))
        response = connection.getresponse()
        content = response.read(most + 1) if most else b""
        is_whole = len(content) > most or not response.length
    except (OSError, http.client.HTTPException, ValueError) as error:
        late = is_late.is_set() or isinstance(error, TimeoutError)
        raise Unreachable("time" if late else "answer") from error
    finally:
        timer.cancel()
        sock.close()
    if most and is_late.is_set():
        raise Unreachable("time")
    if len(content) > most:
        raise Unreachable("size")
    if most and not is_whole:
        raise Unreachable("answer")
    return Answer(response.status, content, read_wait(response.headers))


def read_wait(headers: Mapping[str, str]) -> int:
    """Return the seconds that ``Retry-After`` wants (RFC 9110, 10.2.3), 0 for none.

    >>> read_wait({"Retry-After": "120"}), read_wait({"Retry-After": "soon"})
    (120, 0)
    """
    said = (headers.get("Retry-After") or "").strip()
    if said.isascii() and said.isdecimal():
        return int(said[:9])
    try:
        moment = parsedate_to_datetime(said)
    except (ValueError, TypeError, IndexError, OverflowError):
        return 0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return max(0, round(moment.timestamp() - time.time()))


def _hang_up(sock, is_late):
    is_late.set()
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it has hung up by itself
