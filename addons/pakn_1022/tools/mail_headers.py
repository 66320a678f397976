"""The headers of a mail as text, whatever they were written in. Nothing of Odoo."""

import base64
import binascii
import email.errors
import email.header
import quopri
import re
from email.message import Message
from email.utils import parseaddr

from .charsets import decode

# Characters of a header that are read; addresses in thousands are no sender's
LENGTH = 20_000
_WORD = re.compile(
    r"=\?([\w.:-]{1,60})(?:\*[\w-]{0,20})?\?([bq])\?(.{0,2000}?)\?=", re.I
)
_FOLD = re.compile(r"[\r\n]+")


def get_raw(message: Message, name: str) -> list[str]:
    """Return the values of a header as they stand, unfolded; bytes as surrogates.

    But for NUL, which no database stores: it is a letter that could not be read.
    """
    name = name.lower()
    return [
        _FOLD.sub("", str(value)[:LENGTH]).replace("\0", "\ufffd").strip()
        for found, value in message.raw_items()
        if found.lower() == name
    ]


def get_header(message: Message, name: str) -> str:
    """Return a header as text (RFC 2047, and what is written instead of it)."""
    return " ".join(decode_header(value) for value in get_raw(message, name)).strip()


# Before the @ of an address that nobody reads
_MACHINE = re.compile(
    r"(?:no|do-?not|khong|dung)[-_.]?(?:reply|respond|tra-?loi)|noreply|mailer|webform|"
    r"web-?master|www-data|apache|wordpress|notifications?|system|automail|"
    r"cong-?thong-?tin|website",
    re.I,
)


def get_sender(message: Message) -> tuple[str, str]:
    """Return name and address of the sender, each empty if there is none."""
    for value in get_raw(message, "From"):
        # Names are decoded last: one may contain a comma.
        name, address = parseaddr(value[:2000])
        if "@" in address:
            return decode_header(name), _to_text(address)
    return "", ""


def get_writer(message: Message) -> tuple[str, str]:
    """Return name and address of who wrote a mail, each empty if there is none.

    The sender, or who an answer goes to where a machine sent it: the form of a
    commune's site writes in the name of thousands.
    """
    sender = get_sender(message)
    if not _MACHINE.match(sender[1].partition("@")[0]):
        return sender
    for value in get_raw(message, "Reply-To"):
        name, address = parseaddr(value[:2000])
        address = _to_text(address)
        if "@" in address and not _MACHINE.match(address.partition("@")[0]):
            return decode_header(name), address
    return sender


# One address, with a name before it or a remark behind it, as programs write them
_ADDRESS = r"""[^\s<>()\[\]",:;@\\]+@[^\s<>()\[\]",:;@\\]+"""
_ONE = re.compile(
    rf"""(?:(?:"(?:[^"\\]|\\.)*"|[^"<>,:;@\\])*<({_ADDRESS})>|({_ADDRESS}))"""
    r"""\s*(?:\([^()@<>]*\))?"""
)


def get_proved(message: Message) -> str:
    """Return the address that a mail comes from in the eyes of every program; or "".

    What mail servers have examined (RFC 7489, 6.6.1) is one address in one header
    ``From``. Where there are several, a group, or words about an address, we may read
    another one than they did; and where answers are to go to is what somebody says.
    """
    values = get_raw(message, "From")
    match = _ONE.fullmatch(values[0][:2000]) if len(values) == 1 else None
    address = (match[1] or match[2]).lower() if match else ""
    return address if address and address == get_sender(message)[1].lower() else ""


def decode_header(value: str) -> str:
    """Return the text of a header's value.

    Neighbouring encoded words are one text: many programs cut letters in two.
    """
    value = value[:LENGTH]
    texts, place, data, charset = [], 0, b"", None
    for match in _WORD.finditer(value):
        between = value[place : match.start()]
        place = match.end()
        if between.strip() or match[1].lower() != charset:
            texts.append(_to_text(data, charset))
            data, charset = b"", match[1].lower()
            if between.strip() or not texts[-1]:
                texts.append(_to_text(between))
        data += _decode_word(match[2].lower(), match[3])
    texts += [_to_text(data, charset), _to_text(value[place:])]
    return re.sub(r"\s+", " ", "".join(texts)).strip()


def is_plain_header(value: str) -> bool:
    """Return whether any program reads a header as we do."""
    if len(value) > 2000 or not value.isascii():
        return False
    if "=?" not in value:
        return True
    try:
        known = str(email.header.make_header(email.header.decode_header(value)))
    except (LookupError, ValueError, email.errors.HeaderParseError):
        return False
    return "".join(known.split()) == "".join(decode_header(value).split())


def _decode_word(encoding: str, text: str) -> bytes:
    data = _to_bytes(text)
    if encoding == "q":
        return quopri.decodestring(data, header=True)
    data = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    try:
        return base64.b64decode(data + b"=" * (-len(data) % 4))
    except binascii.Error:
        return base64.b64decode(data[: len(data) // 4 * 4])


def _to_text(value: str | bytes, charset: str | None = None) -> str:
    if isinstance(value, str):
        if not value or value.isascii():
            return value
        value = _to_bytes(value)
    return decode(value, charset).text if value else ""


def _to_bytes(text: str) -> bytes:
    """Return the bytes that a text was parsed from; UTF-8 of what never was bytes."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # halves of a letter that no bytes are written as
        return text.encode("utf-8", "replace")
