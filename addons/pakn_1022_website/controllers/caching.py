"""Pages that a browser or a proxy may keep, and asks anew whether they are fresh."""

import hashlib

from odoo.http import request


def make_etag(*parts):
    """Return the tag of a page that is made of ``parts`` and nothing else."""
    registry = request.env.registry
    # Changed views and settings make other pages of the same data
    version = (registry.registry_sequence, *sorted(registry.cache_sequences.items()))
    text = repr((request.env.lang, request.httprequest.full_path, version, parts))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def respond(make, etag, last_modified=None, max_age=0, shared=True):
    """Return the page of ``make()``, or 304 (RFC 9110) where the visitor has it.

    :param make: returns a response; not called when it is not needed
    :param int max_age: seconds in which nobody asks whether it is fresh
    :param bool shared: whether proxies may keep it; never of what holds a session
    """
    conditions = request.httprequest
    fresh = conditions.if_none_match.contains_weak(etag)
    response = request.make_response("", status=304) if fresh else make()
    if response.is_qweb:
        response.flatten()
    response.set_etag(etag, weak=True)
    if last_modified:
        response.last_modified = last_modified
    rule = f"public, max-age={max_age}" if shared else "private, no-cache"
    response.headers["Cache-Control"] = rule
    return response


def respond_page(template, values, parts, last_modified=None, make_values=None):
    """Return a page of the site, or 304; ``parts`` is what it is made of.

    It holds a token of the session, so each session keeps its own. Of somebody signed
    in nothing is kept.
    """
    user = request.env.user

    def make():
        return request.render(template, values | (make_values() if make_values else {}))

    if not user._is_public():
        return make()
    session = hashlib.sha256(request.session.sid.encode()).hexdigest()
    etag = make_etag(template, session, request.website.id, *parts)
    return respond(make, etag, last_modified, shared=False)
