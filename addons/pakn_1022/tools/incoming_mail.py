"""What can be told of an incoming mail before anything is done with it. No Odoo."""

import hashlib
import re
from email.message import Message

from .mail_content import Content
from .mail_headers import get_header, get_raw

_REPLY_PREFIXES = re.compile(
    r"^(?:(?:re|fwd?|tr|aw|wg|trả lời|chuyển tiếp) ?: ?)+", re.I
)
_REFERENCE = re.compile(r"<[^<>\s]+>")
_RECIPIENTS = (
    *("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc", "Resent-To"),
)


def get_recipients(message: Message) -> set[str]:
    """Return the addresses a mail was sent or delivered to, in lower case."""
    text = " ".join(value for name in _RECIPIENTS for value in get_raw(message, name))
    words = re.split(r"[\s<>,;:\"'()]+", text.lower())
    return {word for word in words if "@" in word[1:-1]}


def get_references(message: Message) -> list[str]:
    """Return the ids of the mails that this one answers, the last ones first."""
    text = " ".join(
        value
        for name in ("References", "In-Reply-To")
        for value in get_raw(message, name)
    )
    return _REFERENCE.findall(text)[:-51:-1]


def make_digest(message: Message, content: Content) -> str:
    """Return what tells two mails apart that bear the same Message-ID.

    The way that a mail took is not part of it: the same one may come by two ways.
    """
    digest = hashlib.sha256()
    for name in ("From", "Date", "Subject"):
        digest.update(f"{get_header(message, name)}\0".encode())
    digest.update(" ".join(content.text.split()).encode())
    for file in content.files:
        digest.update(b"\0" + file.name.encode("utf-8", "replace") + b"\0" + file.data)
    return digest.hexdigest()


def strip_subject(subject: str | None) -> str:
    """Return a subject without ``Re:``, ``Fwd:`` and the like before it."""
    return _REPLY_PREFIXES.sub("", " ".join((subject or "").split()))
