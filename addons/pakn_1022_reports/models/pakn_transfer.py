from odoo import api, fields, models

FIRST_RESPONSE_STATES = ("scheduled", "extended", "answered", "returned")


class PaknTransfer(models.Model):
    """What the reports count of a slip, kept when it happens (Art. 12, 21)."""

    _name = "pakn.transfer"
    _inherit = ["pakn.transfer", "pakn.report.counted"]

    is_first = fields.Boolean(
        string="Begins a matter",
        compute="_compute_is_first",
        store=True,
        precompute=True,
        help="Not set on a slip that the head got of what the focal point of the "
        "same unit let expire: that is the same matter still.",
    )
    date_first = fields.Datetime(
        string="First response on",
        compute="_compute_date_first",
        store=True,
        precompute=True,
        help="When the unit first gave an appointment, a result or the slip back.",
    )
    date_closed = fields.Datetime(
        string="Closed on",
        compute="_compute_date_closed",
        store=True,
        precompute=True,
        help="When the slip was answered, returned or cancelled, or expired.",
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

    _date_sent_idx = models.Index("(date_sent)")
    _date_closed_idx = models.Index("(date_closed, date_sent)")
    _not_closed_idx = models.Index("(date_sent) WHERE date_closed IS NULL")

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            # Now, not when somebody reads it: it is the moment that is kept
            slips = self.sudo()  # sudo: whoever acts, what is counted is set
            slips.mapped("date_closed")
            slips.mapped("date_first")
        return result

    @api.depends("previous_id")
    def _compute_is_first(self):
        for slip in self:
            slip.is_first = slip.previous_id.unit_id != slip.unit_id

    @api.depends("state")
    def _compute_date_first(self):
        now = fields.Datetime.now()
        for slip in self:
            if not slip.date_first:
                responded = slip.state in FIRST_RESPONSE_STATES
                slip.date_first = now if responded else False

    @api.depends("is_open")
    def _compute_date_closed(self):
        now = fields.Datetime.now()
        for slip in self:
            slip.date_closed = False if slip.is_open else slip.date_closed or now

    @api.depends("date_first", "date_sent")
    def _compute_first_hours(self):
        for slip in self:
            slip.first_hours = slip._count_hours(slip.date_first)

    @api.depends("date_responded", "state")
    def _compute_result_hours(self):
        for slip in self:
            answered = slip.state == "answered" and slip.date_responded
            slip.result_hours = slip._count_hours(answered)

    def _count_hours(self, end):
        """Return the unit's working hours since the slip was sent."""
        self.ensure_one()
        if not end:
            return 0
        clock = self.unit_id._get_calendar()._get_working_time()
        return max(clock.between(self.date_sent, end), 0)
