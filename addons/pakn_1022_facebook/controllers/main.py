import json
import logging

from werkzeug.exceptions import Forbidden, NotFound

from odoo import http
from odoo.http import request
from odoo.tools import consteq

from ..tools import webhook

_logger = logging.getLogger(__name__)

LIMIT = 1024 * 1024


class PaknFacebook(http.Controller):
    """What Facebook tells of the page."""

    def _get_account(self, account_id):
        # sudo: Facebook is no user; token or signature are checked first
        account = request.env["pakn.chat.account"].sudo().browse(account_id).exists()
        if not account or account.kind != "facebook" or not account.active:
            raise NotFound
        return account

    @http.route(
        "/pakn_facebook/webhook/<int:account_id>",
        type="http",
        auth="public",
        methods=["GET"],
        save_session=False,
    )
    def verify(self, account_id, **_values):
        """Answer Facebook's question whether this address is the hotline's."""
        account = self._get_account(account_id)
        args = request.httprequest.args
        token, known = args.get("hub.verify_token", ""), account.facebook_verify_token
        if (
            args.get("hub.mode") != "subscribe"
            or not known
            or not consteq(known.encode(), token.encode())
        ):
            raise Forbidden
        challenge = args.get("hub.challenge", "")[:200]
        return request.make_response(challenge, [("Content-Type", "text/plain")])

    @http.route(
        "/pakn_facebook/webhook/<int:account_id>",
        type="http",
        auth="public",
        methods=["POST"],
        # Called by Facebook, which has no session; its signature is checked
        csrf=False,
        save_session=False,
    )
    def receive(self, account_id, **_values):
        """Keep what Facebook tells, part by part, and confirm it."""
        account = self._get_account(account_id)
        # Kept: Odoo does it over where somebody else writes the same rows
        body = request.httprequest.get_data(cache=True)
        given = request.httprequest.headers.get("X-Hub-Signature-256")
        if len(body) > LIMIT or not webhook.is_signed(
            given, body, account.facebook_app_secret or ""
        ):
            _logger.info("Facebook account %s: a call without signature", account_id)
            raise Forbidden
        try:
            payload = json.loads(body)
        except (ValueError, RecursionError):
            payload = None
        events = request.env["pakn.chat.event"].sudo()
        for part in webhook.split(payload, account.outside_id or ""):
            events._store(account, part.payload, part.key, part.identity)
        return request.make_response("ok")
