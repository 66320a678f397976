from odoo import fields, models

from ..tools.sms_api import SmsApiBrandname


class ResCompany(models.Model):
    _inherit = "res.company"

    sms_provider = fields.Selection(
        selection_add=[("brandname", "Send by brandname gateways")],
        ondelete={"brandname": "set default"},
    )

    def _get_sms_api_class(self):
        self.ensure_one()
        if self.sms_provider == "brandname":
            return SmsApiBrandname
        return super()._get_sms_api_class()
