"""What can be told of an incoming mail before anything is done with it. No Odoo."""

import codecs
import email
import email.policy
import re
from email.message import EmailMessage

from .ticket_code import normalize_code

_CODE = re.compile(r"\bGL\s?[0-9]{2}[-\s]?[0-9]{6,}[-\s]?[0-9]\b", re.I)
_REPLY_PREFIXES = re.compile(
    r"^(?:(?:re|fwd?|tr|aw|wg|trả lời|chuyển tiếp) ?: ?)+", re.I
)
_AUTOMATIC_SUBJECT = re.compile(
    r"^\s*(?:automatic reply|auto[- ]?reply|auto:|out of (?:the )?office|"
    r"trả lời tự động|tự động trả lời|thư trả lời tự động)",
    re.I,
)
_REFERENCE = re.compile(r"<[^<>\s]+>")


def parse_mail(raw: bytes) -> EmailMessage:
    """Return the ``EmailMessage`` that these bytes are (RFC 5322)."""
    return email.message_from_bytes(raw, policy=email.policy.SMTP)


def repair_charsets(message: EmailMessage) -> bool:
    """Take what names an unknown character set as UTF-8; return whether any did."""
    repaired = False
    for part in message.walk():
        charset = part.get_content_charset()
        if charset:
            try:
                codecs.lookup(charset)
            except LookupError:
                part.set_param("charset", "utf-8")
                repaired = True
    return repaired


def get_header(message: EmailMessage, name: str) -> str:
    """Return a header as text; one that cannot be read as an empty one."""
    try:
        return " ".join(str(value) for value in message.get_all(name, []))
    except Exception:  # noqa: BLE001 - the standard library stumbles over broken headers
        return ""


def is_automatic(message: EmailMessage) -> bool:
    """Return whether a program sent this mail by itself (RFC 3834, 3464).

    An answer to it would be answered by that program again.
    """
    submitted = get_header(message, "Auto-Submitted").strip().lower()
    if submitted and not submitted.startswith("no"):
        return True
    if get_header(message, "Precedence").strip().lower() in (
        "bulk",
        "junk",
        "auto_reply",
    ):
        return True
    for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Reply"):
        if get_header(message, name).strip().lower() not in ("", "no", "false"):
            return True
    if get_header(message, "Return-Path").strip() == "<>":
        return True
    if message.get_content_type() == "multipart/report":
        return True
    sender = get_header(message, "From").lower()
    if re.search(r"\b(?:mailer-daemon|postmaster)@", sender):
        return True
    return bool(_AUTOMATIC_SUBJECT.match(get_header(message, "Subject")))


def get_recipients(message: EmailMessage) -> set[str]:
    """Return the addresses a mail was sent or delivered to, in lower case."""
    names = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc", "Resent-To")
    text = " ".join(get_header(message, name) for name in names)
    words = re.split(r"[\s<>,;:\"'()]+", text.lower())
    return {word for word in words if "@" in word[1:-1]}


def get_references(message: EmailMessage) -> list[str]:
    """Return the ids of the mails that this one answers."""
    text = get_header(message, "In-Reply-To") + get_header(message, "References")
    return _REFERENCE.findall(text)


def find_codes(*texts: str | None) -> list[str]:
    """Return the codes of requests in these texts, each with a right check digit."""
    codes = [
        normalize_code(code) for text in texts for code in _CODE.findall(text or "")
    ]
    return list(dict.fromkeys(code for code in codes if code))


def strip_subject(subject: str | None) -> str:
    """Return a subject without ``Re:``, ``Fwd:`` and the like before it."""
    return _REPLY_PREFIXES.sub("", " ".join((subject or "").split()))
