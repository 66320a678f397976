from odoo import api, models


class PaknFirstSteps(models.AbstractModel):
    _inherit = "pakn.first.steps"

    @api.model
    def _get_steps(self):
        steps = super()._get_steps()
        count = self.env["pakn.sms.account"].search_count([])
        provider = self.env.company.sms_provider == "brandname"
        steps.append(
            {
                "key": "sms",
                "title": self.env._("SMS"),
                "text": self.env._("%s accounts send the hotline's messages.", count)
                if provider
                else self.env._("Messages do not go through the hotline's accounts."),
                "done": bool(count) and provider,
                "action": "pakn_1022_sms.sms_account_action",
                "label": self.env._("SMS accounts"),
            }
        )
        return steps
