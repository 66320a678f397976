import re
from urllib.parse import urlsplit

from werkzeug.exceptions import BadRequest

from odoo import models
from odoo.http import request

from odoo.addons.pakn_1022.tools.province import LANG

from ..tools import compress
from .website import EDITORS

# Bundles: their addresses name their content
NEVER_CHANGES = re.compile(r"/(web/assets/(\d+/)?[0-9a-f]{7,}|1022-site/[0-9a-f]{16})/")

# What says that the bytes come from elsewhere, or in another form
SENT_OTHERWISE = (
    "Content-Encoding",
    "Content-Range",
    "X-Accel-Redirect",
    "X-Sendfile",
)


class IrHttp(models.AbstractModel):
    """In which language a visitor reads, and what no form of the site sends."""

    _inherit = "ir.http"

    @classmethod
    def _match(cls, path_info):
        if not request.env.uid:
            request.update_context(lang=cls._get_asked_lang())
        return super()._match(path_info)

    @classmethod
    def _get_asked_lang(cls):
        """Return the language that a visitor likes best of those there are here.

        Odoo knows the first one alone: with "fr, en;q=0.8" it speaks Vietnamese. And it
        takes a browser (or a program) that names none for an English one.
        """
        langs = request.env(su=True)["res.lang"]  # sudo: which there are, is public
        known = langs._get_active_by("code")
        for name, quality in request.httprequest.accept_languages:
            short, _minus, rest = name.partition("-")
            code = f"{short.lower()}_{rest.upper()}"
            found = code if code in known else None
            if not found:
                found = next(
                    (one for one in known if one.partition("_")[0] == short.lower()),
                    None,
                )
            if found and quality > 0:
                return found
        return LANG

    @classmethod
    def _get_editor_context(cls):
        """Show the marks of the site's editor to who may edit it, to nobody else.

        Odoo shows them to whoever writes so into an address; a part of a page that is
        kept for all visitors would have them for all.
        """
        user = request.env.user  # empty where a route asks for nobody
        is_editor = user and user.has_group(EDITORS)
        return super()._get_editor_context() if is_editor else {}

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
            # PostgreSQL cannot hold U+0000, which would be an internal error
            values = request.params.values()
            if any(isinstance(value, str) and "\0" in value for value in values):
                raise BadRequest
        return super()._dispatch(endpoint)

    @classmethod
    def _post_dispatch(cls, response):
        result = super()._post_dispatch(response)
        cls._compress(response)
        return result

    @classmethod
    def _compress(cls, response):
        """Send pages, data and bundles in fewer bytes, whoever stands in front.

        A proxy that compresses by itself leaves as it is what comes compressed.
        """
        http = request.httprequest
        key = http.path if NEVER_CHANGES.match(http.path) else ""
        if (
            not (key or getattr(request, "is_frontend", False) and response.is_sequence)
            or http.method == "HEAD"
            or response.status_code in (206, 304)
            or response.mimetype not in compress.TYPES
            or any(name in response.headers for name in SENT_OTHERWISE)
        ):
            return
        response.headers.add("Vary", "Accept-Encoding")
        if not compress.accepts_gzip(http.headers.get("Accept-Encoding", "")):
            return
        response.direct_passthrough = False
        data = b"".join(response.iter_encoded())
        if compress.is_worth(response.mimetype, len(data)):
            data = compress.compress(data, key)
            response.headers["Content-Encoding"] = "gzip"
            etag, is_weak = response.get_etag()
            if etag and not is_weak:
                # Of other bytes than without it (RFC 9110, 8.8.1)
                response.set_etag(etag, weak=True)
        response.set_data(data)

    @classmethod
    def _get_error_html(cls, env, code, values):
        """Show an error with the hotline's number and the way on.

        Who edits the site, as the administrator does, gets Odoo's page where a page of
        the site is what failed: it offers to put that right.
        """
        is_broken = bool(values.get("qweb_exception")) and code == 500
        if is_broken and env.user.has_group(EDITORS):
            return super()._get_error_html(env, code, values)
        if not isinstance(code, int):
            # Odoo's names of two pages: page_404, protected_403
            if code == "protected_403":
                return super()._get_error_html(env, code, values)
            code = int(code.rpartition("_")[2])
        values = {
            "code": code,
            "message": values.get("error_message") if code < 500 else "",
        }
        page = env["ir.ui.view"]._render_template("pakn_1022_website.error", values)
        return code, page

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
