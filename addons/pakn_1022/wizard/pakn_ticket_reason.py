from odoo import fields, models


class PaknTicketReason(models.TransientModel):
    """The dialog of the operator's operations that need nothing but a reason."""

    _name = "pakn.ticket.reason"
    _description = "Give the reason"
    _inherit = "pakn.dialog"

    ticket_ids = fields.Many2many("pakn.ticket")
    transfer_ids = fields.Many2many("pakn.transfer")
    operation = fields.Selection(
        [
            ("refer", "Refer to the provincial office"),
            ("return_result", "Give the result back"),
            ("reopen", "Reopen"),
            ("cancel", "Cancel"),
            ("note_call", "Citizen called"),
            ("recall", "Take the slip back"),
            ("urge", "Urge the unit"),
        ],
        required=True,
    )
    reason = fields.Text()

    def action_confirm(self):
        self.ensure_one()
        tickets, slips = self.ticket_ids, self.transfer_ids
        operation = {
            "refer": tickets.refer_to_province,
            "return_result": tickets.return_result,
            "reopen": tickets.reopen,
            "cancel": tickets.cancel,
            "note_call": tickets.note_call,
            "recall": slips.recall,
            "urge": slips.urge,
        }[self.operation]
        return operation(self.reason)
