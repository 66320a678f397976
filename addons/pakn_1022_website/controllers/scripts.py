"""The site's own scripts and libraries; see ``tools/scripts.py``."""

from odoo import http
from odoo.http import request

from ..tools import scripts
from .common import data

FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
# A page of before an upgrade asks for what is no more: it gets what is, once
NOT_KEPT = {"Cache-Control": "no-cache"}


class Scripts(http.Controller):
    """Files under an address with their version in it."""

    @data("/1022-site/<string:version>/<path:name>", per_minute=600)
    def script(self, version, name, **_params):
        content = scripts.get_files().get(name)
        if content is None:
            raise request.not_found()
        is_current = version == scripts.get_version()
        response = request.make_response(
            content, [("Content-Type", scripts.get_type(name))]
        )
        response.headers.update(FOR_EVER if is_current else NOT_KEPT)
        return response
