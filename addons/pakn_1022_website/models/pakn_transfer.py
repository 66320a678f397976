from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import plaintext2html

from odoo.addons.pakn_1022.tools import acts

from .pakn_ticket_follow import SAME_MESSAGE

# Days for which an answered slip is shown on the units' page
RECENT_DAYS = 30
# Working days ahead that are proposed, eight hours each
APPOINTMENT_DAYS = (1, 2, 3, 5, 10)
EXTENSION_DAYS = (1, 3, 5)


class PaknTransfer(models.Model):
    """What the units' page of the site needs of a slip, in the user's own rights."""

    _inherit = "pakn.transfer"

    def _get_response_path(self):
        """Return the units' page: made for a phone, and it does without the backend."""
        self.ensure_one()
        return f"/phieu/{self.id}"

    @api.model
    def _get_own_tabs(self):
        """Return ``{tab: (domain, order)}`` of the units' page."""
        recent = fields.Datetime.now() - timedelta(days=RECENT_DAYS)
        own = Domain("is_mine", "=", True)
        tabs = {
            "open": (own & Domain("is_open", "=", True), "date_due, id"),
            "done": (
                own
                & Domain("state", "in", ("answered", "returned"))
                & Domain("date_responded", ">=", recent),
                "date_responded desc, id desc",
            ),
        }
        headed = self._get_headed_unit_ids()
        if headed:
            tabs["late"] = (own & self._get_late_domain(headed), "date_due, id")
        return tabs

    @api.model
    def _get_late_domain(self, unit_ids):
        """Return what of these units is late and not answered by anybody (Art. 10.3).

        Open slips whose time has run out, and those that expired and now lie with the
        level above.
        """
        waiting = [("state", "in", acts.WAITING)]
        return Domain("unit_id", "in", unit_ids) & (
            (
                Domain("is_open", "=", True)
                & Domain("date_due", "<", fields.Datetime.now())
            )
            | (
                Domain("is_overdue", "=", True)
                & Domain("state", "=", "expired")
                # Only whether it is still open; the slip itself is the reader's
                & Domain("ticket_id", "any!", waiting)
            )
        )

    def _get_questions(self):
        """Return what hotline and unit have said on this slip, the oldest first."""
        self.ensure_one()
        comment = self.env.ref("mail.mt_comment")
        return self.message_ids.filtered(
            lambda message: (
                message.message_type in ("comment", "email")
                and message.subtype_id == comment
            )
        ).sorted("id")

    def _has_just_asked(self, body):
        """Return whether the last that was said here is this, by the caller just now.

        As of a page that is sent again after a cut.

        :param Markup body: as it is posted
        """
        last = self._get_questions()[-1:]
        return (
            last.author_id == self.env.user.partner_id
            and last.body == body
            and fields.Datetime.now() - last.date <= SAME_MESSAGE
        )

    def _has_just_done(self, name, result):
        """Return whether the caller did this a moment ago, with the same result.

        Refused because of the state then, it was sent again after a cut.

        :param str name: of the operation
        :param str result: plain, of an answer
        """
        self.ensure_one()
        kinds = {"acknowledge": "acknowledged", "answer": "responded"}
        # sudo: pakn.event - what the caller did
        last = self.sudo().ticket_id.event_ids.filtered(
            lambda event: event.transfer_id == self and event.user_id == self.env.user
        )[-1:]
        if last.kind != kinds.get(name) or not last:
            return False
        if fields.Datetime.now() - last.date > SAME_MESSAGE:
            return False
        return name != "answer" or self.result == plaintext2html(result)

    def _get_proposed_dates(self, operation):
        """Return ``[(moment in UTC, working days)]`` within the unit's working time.

        :param str operation: ``schedule``, counted from now, or ``extend``, counted
            from the appointment
        """
        self.ensure_one()
        clock = self.unit_id._get_calendar()._get_working_time()
        start, days = fields.Datetime.now(), APPOINTMENT_DAYS
        if operation == "extend":
            start, days = max(start, self.date_due), EXTENSION_DAYS
        return [
            (clock.add(start, 8 * number).replace(second=0, microsecond=0), number)
            for number in days
        ]
