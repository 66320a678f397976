from odoo import api, models


class PaknHeld(models.AbstractModel):
    """The SMS to a person."""

    _inherit = "pakn.held"

    @api.model
    def _get_held(self, phone):
        found = self.env["sms.sms"].search([("number", "=", phone)], order="id")
        rows = [{"when": sms.create_date, "text": sms.body} for sms in found]
        part = {"key": "sms", "title": self.env._("SMS"), "rows": rows}
        return [*super()._get_held(phone), part]
