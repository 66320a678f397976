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
from urllib.parse import SplitResult, urlsplit

SECONDS = 10


class Unreachable(Exception):
    """``args[0]``: ``address`` (not one to speak to), ``name`` (not known), ``time`` or
    ``answer`` (none, or none of HTTP)."""


def is_public(address: str) -> bool:
    """Return whether an IP address is one of the open internet."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None)
    if mapped:
        ip = mapped
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def connect(
    parts: SplitResult, seconds: float, is_allowed: Callable[[str], bool] = is_public
) -> socket.socket:
    """Return a connection to the host of an address, with TLS for ``https``.

    :param is_allowed: which IP addresses are connected to; a name of which one is not
        allowed leads nowhere
    :raise Unreachable: ``address`` or ``name``
    :raise OSError: it cannot be reached, ``TimeoutError`` among it
    """
    is_tls = parts.scheme == "https"
    port = parts.port or (443 if is_tls else 80)
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise Unreachable("name") from error
    addresses = list(dict.fromkeys(one[4][0] for one in found))
    if not addresses or not all(is_allowed(address) for address in addresses):
        raise Unreachable("address")
    sock = socket.create_connection((addresses[0], port), timeout=seconds)
    if not is_tls:
        return sock
    try:
        context = ssl.create_default_context()
        return context.wrap_socket(sock, server_hostname=parts.hostname)
    except BaseException:
        sock.close()
        raise


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    seconds: float = SECONDS,
    is_allowed: Callable[[str], bool] = is_public,
) -> int:
    """Post a body; return the status of the answer, of which nothing else is read.

    No redirect is followed: it would lead where nobody has looked.

    :param seconds: for all of it
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
    timer = threading.Timer(max(deadline - time.monotonic(), 0), _hang_up, [sock])
    timer.daemon = True
    timer.start()
    try:
        connection = http.client.HTTPConnection(parts.netloc.rpartition("@")[2])
        connection.sock = sock
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, dict(headers))
        return connection.getresponse().status
    except (OSError, http.client.HTTPException, ValueError) as error:
        is_late = time.monotonic() >= deadline or isinstance(error, TimeoutError)
        raise Unreachable("time" if is_late else "answer") from error
    finally:
        timer.cancel()
        sock.close()


def _hang_up(sock):
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it has hung up by itself
