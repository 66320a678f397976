from odoo import api, fields, models


class PaknTransfer(models.Model):
    """How long a unit took with a slip, in its working hours (Art. 12, 21)."""

    _name = "pakn.transfer"
    _inherit = ["pakn.transfer", "pakn.report.counted"]

    first_hours = fields.Float(
        string="Working hours to the first response",
        compute="_compute_first_hours",
        store=True,
        precompute=True,
        aggregator="avg",
        procedure=True,
    )
    result_hours = fields.Float(
        string="Working hours to the result",
        compute="_compute_result_hours",
        store=True,
        precompute=True,
        aggregator="avg",
        procedure=True,
    )

    @api.depends("date_first", "date_sent")
    def _compute_first_hours(self):
        for slip in self:
            slip.first_hours = slip._count_hours(slip.date_first)

    @api.depends("date_responded", "state")
    def _compute_result_hours(self):
        for slip in self:
            answered = slip.state == "answered" and slip.date_responded
            slip.result_hours = slip._count_hours(answered)

    @api.model
    def _get_columns_of_acts(self):
        return [*super()._get_columns_of_acts(), "first_hours", "result_hours"]

    @api.model
    def _fill_handed_out(self, vals_list):
        """Nobody has answered a slip that is just handed out."""
        for vals in vals_list:
            vals.update(first_hours=0.0, result_hours=0.0)
        return super()._fill_handed_out(vals_list)

    def _count_hours(self, end):
        """Return the unit's working hours since the slip was sent."""
        self.ensure_one()
        if not end:
            return 0
        clock = self.unit_id._get_calendar()._get_working_time()
        return max(clock.between(self.date_sent, end), 0)
