from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def _hand_over_work(self):
        """Nobody sits at their telephones: no wall says that they are ready."""
        result = super()._hand_over_work()
        # sudo: whoever changes an account need not sit at a telephone
        seats_sudo = self.env["pakn.call.seat"].sudo()
        seats_sudo.search([("user_id", "in", self.ids)])._set_presence("break")
        return result
