"""What Facebook's webhook sends: its signature, its parts, and what they say. No Odoo.

Source: developers.facebook.com, Messenger Platform and Page webhooks.
"""

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from odoo.addons.pakn_1022_chat.tools.gateway import Event, File

TEXT_LENGTH, FILES, PARTS = 10_000, 20, 200
# Identity of a conversation that is held in public
PUBLIC = "comment:"


class Part(NamedTuple):
    """What one webhook call tells of one person; stored by itself."""

    key: str
    identity: str
    payload: dict


def sign(body: bytes, secret: str) -> str:
    """Return the header ``X-Hub-Signature-256`` of a body."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def is_signed(given: str | None, body: bytes, secret: str) -> bool:
    """Return whether a body was signed with the app's secret."""
    if not secret:
        return False
    return hmac.compare_digest(sign(body, secret).encode(), (given or "").encode())


def split(payload: Any, page: str) -> Iterator[Part]:
    """Yield the parts of a call that are about a page; others' are not ours."""
    count = 0
    for entry in _list(_dict(payload).get("entry")):
        if _text(_dict(entry).get("id")) != page:
            continue
        for kind in ("messaging", "changes"):
            for value in _list(entry.get(kind)):
                part = _name(_dict(value), kind)
                count += 1
                if part and count <= PARTS:
                    yield part


def _name(value: dict, kind: str) -> Part | None:
    if kind == "changes":
        feed = _dict(value.get("value"))
        number = _text(feed.get("comment_id")) or _text(feed.get("post_id"))
        verb = _text(feed.get("verb"))
        if value.get("field") != "feed" or not number:
            return None
        key = f"feed:{number[:120]}:{verb[:20]}"
        return Part(key, f"{PUBLIC}{number}"[:200], {"feed": feed})
    identity = _text(_dict(value.get("sender")).get("id"))
    message = _dict(value.get("message")) or _dict(value.get("postback"))
    mid = _text(message.get("mid"))
    if not identity:
        return None
    if edit := _dict(value.get("message_edit")):
        key = _name_edit(edit)
        return Part(f"msg:{key[:180]}", identity[:200], {"messaging": value})
    if not mid:
        told = str(sorted(value.items(), key=str)).encode("utf-8", "replace")
        mid = hashlib.sha256(told).hexdigest()
    return Part(f"msg:{mid[:180]}", identity[:200], {"messaging": value})


def parse(payload: Any, page: str) -> list[Event]:
    """Return what a part says; echoes and the page's own words are ignored."""
    values = _dict(payload)
    if "feed" in values:
        return [_read_feed(_dict(values["feed"]), page)]
    value = _dict(values.get("messaging"))
    identity = _text(_dict(value.get("sender")).get("id"))
    message = _dict(value.get("message"))
    if message.get("is_echo") or identity == page:
        return [Event("ignored", "", identity)]
    if isinstance(value.get("delivery"), dict):
        mids = map(_text, _list(value["delivery"].get("mids")))
        return [Event("delivered", "", identity, about=tuple(filter(None, mids)))]
    if isinstance(value.get("read"), dict):
        return [Event("read", _text(value["read"].get("watermark")), identity)]
    edit = _dict(value.get("message_edit"))
    # Of a message that is new, it says that it was edited 0 times
    if _text(edit.get("num_edit")).strip("0") and _text(edit.get("mid")):
        return [
            Event(
                "edit",
                _name_edit(edit),
                identity,
                text=_text(edit.get("text"))[:TEXT_LENGTH],
                about=(_text(edit.get("mid")),),
            )
        ]
    postback = _dict(value.get("postback"))
    mid = _text(message.get("mid")) or _text(postback.get("mid"))
    if not mid or not identity:
        return [Event("ignored", "", identity)]
    text = _text(message.get("text")) or _text(postback.get("title"))
    files, place = [], None
    for one in _list(message.get("attachments"))[:FILES]:
        kind, content = _text(_dict(one).get("type")), _dict(_dict(one).get("payload"))
        url = _text(content.get("url"))
        if kind in ("image", "video", "audio", "file") and url:
            files.append(File(url, "", kind == "audio"))
        elif kind == "fallback":
            text = "\n".join(filter(None, (text, url)))
        elif kind == "location":
            place = _read_place(_dict(content.get("coordinates")))
    return [
        Event(
            "message",
            mid,
            identity,
            text=text[:TEXT_LENGTH],
            files=tuple(files),
            place=place,
        )
    ]


def _name_edit(edit: dict) -> str:
    """Return what an edit of a message is known by: each is told by its number."""
    return f"edit:{_text(edit.get('num_edit'))[:10]}:{_text(edit.get('mid'))[:160]}"


def _read_feed(feed: dict, page: str) -> Event:
    number = _text(feed.get("comment_id")) or _text(feed.get("post_id"))
    author = _dict(feed.get("from"))
    identity = f"{PUBLIC}{number}"[:200]
    is_new = feed.get("verb") == "add" and feed.get("item") in (
        *("comment", "post", "status", "photo"),
    )
    text = _text(feed.get("message"))
    if not is_new or not text or not number or _text(author.get("id")) in ("", page):
        return Event("ignored", "", identity)
    return Event(
        "public", number, identity, _text(author.get("name")), text[:TEXT_LENGTH]
    )


def _read_place(found: dict) -> tuple[float, float, str] | None:
    try:
        latitude, longitude = float(found["lat"]), float(found["long"])
    except (KeyError, TypeError, ValueError):
        return None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return None
    return latitude, longitude, ""


def _dict(value: Any) -> dict:
    return dict(value) if isinstance(value, Mapping) else {}


def _list(value: Any) -> list:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    """Return a value of a payload as text that PostgreSQL takes."""
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        return ""
    text = str(value).replace("\x00", "")
    return text.encode("utf-8", "ignore").decode("utf-8")
