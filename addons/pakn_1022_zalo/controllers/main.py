import json
import logging
from datetime import UTC, datetime

from werkzeug.exceptions import Forbidden, NotFound

from odoo import http
from odoo.http import request

from ..tools import webhook

_logger = logging.getLogger(__name__)

# Bytes of an event; the largest known has a few thousand
LIMIT = 256 * 1024


class PaknZalo(http.Controller):
    """What Zalo tells, and the way back from its consent page."""

    @http.route(
        "/pakn_zalo/webhook/<int:account_id>",
        type="http",
        auth="public",
        methods=["POST"],
        # Called by Zalo, which has no session; its signature is checked
        csrf=False,
        save_session=False,
    )
    def receive(self, account_id, **_values):
        """Keep what Zalo tells, and confirm it: all the rest is a job's.

        What is not signed with the account's secret key has no effect, whatever else
        is wrong with it.
        """
        # sudo: Zalo is no user; its signature is checked first
        account = request.env["pakn.chat.account"].sudo().browse(account_id).exists()
        if not account or account.kind != "zalo" or not account.active:
            raise NotFound
        # Kept: Odoo does it over where somebody else writes the same rows
        body = request.httprequest.get_data(cache=True)
        if len(body) > LIMIT:
            raise Forbidden
        try:
            payload = json.loads(body)
        except (ValueError, RecursionError):
            payload = None
        if not isinstance(payload, dict):
            payload = {}
        headers = request.httprequest.headers
        stamps = (payload.get("timestamp"), headers.get("X-ZEvent-Timestamp"))
        if not webhook.is_signed(
            headers.get("X-ZEvent-Signature"),
            account.zalo_app_id or "",
            body,
            stamps,
            account.zalo_oa_secret or "",
        ) or not any(webhook.is_fresh(one, datetime.now(UTC)) for one in stamps):
            _logger.info("Zalo account %s: an event without signature", account_id)
            raise Forbidden
        identity = webhook.get_identity(payload) or "-"
        request.env["pakn.chat.event"].sudo()._store(
            account, payload, webhook.get_key(payload, body), identity
        )
        return request.make_response("ok")

    @http.route(
        "/pakn_zalo/callback/<int:account_id>",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def connect(self, account_id, code=None, state=None, **_values):
        """Come back from Zalo's consent page with a code, and trade it for tokens.

        The state says that the administrator who comes back has been sent there.
        """
        account = request.env["pakn.chat.account"].browse(account_id).exists()
        if not account or not request.env.user.has_group("pakn_1022.group_manager"):
            raise NotFound
        account._finish_zalo(str(code or "")[:2000], str(state or "")[:200])
        return request.redirect(f"/odoo/pakn.chat.account/{account.id}", local=True)
