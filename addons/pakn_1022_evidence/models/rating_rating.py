from odoo import api, models


class RatingRating(models.Model):
    """A citizen's grade is sealed with the request (Art. 9.1, 14)."""

    _name = "rating.rating"
    _inherit = ["pakn.sealed", "rating.rating"]

    @api.model_create_multi
    def create(self, vals_list):
        ratings = super().create(vals_list)
        ratings._touch_all()
        return ratings

    def _write_multi(self, vals_list):
        result = super()._write_multi(vals_list)
        self._touch_written("rating", vals_list)
        return result

    def unlink(self):
        self._touch_all()
        return super().unlink()

    def _touch_all(self):
        for rating in self:
            if rating.res_model == "pakn.ticket":
                self.env["pakn.seal"]._touch(
                    "rating", rating.ids, tickets=[rating.res_id]
                )
