import json
from datetime import datetime, timezone

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request
from odoo.tools import consteq

from odoo.addons.pakn_1022.tools.visitor import get_origin

from ..tools.vendors import PARSERS, Unreadable

# Bytes of what a vendor tells of one call
LIMIT = 64 * 1024
# Wrong keys of one address in an hour; calls told by one exchange in a minute
WRONG, TOLD = 20, 3000
# Readings of announcements by one exchange in a minute: one or two a call
READ = 1200


class Pakn1022Call(http.Controller):
    """What vendors of exchanges tell, and recordings for who may hear them."""

    @http.route(
        [
            "/pakn_call/<string:code>/<string:key>",
            "/pakn_call/<string:code>/<string:key>/<string:what>",
        ],
        type="http",
        auth="public",
        methods=["GET", "POST"],
        # Called by a vendor, which has no session; the key in the address is its word
        csrf=False,
        save_session=False,
    )
    def receive(self, code, key, what="", **values):
        """Take in what a vendor tells of a call.

        :param str what: in VoiceCloud's style ``call_in``, ``hangup`` or ``calldata``
        """
        account_sudo, refusal = self._check_vendor(code, key)
        if refusal:
            return refusal
        values = self._read(values)
        now = datetime.now(timezone.utc).replace(microsecond=0)
        try:
            # Whose event it says it is
            known = account_sudo.username
            if known and values.get("account_sid", known) != known:
                return request.make_response("not found", status=404)
            events = PARSERS[account_sudo.kind](values, now, what)
        except (Unreadable, TypeError, AttributeError):
            return request.make_response("unreadable", status=400)
        request.env["pakn.call"]._intake(account_sudo, events)
        account_sudo._note_seen()
        return request.make_response("ok")

    @http.route(
        "/pakn_call_text/<string:code>/<string:key>",
        type="http",
        auth="public",
        methods=["GET"],
        save_session=False,
    )
    def announce(self, code, key, what="incident", **_ignored):
        """Give the exchange what it plays now, as plain text; empty for nothing.

        :param str what: ``incident`` (an outage) or ``consent`` (recording)
        """
        limits = request.env["pakn.rate.limit"]
        account_sudo = request.env["pakn.call.account"]._find_by_text_key(code, key)
        asker = request.httprequest.remote_addr
        if not account_sudo or not account_sudo._is_allowed(asker):
            wait = limits._hit("call_key", get_origin(asker), WRONG, 3600)
            return _refuse(wait) if wait else _answer("not found", 404)
        if wait := limits._hit("call_text", str(account_sudo.id), READ, 60):
            return _refuse(wait)
        announcements = request.env["pakn.call.announcement"]
        if what not in dict(announcements._fields["kind"].selection):
            return _answer("incident, consent", 400)
        return _answer(announcements._get_text(what))

    def _check_vendor(self, code, key):
        """Return ``(account, None)``, or ``(None, answer)`` to who is refused.

        "Not found", whatever is wrong.
        """
        limits = request.env["pakn.rate.limit"]
        address = get_origin(request.httprequest.remote_addr)
        account_sudo = request.env["pakn.call.account"]._find_by_code(code)
        account_sudo = account_sudo.filtered(lambda one: one.kind in PARSERS)
        signed = account_sudo._sign() if account_sudo else "-" * 40
        # As bytes: an address may hold any character
        if (
            not consteq(signed.encode(), key.encode())
            or not account_sudo
            or not account_sudo._is_allowed(request.httprequest.remote_addr)
        ):
            wait = limits._hit("call_key", address, WRONG, 3600)
            return None, _refuse(wait) if wait else request.make_response(
                "not found", status=404
            )
        wait = limits._hit("call_told", str(account_sudo.id), TOLD, 60)
        return account_sudo, _refuse(wait) if wait else None

    @staticmethod
    def _read(values):
        """Return what came: in the address, a form, or JSON."""
        asked = request.httprequest
        is_form = asked.mimetype in (
            "application/x-www-form-urlencoded",
            "multipart/form-data",
        )
        if asked.method == "POST" and not is_form:
            # Kept: Odoo does it over where somebody else writes the same rows
            body = asked.get_data(cache=True)[:LIMIT]
            try:
                found = json.loads(body)
            except (ValueError, RecursionError):
                found = None
            if isinstance(found, dict):
                return found
        return values

    @http.route(
        "/pakn_call/recording/<int:recording_id>",
        type="http",
        auth="user",
        methods=["POST"],
    )
    def hear(self, recording_id):
        """Give a recording to who may hear it; each time stands in the record.

        All of it at once: the player seeks in what it has, so that one hearing is one
        act. By POST, for it writes.
        """
        recording = request.env["pakn.call.recording"].browse(recording_id).exists()
        if not recording:
            raise NotFound
        try:
            data, mimetype = recording._hear()
        except (AccessError, UserError) as error:
            return request.make_response(str(error), status=403)
        return request.make_response(
            data,
            headers=[
                ("Content-Type", mimetype),
                ("Content-Disposition", "inline"),
                ("Cache-Control", "private, no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )


def _answer(text, status=200):
    """Return a text for a program, which keeps it nowhere."""
    return request.make_response(
        text,
        status=status,
        headers=[
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ],
    )


def _refuse(wait):
    """Return the answer to who asks too often.

    :param int wait: seconds
    """
    return request.make_response(
        "too many", status=429, headers=[("Retry-After", str(wait))]
    )
