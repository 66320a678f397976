"""Ask a database of others over HTTP (JSON) or SOAP. Nothing of Odoo.

Whom it speaks to is looked at before (``pakn_1022/tools/outside.py``), also where the
description of a SOAP service leads; what identifies us goes to the host that the
administrator has named, and to no other.
"""

import base64
import ipaddress
import json
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode, urlsplit

import zeep
from lxml import etree
from requests import Response
from requests.exceptions import RequestException
from zeep.helpers import serialize_object
from zeep.transports import Transport
from zeep.wsse.username import UsernameToken

from odoo.addons.pakn_1022.tools import outside
from odoo.addons.pakn_1022.tools.html_text import is_heavy

from .reading import fill, parse_json

# It logs what it cannot read, with what a source says of people in it
logging.getLogger("zeep").setLevel(logging.CRITICAL)

# Bytes of an answer, and of the description of a service
MOST_BYTES = 2**20
# Seconds in which the description of a SOAP service is not fetched again
DESCRIPTION_SECONDS = 3600


class Down(Exception):
    """The source does not answer, or with what cannot be read.

    ``args[0]``: ``time``, ``address``, ``name``, ``answer``, ``status``, ``refused``
    (it does not know us), ``operation`` (it has no such).
    """


class Missing(Exception):
    """The source answers that there is nothing."""


@dataclass(frozen=True)
class Source:
    """Where and how to ask, as the administrator has set it up.

    ``arguments`` is what is sent, with ``{code}`` in it.
    """

    kind: str
    url: str
    operation: str = ""
    arguments: dict = field(default_factory=dict)
    authentication: str = "none"
    login: str = ""
    header: str = ""
    secret: str = field(default="", repr=False)
    seconds: float = 5


def parse_networks(text: str | None) -> list:
    """Return the networks that stand in a text, parted by blanks or commas.

    :raise ValueError: something else stands there
    """
    words = (text or "").replace(",", " ").replace(";", " ").split()
    return [ipaddress.ip_network(word) for word in words]


def is_allowed(address: str, networks: list) -> bool:
    """Return whether an IP address may be spoken to.

    Never this machine itself, nor its neighbours on the wire: their services, a
    cloud's among them, trust whoever reaches them.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    ip = getattr(ip, "ipv4_mapped", None) or ip
    if ip.is_loopback or ip.is_link_local or ip.is_multicast or ip.is_unspecified:
        return False
    named = any(ip in net for net in networks if net.version == ip.version)
    return named or outside.is_public(address)


def ask(source: Source, code: str, may_speak_to: Callable[[str], bool]):
    """Return what a source answers about a code: dicts, lists and scalars.

    :param may_speak_to: which IP addresses are spoken to
    :raise Down: see there
    :raise Missing: it says so by its status
    """
    speak = _Speaker(source, may_speak_to)
    try:
        if source.kind == "soap":
            return _ask_soap(source, code, speak)
        return _ask_http(source, code, speak)
    except outside.Unreachable as error:
        reason = error.args[0]
        raise Down("answer" if reason == "size" else reason) from error


class _Speaker:
    """Speaks HTTP for one look-up: one time-out for all, one host that knows us."""

    def __init__(self, source, may_speak_to):
        self.source, self.may_speak_to = source, may_speak_to
        self.deadline = time.monotonic() + source.seconds
        self.home = urlsplit(source.url)

    def __call__(self, method, url, body=None, headers=None):
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https"):
            raise Down("address")
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise Down("time")
        headers = {"User-Agent": "1022-lookup/1", **(headers or {})}
        if (parts.scheme, parts.netloc) == (self.home.scheme, self.home.netloc):
            headers |= get_headers(self.source)
        return outside.ask(
            method, url, body, headers, left, self.may_speak_to, MOST_BYTES
        )


def get_headers(source: Source) -> dict[str, str]:
    """Return the headers by which a source knows us."""
    if source.authentication == "basic":
        pair = base64.b64encode(f"{source.login}:{source.secret}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}
    if source.authentication == "bearer":
        return {"Authorization": f"Bearer {source.secret}"}
    if source.authentication == "header":
        return {source.header: source.secret}
    return {}


def _check_status(status):
    if status in (401, 403):
        raise Down("refused")
    if status == 404:
        raise Missing
    if not 200 <= status < 300:
        raise Down("status")


# ------------------------------------------------------------
# HTTP
# ------------------------------------------------------------


def _ask_http(source, code, speak):
    url = source.url.replace("{code}", quote(code, safe=""))
    sent = fill(source.arguments, code)
    body, headers = None, {"Accept": "application/json"}
    if source.kind == "post":
        body = json.dumps(sent, ensure_ascii=False).encode()
        headers["Content-Type"] = "application/json"
    elif sent:
        url += ("&" if urlsplit(url).query else "?") + urlencode(sent, doseq=True)
    answer = speak("GET" if body is None else "POST", url, body, headers)
    _check_status(answer.status)
    try:
        return parse_json(answer.body)
    except ValueError as error:
        raise Down("answer") from error


# ------------------------------------------------------------
# SOAP
# ------------------------------------------------------------


class _Transport(Transport):
    """What zeep speaks through: our own connections, and no file of this machine."""

    def __init__(self):
        super().__init__()
        # How the look-up at hand speaks: the transport is kept with the description
        self.now = threading.local()

    def speak(self, *arguments):
        return self.now.speak(*arguments)

    def get(self, address, params, headers):
        """Refuse operations that are asked by GET: nobody has looked at their address.

        :raise Down: always
        """
        raise Down("operation")

    def load(self, url):
        """Fetch a description or a schema that one names; a file is none."""
        answer = self.speak("GET", url)
        if answer.status != 200:
            raise Down("status")
        return _check_weight(answer.body)

    def post(self, address, message, headers):
        answer = self.speak("POST", address, message, headers)
        if answer.status in (401, 403):
            raise Down("refused")
        response = Response()
        response.status_code = answer.status
        response.headers["Content-Type"] = "text/xml; charset=utf-8"
        response._content = _check_weight(answer.body)
        return response


def _check_weight(body):
    """Return XML that its parser reads in no time.

    :raise Down: it takes minutes, whatever its time-out: ``answer``
    """
    # UTF-16 too: of two bytes for a letter one is none
    if is_heavy(body.replace(b"\0", b"").decode("latin-1")):
        raise Down("answer")
    return body


# Of each source the description as zeep has read it, and until when
_clients: dict[tuple, tuple[float, zeep.Client]] = {}
_KEPT = 20


def _get_client(source, speak):
    key = (source.url, source.authentication, source.login, source.secret)
    until, client = _clients.get(key, (0, None))
    if client and time.monotonic() < until:
        client.transport.now.speak = speak
        return client
    token = (
        UsernameToken(source.login, source.secret)
        if source.authentication == "wsse"
        else None
    )
    settings = zeep.Settings(
        strict=False, xml_huge_tree=False, forbid_dtd=True, forbid_entities=True
    )
    transport = _Transport()
    transport.now.speak = speak
    client = zeep.Client(source.url, wsse=token, transport=transport, settings=settings)
    if len(_clients) >= _KEPT:
        _clients.clear()
    _clients[key] = (time.monotonic() + DESCRIPTION_SECONDS, client)
    return client


def _ask_soap(source, code, speak):
    try:
        client = _get_client(source, speak)
        operation = getattr(client.service, source.operation, None)
        if operation is None:
            raise Down("operation")
        return serialize_object(operation(**fill(source.arguments, code)), dict)
    except zeep.exceptions.Fault as error:
        raise Down("status") from error
    except (
        zeep.exceptions.Error,
        RequestException,
        etree.LxmlError,
        AttributeError,
        KeyError,
        RecursionError,
        TypeError,
        ValueError,
    ) as error:
        # A description may hold whatever its server likes, and zeep stumbles over it
        raise Down("answer") from error
