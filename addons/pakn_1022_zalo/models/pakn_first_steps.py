from odoo import api, models


class PaknFirstSteps(models.AbstractModel):
    _inherit = "pakn.first.steps"

    @api.model
    def _get_steps(self):
        steps = super()._get_steps()
        accounts = self.env["pakn.chat.account"].search([("kind", "=", "zalo")])
        connected = accounts.filtered("zalo_connected_on")
        steps.append(
            {
                "key": "zalo",
                "title": "Zalo",
                "text": self.env._("The Official Account is connected.")
                if connected
                else self.env._("The Official Account is not connected yet."),
                "done": bool(connected),
                "action": "pakn_1022_chat.chat_account_action",
                "label": self.env._("Chat accounts"),
            }
        )
        return steps
