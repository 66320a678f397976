from odoo import fields, models


class PaknTicketRate(models.TransientModel):
    """The dialog in which the operator notes the grade given on the phone."""

    _name = "pakn.ticket.rate"
    _description = "Rating by phone"
    _inherit = "pakn.dialog"

    ticket_id = fields.Many2one("pakn.ticket", required=True)
    rating = fields.Selection(
        [("5", "Satisfied"), ("3", "Acceptable"), ("1", "Not satisfied")],
        required=True,
    )
    feedback = fields.Text(string="Reason")

    def action_confirm(self):
        self.ensure_one()
        self.ticket_id.rate(int(self.rating), self.feedback)
        return self.ticket_id._say_done("rated")
