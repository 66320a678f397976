from odoo import api, fields, models


class PaknWebhookSecret(models.TransientModel):
    """Show the secret of a subscription, once.

    It goes to the screen of who made it in the context of the dialog, and is written
    nowhere but on the subscription, where nobody reads it.
    """

    _name = "pakn.webhook.secret"
    _description = "Secret of messages to a program"
    _inherit = "pakn.dialog"

    webhook_id = fields.Many2one("pakn.webhook", required=True, ondelete="cascade")
    secret = fields.Char(compute="_compute_secret")

    @api.depends_context("pakn_webhook_secret")
    def _compute_secret(self):
        self.secret = self.env.context.get("pakn_webhook_secret") or False
