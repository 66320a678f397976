from odoo import fields, models


class PaknTicketReason(models.TransientModel):
    """The dialog of the operations that need nothing but a reason."""

    _name = "pakn.ticket.reason"
    _description = "Give the reason"

    ticket_ids = fields.Many2many("pakn.ticket", required=True)
    operation = fields.Selection(
        [
            ("refer", "Refer to the provincial office"),
            ("reopen", "Reopen"),
            ("cancel", "Cancel"),
        ],
        required=True,
    )
    reason = fields.Text(required=True)

    def action_confirm(self):
        self.ensure_one()
        operation = {
            "refer": self.ticket_ids.refer_to_province,
            "reopen": self.ticket_ids.reopen,
            "cancel": self.ticket_ids.cancel,
        }[self.operation]
        return operation(self.reason)
