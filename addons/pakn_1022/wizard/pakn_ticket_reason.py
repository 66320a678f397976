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
        if self.operation == "cancel":
            calls = [["cancel", [self.reason]]]
            if len(tickets) > 1:
                doable, refused = tickets._split_doable("cancel")
                return tickets._act_on_many("cancelled", [(doable, calls)], refused)
            return tickets._act_by_hand("cancelled", calls)
        operation, act = {
            "refer": (tickets.refer_to_province, "referred"),
            "return_result": (tickets.return_result, "result_returned"),
            "reopen": (tickets.reopen, "reopened"),
            "note_call": (tickets.note_call, "called"),
            "recall": (slips.recall, "recalled"),
            "urge": (slips.urge, "urged"),
        }[self.operation]
        operation(self.reason)
        return (slips or tickets)._say_done(act)
