"""What search engines are told: under the address of the setting, whatever was asked.

A stranger may ask under any name that leads here; pages, feeds and site maps that a
cache keeps must not carry it on.
"""

from urllib.parse import urlsplit

from odoo import http
from odoo.http import request

from odoo.addons.website.controllers.main import Website

from .common import ROOM, limited


class PaknAddresses(Website):
    """``/robots.txt`` and ``/sitemap.xml`` with the site's own host."""

    @http.route()
    @limited(60 * ROOM)
    def robots(self, **kwargs):
        response = super().robots(**kwargs)
        response.qcontext["url_root"] = get_root()
        return response

    @http.route()
    @limited(60 * ROOM)
    def sitemap_xml_index(self, **kwargs):
        with_own_host()
        return super().sitemap_xml_index(**kwargs)


def get_root():
    """Return the site's own address, with a slash at its end."""
    return request.website.get_base_url().rstrip("/") + "/"


def with_own_host():
    """Let the rest of this request be one to the site's own address."""
    parts = urlsplit(get_root())
    environ = request.httprequest._HTTPRequest__environ
    environ = environ | {
        "HTTP_HOST": parts.netloc,
        "wsgi.url_scheme": parts.scheme or "http",
    }
    environ.pop("HTTP_X_FORWARDED_HOST", None)
    request.httprequest = http.HTTPRequest(environ)
