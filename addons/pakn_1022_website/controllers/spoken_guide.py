"""Spoken instructions of a page."""

import base64

from odoo import http
from odoo.http import request

from .caching import ANYBODY_A_DAY
from .common import data


class SpokenGuide(http.Controller):
    """Recordings that the manager has uploaded."""

    @data("/huong-dan/<int:guide_id>", per_minute=60, keep=ANYBODY_A_DAY)
    def listen(self, guide_id, **_params):
        # sudo: pakn.spoken.guide - made to be heard by everybody
        guides_sudo = request.env["pakn.spoken.guide"].sudo()
        guide_sudo = guides_sudo
        if 0 < guide_id < 2**31:
            guide_sudo = guides_sudo.search([("id", "=", guide_id)])
        if not guide_sudo:
            raise request.not_found()
        return request.make_response(
            base64.b64decode(guide_sudo.data),
            [
                ("Content-Type", guide_sudo.mimetype),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
