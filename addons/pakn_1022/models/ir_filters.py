from odoo import api, models
from odoo.exceptions import AccessError


class IrFilters(models.Model):
    """Filters of the hotline's lists: everybody keeps their own.

    One for all, or for others, can be the default and hide every request from them.
    """

    _inherit = "ir.filters"

    @api.model_create_multi
    def create(self, vals_list):
        filters = super().create(vals_list)
        filters._check_pakn_own()
        return filters

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
        # sudo: whose they are
        for record in self.sudo():
            # Operators work with lists of others' too: to-dos, contacts, SMS
            is_ours = record.model_id.startswith("pakn.") or record.is_default
            if is_ours and record.user_ids != user:
                raise AccessError(
                    self.env._(
                        "Filters for others than yourself are the administrator's."
                    )
                )
