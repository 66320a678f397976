from odoo import api, fields, models
from odoo.fields import Domain

from .pakn_ticket import OPEN_STATES


class PaknTicket(models.Model):
    """What keeps the board quick: it shows what is open or was closed of late.

    A hotline closes requests for years; those open at one time stay about as many.
    """

    _inherit = "pakn.ticket"

    date_closed = fields.Datetime(
        string="Closed on",
        compute="_compute_date_closed",
        store=True,
        precompute=True,
        index=True,
        help="When the request was sent, rejected or cancelled; empty while open.",
    )

    @api.depends("state")
    def _compute_date_closed(self):
        now = fields.Datetime.now()
        for ticket in self:
            if ticket.state in OPEN_STATES:
                ticket.date_closed = False
            else:
                ticket.date_closed = ticket.date_closed or now

    @api.model
    def read_progress_bar(self, domain, group_by, progress_bar):
        """Count by urgency too, which no column holds since it changes by itself.

        One query for each colour, each over the slips that are open.
        """
        if progress_bar["field"] != "due_state":
            return super().read_progress_bar(domain, group_by, progress_bar)
        counts = {}
        for urgency in progress_bar["colors"]:
            for group, count in self._read_group(
                Domain(domain) & Domain("due_state", "=", urgency),
                [group_by],
                ["__count"],
            ):
                key = str(group.id if isinstance(group, models.BaseModel) else group)
                counts.setdefault(key, dict.fromkeys(progress_bar["colors"], 0))
                counts[key][urgency] = count
        return counts
