from odoo import api, fields, models


class RatingRating(models.Model):
    """When the citizen gave the grade: the report of that day counts it (Art. 14)."""

    _inherit = "rating.rating"

    pakn_date = fields.Datetime(
        string="Rated on",
        compute="_compute_pakn_date",
        store=True,
    )

    _pakn_date_idx = models.Index("(pakn_date) WHERE pakn_date IS NOT NULL")

    def write(self, vals):
        result = super().write(vals)
        if "consumed" in vals:
            # Now, not when somebody reads it: it is the moment that is kept
            self.sudo().mapped("pakn_date")  # sudo: whoever takes the grade
        return result

    @api.depends("consumed", "res_model")
    def _compute_pakn_date(self):
        now = fields.Datetime.now()
        for rating in self:
            given = rating.consumed and rating.res_model == "pakn.ticket"
            rating.pakn_date = (rating.pakn_date or now) if given else False
