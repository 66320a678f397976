from odoo import models


class IrEmbeddedActions(models.Model):
    """Buttons above the hotline's lists: everybody keeps their own.

    One that is shared stands above the lists of all, under any name, and whoever
    presses it calls the method that it names, with their own rights.
    """

    _name = "ir.embedded.actions"
    _inherit = ["pakn.own", "ir.embedded.actions"]

    def _is_own_or_others_matter(self, user):
        models = self.parent_res_model, self.parent_action_id.res_model
        is_ours = any((name or "").startswith("pakn.") for name in models)
        return not is_ours or self.user_id == user

    def _say_not_own(self):
        return self.env._("Buttons for others than yourself are the administrator's.")
