from odoo import api, models

PARAMETER = "pakn_1022_backend.odoo_services"


class IrConfigParameter(models.Model):
    _inherit = "ir.config_parameter"

    @api.model
    def _allows_odoo_services(self):
        """Return whether the server may call services of odoo.com: off by default."""
        # sudo: ir.config_parameter - one setting, of no secret
        return self.sudo().get_param(PARAMETER, "False") == "True"
