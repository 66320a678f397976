from odoo import models


class IrFilters(models.Model):
    """Filters of the hotline's lists: everybody keeps their own.

    One for all, or for others, can be the default and hide every request from them.
    """

    _name = "ir.filters"
    _inherit = ["pakn.own", "ir.filters"]

    def _is_own_or_others_matter(self, user):
        # Operators work with lists of others' too: to-dos, contacts, SMS
        is_ours = self.model_id.startswith("pakn.") or self.is_default
        return not is_ours or self.user_ids == user

    def _say_not_own(self):
        return self.env._("Filters for others than yourself are the administrator's.")
