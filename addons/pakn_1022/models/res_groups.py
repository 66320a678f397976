from odoo import models


class ResGroups(models.Model):
    _inherit = "res.groups"

    def write(self, vals):
        """Have who loses a role here hand over the work, as by the account."""
        if "user_ids" not in vals:
            return super().write(vals)
        # sudo: whoever may change the group
        operators = self.env.ref("pakn_1022.group_operator").sudo().all_user_ids
        serving = operators._filter_serving()
        result = super().write(vals)
        leaving = serving - serving._filter_serving()
        if leaving:
            leaving._hand_over_work()
        return result
