"""What the addresses of the REST API share: who asks, what was sent, and answers.

An address names its path, how often a visitor may call it, and what a key must allow::

    @rest("/areas", per_minute=60)
    def areas(self, **_params): ...

Errors are those of RFC 9457, whoever makes them; ``docs/api.md`` says what is asked and
answered, ``tools/openapi.py`` in the form that programs read.
"""

import functools
import re
from contextlib import contextmanager

from werkzeug.http import HTTP_STATUS_CODES

from odoo import http
from odoo.http import Response, request
from odoo.tools import json_default
from odoo.tools.json import scriptsafe as json

from odoo.addons.pakn_1022_website.controllers.caching import (
    NOBODY,
    make_etag,
    respond,
)
from odoo.addons.pakn_1022_website.controllers.common import (
    ROOM,
    get_address,
    hit,
    make_limit,
)
from odoo.addons.pakn_1022_website.controllers.files import get_file_limits
from odoo.addons.pakn_1022_website.tools.text import clean_line

from ..tools.body import (
    MOST,
    WrongBody,
    find_wrong,
    get_fingerprint,
    read_object,
)
from ..tools.openapi_schemas import SCHEMAS
from .common import (
    HEADERS,
    WRONG,
    Refused,
    check_coding,
    check_pace,
    get_bearer,
    get_client,
    note_methods,
    tell_methods,
)

ROOT = "/api"
VERSION = f"{ROOT}/v1"
# Seconds in which what is published may be kept by anybody
FRESH = 60
PROBLEM = "application/problem+json"


class Wrong(Refused):
    """What was sent is wrong: status 422.

    :param dict errors: name of what was sent -> sentence
    """

    def __init__(self, errors):
        super().__init__(422, next(iter(errors.values())))
        self.errors = errors


def make_problem(code, sentences, headers=None, errors=None):
    """Return an error as RFC 9457 has it.

    :param int code: status of HTTP
    :param sentences: what is wrong, for people, in their language
    :param dict errors: name of what was sent -> sentence, where that is it
    """
    content = {
        "type": "about:blank",
        "title": HTTP_STATUS_CODES[code],
        "status": code,
        "detail": " ".join(str(sentence) for sentence in sentences),
    }
    if errors:
        content["errors"] = [
            {"name": name, "detail": str(text)} for name, text in errors.items()
        ]
    if code == 401:
        headers = {"WWW-Authenticate": 'Bearer realm="1022"', **(headers or {})}
    return Response(
        json.dumps(content, ensure_ascii=False).encode("utf-8", "replace"),
        status=code,
        headers=HEADERS | NOBODY | (headers or {}),
        content_type=PROBLEM,
    )


def answer(content, status=200, headers=None):
    """Return what was asked for, kept by nobody unless ``headers`` say else."""
    return Response(
        json.dumps(content, ensure_ascii=False, default=json_default).encode(
            "utf-8", "replace"
        ),
        status=status,
        headers=HEADERS | NOBODY | (headers or {}),
        content_type="application/json",
    )


def keep(content, max_age=FRESH):
    """Return what is public, or 304 to who has it still (RFC 9110)."""
    # Who brings a key is no visitor whose answer others get
    shared = not request.pakn_client
    return respond(
        lambda: answer(content),
        make_etag(content),
        max_age=max_age,
        shared=shared,
        headers=HEADERS,
    )


def rest(*paths, per_minute, scope="read", key_is_needed=False, **options):
    """Decorate what answers under :data:`VERSION`.

    Whoever brings no key is counted by address, as on the site's pages; who brings one
    by the program it belongs to. The program is ``request.pakn_client``, in sudo. Who
    is signed in on this browser is nobody here.

    :param paths: behind the version
    :param int per_minute: calls of one visitor without a key
    :param str scope: what a key that is brought must allow
    :param bool key_is_needed: nobody calls it without
    :param options: of ``http.route``
    """
    limit = make_limit(per_minute * ROOM)
    is_written = options.get("methods", ["GET"]) != ["GET"]
    routing = {
        "type": "http",
        "auth": "public",
        "methods": ["GET"],
        # When a key was used is noted
        "readonly": lambda *_args: (
            not is_written and "Authorization" not in request.httprequest.headers
        ),
        "website": True,
        "multilang": False,
        "sitemap": False,
        # Programs have no session; the key is what no other page knows
        "csrf": False,
        "save_session": False,
        **options,
    }
    routes = [f"{VERSION}{path}" for path in paths]
    note_methods(routes, routing["methods"])

    def decorate(function):
        @functools.wraps(function)
        def wrapper(self, *args, **kwargs):
            if request.httprequest.method == "OPTIONS":
                return tell_methods(routes)
            public = request.env.ref("base.public_user")
            request.update_env(user=public.id)
            try:
                check_coding()
                request.pakn_client = get_client(
                    get_bearer(), scope, key_is_needed, limit, unknown=401
                )
                return function(self, *args, **kwargs)
            except Wrong as error:
                return make_problem(422, error.sentences, errors=error.errors)
            except Refused as error:
                return make_problem(error.code, error.sentences, error.headers)

        wrapper.rate_limit = limit
        return http.route(routes, **routing)(wrapper)

    return decorate


def not_found():
    """Return the error for what does not exist, or is another's: the same for both."""
    return Refused(404, request.env._("There is no such thing here."))


# ------------------------------------------------------------
# THE CITIZEN
# ------------------------------------------------------------


def get_citizen():
    """Return the phone (E.164) of the citizen who is signed in; None for nobody.

    :raise Refused: 401, a token that opens nothing
    """
    text = clean_line(request.httprequest.headers.get("Citizen-Token", ""), 100)
    if not text:
        return None
    session_sudo = request.env["pakn.api.session"]._find(request.pakn_client, text)
    if not session_sudo:
        check_pace(hit("api_key", WRONG))
        raise Refused(401, request.env._("Please sign in again."))
    return session_sudo.number


def get_own(code):
    """Return the request that the caller may follow in its citizen's place, in sudo.

    With the token of the request (header ``Request-Token``), or signed in with the
    phone of it.

    :raise Refused: 404 for another's as for what does not exist
    """
    number = get_citizen()
    token = clean_line(request.httprequest.headers.get("Request-Token", ""), 100)
    ticket_sudo = request.env["pakn.ticket"]._find_followed(clean_line(code, 40))
    if ticket_sudo and (
        ticket_sudo._is_token(token) or number and ticket_sudo.private_phone == number
    ):
        return ticket_sudo.with_context(lang=request.env.lang)
    raise not_found()


# ------------------------------------------------------------
# WHAT WAS SENT
# ------------------------------------------------------------


def read_body(name, part=None):
    """Return the object that was sent, with what its description knows alone.

    As ``application/json``; or as ``multipart/form-data``, where files go along, in the
    part ``part``. What is of another kind is refused: taken for nothing, it would be
    lost, and a wish to stay unnamed with it.

    :param name: of its description, in ``tools/openapi_schemas.py``
    :raise Refused: 400, 413 or 415; :class:`Wrong` for a name that there is not, or a
        value that is none
    """
    http_request, env = request.httprequest, request.env
    if http_request.mimetype == "application/json":
        if (http_request.content_length or 0) > MOST:
            raise Refused(413, env._("What was sent is too large."))
        data = http_request.get_data(cache=True)
    elif part and http_request.mimetype == "multipart/form-data":
        data = http_request.form.get(part, "").encode("utf-8", "surrogatepass")
    else:
        raise Refused(415, env._("What was sent has a form that is not taken."))
    try:
        content = read_object(data)
    except WrongBody as error:
        sentences = {
            "large": env._("What was sent is too large."),
            "utf8": env._("What was sent is not UTF-8."),
            "json": env._("What was sent is not JSON."),
            "object": env._("What was sent is no object of JSON."),
        }
        reason = error.args[0]
        raise Refused(413 if reason == "large" else 400, sentences[reason]) from error
    properties = SCHEMAS[name]["properties"]
    unknown = sorted(set(content) - set(properties))
    if unknown:
        sentence = env._("There is no such name here.")
        raise Wrong({clean_line(name, 50): sentence for name in unknown[:20]})
    wrong = find_wrong(content, properties)
    if wrong:
        raise Wrong(
            {
                name: _say_wrong(reason, properties[name])
                for name, reason in wrong.items()
            }
        )
    return content


def _say_wrong(reason, schema):
    env = request.env
    if reason == "long":
        return env._("At most %s characters, please.", schema["maxLength"])
    return {
        "text": env._("A text, please."),
        "number": env._("A number, please."),
        "boolean": env._("true or false, please."),
        "list": env._("A list, please."),
        "object": env._("An object, please."),
    }[reason]


def get_limit(most=100, usual=20):
    """Return how many entries of a list are asked for."""
    text = request.httprequest.args.get("limit", "")
    if not text:
        return usual
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:6]) <= most):
        raise Wrong({"limit": request.env._("A number from 1 to %s, please.", most)})
    return int(text[:6])


def get_offset():
    """Return behind how many entries of a list the page begins that is asked for."""
    text = request.httprequest.args.get("cursor", "")
    if text and not re.fullmatch("[0-9]{1,6}", text):
        raise Wrong({"cursor": request.env._("This is no cursor of this list.")})
    return min(int(text or 0), 100_000)


def hash_body(content, field=None):
    """Return a hash of what was sent, with the bytes of its files."""
    most = get_file_limits()[1] * 2**20 + 1
    files = []
    for file in request.httprequest.files.getlist(field) if field else ():
        file.seek(0)
        files.append(file.read(most))
    return get_fingerprint(content, files)


def get_named():
    """Return the ``Idempotency-Key`` of this call, empty for none."""
    return clean_line(request.httprequest.headers.get("Idempotency-Key", ""), 255)


@contextmanager
def doing_once(fingerprint):
    """Note a call that has an ``Idempotency-Key``, together with what is done within.

    What is refused within is not noted either: the program asks for it once more.

    :return: whether it is to be done; ``False`` where it was done before
    :raise Refused: 409, this key was used for something else
    """
    named = get_named()
    if not named:
        yield True
        return
    with request.env.cr.savepoint():
        known = request.env["pakn.api.call"]._note(
            request.pakn_client, f"{request.httprequest.path} {named}", fingerprint
        )
        if known == "other":
            raise reused()
        yield known != "same"


def reused():
    return Refused(
        409, request.env._("This Idempotency-Key was used for something else.")
    )


def count_by_visitor(name, count):
    """Count an attempt of one address behind one program; refuse who has too many."""
    key = f"{request.pakn_client.id} {get_address()}"
    check_pace(hit(name, count, key=key))
