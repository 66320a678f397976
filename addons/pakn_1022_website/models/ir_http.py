import re
from urllib.parse import urlsplit

from werkzeug.exceptions import BadRequest

from odoo import models
from odoo.http import request

from odoo.addons.pakn_1022.tools.province import LANG


class IrHttp(models.AbstractModel):
    """In which language a visitor reads, and what no form of the site sends."""

    _inherit = "ir.http"

    @classmethod
    def _match(cls, path_info):
        # Odoo takes a browser (or a program) that names no language for an English one.
        if not request.env.uid and not request.best_lang:
            request.update_context(lang=LANG)
        return super()._match(path_info)

    @classmethod
    def _get_page_sources(cls):
        """Let pages load the pictures of the map from where a setting says."""
        sources = super()._get_page_sources()
        pattern, _attribution = request.env["website"]._get_pakn_tiles()
        tiles = get_wildcard(pattern)
        return sources | {"img-src": [*sources.get("img-src", ()), tiles]}

    @classmethod
    def _dispatch(cls, endpoint):
        if endpoint.routing.get("website"):
            params = request.params
            # A field of this name would be taken for the controller itself, and
            # PostgreSQL cannot hold U+0000: both would be internal errors.
            if "self" in params or any(
                isinstance(value, str) and "\0" in value for value in params.values()
            ):
                raise BadRequest
        return super()._dispatch(endpoint)

    @classmethod
    def _serve_fallback(cls):
        # No page and no file has such an address, and asking for it is an error.
        if "\0" in request.httprequest.path:
            return None
        return super()._serve_fallback()


def get_wildcard(pattern):
    """Return the origin of a map's pictures, as a policy of sources names it.

    ``https://{s}.tile.example/{z}/{x}/{y}.png`` is ``https://*.tile.example``.
    """
    parts = urlsplit(pattern)
    host = re.sub(r"^[^.]*\{[^}]*\}[^.]*", "*", parts.netloc)
    return f"{parts.scheme}://{host}" if host else ""
