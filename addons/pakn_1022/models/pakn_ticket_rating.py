from odoo import fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..tools.province import GRADES


class PaknTicketRating(models.AbstractModel):
    """The citizen's grade of a result (Art. 14): three grades, once per result.

    A room of ``pakn.ticket``, on Odoo's ``rating.mixin``: the unit is rated.
    """

    _name = "pakn.ticket.rating"
    _description = "Rating of a result"

    # Odoo calls it the value of the last rating
    rating_last_value = fields.Float(string="Grade (5, 3, 1)")

    def rate(self, rating, feedback=None):
        """Write down the grade that the citizen gives on the phone (Art. 14).

        :param int rating: 5 satisfied, 3 acceptable, 1 not satisfied
        :param str feedback: why; compulsory when not satisfied
        """
        self._start("rate")
        for ticket in self.sudo():  # sudo: the right was checked above
            ticket._rating_get_access_token()
            ticket.rating_apply(
                rating, rating=ticket._get_round_rating(), feedback=feedback
            )
        return True

    def _get_round_rating(self):
        """Return the rating, asked or given, of the present result."""
        self.ensure_one()
        # sudo: rating.rating - one result has one rating, whoever looks
        return self.sudo().rating_ids.filtered(
            lambda rating: rating.pakn_round == self.round
        )[:1]

    def _rating_get_access_token(self, partner=None):
        """One result, one rating: the token of a given grade is not replaced."""
        rating = self._get_round_rating()
        if rating:
            return rating.access_token
        return super()._rating_get_access_token(partner)

    def rating_apply(
        self,
        rate,
        token=None,
        rating=None,
        feedback=None,
        subtype_xmlid=None,
        notify_delay_send=False,
    ):
        """Take the citizen's grade, once per result, with its reason (Art. 14).

        :raise ValidationError: no such grade, or the reason is missing
        :raise UserError: rated already, or there is no result to rate now
        """
        self.ensure_one()
        if token and not rating:
            rating = self.env["rating.rating"].search(
                [("access_token", "=", token)], limit=1
            )
        self._lock()
        if self.state != "done" or not rating:
            raise UserError(self.env._("There is no result to be rated now."))
        if rating.consumed:
            raise UserError(
                self.env._("This result has been rated already. Thank you.")
            )
        try:
            rate = int(rate)
        except (TypeError, ValueError):
            rate = None
        if rate not in GRADES:
            raise ValidationError(self.env._("Please choose one of the three grades."))
        feedback = (feedback or "").strip()
        if rate == 1 and not feedback:
            raise ValidationError(self.env._("Please say why you are not satisfied."))
        result = super().rating_apply(
            rate,
            rating=rating,
            feedback=feedback,
            subtype_xmlid="mail.mt_note",
            notify_delay_send=notify_delay_send,
        )
        self._log_event("rated", note=feedback, payload={"rating": rate})
        if rate == min(GRADES):
            # Somebody has to take it up again, or say why not
            self._tell("complained")
        return result

    def message_post(self, **kwargs):
        """A grade is given through ``rating_apply`` alone, which checks it."""
        if kwargs.get("rating_value"):
            raise AccessError(
                self.env._("A result is rated through the link sent to the citizen.")
            )
        return super().message_post(**kwargs)

    def _get_rating_url(self, rate):
        """Return the absolute address at which the citizen gives grade ``rate``.

        With its key for the program alone.
        """
        self.ensure_one()
        if not self.env.su:
            return f"{self.get_base_url()}/rate"
        token = self._rating_get_access_token()
        return f"{self.get_base_url()}/rate/{token}/{rate}"

    def _rating_get_partner(self):
        return self.citizen_id

    def _rating_get_operator(self):
        """The unit is rated, not one of its people (Art. 14)."""
        return self.env["res.partner"]
