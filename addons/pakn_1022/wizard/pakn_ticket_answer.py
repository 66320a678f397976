from odoo import api, fields, models


class PaknTicketAnswer(models.TransientModel):
    """The dialog of "answer now": a ready answer, or the operator's own words."""

    _name = "pakn.ticket.answer"
    _description = "Answer a request now"

    ticket_ids = fields.Many2many("pakn.ticket", required=True)
    category_id = fields.Many2one(
        "pakn.category", compute="_compute_category_id", string="Field"
    )
    article_id = fields.Many2one("pakn.article", string="Ready answer")
    result = fields.Html(
        string="Answer",
        compute="_compute_result",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    send_now = fields.Boolean(string="Send it to the citizen at once", default=True)

    @api.depends("ticket_ids")
    def _compute_category_id(self):
        for wizard in self:
            wizard.category_id = wizard.ticket_ids[:1].category_id

    @api.depends("article_id")
    def _compute_result(self):
        for wizard in self:
            wizard.result = wizard.article_id.answer or wizard.result

    def action_confirm(self):
        self.ensure_one()
        self.ticket_ids.answer(self.result)
        if self.send_now:
            self.ticket_ids.send_result()
        return True
