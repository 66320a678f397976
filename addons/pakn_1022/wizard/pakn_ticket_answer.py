from odoo import api, fields, models


class PaknTicketAnswer(models.TransientModel):
    """The dialog of "answer now": a ready answer, or the operator's own words."""

    _name = "pakn.ticket.answer"
    _description = "Answer a request now"
    _inherit = "pakn.answering"

    ticket_ids = fields.Many2many("pakn.ticket", required=True)
    result = fields.Html(string="Answer", required=True)
    send_now = fields.Boolean(string="Send it to the citizen at once", default=True)

    refused_text = fields.Text(
        string="Cannot be answered", compute="_compute_refused_text"
    )

    @api.depends("ticket_ids")
    def _compute_refused_text(self):
        for wizard in self:
            wizard.refused_text = wizard.ticket_ids._say_refused("answer")

    def _get_tickets(self):
        return self.ticket_ids

    @api.depends("ticket_ids")
    def _compute_category_id(self):
        return super()._compute_category_id()

    def action_confirm(self):
        self.ensure_one()
        act = "sent" if self.send_now else "answered"
        sending = [["send_result", []]] if self.send_now else []
        # Files are attached to all requests at once, for they are uploaded once
        if len(self.ticket_ids) > 1 and not self.attachment_ids:
            doable, refused = self.ticket_ids._split_doable("answer")
            calls = [["answer", [self.result]], *sending]
            return self.ticket_ids._act_on_many(act, [(doable, calls)], refused)
        calls = [["answer", [self.result, self.attachment_ids.ids]], *sending]
        return self.ticket_ids._act_by_hand(act, calls)
