from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PaknArticle(models.Model):
    """A ready answer of the knowledge base, behind "answer now" (Art. 10.1.2 b1)."""

    _name = "pakn.article"
    _description = "Knowledge article"
    _order = "sequence, name"

    name = fields.Char(string="Question", required=True, index="trigram")
    answer = fields.Html(required=True)
    category_id = fields.Many2one("pakn.category", index="btree_not_null")
    unit_id = fields.Many2one("pakn.unit", string="Source", index="btree_not_null")
    date_from = fields.Date(string="Valid from")
    date_to = fields.Date(string="Valid until")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for article in self:
            if (
                article.date_from
                and article.date_to
                and article.date_from > article.date_to
            ):
                raise ValidationError(
                    self.env._("An article cannot end before it begins to be valid.")
                )
