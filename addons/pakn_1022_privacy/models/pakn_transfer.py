from odoo import models

from .pakn_access_log import PERSONAL


class PaknTransfer(models.Model):
    _inherit = "pakn.transfer"

    def web_read(self, specification):
        """Note who opens a slip on which the citizen is named, once an hour."""
        result = super().web_read(specification)
        if len(self) == 1 and not PERSONAL.isdisjoint(specification):
            # sudo: which request it is of; whether the reader is told is asked there
            tickets = self.sudo().ticket_id.with_env(self.env)
            self.env["pakn.access.log"]._note(tickets)
        return result
