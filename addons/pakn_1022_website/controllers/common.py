"""What the pages of the citizens' site share."""

import functools

from odoo.http import request

from ..tools.rate_limit import RateLimit

# All that pages are limited by, to begin counting anew
LIMITS = []


def too_many(seconds):
    """Return the page that asks a visitor to wait, with status 429 (RFC 6585)."""
    response = request.render(
        "pakn_1022_website.too_many",
        {"minutes": -(-seconds // 60)},
        status=429,
        headers={"Retry-After": str(seconds), "Cache-Control": "no-store"},
    )
    response.flatten()
    return response


def limited(count, seconds=60):
    """Let one address open a page ``count`` times in ``seconds``; below ``@route``.

    Counted per process and function (``tools/rate_limit.py``), without the database.
    """

    def decorate(function):
        limit = RateLimit(count, seconds)
        LIMITS.append(limit)

        @functools.wraps(function)
        def wrapper(self, *args, **kwargs):
            wait = limit.hit(request.httprequest.remote_addr)
            return too_many(wait) if wait else function(self, *args, **kwargs)

        wrapper.rate_limit = limit
        return wrapper

    return decorate
