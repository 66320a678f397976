"""The citizen's device: switched on at the page of a request, and what it says."""

from odoo import http
from odoo.http import request

from odoo.addons.pakn_1022_website.controllers.caching import ITS_READER, NOBODY
from odoo.addons.pakn_1022_website.controllers.common import HOUR, form, hit
from odoo.addons.pakn_1022_website.controllers.follow import get_ticket
from odoo.addons.pakn_1022_website.tools.text import clean_line

# Switches of one request in an hour
SWITCHES = 20


class PaknPush(http.Controller):
    """Answers with JSON: ``{"is_on": bool}``, or ``{"error": sentence}``."""

    @form("/tra-cuu/<string:code>/thiet-bi", per_minute=30, keep=ITS_READER)
    def switch(self, code, access_token=None, action=None, **post):
        """Switch a device on or off for who may follow the request.

        Of what it is told (``topic``, several) can be changed by switching it on anew.
        """
        ticket_sudo = get_ticket(code, access_token)
        if not ticket_sudo or request.env.user._is_internal():
            raise request.not_found()
        devices = request.env["pakn.push.device"]
        names = ("endpoint", "p256dh", "auth")
        given = [clean_line(post.get(name), 1001) for name in names]
        if not devices._is_right(*given):
            return self._refuse(
                request.env._("Messages cannot be sent to this browser.")
            )
        if hit("push_switch", SWITCHES, HOUR, key=ticket_sudo.name):
            return self._refuse(request.env._("Please wait a little."))
        if action == "off":
            devices._switch_off(ticket_sudo, given[0])
        else:
            topics = request.httprequest.form.getlist("topic")
            devices._switch_on(ticket_sudo, *given, topics=topics)
        return request.make_json_response({"is_on": action != "off"})

    @form(
        "/1022-push/da-hien",
        per_minute=60,
        keep=NOBODY,
        multilang=False,
        # The service worker has no form of ours; the token says what may be said
        csrf=False,
    )
    def shown(self, token=None, **_post):
        """Note that a device has shown a message."""
        request.env["pakn.notice"]._note_shown(clean_line(token, 100))
        # The same for a token that is none: it tells nothing
        return request.make_response("", status=204)

    def _refuse(self, sentence):
        return request.make_json_response({"error": sentence}, status=422)
