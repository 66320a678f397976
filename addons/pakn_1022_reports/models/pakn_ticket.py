from odoo import api, fields, models

from .pakn_report_line import ANSWERED_STATES, FIRST_RESPONSE_STATES


class PaknTicket(models.Model):
    """What the reports count of a request, kept when it happens.

    SQL cannot count working hours, so they are stored with the response.
    """

    _name = "pakn.ticket"
    _inherit = ["pakn.ticket", "pakn.report.counted"]

    outcome = fields.Selection(
        [
            ("open", "Open"),
            ("rejected", "Rejected"),
            ("instant", "Answered at once"),
            ("focal", "Result of the focal point"),
            ("head", "Result of the head"),
            ("province", "Result of the province"),
            ("cancelled", "Cancelled"),
        ],
        compute="_compute_outcome",
        store=True,
        precompute=True,
        help="How the present round ended, and at which level.",
    )
    date_ended = fields.Datetime(
        string="Ended on",
        compute="_compute_outcome",
        store=True,
        precompute=True,
        help="When the request was rejected or cancelled, or had its result.",
    )
    date_first = fields.Datetime(
        string="First response on",
        compute="_compute_date_first",
        store=True,
        precompute=True,
        help="When the citizen first heard more than that the request was taken in: "
        "an appointment, a rejection or a result.",
    )
    first_hours = fields.Float(
        string="Working hours to the first response",
        compute="_compute_first_hours",
        store=True,
        precompute=True,
        aggregator="avg",
    )
    result_hours = fields.Float(
        string="Working hours to the result",
        compute="_compute_result_hours",
        store=True,
        precompute=True,
        aggregator="avg",
    )

    _date_ended_idx = models.Index("(date_ended, date_received)")
    _not_ended_idx = models.Index("(date_received) WHERE date_ended IS NULL")
    _reopened_idx = models.Index("(id) WHERE round > 1")

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            # Now, not when somebody reads it: it is the moment that is kept
            tickets = self.sudo()  # sudo: whoever acts, what is counted is set
            tickets.mapped("date_ended")
            tickets.mapped("date_first")
        return result

    @api.depends("state")
    def _compute_outcome(self):
        now = fields.Datetime.now()
        for ticket in self:
            if ticket.state == "done" and ticket.date_ended:
                # The sending of a result ends nothing that the result has not ended
                continue
            outcome = ticket._get_outcome()
            ticket.outcome = outcome
            ticket.date_ended = False if outcome == "open" else now

    def _get_outcome(self):
        self.ensure_one()
        if self.state in ("rejected", "cancelled"):
            return self.state
        if self.state not in ANSWERED_STATES:
            return "open"
        # sudo: whoever ends the request, its lead slip says at which level
        slips = self.sudo().transfer_ids.filtered(
            lambda slip: (
                slip.state == "answered"
                and slip.role == "lead"
                and slip.round == self.round
            )
        )
        if self.is_instant or not slips:
            return "instant"
        return slips.sorted("id")[-1].level

    @api.depends("state")
    def _compute_date_first(self):
        now = fields.Datetime.now()
        for ticket in self:
            if ticket.date_first:
                continue
            responded = ticket.state in FIRST_RESPONSE_STATES
            ticket.date_first = now if responded else False

    @api.depends("date_first", "date_received")
    def _compute_first_hours(self):
        self._set_hours("first_hours", "date_first")

    @api.depends("date_ended", "date_received")
    def _compute_result_hours(self):
        self._set_hours("result_hours", "date_ended")

    def _set_hours(self, name, end):
        """Count the hotline's working hours since the request was received."""
        clock = self.env["pakn.unit"]._get_default_calendar()._get_working_time()
        for ticket in self:
            ticket[name] = (
                max(clock.between(ticket.date_received, ticket[end]), 0)
                if ticket[end] and ticket.date_received
                else 0
            )
