"""From where a request comes, and to whom it was addressed. Nothing of Odoo."""

import re
from collections.abc import Iterable, Mapping
from ipaddress import ip_address, ip_network
from urllib.parse import unquote, urlsplit

# A number of more digits than any; of thousands Python makes no number at all
_ENDLESS = re.compile(r"\d{100}")

# Who may always be asked by these names: the machine itself, and what watches it
LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1"))


def split_list(text: str | None) -> list[str]:
    """Return the items of a setting, parted by commas, blanks or lines."""
    return (text or "").replace(",", " ").split()


def is_among(address: str | None, networks: Iterable[str]) -> bool:
    """Return whether an IP address is one of, or lies in, addresses and networks.

    >>> is_among("172.18.0.1", ["127.0.0.1", "172.16.0.0/12"])
    True
    """
    try:
        known = ip_address(address or "")
    except ValueError:
        return False
    known = getattr(known, "ipv4_mapped", None) or known
    for network in (
        ip_network(one, strict=False) for one in filter(is_network, networks)
    ):
        if known.version == network.version and known in network:
            return True
    return False


def is_network(text: str) -> bool:
    """Return whether a text is an IP address or a network of them."""
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def get_origin(address: str | None) -> str:
    """Return as what an address is counted: one of IPv6 by its network.

    Who has an address of IPv6 has 2^64 of them.

    >>> get_origin("2001:db8:1:2:3:4:5:6")
    '2001:db8:1:2::'
    """
    try:
        known = ip_address(address or "")
    except ValueError:
        return address or ""
    if known.version == 6 and not known.ipv4_mapped:
        return str(ip_network((known, 64), strict=False).network_address)
    return str(getattr(known, "ipv4_mapped", None) or known)


def get_host(address: str | None) -> str:
    """Return the host of ``https://host:port/path`` or of ``host:port``.

    >>> get_host("https://1022.GiaLai.gov.vn/"), get_host("[::1]:8069")
    ('1022.gialai.gov.vn', '::1')
    """
    address = (address or "").strip()
    try:
        parts = urlsplit(address if "//" in address else f"//{address}")
        return (parts.hostname or "").rstrip(".")
    except ValueError:
        return ""


def is_odd(path: str) -> bool:
    """Return whether a path is one that Odoo cannot make a link of.

    One that leads to the folder above or to where it stands, which browsers resolve
    before they ask, that is no text when it is decoded once more, or that holds a
    number without end.

    >>> is_odd("/a/%2E%2e/b"), is_odd("/a/..b/.c")
    (True, False)
    """
    try:
        parts = unquote(path, errors="strict").split("/")
    except UnicodeDecodeError:
        return True
    return "." in parts or ".." in parts or bool(_ENDLESS.search(path))


def clean_request_id(value: object) -> str | int | None:
    """Return the ``id`` of a JSON-RPC request as it can be sent back, else ``None``.

    A text or a number (JSON-RPC 2.0, 4); no text with half of a pair of surrogates.
    """
    if isinstance(value, str):
        return value if value.isprintable() else None
    return value if isinstance(value, int) else None


def undo_proxy(environ: Mapping[str, object]) -> dict[str, object] | None:
    """Return a WSGI environment as it was before a proxy's headers were believed.

    :return: None where none were
    """
    original = environ.get("werkzeug.proxy_fix.orig")
    if not original:
        return None
    restored = dict(environ)
    for name, value in original.items():
        if value is None:
            restored.pop(name, None)
        else:
            restored[name] = value
    for name in [key for key in restored if key.startswith("HTTP_X_FORWARDED")]:
        del restored[name]
    del restored["werkzeug.proxy_fix.orig"]
    return restored
