from odoo import fields, models


class PaknCallSettle(models.TransientModel):
    """The dialog that asks why calls led to no request, or nobody is called back."""

    _name = "pakn.call.settle"
    _description = "Give the reason"
    _inherit = "pakn.dialog"

    call_ids = fields.Many2many("pakn.call")
    callback_ids = fields.Many2many("pakn.call.back")
    reason_id = fields.Many2one("pakn.call.reason", required=True)
    note = fields.Char()

    def action_confirm(self):
        self.ensure_one()
        if self.call_ids:
            self.call_ids.settle(self.reason_id.id, self.note)
        if self.callback_ids:
            self.callback_ids.close(self.reason_id.id, self.note)
        return {"type": "ir.actions.act_window_close"}
