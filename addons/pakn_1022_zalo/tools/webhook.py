"""What Zalo's webhook sends: its signature, its key, and what it says. No Odoo.

Source: captures by integrators and Zalo's SDK; the mac is a plain SHA-256, no HMAC.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from odoo.addons.pakn_1022_chat.tools.gateway import Event, File

# Zalo delivers again for twelve hours; clocks may be apart a little
OLDEST, AHEAD = timedelta(days=2), timedelta(minutes=15)
TEXT_LENGTH = 10_000
FILES = 20


def sign(app_id: str, body: bytes, timestamp: str, secret: str) -> str:
    """Return the hexadecimal mac of a body."""
    # JSON may hold half a character, which no encoding has
    stamp = timestamp.encode(errors="replace")
    data = app_id.encode() + body + stamp + secret.encode()
    return hashlib.sha256(data).hexdigest()


def is_signed(
    given: str | None, app_id: str, body: bytes, timestamps: tuple, secret: str
) -> bool:
    """Return whether a body was signed with the OA's secret key.

    :param given: header ``X-ZEvent-Signature``, ``mac=…`` or the mac alone
    :param timestamps: that of the body and that of the header; either counts
    """
    mac = (given or "").strip().removeprefix("mac=").lower().encode()
    if not secret or not app_id:
        return False
    return any(
        hmac.compare_digest(sign(app_id, body, str(one), secret).encode(), mac)
        for one in timestamps
        if one
    )


def is_fresh(timestamp: Any, now: datetime) -> bool:
    """Return whether a time stamp (milliseconds) is of these days.

    :param now: aware
    """
    try:
        moment = datetime.fromtimestamp(int(timestamp) / 1000, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return False
    return now - OLDEST <= moment <= now + AHEAD


def get_key(payload: Mapping, body: bytes) -> str:
    """Return what an event is known by: delivered again it is the same."""
    name, message = _text(payload.get("event_name")), payload.get("message")
    number = _text(message.get("msg_id")) if isinstance(message, Mapping) else ""
    return f"{name[:60]}:{number[:100] or hashlib.sha256(body).hexdigest()}"


def get_identity(payload: Mapping) -> str:
    """Return whose conversation an event is about."""
    name = _text(payload.get("event_name"))
    role = "follower" if name in ("follow", "unfollow") else "sender"
    if name.startswith("oa_send") or name == "user_received_message":
        role = "recipient"
    who = payload.get(role)
    return _text(who.get("id"))[:100] if isinstance(who, Mapping) else ""


def parse(payload: Any) -> list[Event]:
    """Return what a body says; what is not known is ignored, not refused."""
    if not isinstance(payload, Mapping):
        return []
    name, identity = _text(payload.get("event_name")), get_identity(payload)
    message = payload.get("message")
    message = message if isinstance(message, Mapping) else {}
    key = _text(message.get("msg_id")) or _text(payload.get("timestamp"))
    if name in ("follow", "unfollow"):
        return [Event(name, key, identity)]
    if name == "user_seen_message":
        ids = message.get("msg_ids")
        ids = ids if isinstance(ids, list) else [message.get("msg_id")]
        return [
            Event("read", key, identity, about=tuple(filter(None, map(_text, ids))))
        ]
    if name == "user_received_message":
        return [Event("delivered", key, identity, about=(key,))]
    if name == "user_submit_info":
        info = payload.get("info")
        info = info if isinstance(info, Mapping) else {}
        words = [_text(info.get(one)) for one in ("name", "phone", "address", "ward")]
        text = ", ".join(filter(None, words))
        return [Event("message", f"info-{key}", identity, text=text[:TEXT_LENGTH])]
    if not name.startswith("user_send_") or not key or not identity:
        return [Event("ignored", key, identity)]
    return [_read_message(name.removeprefix("user_send_"), key, identity, message)]


def _read_message(kind: str, key: str, identity: str, message: Mapping) -> Event:
    text, files, place = _text(message.get("text")), [], None
    attachments = message.get("attachments")
    for one in attachments[:FILES] if isinstance(attachments, list) else ():
        payload = one.get("payload") if isinstance(one, Mapping) else None
        if not isinstance(payload, Mapping):
            continue
        url = _text(payload.get("url"))
        if kind == "location":
            place = _read_place(payload, text)
        elif kind == "link":
            text = "\n".join(filter(None, (text, url)))
        elif kind in ("image", "file", "audio", "video", "gif") and url:
            files.append(File(url, _text(payload.get("name")), kind == "audio"))
        elif kind == "business_card":
            words = (_text(payload.get(name)) for name in ("description", "name"))
            text = "\n".join(filter(None, (text, *words)))
    if place:
        text = ""
    return Event(
        "message",
        key,
        identity,
        text=text[:TEXT_LENGTH],
        files=tuple(files),
        place=place,
    )


def _read_place(payload: Mapping, name: str) -> tuple[float, float, str] | None:
    found = payload.get("coordinates")
    if not isinstance(found, Mapping):
        return None
    try:
        latitude, longitude = float(found["latitude"]), float(found["longitude"])
    except (KeyError, TypeError, ValueError):
        return None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return None
    return latitude, longitude, name[:200]


def _text(value: Any) -> str:
    """Return a value of a payload as text that PostgreSQL takes."""
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        return ""
    text = str(value).replace("\x00", "")
    return text.encode("utf-8", "ignore").decode("utf-8")
