from odoo import models


class ResPartner(models.Model):
    """The names of staff are sealed (Art. 9.1): ``pakn.house.seal``."""

    _inherit = "res.partner"

    def _write_multi(self, vals_list):
        result = super()._write_multi(vals_list)
        named = [
            number
            for number, vals in zip(self._ids, vals_list, strict=True)
            if "name" in vals
        ]
        if named:
            # sudo: whose account it is, whoever writes
            users = self.env["res.users"].sudo().with_context(active_test=False)
            found = users.search([("partner_id", "in", named), ("share", "=", False)])
            self.env["pakn.house.seal"]._touch("user", found.ids)
        return result
