from odoo import models

from ..hooks import fill_code_translations


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def _register_hook(self):
        super()._register_hook()
        fill_code_translations()

    def session_info(self):
        info = super().session_info()
        if not self.env["ir.config_parameter"]._allows_odoo_services():
            # Otherwise each sign-in of an administrator asks odoo.com about the company
            info["iap_company_enrich"] = False
        return info
