"""What the chat box shows and by what a visitor is known. Nothing of Odoo."""

import hashlib
import re
import secrets

# Of the cookie that opens a conversation
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
# Of a message, made by who writes it: what is sent twice counts once
KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Characters of the identity in the keys of its messages
PREFIX = 32

_URL = re.compile(r"https?://[^\s<>\"“”]+")


def make_token() -> str:
    """Return a new token, of 256 random bits."""
    return secrets.token_urlsafe(32)


def get_identity(token: str | None) -> str:
    """Return who the bearer of a token is for the hotline, or nothing.

    A hash: who reads a conversation cannot take part in it as its citizen.
    """
    if not token or not TOKEN.fullmatch(token):
        return ""
    return hashlib.sha256(token.encode()).hexdigest()


def make_key(identity: str, key: str) -> str:
    """Return the key of a message, which no other identity can have."""
    return f"{identity[:PREFIX]}:{key}"


def read_key(outside_id: str | None) -> str:
    """Return of a key what the one who wrote knows of it."""
    return (outside_id or "").partition(":")[2]


def split_links(text: str) -> list[tuple[str, bool]]:
    """Return a text in pieces, ``(piece, whether it is an address)``.

    What ends a sentence belongs to no address.
    """
    pieces, place = [], 0
    for match in _URL.finditer(text):
        address = match[0].rstrip(".,;:!?)…")
        end = match.start() + len(address)
        pieces += [(text[place : match.start()], False), (address, True)]
        place = end
    pieces.append((text[place:], False))
    return [(piece, is_address) for piece, is_address in pieces if piece]
