from odoo import api, fields, models
from odoo.exceptions import UserError

# Days that the secret before goes on, at most
DAYS_MOST = 90


class PaknWebhookSecret(models.TransientModel):
    """Make the secret of a subscription and show it, once.

    It goes to the screen of who made it in the context of the dialog, and is written
    nowhere but on the subscription, where nobody reads it.
    """

    _name = "pakn.webhook.secret"
    _description = "Secret of messages to a program"
    _inherit = "pakn.dialog"

    webhook_id = fields.Many2one("pakn.webhook", required=True, ondelete="cascade")
    days_kept = fields.Integer(
        string="Days the old secret goes on",
        default=7,
        help="Messages are signed with both, so that the program can change its secret "
        "without a break; 0 ends the old one now, as when somebody else has it.",
    )
    secret = fields.Char(compute="_compute_secret")

    @api.depends_context("pakn_webhook_secret")
    def _compute_secret(self):
        self.secret = self.env.context.get("pakn_webhook_secret") or False

    def action_renew(self):
        """Make the secret and show it."""
        self.env["pakn.webhook"].check_access("write")
        self.ensure_one()
        self.webhook_id.check_access("write")
        if not 0 <= self.days_kept <= DAYS_MOST:
            raise UserError(
                self.env._("The old secret goes on for %s days at most.", DAYS_MOST)
            )
        secret = self.webhook_id._renew_secret(self.days_kept)
        shown = self.env.ref("pakn_1022_api.pakn_webhook_secret_view_shown")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("The secret"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(shown.id, "form")],
            "target": "new",
            "context": {"pakn_webhook_secret": secret},
        }
