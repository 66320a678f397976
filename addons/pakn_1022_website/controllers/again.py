"""A form that is shown again: refused, at its next step, or done.

Never by the answer to what was sent, or Back and Reload would ask whether to send it
once more: the browser is led to the page of the form, which finds here what to show::

    @page("/tra-cuu", keep=NOBODY)
    def look_up(self, **_params):
        return self._render(**recall())

    @form("/tra-cuu", csrf=False)
    def find(self, code=None, **post):
        if not is_fresh(post):
            return show_again(self._render, "/tra-cuu", code=code, error=get_stale())

What was typed stays in the database for a quarter of an hour, under a random key that
the visitor's session alone knows; no address tells any of it.
"""

import json
import uuid
from collections.abc import Callable
from urllib.parse import urlsplit, urlunsplit

from odoo.http import Response, request

from .common import AGAIN

# The key of a visitor, in the session
KEY = "pakn_typed"
# Of the only form of a page
ONLY = "1"


def show_again(
    show: Callable[..., Response], url: str, *, tag: str = ONLY, **said
) -> Response:
    """Return the way to a page that shows ``said``; see :func:`recall`.

    :param show: makes the page of ``said``, at once where nothing can be kept
    :param url: of the page, of this site
    :param tag: which form of this page it is, where there may be several
    :param said: what JSON can hold
    """
    parts = urlsplit(url)
    # A browser that has brought no session may keep none, and would find nothing
    if not request.httprequest.cookies.get("session_id"):
        return show(**said)
    request.session[KEY] = request.session.get(KEY) or str(uuid.uuid4())
    words = json.dumps(said).encode()
    if not request.env["pakn.upload"]._keep_words(_get_key(parts.path, tag), words):
        return show(**said)
    query = f"{parts.query}&{AGAIN}={tag}".lstrip("&")
    return request.redirect(urlunsplit(parts._replace(query=query)), code=303)


def recall() -> dict:
    """Return what the page that is opened was to show again, empty for nothing."""
    tag = request.httprequest.args.get(AGAIN)
    return recall_at(request.httprequest.path, tag[:20]) if tag else {}


def recall_at(url: str, tag: str = ONLY) -> dict:
    """Return what another page of the visitor's was to show again; see above."""
    key = _get_key(urlsplit(url).path, tag)
    words = key and request.env["pakn.upload"]._read_words(key)
    return json.loads(words) if words else {}


def forget(url: str, tag: str = ONLY) -> None:
    """Delete what was typed into a form: it was taken in."""
    if key := _get_key(urlsplit(url).path, tag):
        request.env["pakn.upload"]._drop_words(key)


def get_stale() -> str:
    """Return the sentence for a form that was open for too long."""
    return request.env._(
        "The page was open for too long. What you wrote is still here: please send "
        "it once more."
    )


def get_stale_button() -> str:
    """Return the sentence for a button on a page that was open for too long."""
    return request.env._("The page was open for too long. Please press once more.")


def get_stale_files() -> str:
    """Return the sentence for one that takes files, which no page can hold."""
    return request.env._(
        "The page was open for too long. What you wrote is still here: please send "
        "it once more. Files have to be chosen anew."
    )


def _get_key(path, tag):
    """Return as what the words of a form are kept, empty where there are none."""
    visitor = request.session.get(KEY)
    return str(uuid.uuid5(uuid.UUID(visitor), f"{path} {tag}")) if visitor else ""
