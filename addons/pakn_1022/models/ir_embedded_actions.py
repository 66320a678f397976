from odoo import api, models
from odoo.exceptions import AccessError


class IrEmbeddedActions(models.Model):
    """Buttons above the hotline's lists: everybody keeps their own.

    One that is shared stands above the lists of all, under any name, and whoever
    presses it calls the method that it names, with their own rights.
    """

    _inherit = "ir.embedded.actions"

    @api.model_create_multi
    def create(self, vals_list):
        actions = super().create(vals_list)
        actions._check_pakn_own()
        return actions

    def write(self, vals):
        self._check_pakn_own()
        result = super().write(vals)
        self._check_pakn_own()
        return result

    def unlink(self):
        self._check_pakn_own()
        return super().unlink()

    def _check_pakn_own(self):
        user = self.env.user
        if self.env.su or user.has_group("pakn_1022.group_manager"):
            return
        # sudo: whose they are, and above which lists
        for action in self.sudo():
            models = action.parent_res_model, action.parent_action_id.res_model
            is_ours = any((name or "").startswith("pakn.") for name in models)
            if is_ours and action.user_id != user:
                raise AccessError(
                    self.env._(
                        "Buttons for others than yourself are the administrator's."
                    )
                )
