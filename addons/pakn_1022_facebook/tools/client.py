"""Facebook's Graph interface: private messages and answers to comments. No Odoo."""

import json
from typing import Any

import requests

from odoo.addons.pakn_1022_chat.tools.gateway import (
    BROKEN,
    NO_ANSWER,
    NO_CONNECTION,
    Outgoing,
    Result,
)

SECONDS = 20
MB = 1024 * 1024
# Greatest number of bytes of what is sent as a file of a message: 25 MB, pictures 8 MB
# (developers.facebook.com/documentation/business-messaging/messenger-platform/
# send-messages/saving-assets, of 22 April 2026). It says the 8 MB of pictures that it
# fetches and nothing of those that are handed over, so these keep to them too.
FILE_LIMITS = {
    "image/jpeg": 8 * MB,
    "image/png": 8 * MB,
    "image/gif": 8 * MB,
    "application/pdf": 25 * MB,
    "application/msword": 25 * MB,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": 25 * MB,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": 25 * MB,
}
# Code, or (code, subcode): the door is shut for this person
SHUT = {
    10: "outside of the hours in which an answer is allowed",
    551: "this person takes no messages of the page now",
}
BUSY = frozenset((4, 32, 613))
TOKEN = 190


def send(base: str, token: str, message: Outgoing, tag: str = "") -> Result:
    """Send a private message: words, or a file.

    :param base: of the Graph with its version
    :param tag: ``HUMAN_AGENT`` after the first day, when a person wrote it
    """
    file, recipient = message.file, {"id": message.identity}
    body: dict[str, Any] = {"messaging_type": "RESPONSE"}
    if tag:
        body = {"messaging_type": "MESSAGE_TAG", "tag": tag}
    url = f"{base}/me/messages"
    if not file:
        body |= {"recipient": recipient, "message": {"text": message.text}}
        return _post(url, token, {"json": body}, "message_id")
    kind = "image" if file.mimetype.startswith("image/") else "file"
    attachment = {"type": kind, "payload": {"is_reusable": False}}
    # A form with the file in it, whose values are JSON where they are no words
    body |= {
        "recipient": json.dumps(recipient),
        "message": json.dumps({"attachment": attachment}),
    }
    files = {"filedata": (file.name, file.data, file.mimetype)}
    return _post(url, token, {"data": body, "files": files}, "message_id")


def comment(base: str, token: str, number: str, text: str) -> Result:
    """Answer a comment or post in public."""
    content = {"json": {"message": text}}
    return _post(f"{base}/{number}/comments", token, content, "id")


def _post(url: str, token: str, content: dict, name: str) -> Result:
    """Post something: ``json``, or ``data`` and ``files`` as of ``requests``."""
    try:
        answer = requests.post(
            url,
            params={"access_token": token},
            timeout=SECONDS,
            allow_redirects=False,
            **content,
        )
    except requests.ConnectTimeout:
        return Result("retry", reason=f"Facebook: {NO_CONNECTION}")
    except requests.ConnectionError as error:
        if "NewConnectionError" in repr(error) or "refused" in repr(error):
            return Result("retry", reason=f"Facebook: {NO_CONNECTION}")
        return Result("unclear", reason=f"Facebook: {BROKEN}")
    except requests.RequestException:
        return Result("unclear", reason=f"Facebook: {NO_ANSWER}")
    try:
        values = answer.json()
    except ValueError:
        values = None
    if not isinstance(values, dict):
        return Result("unclear", reason=f"Facebook: HTTP {answer.status_code}")
    error = values.get("error")
    if not isinstance(error, dict):
        number = values.get(name)
        if answer.ok and isinstance(number, str) and number:
            return Result("sent", number)
        return Result("unclear", reason=f"Facebook: HTTP {answer.status_code}")
    code = error.get("code")
    words = SHUT.get(code) if isinstance(code, int) else None
    text = f"Facebook {code}: {words or str(error.get('message'))[:200]}"
    if code == TOKEN:
        return Result("token", reason=text)
    if code in BUSY:
        return Result("retry", reason=text)
    if words:
        return Result("shut", reason=text)
    if answer.status_code >= 500:
        return Result("unclear", reason=text)
    return Result("failed", reason=text)


def get_page(base: str, token: str) -> str:
    """Return the name of the page whose token it is.

    :raise ValueError: in words, what Facebook says
    """
    try:
        answer = requests.get(
            f"{base}/me", params={"access_token": token}, timeout=SECONDS
        )
        values = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise ValueError("no connection") from error
    error = values.get("error") if isinstance(values, dict) else {}
    if error or not isinstance(values, dict):
        raise ValueError(str((error or {}).get("message"))[:200])
    return str(values.get("name") or "")
