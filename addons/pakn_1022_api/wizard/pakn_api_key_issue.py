from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

# Days that a key lives unless something else is said, and at most
DAYS, DAYS_MOST = 365, 1096


class PaknApiKeyIssue(models.TransientModel):
    """Make a key for a program and show it, once.

    The key goes to the screen of who made it in the context of the dialog, and is
    written nowhere.
    """

    _name = "pakn.api.key.issue"
    _description = "Issue a key"
    _inherit = "pakn.dialog"

    client_id = fields.Many2one(
        "pakn.api.client", string="Program", required=True, ondelete="cascade"
    )
    date_expires = fields.Datetime(
        string="Ends",
        required=True,
        default=lambda self: fields.Datetime.now() + timedelta(days=DAYS),
    )
    days_kept = fields.Integer(
        string="Days the old keys go on",
        default=7,
        help="So that the program can change its key without a break; 0 ends them now.",
    )
    has_valid_key = fields.Boolean(related="client_id.has_valid_key")
    key = fields.Char(compute="_compute_key")

    @api.depends_context("pakn_api_key")
    def _compute_key(self):
        self.key = self.env.context.get("pakn_api_key") or False

    def action_issue(self):
        """Make the key and show it."""
        self.env["pakn.api.client"].check_access("write")
        self.ensure_one()
        self.client_id.check_access("write")
        now = fields.Datetime.now()
        if not now < self.date_expires <= now + timedelta(days=DAYS_MOST):
            raise UserError(
                self.env._("A key ends after now, and within three years at most.")
            )
        if not 0 <= self.days_kept <= 90:
            raise UserError(self.env._("Old keys go on for 90 days at most."))
        key = self.env["pakn.api.key"]._issue(
            self.client_id, self.date_expires, self.days_kept
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("The key"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [
                (self.env.ref("pakn_1022_api.pakn_api_key_issue_view_shown").id, "form")
            ],
            "target": "new",
            "context": {"pakn_api_key": key},
        }
