"""What browsers are told of each page, so that a mistake in one harms less.

Nothing of Odoo.
"""

import re
from collections.abc import Iterable, Mapping

# Of a page that loads its own server's things alone. Odoo's pages hold scripts of their
# own and build templates at run time, hence the two "unsafe".
SOURCES: dict[str, tuple[str, ...]] = {
    "default-src": ("'self'",),
    "script-src": ("'self'", "'unsafe-inline'", "'unsafe-eval'"),
    "style-src": ("'self'", "'unsafe-inline'"),
    # Pictures of elsewhere, in a citizen's mail, would tell its sender who reads it
    "img-src": ("'self'", "data:", "blob:"),
    "media-src": ("'self'", "data:", "blob:"),
    "font-src": ("'self'", "data:"),
    "connect-src": ("'self'", "data:", "blob:"),
    "frame-src": ("'self'", "blob:"),
    "worker-src": ("'self'", "blob:"),
    "object-src": ("'none'",),
    "base-uri": ("'self'",),
    "form-action": ("'self'",),
    "frame-ancestors": ("'self'",),
}
# Of what is no page
FRAMES = "frame-ancestors 'self'"
# To other sites a browser names this one, never the page or the keys in its address
REFERRER = "strict-origin-when-cross-origin"
PERMISSIONS = (
    "camera=(self), geolocation=(self), microphone=(self), "
    "display-capture=(self), payment=(), serial=(), usb=()"
)
YEAR = 365 * 24 * 3600

_SOURCE = re.compile(r"(https?|wss?)://[\w.*-]+(:\d+)?\Z")
_ATTRIBUTE = re.compile(r";\s*(secure|samesite)\b", re.I)


def make_policy(more: Mapping[str, Iterable[str]] | None = None) -> str:
    """Return the Content-Security-Policy of a page.

    :param more: further sources of a directive; what is no origin is left out
    """
    parts, more = [], more or {}
    for directive, sources in SOURCES.items():
        added = [one for one in more.get(directive, ()) if _SOURCE.match(one)]
        parts.append(" ".join((directive, *sources, *added)))
    return "; ".join(parts)


def get_headers(policy: str, is_framed: bool, is_secure: bool) -> dict[str, str]:
    """Return the headers that a response has unless it says otherwise itself.

    :param policy: the Content-Security-Policy
    :param is_framed: whether the page says itself who may frame it
    :param is_secure: whether it goes through TLS
    """
    headers = {
        "Content-Security-Policy": policy,
        "Referrer-Policy": REFERRER,
        "Permissions-Policy": PERMISSIONS,
        "X-Content-Type-Options": "nosniff",
    }
    if not is_framed:
        headers["X-Frame-Options"] = "SAMEORIGIN"
    if is_secure:
        headers["Strict-Transport-Security"] = f"max-age={YEAR}"
    return headers


def harden_cookie(cookie: str, is_secure: bool) -> str:
    """Return a ``Set-Cookie`` header that other sites' pages do not send along."""
    known = {name.lower() for name in _ATTRIBUTE.findall(cookie)}
    if "samesite" not in known:
        cookie += "; SameSite=Lax"
    if is_secure and "secure" not in known:
        cookie += "; Secure"
    return cookie
