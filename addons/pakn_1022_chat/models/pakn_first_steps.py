from odoo import api, models


class PaknFirstSteps(models.AbstractModel):
    _inherit = "pakn.first.steps"

    @api.model
    def _get_steps(self):
        steps = super()._get_steps()
        accounts = self.env["pakn.chat.account"].search([], limit=100)
        found = [account.problem or account.warning for account in accounts]
        problems = list(filter(None, found))
        text = self.env._("%s accounts at chat doors.", len(accounts))
        steps.append(
            {
                "key": "chat",
                "title": self.env._("Chat"),
                "text": problems[0] if problems else text,
                "done": bool(accounts) and not problems,
                "action": "pakn_1022_chat.chat_account_action",
                "label": self.env._("Chat accounts"),
            }
        )
        return steps
