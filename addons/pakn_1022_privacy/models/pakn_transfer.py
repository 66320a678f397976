from odoo import models


class PaknTransfer(models.Model):
    _name = "pakn.transfer"
    _inherit = ["pakn.access.noted", "pakn.transfer"]

    def _get_access_tickets(self):
        # sudo: which requests they are of; whether the reader is told is asked there
        return self.sudo().ticket_id.with_env(self.env)
