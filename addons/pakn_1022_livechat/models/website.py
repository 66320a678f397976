from odoo import models


class Website(models.Model):
    _inherit = "website"

    def _has_pakn_chat(self):
        """Return whether visitors may write in the chat box."""
        params = self.env["ir.config_parameter"]
        return params._get_typed("pakn_1022_livechat.is_on", False)
