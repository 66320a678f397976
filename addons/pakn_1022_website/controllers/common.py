"""What the pages of the citizens' site share: their routes, limits and answers.

A page names its path, how often one address may open it, and who may keep it::

    @page("/tra-cuu/<string:code>", per_minute=120, keep=ITS_READER)
    def follow(self, code, **params): ...

    @form("/tra-cuu")
    def find(self, code=None, **post): ...

    @data("/ban-do.json", per_minute=240)
    def points(self, **params): ...
"""

import functools

from odoo import http
from odoo.http import Response, request

from odoo.addons.pakn_1022.tools.visitor import get_origin

from ..tools.rate_limit import RateLimit
from .caching import NOBODY

HOUR = 3600
# In the address of a page that shows a form again: which one (``again.py``)
AGAIN = "lai"
# Visitors behind one address: a carrier gives one to many phones
ROOM = 5
# All that pages are limited by, to begin counting anew
LIMITS: list[RateLimit] = []


# ------------------------------------------------------------
# ROUTES
# ------------------------------------------------------------


def page(*paths: str, per_minute: int | None = None, keep=None, **options):
    """Decorate what shows a page to anybody, and changes nothing.

    :param paths: addresses, as of ``http.route``
    :param per_minute: how often one visitor may open it (an address has room for
        :data:`ROOM` such visitors); None for no limit
    :param dict keep: headers that say who may keep it (``caching``); None where
        the page is made with ``respond`` and says so itself
    :param options: of ``http.route``, where they differ from most pages'
    """
    options = {"methods": ["GET"], "readonly": reads_only, **options}
    return _route(paths, per_minute, keep, options)


def reads_only(*_args):
    """Return whether a page may be made of a copy of the database (``readonly``).

    What a form was refused for a moment ago is not in it yet.
    """
    return AGAIN not in request.httprequest.args


def data(*paths: str, **options):
    """Decorate what gives a file or data, the same in all languages; see ``page``."""
    return page(*paths, multilang=False, **options)


def form(*paths: str, per_minute: int | None = None, keep=None, **options):
    """Decorate what takes a form; see ``page``.

    What must not be tried often is counted in it, exactly: see :func:`hit`.
    """
    keep = NOBODY if keep is None else keep
    options = {"methods": ["POST"], **options}
    return _route(paths, per_minute, keep, options)


def is_fresh(post: dict) -> bool:
    """Return whether a form came from a page of this session; take its token out.

    Of a route with ``csrf=False`` that shows the form again, filled (``again.py``), to
    who had it open for too long: without scripts nothing else keeps what was typed.
    """
    return request.validate_csrf(post.pop("csrf_token", None))


def _route(paths, per_minute, keep, options):
    routing = {"type": "http", "auth": "public", "website": True, "sitemap": False}

    def decorate(function):
        if keep:
            function = _with_headers(function, keep)
        if per_minute:
            function = limited(per_minute * ROOM)(function)
        return http.route(list(paths), **(routing | options))(function)

    return decorate


def _with_headers(function, headers):
    @functools.wraps(function)
    def wrapper(self, *args, **kwargs):
        response = function(self, *args, **kwargs)
        response.headers.update(headers)
        return response

    return wrapper


# ------------------------------------------------------------
# LIMITS
# ------------------------------------------------------------


def make_limit(count: int, seconds: int = 60) -> RateLimit:
    """Return a limit by address, counted in this process, without the database."""
    limit = RateLimit(count, seconds)
    LIMITS.append(limit)
    return limit


def limited(count: int, seconds: int = 60):
    """Let one address open a page ``count`` times in ``seconds``."""

    def decorate(function):
        limit = make_limit(count, seconds)

        @functools.wraps(function)
        def wrapper(self, *args, **kwargs):
            wait = limit.hit(get_address())
            return too_many(wait) if wait else function(self, *args, **kwargs)

        wrapper.rate_limit = limit
        return wrapper

    return decorate


def hit(name: str, count: int, seconds: int = HOUR, key: str | None = None) -> int:
    """Count an attempt of all processes together; return the seconds to wait.

    :param name: what is attempted
    :param count: attempts allowed within ``seconds``
    :param key: who attempts it; by default the visitor's address
    """
    key = get_address() if key is None else key
    return request.env["pakn.rate.limit"]._hit(name, key, count, seconds)


def forgive(name: str, key: str | None = None) -> None:
    """Take back an attempt that :func:`hit` has counted: it was right."""
    key = get_address() if key is None else key
    request.env["pakn.rate.limit"]._forgive(name, key)


def get_address() -> str:
    """Return as what the visitor's address is counted."""
    return get_origin(request.httprequest.remote_addr)


# ------------------------------------------------------------
# ANSWERS
# ------------------------------------------------------------


def render(template: str, values: dict, is_wrong=False) -> Response:
    """Return a page; with status 422 (RFC 9110) where what was sent is wrong."""
    return request.render(template, values, status=422 if is_wrong else 200)


def get_incidents() -> list[tuple]:
    """Return what everybody is told of outages now: ``(Incident, until when)``."""
    incidents = request.env["pakn.incident"]._get_now()
    say = request.env["pakn.ticket"]._format_moment
    return [(one, one.date_to and say(one.date_to)) for one in incidents]


def too_many(seconds: int) -> Response:
    """Return the page that asks a visitor to wait, with status 429 (RFC 6585)."""
    response = request.render(
        "pakn_1022_website.too_many",
        {"minutes": to_minutes(seconds)},
        status=429,
        headers=NOBODY | {"Retry-After": str(seconds)},
    )
    response.flatten()
    return response


def get_wait(seconds: int) -> str:
    """Return the sentence that asks a visitor to wait, for the form that was sent."""
    return request.env._("Please wait %s minutes.", to_minutes(seconds))


def to_minutes(seconds: int) -> int:
    """Return seconds to wait in whole minutes, rounded up."""
    return -(-seconds // 60)
