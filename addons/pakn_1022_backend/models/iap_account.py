from odoo import api, models


class IapAccount(models.Model):
    """Accounts for paid services of odoo.com are not asked about (see README)."""

    _inherit = "iap.account"

    def _get_account_information_from_iap(self):
        if not self.env["ir.config_parameter"]._allows_odoo_services():
            return None
        return super()._get_account_information_from_iap()

    @api.model
    def get_credits(self, service_name):
        if not self.env["ir.config_parameter"]._allows_odoo_services():
            return 0
        return super().get_credits(service_name)


class IapAutocompleteApi(models.AbstractModel):
    """Names of citizens are not sent to odoo.com while they are typed."""

    _inherit = "iap.autocomplete.api"

    @api.model
    def _request_partner_autocomplete(self, action, params, timeout=15):
        if not self.env["ir.config_parameter"]._allows_odoo_services():
            return False, "No account token"
        return super()._request_partner_autocomplete(action, params, timeout)
