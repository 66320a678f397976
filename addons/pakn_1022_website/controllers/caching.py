"""Who may keep a page, and whether what a visitor keeps is still fresh."""

import hashlib
from collections.abc import Callable
from datetime import datetime

from markupsafe import Markup

from odoo.http import Response, request

from ..tools.short_cache import ShortCache

# Headers of a page, by who may keep it
NOBODY = {"Cache-Control": "no-store"}
# Of one citizen: not indexed either, and its address, which opens it, is not told
ITS_READER = NOBODY | {
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
ITS_BROWSER = {"Cache-Control": "private, max-age=3600"}
WHILE_FRESH = {"Cache-Control": "no-cache"}
# Read by pages of anybody: a browser asks for it also of what it has already
OF_ALL_PAGES = {"Access-Control-Allow-Origin": "*"}
ANYBODY_A_DAY = {"Cache-Control": "public, max-age=86400"}
# Parts of pages that are the same for every visitor; how old does not matter
PARTS = ShortCache(3600, 32)


def get_version() -> tuple:
    """Return what changes with views and settings: other pages of the same data."""
    registry = request.env.registry
    return (registry.registry_sequence, *sorted(registry.cache_sequences.items()))


def make_etag(*parts) -> str:
    """Return the tag of a page that is made of ``parts`` and nothing else."""
    version = get_version()
    text = repr((request.env.lang, request.httprequest.full_path, version, parts))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def respond(
    make: Callable[[], Response],
    etag: str,
    last_modified: datetime | None = None,
    max_age: int = 0,
    shared: bool = True,
    speaks: bool = True,
    headers: dict | None = None,
) -> Response:
    """Return the page of ``make()``, or 304 (RFC 9110) where the visitor has it.

    :param make: returns a response; not called when it is not needed
    :param int max_age: seconds in which nobody asks whether it is fresh
    :param bool shared: whether proxies may keep it; never of what holds a session
    :param bool speaks: whether words of ours are in it, in the visitor's language
    :param dict headers: of it, also where the visitor has it
    """
    conditions = request.httprequest
    fresh = conditions.if_none_match.contains_weak(etag)
    response = request.make_response("", status=304) if fresh else make()
    if response.is_qweb:
        response.flatten()
    response.headers.update(headers or {})
    response.set_etag(etag, weak=True)
    if last_modified:
        response.last_modified = last_modified
    rule = f"public, max-age={max_age}" if shared else "private, no-cache"
    response.headers["Cache-Control"] = rule
    if speaks:
        response.headers["Vary"] = "Accept-Language, Cookie"
    return response


def respond_page(
    template: str,
    values: dict,
    parts: tuple,
    last_modified: datetime | None = None,
    make_values: Callable[[], dict] | None = None,
) -> Response:
    """Return a page of the site, or 304; ``parts`` is what it is made of.

    It holds a token of the session, so each session keeps its own. Of somebody signed
    in nothing is kept.

    :param make_values: returns further values; not called when they are not needed
    """
    user = request.env.user

    def make():
        return request.render(template, values | (make_values() if make_values else {}))

    if not user._is_public():
        return make()
    session = hashlib.sha256(request.session.sid.encode()).hexdigest()
    etag = make_etag(template, session, request.website.id, *parts)
    return respond(make, etag, last_modified, shared=False)


def render_part(template: str, values: Callable[[], dict], *parts) -> Markup:
    """Return a part of a page that is the same for every visitor, made once.

    :param values: returns the values of the template; not called when it is there
    :param parts: what it is made of, and nothing else: it is made anew when they, the
        language, views or settings change
    """
    env = request.env

    def make():
        return env["ir.qweb"]._render(template, values())

    if not env.user._is_public():
        # Somebody who may edit the site sees the marks of its editor
        return make()
    key = (env.cr.dbname, template, env.lang, request.website.id, get_version(), parts)
    return PARTS.get(key, make)[0]
