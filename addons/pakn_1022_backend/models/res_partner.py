from odoo import api, models


class ResPartner(models.Model):
    """The account that Odoo makes first bears a Vietnamese name."""

    _inherit = "res.partner"

    @api.model
    def _name_first_administrator(self):
        """Name it, at each upgrade; the name of a person that it got stays."""
        partner = self.env.ref("base.partner_admin", raise_if_not_found=False)
        if partner and partner.name == "Administrator":
            partner.name = "Quản trị hệ thống"
