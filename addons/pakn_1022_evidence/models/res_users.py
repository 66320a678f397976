from odoo import api, models


class ResUsers(models.Model):
    """Whose login it is that acts bear is sealed (Art. 9.1): ``pakn.house.seal``."""

    _inherit = "res.users"

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        self.env["pakn.house.seal"]._touch("user", users.ids)
        return users

    def _write_multi(self, vals_list):
        result = super()._write_multi(vals_list)
        written = [
            number
            for number, vals in zip(self._ids, vals_list, strict=True)
            if not {"login", "partner_id", "share"}.isdisjoint(vals)
        ]
        self.env["pakn.house.seal"]._touch("user", written)
        return result

    def unlink(self):
        self.env["pakn.house.seal"]._touch("user", self.ids)
        return super().unlink()
