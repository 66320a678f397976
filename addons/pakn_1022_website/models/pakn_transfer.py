from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

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
        return {
            "open": (own & Domain("is_open", "=", True), "date_due, id"),
            "done": (
                own
                & Domain("state", "in", ("answered", "returned"))
                & Domain("date_responded", ">=", recent),
                "date_responded desc, id desc",
            ),
        }

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
