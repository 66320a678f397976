"""Calls to the outside by a vendor's exchange. Nothing of Odoo.

The own telephone rings first, then the citizen's. What is known of each vendor:

- **OMICall**, its documentation (https://api.omicall.com/omicall-api/authentication,
  …/click-to-call): a token by ``GET /api/auth?apiKey=``, then ``POST /api/click2call``
  with ``extension``, ``hotline``, ``phone_number``; ``status_code`` 9999 is success,
  the call's id is ``payload.call_uuid``, what went wrong ``payload.error``.
- **Stringee**, its documentation of the contact centre
  (https://developer.stringee.com/docs/rest-api-reference/
  Make-call-to-an-agent-then-connect-the-call-to-a-phone and
  …/icc-rest-api-authentication):
  ``POST /v1/call/callout`` with a token signed by the key; ``r`` 0 is success. Its
  table gives the two numbers' meanings the wrong way round, its sample is followed. It
  names no id of the call in the answer; where one comes, as integrators have seen
  (``callId``), it is taken.
- **VoiceCloud**: its published pages were not found to say how a call is asked for.
  Three integrators' programs do it alike: ``GET /api/CallControl/dial/from_number/…/
  to_number/…/key/…/domain/…``, answered by the word ``Success``. So this is their word.

No vendor documents how it says that there is no credit, and Stringee documents none of
its numbers but 0: that is told by the words of the message, else it is a refusal.
"""

import base64
import hashlib
import hmac
import http.client
import json
import re
import socket
import time
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from .recording import CheckedConnection

# Seconds for all of it, bytes of an answer
TIME_LIMIT, ANSWER_LIMIT = 10, 64 * 1024
CHUNK = 65536
# Seconds for which a token of ours is good
TOKEN_LIFE = 300
# Where each vendor is asked; VoiceCloud's exchange has an address of its own
ADDRESSES = {
    "omicall": "https://public-v1-stg.omicall.com",
    "stringee": "https://icc-api.stringee.com",
}
SUCCESS = 9999
OMICALL_ERRORS = {
    "user_not_registered": "agent",
    "extension_invalid": "extension",
    "number_call_out_invalid": "hotline",
    "tenant_invalid": "key",
    "user_busy": "busy",
    "do_not_call": "refuses_calls",
}
# Of what a vendor writes, the reason that it is; the first that is found
WORDS = (
    ("credit", r"balance|credit|money|funds|số dư|hết tiền|nạp tiền"),
    (
        "agent",
        r"not.?registered|not.?log|offline|unavailable|not.?available|not.?ready",
    ),
    ("extension", r"(agent|extension|user).{0,20}(not.?found|not.?exist|invalid)"),
    ("hotline", r"(number|hotline).{0,20}(not.?found|not.?allow|invalid)"),
    ("key", r"token|unauthori[sz]ed|forbidden|signature|api.?key|access.?denied"),
    ("busy", r"\bbusy\b"),
)


class DialError(Exception):
    """No call was made, as far as is known; the message is a word for why.

    One of ``settings``, ``key``, ``credit``, ``agent``, ``extension``, ``hotline``,
    ``busy``, ``refuses_calls``, ``time`` (the call may come all the same), ``refused``
    and ``unreachable``. It holds nothing that was sent or received.
    """


class Line(NamedTuple):
    """How calls go out; ``key_name`` is Stringee's SID or VoiceCloud's domain."""

    url: str
    secret: str
    key_name: str = ""
    hotline: str = ""


def dial_omicall(line: Line, extension: str, number: str, deadline: float) -> str:
    """Return the id of the call; see the module for what is known of the vendor."""
    _need(line.secret, line.hotline)
    answer = _ask_json(
        "GET", f"{line.url}/api/auth?apiKey={quote(line.secret, safe='')}", deadline
    )
    token = _get(answer, "payload", "access_token")
    if answer.get("status_code") != SUCCESS or not isinstance(token, str):
        raise DialError("key")
    if not re.fullmatch(r"[\x21-\x7e]+", token):
        raise DialError("unreachable")
    answer = _ask_json(
        "POST",
        f"{line.url}/api/click2call",
        deadline,
        {
            "extension": extension,
            "hotline": line.hotline,
            "phone_number": to_national(number),
        },
        {"Authorization": f"Bearer {token}"},
    )
    if answer.get("status_code") != SUCCESS:
        error = str(_get(answer, "payload", "error") or "")
        said = f"{error} {_get(answer, 'payload', 'message')} {answer.get('message')}"
        raise DialError(OMICALL_ERRORS.get(error) or classify(said))
    return _read_call_id(_get(answer, "payload", "call_uuid"))


def dial_stringee(line: Line, extension: str, number: str, deadline: float) -> str:
    """Return the id of the call, empty where none was told."""
    _need(line.secret, line.key_name, line.hotline)
    hotline = line.hotline.lstrip("+")
    shown = f"Call-out-from-{hotline}"
    answer = _ask_json(
        "POST",
        f"{line.url}/v1/call/callout",
        deadline,
        {
            "agentUserId": extension,
            "toAgentFromNumberDisplay": shown,
            "toAgentFromNumberDisplayAlias": f"{shown}-Alias",
            "toCustomerFromNumber": hotline,
            "customerNumber": number.lstrip("+"),
        },
        {"X-STRINGEE-AUTH": sign_stringee(line.key_name, line.secret, time.time())},
    )
    if answer.get("r") != 0 or isinstance(answer.get("r"), bool):
        raise DialError(classify(str(answer.get("message") or answer.get("msg"))))
    return _read_call_id(answer.get("callId") or answer.get("call_id"))


def dial_voicecloud(line: Line, extension: str, number: str, deadline: float) -> str:
    """Have a call made; its id comes with its first event."""
    _need(line.url, line.secret, line.key_name)
    parts = {
        "from_number": extension,
        "to_number": to_national(number),
        "key": line.secret,
        "domain": line.key_name,
    }
    path = "/".join(f"{name}/{quote(text, safe='')}" for name, text in parts.items())
    said = _ask("GET", f"{line.url}/api/CallControl/dial/{path}", deadline)
    text = said.decode("utf-8", "replace").strip().strip('"')
    if text.lower() != "success":
        raise DialError(classify(text[:300]))
    return ""


DIALERS = {
    "omicall": dial_omicall,
    "stringee": dial_stringee,
    "voicecloud": dial_voicecloud,
}


def dial(kind: str, line: Line, extension: str, number: str,
         seconds: float = TIME_LIMIT) -> str:  # fmt: skip
    """Have a vendor ring a telephone of ours, then a number outside.

    :param kind: a key of :data:`DIALERS`
    :param number: E.164
    :return: the id that the vendor gives the call, empty where it tells none
    :raise DialError: see there
    """
    url = (line.url or ADDRESSES.get(kind, "")).rstrip("/")
    deadline = time.monotonic() + seconds
    return DIALERS[kind](line._replace(url=url), extension, number, deadline)


def classify(text: str) -> str:
    """Return the reason that a vendor's message gives.

    >>> classify("Account balance is not enough"), classify("?")
    ('credit', 'refused')
    """
    text = text.lower()
    return next((name for name, words in WORDS if re.search(words, text)), "refused")


def to_national(number: str) -> str:
    """Return a number as it is dialled in Vietnam.

    >>> to_national("+84905123456"), to_national("+66812345678")
    ('0905123456', '0066812345678')
    """
    if number.startswith("+84"):
        return f"0{number[3:]}"
    return number.replace("+", "00")


def sign_stringee(sid: str, secret: str, now: float) -> str:
    """Return a token (JWT, HS256) by which Stringee knows the project.

    :param now: seconds since 1970
    """
    head = {"typ": "JWT", "alg": "HS256", "cty": "stringee-api;v=1"}
    claims = {
        "jti": f"{sid}-{round(now * 1000)}",
        "iss": sid,
        "exp": round(now) + TOKEN_LIFE,
        "rest_api": True,
    }
    signed = ".".join(
        _to_base64(json.dumps(part, separators=(",", ":")).encode())
        for part in (head, claims)
    )
    digest = hmac.digest(secret.encode(), signed.encode(), hashlib.sha256)
    return f"{signed}.{_to_base64(digest)}"


def _to_base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _need(*settings: str) -> None:
    if not all(settings):
        raise DialError("settings")


def _get(answer: Mapping, *names: str):
    """Return what lies so deep in an answer, ``None`` where it has another form."""
    for name in names:
        answer = answer.get(name) if isinstance(answer, Mapping) else None
    return answer


def _read_call_id(value) -> str:
    """Return an id as ``tools.vendors`` reads it in events."""
    is_id = isinstance(value, str) and re.fullmatch(r"[\x21-\x7e]{1,128}", value)
    return value if is_id else ""


def _ask_json(method, url, deadline, values=None, headers=()):
    """Return what a vendor answers as ``{name: value}``.

    :raise DialError: it is none, or the vendor could not be asked
    """
    body = None if values is None else json.dumps(values).encode()
    said = _ask(
        method,
        url,
        deadline,
        body,
        {"Content-Type": "application/json", "Accept": "application/json"}
        | dict(headers),
    )
    try:
        answer = json.loads(said)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise DialError("unreachable")
    return answer


def _ask(method, url, deadline, body=None, headers=None) -> bytes:
    """Return what a vendor answers; it is followed nowhere: the key would go along.

    :raise DialError: it cannot be reached, refuses the key, or breaks off
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise DialError("settings") from error
    if parts.scheme not in ("http", "https") or not host:
        raise DialError("settings")
    port = port or (443 if parts.scheme == "https" else 80)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    connection = None
    try:
        [(*_family, address), *_more] = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )
        connection = CheckedConnection(
            host, port, address[0], parts.scheme == "https", deadline
        )
        connection.request(
            method, path, body, {"User-Agent": "1022", **(headers or {})}
        )
        reply = connection.getresponse()
        if reply.status in (401, 403):
            raise DialError("key")
        said = _read(reply, connection, deadline)
        if reply.status >= 500 or 300 <= reply.status < 400:
            raise DialError("unreachable")
        # Of 4xx the answer itself says what is wrong
        return said
    except TimeoutError:
        raise DialError("time") from None
    except (OSError, UnicodeError, ValueError, http.client.HTTPException):
        # What was asked for holds the key: no trace of it
        raise DialError("unreachable") from None
    finally:
        if connection:
            connection.close()


def _read(reply, connection, deadline) -> bytes:
    data = bytearray()
    while True:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if connection.sock:
            connection.sock.settimeout(left)
        chunk = reply.read1(CHUNK)
        if not chunk:
            return bytes(data)
        data += chunk
        if len(data) > ANSWER_LIMIT:
            raise DialError("unreachable")
