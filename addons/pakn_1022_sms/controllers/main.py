import json
import re

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request
from odoo.tools import consteq

CODE = re.compile(r"[0-9A-Za-z]{1,20}")
UUID = re.compile(r"[0-9a-f]{32}|-")
# Bytes of a receipt; the largest known has a few hundred
LIMIT = 64 * 1024


class PaknSms(http.Controller):
    """What comes from outside for the SMS: receipts, and short addresses opened."""

    @http.route(
        "/pakn_sms/receipt/<int:account_id>/<string:uuid>/<string:key>",
        type="http",
        auth="public",
        methods=["GET", "POST"],
        # Called by a gateway, which has no session; the key signs the address
        csrf=False,
        save_session=False,
    )
    def receive(self, account_id, uuid, key, **values):
        """Keep the receipt of a message, or an SMS from a citizen.

        The address is signed per message (or per account, ``-``), since most gateways
        sign nothing themselves. A forged one is not found, whatever is wrong with it.
        """
        # sudo: the gateway is no user; its key is checked first
        account = request.env["pakn.sms.account"].sudo().browse(account_id).exists()
        signed = account._sign(uuid) if account and UUID.fullmatch(uuid) else "-" * 40
        # As bytes: an address may hold any character
        if not consteq(signed.encode(), key.encode()) or not account:
            raise NotFound
        if request.httprequest.method == "POST" and not values:
            # Kept: Odoo does it over where somebody else writes the same rows
            body = request.httprequest.get_data(cache=True)[:LIMIT]
            try:
                values = json.loads(body)
            except (ValueError, RecursionError):
                values = None
        if not isinstance(values, dict):
            return request.make_response("unreadable", status=400)
        try:
            receipts = account._open_gateway().parse_receipt(values)
        except (TypeError, ValueError):
            return request.make_response("unreadable", status=400)
        if uuid != "-":
            # The signature says whose receipt it is, not the values
            receipts = [receipt._replace(uuid=uuid) for receipt in receipts]
        account._create_receipts(receipts)
        request.env.ref("pakn_1022_sms.ir_cron_listen").sudo()._trigger()
        return request.make_response("ok")

    @http.route(
        "/t/<string:code>",
        type="http",
        auth="public",
        methods=["GET"],
        save_session=False,
        readonly=True,
    )
    def open_short_link(self, code):
        """Go to where a short address leads; only to addresses of this server."""
        if not CODE.fullmatch(code):
            raise NotFound
        # sudo: the code is the key
        link = (
            request.env["pakn.short.link"].sudo().search([("code", "=", code)], limit=1)
        )
        if not link or not link.path.startswith("/") or link.path.startswith("//"):
            raise NotFound
        return request.redirect(link.path, local=True)
