"""Zalo's HTTP interface: consult messages, ZNS and tokens. No Odoo.

Errors come with HTTP 200 and a negative ``error``. A request that may have arrived is
never called "not sent": what becomes of it is unclear then.
"""

import base64
import hashlib
from typing import Any, NamedTuple

import requests

from odoo.addons.pakn_1022_chat.tools.gateway import (
    BROKEN,
    NO_ANSWER,
    NO_CONNECTION,
    OutFile,
    Outgoing,
    Result,
)

SECONDS = 20
MB = 1024 * 1024
# Greatest number of bytes of what it takes as a file of a message. Zalo's own pages
# could not be read; so say integrators who quote them: pictures JPG and PNG to 1 MB
# (developers.esms.vn, "Send Zalo message with attached photo", and the SDK below), GIF
# to 5 MB, files PDF, DOC and DOCX to 5 MB, 5,000 of each a month
# (npm @warriorteam/redai-zalo-sdk 1.32, message-management.service). Other types are
# dropped without an error (github.com/nextlevelbuilder/goclaw), so none goes out here.
FILE_LIMITS = {
    "image/jpeg": MB,
    "image/png": MB,
    "image/gif": 5 * MB,
    "application/pdf": 5 * MB,
    "application/msword": 5 * MB,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": 5 * MB,
}
# The access token is not good any more; another one may be
TOKEN_ERRORS = frozenset((-216, -220, -124))
# The door is shut for this person
SHUT = {
    -213: "the citizen does not follow the account",
    -230: "no message of the citizen for seven days",
    -201: "the citizen is not known to the account",
    -114: "the citizen does not take messages of the account",
    -118: "the number has no Zalo account",
}
# Too fast, or Zalo has no time: certainly not sent
BUSY = frozenset((-32, -100))


class Urls(NamedTuple):
    api: str = "https://openapi.zalo.me"
    business: str = "https://business.openapi.zalo.me"
    oauth: str = "https://oauth.zaloapp.com"


class Tokens(NamedTuple):
    """``seconds``: how long the access token is good."""

    access: str
    refresh: str
    seconds: int


class NotReachedError(Exception):
    """Zalo certainly did not get the request."""


class RefusedError(Exception):
    """Zalo answered, with an error or what is no answer."""

    def __init__(self, text: str, code: int | None = None) -> None:
        super().__init__(text)
        self.code = code


def make_challenge(verifier: str) -> str:
    """Return the PKCE challenge (S256, without padding) of a verifier."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def post_message(urls: Urls, token: str, message: Outgoing) -> Result:
    """Send a consult message (``/v3.0/oa/message/cs``): words, or a file."""
    words: dict[str, Any] = {"text": message.text}
    if message.file:
        uploaded = upload(urls, token, message.file)
        if isinstance(uploaded, Result):
            return uploaded
        words = {"attachment": uploaded}
    body = {"recipient": {"user_id": message.identity}, "message": words}
    return _send(f"{urls.api}/v3.0/oa/message/cs", token, {"json": body}, "message_id")


def upload(urls: Urls, token: str, file: OutFile) -> Result | dict:
    """Give Zalo a file (``/v2.0/oa/upload/…``), which nobody sees before it is sent.

    :return: the attachment of a message, or what went wrong: what is unclear elsewhere
        is tried again here
    """
    kind = {"image/gif": "gif"}.get(file.mimetype) or (
        "image" if file.mimetype.startswith("image/") else "file"
    )
    name = "token" if kind == "file" else "attachment_id"
    parts = {"files": {"file": (file.name, file.data, file.mimetype)}}
    result = _send(f"{urls.api}/v2.0/oa/upload/{kind}", token, parts, name)
    if result.state == "unclear" or (result.state == "sent" and not result.outside_id):
        return Result("retry", reason=result.reason or "Zalo: no file number")
    if result.state != "sent":
        return result
    if kind == "file":
        return {"type": "file", "payload": {"token": result.outside_id}}
    element = {"media_type": kind, "attachment_id": result.outside_id}
    payload = {"template_type": "media", "elements": [element]}
    return {"type": "template", "payload": payload}


def post_zns(
    urls: Urls, token: str, phone: str, template: str, data: dict, tracking: str
) -> Result:
    """Send a ZNS message to a phone.

    :param phone: E.164
    """
    body = {
        "phone": phone.lstrip("+"),
        "template_id": template,
        "template_data": data,
        "tracking_id": tracking,
    }
    url = f"{urls.business}/message/template"
    return _send(url, token, {"json": body}, "msg_id")


def _send(url: str, token: str, content: dict, name: str) -> Result:
    """Post something; ``outside_id`` is what is called ``name`` in the answer.

    :param content: ``json`` or ``files``, as ``requests`` takes them
    """
    try:
        answer = requests.post(
            url,
            headers={"access_token": token},
            timeout=SECONDS,
            allow_redirects=False,
            **content,
        )
    except requests.ConnectTimeout:
        return Result("retry", reason=f"Zalo: {NO_CONNECTION}")
    except requests.ConnectionError as error:
        if "NewConnectionError" in repr(error) or "refused" in repr(error):
            return Result("retry", reason=f"Zalo: {NO_CONNECTION}")
        return Result("unclear", reason=f"Zalo: {BROKEN}")
    except requests.RequestException:
        return Result("unclear", reason=f"Zalo: {NO_ANSWER}")
    if answer.status_code in (429, 503):
        return Result("retry", reason=f"Zalo: HTTP {answer.status_code}")
    values = _read(answer)
    code = values.get("error") if values else None
    if not isinstance(code, int):
        return Result("unclear", reason=f"Zalo: HTTP {answer.status_code}")
    if code == 0:
        data = values.get("data")
        number = data.get(name) if isinstance(data, dict) else None
        return Result("sent", str(number or ""))
    text = f"Zalo {code}: {SHUT.get(code) or str(values.get('message'))[:200]}"
    if code in TOKEN_ERRORS:
        return Result("token", reason=text)
    if code in BUSY:
        return Result("retry", reason=text)
    return Result("shut" if code in SHUT else "failed", reason=text)


def refresh(urls: Urls, app_id: str, secret: str, token: str) -> Tokens:
    """Trade a refresh token, which can be used once, for new tokens.

    :raise NotReachedError: it was certainly not used
    :raise RefusedError: used, or perhaps used
    """
    form = {"refresh_token": token, "app_id": app_id, "grant_type": "refresh_token"}
    return _get_tokens(urls, secret, form)


def exchange(urls: Urls, app_id: str, secret: str, code: str, verifier: str) -> Tokens:
    """Trade the code of a consent for the first tokens."""
    form = {
        "app_id": app_id,
        "code": code,
        "grant_type": "authorization_code",
        "code_verifier": verifier,
    }
    return _get_tokens(urls, secret, form)


def _get_tokens(urls: Urls, secret: str, form: dict) -> Tokens:
    try:
        answer = requests.post(
            f"{urls.oauth}/v4/oa/access_token",
            data=form,
            headers={"secret_key": secret},
            timeout=SECONDS,
            allow_redirects=False,
        )
    except requests.ConnectTimeout as error:
        raise NotReachedError from error
    except requests.ConnectionError as error:
        if "NewConnectionError" in repr(error) or "refused" in repr(error):
            raise NotReachedError from error
        raise RefusedError("the connection broke off") from error
    except requests.RequestException as error:
        raise RefusedError("no answer in time") from error
    values = _read(answer)
    access, again = values.get("access_token"), values.get("refresh_token")
    if not isinstance(access, str) or not isinstance(again, str) or not access:
        code = values.get("error")
        raise RefusedError(
            str(values.get("error_name") or values.get("message") or "")[:200]
            or f"HTTP {answer.status_code}",
            code if isinstance(code, int) else None,
        )
    try:
        seconds = int(values.get("expires_in") or 90000)
    except (TypeError, ValueError):
        seconds = 3600
    return Tokens(access, again, seconds)


def call(url: str, token: str, method: str = "GET", **values: Any) -> dict:
    """Ask Zalo something that changes nothing; return its answer.

    :raise RefusedError: no proper answer, or an error
    """
    kwargs = {"params": values} if method == "GET" else {"json": values}
    try:
        answer = requests.request(
            method,
            url,
            headers={"access_token": token},
            timeout=SECONDS,
            allow_redirects=False,
            **kwargs,
        )
    except requests.RequestException as error:
        raise RefusedError("no connection") from error
    values = _read(answer)
    code = values.get("error")
    if code != 0:
        raise RefusedError(
            str(values.get("message") or f"HTTP {answer.status_code}")[:200],
            code if isinstance(code, int) else None,
        )
    return values


def _read(answer: requests.Response) -> dict:
    try:
        values = answer.json()
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}
