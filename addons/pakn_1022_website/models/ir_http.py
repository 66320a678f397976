from werkzeug.exceptions import NotFound

from odoo import models
from odoo.http import request

from odoo.addons.pakn_1022.hooks import LANG


class IrHttp(models.AbstractModel):
    """In which language a visitor reads, and addresses that no page can have."""

    _inherit = "ir.http"

    @classmethod
    def _match(cls, path_info):
        # Odoo takes a browser (or a program) that names no language for an English one.
        if not request.env.uid and not request.best_lang:
            request.update_context(lang=LANG)
        return super()._match(path_info)

    @classmethod
    def _serve_fallback(cls):
        # PostgreSQL has no text with this character, so a search for it would fail.
        if "\x00" in request.httprequest.path:
            raise NotFound()
        return super()._serve_fallback()
