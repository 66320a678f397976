from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def iap_enrich_auto(self):
        if not self.env["ir.config_parameter"]._allows_odoo_services():
            return True
        return super().iap_enrich_auto()
