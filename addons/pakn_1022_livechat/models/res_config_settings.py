from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    pakn_livechat = fields.Boolean(
        string="Chat box",
        config_parameter="pakn_1022_livechat.is_on",
        help="Visitors of the site write with the helper and the operators.",
    )

    def set_values(self):
        """Make the account of the chat box with its first opening."""
        result = super().set_values()
        accounts = self.env["pakn.chat.account"]
        if self.pakn_livechat and not accounts._get_livechat():
            accounts.create({"name": self.env._("Chat box"), "kind": "livechat"})
        return result
