from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.rating.controllers.main import Rating

from ..tools.province import GRADES, LANG


class PaknRating(Rating):
    """The citizen's page to rate a result (Art. 14): no account, a link in a mail.

    The token in the address is the key (128 random bits). Opening the page changes
    nothing, since mail programs open links by themselves; the grade is given by POST.
    """

    @http.route()
    def action_open_rating(self, token, rate, **kwargs):
        rating_sudo, ticket_sudo = self._get_rating_and_record(token)
        if rating_sudo.res_model != "pakn.ticket" or self._is_stranger(rating_sudo):
            return super().action_open_rating(token, rate, **kwargs)
        return self._render_rating_page(
            rating_sudo, ticket_sudo, rate=rate if rate in GRADES else None
        )

    @http.route()
    def action_submit_rating(self, token, rate=None, feedback=None, **kwargs):
        rating_sudo, ticket_sudo = self._get_rating_and_record(token)
        if rating_sudo.res_model != "pakn.ticket":
            return super().action_submit_rating(
                token, rate=rate or 0, feedback=feedback, **kwargs
            )
        if self._is_stranger(rating_sudo):
            return self.action_open_rating(token, max(GRADES))
        if request.httprequest.method != "POST":
            return self._render_rating_page(rating_sudo, ticket_sudo)
        ticket_sudo = ticket_sudo.with_context(lang=self._get_lang(rating_sudo))
        rate = int(rate) if rate in map(str, GRADES) else None
        try:
            ticket_sudo.rating_apply(rate, rating=rating_sudo, feedback=feedback)
        except UserError as error:
            return self._render_rating_page(
                rating_sudo,
                ticket_sudo,
                rate=rate,
                feedback=feedback,
                error=error.args[0],
            )
        return self._render_rating_page(rating_sudo, ticket_sudo)

    def _get_rating_and_record(self, token):
        """Know no link to what has become a state secret: none leaves by the site."""
        rating_sudo, record_sudo = super()._get_rating_and_record(token)
        if record_sudo._name == "pakn.ticket" and record_sudo.secrecy == "secret":
            raise NotFound
        return rating_sudo, record_sudo

    def _is_stranger(self, rating_sudo):
        """Somebody is signed in who is not the citizen that was asked."""
        user = request.env.user
        return not user._is_public() and user.partner_id != rating_sudo.partner_id

    def _get_lang(self, rating_sudo):
        return rating_sudo.partner_id.lang or LANG

    def _render_rating_page(
        self, rating_sudo, ticket_sudo, rate=None, feedback=None, error=None
    ):
        if rating_sudo.consumed:
            template = "pakn_1022.rating_thanks"
        elif ticket_sudo.state != "done":
            template = "pakn_1022.rating_closed"
        else:
            template = "pakn_1022.rating_page"
        env = ticket_sudo.with_context(lang=self._get_lang(rating_sudo)).env
        words = env._("Satisfied"), env._("Acceptable"), env._("Not satisfied")
        return env["ir.ui.view"]._render_template(
            template,
            {
                "ticket": ticket_sudo,
                "rating": rating_sudo,
                "token": rating_sudo.access_token,
                "rate": rate,
                "feedback": feedback or "",
                "error": error,
                "grades": list(zip(GRADES, words, strict=True)),
            },
        )
