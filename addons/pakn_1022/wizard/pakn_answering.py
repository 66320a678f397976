from odoo import api, fields, models


class PaknAnswering(models.AbstractModel):
    """A dialog in which a result is written: ready answers of the field, files."""

    _name = "pakn.answering"
    _description = "Writing a result"
    _inherit = "pakn.dialog"

    category_id = fields.Many2one(
        "pakn.category", compute="_compute_category_id", string="Field"
    )
    article_domain = fields.Json(compute="_compute_article_domain")
    article_id = fields.Many2one("pakn.article", string="Ready answer")
    result = fields.Html(
        compute="_compute_result", store=True, readonly=False, precompute=True
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Files")

    def _get_tickets(self):
        """Return the requests that are answered."""
        raise NotImplementedError

    def _compute_category_id(self):
        for wizard in self:
            categories = wizard._get_tickets().category_id
            wizard.category_id = categories if len(categories) == 1 else False

    @api.depends("category_id")
    def _compute_article_domain(self):
        """Offer what is valid today, of the request's field and of no field."""
        for wizard in self:
            wizard.article_domain = list(
                self.env["pakn.article"]._get_offered_domain(wizard.category_id)
            )

    @api.depends("article_id")
    def _compute_result(self):
        for wizard in self:
            wizard.result = wizard.article_id.answer or wizard.result
