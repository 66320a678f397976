from odoo import api, fields, models


class PaknTicket(models.Model):
    """How long a request took, in the hotline's working hours (Art. 12, 21).

    SQL cannot count working hours, so they are stored with the response.
    """

    _name = "pakn.ticket"
    _inherit = ["pakn.ticket", "pakn.report.counted"]

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
