"""Did a person write this mail, or did a program answer by itself? Nothing of Odoo."""

import re
from collections.abc import Iterator
from email.message import Message
from typing import NamedTuple

from .mail_headers import get_header, get_raw, get_sender

PERSON = "person"
# A program answered by itself: on leave, received, read
ANSWER = "answer"
# A mail server says that a mail of ours was not delivered …
FAILED = "failed"
# … or not yet, or that it was
REPORT = "report"

_AWAY = re.compile(
    r"^\s*(?:(?:re|fwd?|tr) ?: ?)*(?:automatic reply|auto[- ]?reply|autoreply|"
    r"out of (?:the )?office|trả lời tự động|tự động trả lời|thư trả lời tự động|"
    r"tra loi tu dong|vắng mặt tự động)\b",
    re.I,
)
_DELAYED = re.compile(
    r"\bdelay|still being retried|could not send message for past|will keep trying|"
    r"^warning:|chậm|trì hoãn",
    re.I,
)
_DAEMON = re.compile(r"^mailer-daemon$|^mail-daemon$", re.I)
_ACTION = re.compile(rb"^Action:[ \t]*(\w+)", re.M | re.I)
_RECIPIENT = re.compile(rb"^Final-Recipient:[^;\r\n]{0,100};[ \t]*(\S+)", re.M | re.I)


class Fate(NamedTuple):
    """What a report says of one recipient (RFC 3464)."""

    address: str
    action: str  # failed, delayed, delivered, relayed, expanded


def get_origin(message: Message) -> str:
    """Return one of the above.

    Set aside is what says of itself that a program answered (RFC 3834) or that it
    reports on a mail (RFC 3464, RFC 8098). ``Auto-Submitted: auto-generated`` is what a
    form of a commune's site writes for a person, ``Precedence: bulk`` what an office's
    server adds to each mail: both are heard.
    """
    if _is_report(message):
        return _judge_report(message)
    submitted = get_header(message, "Auto-Submitted").lower()
    precedence = get_header(message, "Precedence").lower()
    if submitted.startswith("auto-replied") or precedence == "auto_reply":
        return ANSWER
    for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Reply", "X-Vacation"):
        if get_header(message, name).lower() not in ("", "no", "false", "0"):
            return ANSWER
    # Whoever writes by hand does not begin so, or does not say the rest with it.
    if _AWAY.match(get_header(message, "Subject")) and (
        submitted.startswith("auto-")
        or precedence in ("bulk", "junk")
        or _has_null_path(message)
        or get_raw(message, "X-Auto-Response-Suppress")
        or get_raw(message, "In-Reply-To")
    ):
        return ANSWER
    return PERSON


def read_fates(message: Message) -> list[Fate]:
    """Return what a delivery report says, recipient by recipient."""
    return [
        fate
        for part in _walk(message)
        if part.get_content_type() == "message/delivery-status"
        for fate in _read_status(part)
    ]


def _is_report(message: Message) -> bool:
    if message.get_content_type() == "multipart/report":
        return True
    if get_raw(message, "X-Failed-Recipients"):
        return True
    _name, address = get_sender(message)
    if _DAEMON.match(address.partition("@")[0]):
        return True
    return address.lower().startswith("postmaster@") and (
        _has_null_path(message)
        or get_header(message, "Auto-Submitted").lower().startswith("auto-")
    )


def _judge_report(message: Message) -> str:
    """Return what a report comes to: one failure among others is one."""
    kind = str(message.get_param("report-type", "") or "").lower()
    if kind in ("disposition-notification", "feedback-report"):
        return REPORT
    actions = {fate.action for fate in read_fates(message)}
    if actions:
        return FAILED if "failed" in actions else REPORT
    if _DELAYED.search(get_header(message, "Subject")):
        return REPORT
    return FAILED


def _has_null_path(message: Message) -> bool:
    return "<>" in get_raw(message, "Return-Path")


def _walk(message: Message) -> Iterator[Message]:
    stack = [message]
    for _part in range(200):
        if not stack:
            return
        part = stack.pop()
        yield part
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            stack += reversed(part.get_payload())


def _read_status(part: Message) -> Iterator[Fate]:
    """Yield what the groups of a status say; the standard library makes them parts."""
    if part.is_multipart():
        text = b"\n\n".join(
            "\n".join(f"{name}: {value}" for name, value in group.raw_items()).encode(
                "ascii", "replace"
            )
            for group in part.get_payload()
        )
    else:
        text = part.get_payload(decode=True) or b""
    for group in re.split(rb"\r?\n[ \t]*\r?\n", text[:100_000]):
        action = _ACTION.search(group)
        if action:
            recipient = _RECIPIENT.search(group)
            yield Fate(
                recipient[1].decode("ascii", "replace").lower() if recipient else "",
                action[1].decode("ascii", "replace").lower(),
            )
