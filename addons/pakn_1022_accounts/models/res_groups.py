from odoo import api, models

from odoo.addons.pakn_1022.models.res_groups import MEMBERS


class ResGroups(models.Model):
    """Who gets and loses a role by a group is noted, as by the account (Art. 18.4)."""

    _inherit = "res.groups"

    @api.model_create_multi
    def create(self, vals_list):
        groups = super().create(vals_list)
        if not all(MEMBERS.isdisjoint(vals) for vals in vals_list):
            self.env["pakn.role.grant"]._note_roles()
        return groups

    def write(self, vals):
        result = super().write(vals)
        if not MEMBERS.isdisjoint(vals):
            self.env["pakn.role.grant"]._note_roles()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["pakn.role.grant"]._note_roles()
        return result
