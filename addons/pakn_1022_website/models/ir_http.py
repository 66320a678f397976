from werkzeug.exceptions import BadRequest

from odoo import models
from odoo.http import request


class IrHttp(models.AbstractModel):
    """What no form of the site sends is refused before any page sees it."""

    _inherit = "ir.http"

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
