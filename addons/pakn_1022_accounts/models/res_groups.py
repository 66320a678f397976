from odoo import models


class ResGroups(models.Model):
    _inherit = "res.groups"

    def write(self, vals):
        """Note who gets and loses a role here, as by the account (Art. 18.4)."""
        result = super().write(vals)
        if "user_ids" in vals:
            self.env["pakn.role.grant"]._note_roles()
        return result
