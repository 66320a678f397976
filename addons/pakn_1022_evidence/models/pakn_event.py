from odoo import api, models


class PaknEvent(models.Model):
    _inherit = "pakn.event"

    @api.model
    def _insert(self, vals_list):
        """Seal who is shown for an act, too: the chain has the login alone."""
        events = super()._insert(vals_list)
        self.env["pakn.seal"]._touch("act", events.ids)
        return events
