from odoo import api, fields, models


class PaknTicketAnswer(models.TransientModel):
    """The dialog of "answer now": a ready answer, or the operator's own words."""

    _name = "pakn.ticket.answer"
    _description = "Answer a request now"
    _inherit = "pakn.answering"

    ticket_ids = fields.Many2many("pakn.ticket", required=True)
    result = fields.Html(string="Answer", required=True)
    send_now = fields.Boolean(string="Send it to the citizen at once", default=True)

    def _get_tickets(self):
        return self.ticket_ids

    @api.depends("ticket_ids")
    def _compute_category_id(self):
        return super()._compute_category_id()

    def action_confirm(self):
        self.ensure_one()
        self.ticket_ids.answer(self.result, self.attachment_ids.ids)
        if self.send_now:
            self.ticket_ids.send_result()
        return self.ticket_ids._say_done("sent" if self.send_now else "answered")
