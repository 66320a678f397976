from datetime import timedelta

from odoo import api, fields, models


class PaknFirstSteps(models.AbstractModel):
    _inherit = "pakn.first.steps"

    @api.model
    def _get_steps(self):
        steps = super()._get_steps()
        count = self.env["pakn.sms.account"].search_count([])
        provider = self.env.company.sms_provider == "brandname"
        # An account that somebody wrote down and that never answered is none
        since = fields.Datetime.now() - timedelta(days=30)
        works = self.env["pakn.notice"].search_count(
            [
                ("door", "=", "sms"),
                ("state", "in", ("sent", "delivered", "read")),
                ("date_sent", ">=", since),
            ],
            limit=1,
        ) or self.env["pakn.sms.account"].search_count(
            [("date_answered", ">=", since)], limit=1
        )
        if not provider:
            text = self.env._("Messages do not go through the hotline's accounts.")
        elif not works:
            text = self.env._(
                "No account has answered its test or taken a message within the last "
                "30 days."
            )
        else:
            text = self.env._("%s accounts send the hotline's messages.", count)
        steps.append(
            {
                "key": "sms",
                "title": self.env._("SMS"),
                "text": text,
                "done": bool(count and provider and works),
                "action": "pakn_1022_sms.sms_account_action",
                "label": self.env._("SMS accounts"),
            }
        )
        return steps
