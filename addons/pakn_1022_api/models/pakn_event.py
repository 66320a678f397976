from odoo import api, models


class PaknEvent(models.Model):
    """Acts are told to the programs that have subscribed to them."""

    _inherit = "pakn.event"

    @api.model
    def _insert(self, vals_list):
        events = super()._insert(vals_list)
        self.env["pakn.webhook.delivery"]._queue(events)
        return events
