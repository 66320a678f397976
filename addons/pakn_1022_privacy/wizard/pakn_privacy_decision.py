from odoo import fields, models
from odoo.exceptions import UserError


class PaknPrivacyDecision(models.TransientModel):
    """Refuse a citizen's request about personal data, or put it off, with a reason."""

    _name = "pakn.privacy.decision"
    _description = "Decide on a request about personal data"
    _inherit = "pakn.dialog"

    request_id = fields.Many2one("pakn.privacy.request", required=True, readonly=True)
    what = fields.Selection(
        [("refuse", "Refuse"), ("extend", "Put off")], required=True, readonly=True
    )
    reason = fields.Text(required=True, help="The citizen reads it.")

    def action_confirm(self):
        """Do it; the request checks right and state."""
        self.ensure_one()
        reason = (self.reason or "").strip()
        if not reason:
            raise UserError(self.env._("Please give the reason."))
        if self.what == "refuse":
            self.request_id._refuse(reason)
        else:
            self.request_id._extend(reason)
        return {"type": "ir.actions.act_window_close"}
