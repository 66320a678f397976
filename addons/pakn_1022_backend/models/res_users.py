from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def _init_odoobot(self):
        """Open no conversation with OdooBot when somebody comes for the first time."""
        # sudo: res.users - a state of the program's own
        self.sudo().odoobot_state = "disabled"
        return self.env["discuss.channel"]
