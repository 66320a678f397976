"""What the addresses of Open311 share: who asks, how often, and errors in its form.

An address names its path without the format, how often a visitor may call it, and what
a key must allow::

    @georeport("/services", per_minute=120)
    def services(self, ext): ...
"""

import functools

from odoo import http
from odoo.http import Response, request

from odoo.addons.pakn_1022_website.controllers.caching import NOBODY
from odoo.addons.pakn_1022_website.controllers.common import (
    ROOM,
    get_address,
    hit,
    make_limit,
)

from ..tools.georeport import FORMATS, dump

ROOT = "/open311"
VERSION = f"{ROOT}/v2"
# Wrong keys of one address within an hour
WRONG = 30
# What scripts of other sites may send along, and read of an answer: no cookie is
# meant by any of it
SENT = (
    "Authorization, Citizen-Token, Request-Token, Content-Type, Idempotency-Key, "
    "If-None-Match"
)
READ = "ETag, Location, Retry-After"
# The answers are data: no page of ours, and read by pages of anybody
HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": READ,
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Vary": "Accept-Language",
}


# Path of an address -> methods by which it is called
METHODS = {}


class Refused(Exception):
    """What is answered with errors of GeoReport.

    :param int code: status of HTTP, which the specification wants in the body too
    :param sentences: one or several, each an error of its own
    """

    def __init__(self, code, *sentences, headers=None):
        super().__init__(sentences[0])
        self.code, self.sentences, self.headers = code, sentences, headers or {}


def make_error(code, sentences, headers=None, number=None):
    """Return errors in the form and format of GeoReport.

    :param int code: status of HTTP
    :param list sentences: one for each error
    :param int number: in the body, where it is another one
    """
    kind = "json" if request.httprequest.path.endswith(".json") else "xml"
    errors = [{"code": number or code, "description": str(text)} for text in sentences]
    return Response(
        dump(kind, "errors", errors),
        status=code,
        headers=HEADERS | NOBODY | (headers or {}),
        content_type=f"{FORMATS[kind]}; charset=utf-8",
    )


def answer(ext, name, content, status=200, headers=None):
    """Return what was asked for, in the format of the address."""
    return Response(
        dump(ext, name, content),
        status=status,
        headers=HEADERS | (headers or {}),
        content_type=f"{FORMATS[ext]}; charset=utf-8",
    )


def note_methods(paths, methods):
    """Note how addresses are called, for who asks (OPTIONS)."""
    for path in paths:
        known = METHODS.setdefault(path, [])
        known += [*methods, *(["HEAD"] if "GET" in methods else [])]


def tell_methods(paths):
    """Return how an address is called, and by which scripts of other sites.

    A browser asks before such a script sends a key, or asks for what it has already.
    """
    methods = sorted({*METHODS[paths[0]], "OPTIONS"})
    return Response(
        status=204,
        headers=HEADERS
        | {
            "Allow": ", ".join(methods),
            "Access-Control-Allow-Methods": ", ".join(methods),
            "Access-Control-Allow-Headers": SENT,
            "Access-Control-Max-Age": "86400",
        },
    )


def check_coding():
    """Refuse a body that is compressed: what it holds is not known before."""
    coding = request.httprequest.headers.get("Content-Encoding", "identity")
    if coding.strip().lower() not in ("", "identity"):
        raise Refused(
            415,
            request.env._("What is sent is not compressed here."),
            headers={"Accept-Encoding": "identity"},
        )


def georeport(*paths, per_minute, scope="read", key_is_needed=False, **options):
    """Decorate what answers as GeoReport says.

    Whoever brings no key is counted by address, as on the site's pages; who brings one
    by the program it belongs to. The program is ``request.pakn_client``, in sudo.

    :param paths: without the format
    :param int per_minute: calls of one visitor without a key
    :param str scope: what a key that is brought must allow
    :param bool key_is_needed: nobody calls it without
    :param options: of ``http.route``
    """
    limit = make_limit(per_minute * ROOM)
    routing = {
        "type": "http",
        "auth": "public",
        "methods": ["GET"],
        # When a key was used is noted
        "readonly": lambda *_args: "Authorization" not in request.httprequest.headers,
        "website": True,
        "multilang": False,
        "sitemap": False,
        **options,
    }
    routes = [f"{path}.<any({','.join(FORMATS)}):ext>" for path in paths]
    note_methods(paths, routing["methods"])

    def decorate(function):
        @functools.wraps(function)
        def wrapper(self, *args, **kwargs):
            if request.httprequest.method == "OPTIONS":
                return tell_methods(paths)
            try:
                check_coding()
                key = get_bearer() or request.httprequest.form.get("api_key", "")
                request.pakn_client = get_client(key, scope, key_is_needed, limit)
                check_jurisdiction()
                return function(self, *args, **kwargs)
            except Refused as error:
                # Nothing of a request is written yet, and what was counted stays so
                return make_error(error.code, error.sentences, error.headers)

        wrapper.rate_limit = limit
        return http.route(routes, **routing)(wrapper)

    return decorate


# ------------------------------------------------------------
# WHO ASKS
# ------------------------------------------------------------


def get_bearer():
    """Return the key of the header ``Authorization: Bearer``, or an empty text."""
    kind, _blank, key = request.httprequest.headers.get("Authorization", "").partition(
        " "
    )
    return key.strip() if kind.lower() == "bearer" else ""


def get_client(key, scope, is_needed, limit, unknown=403):
    """Return the program whose key was brought, in sudo; empty for nobody.

    A key never stands in an address, which logs keep.

    :param str key: empty for none
    :param str scope: what the key must allow
    :param bool is_needed: nobody comes without a key
    :param limit: ``RateLimit`` of those who bring none, or a wrong one
    :param int unknown: status where a key is missing or opens nothing
    """
    env = request.env
    clients = env["pakn.api.client"]
    if not key:
        check_pace(limit.hit(get_address()))
        if is_needed:
            raise Refused(unknown, env._("The api_key is missing."))
        return clients
    client_sudo = clients._find_by_key(key, request.httprequest.remote_addr)
    if not client_sudo:
        check_pace(limit.hit(get_address()) or hit("api_key", WRONG))
        raise Refused(unknown, env._("This api_key is not valid."))
    if not client_sudo._may(scope):
        raise Refused(403, env._("This api_key may not do this."))
    check_pace(hit("api_client", client_sudo.limit_minute, 60, key=str(client_sudo.id)))
    return client_sudo


def check_pace(wait):
    """Refuse who asks too often, with status 429 (RFC 6585).

    :param int wait: seconds, 0 for who does not
    """
    if wait:
        raise Refused(
            429,
            request.env._("Too many calls. Please wait %s seconds.", wait),
            headers={"Retry-After": str(wait)},
        )


def check_jurisdiction():
    """Refuse what is for another province; an empty name is as none."""
    given = request.httprequest.values.get("jurisdiction_id", "").strip()
    if not given:
        return
    known = request.env["ir.config_parameter"]._get_typed(
        "pakn_1022_api.jurisdiction_id", "gialai.gov.vn"
    )
    if given.lower() != known.lower():
        raise Refused(404, request.env._("There is no such jurisdiction_id here."))
