from odoo import api, fields, models
from odoo.exceptions import AccessError


class RatingRating(models.Model):
    """The citizen's grade of a result (Art. 14)."""

    _inherit = "rating.rating"

    pakn_round = fields.Integer(
        string="Round",
        readonly=True,
        help="Which result of the request is rated: 1, more after a reopening.",
    )

    # For the rules on who reads it: a grade is as secret as its request
    pakn_ticket_id = fields.Many2one(
        "pakn.ticket",
        string="Request",
        compute="_compute_pakn_ticket_id",
        store=True,
        index="btree_not_null",
    )

    @api.depends("res_model", "res_id")
    def _compute_pakn_ticket_id(self):
        for rating in self:
            rating.pakn_ticket_id = rating.res_model == "pakn.ticket" and rating.res_id

    @api.model_create_multi
    def create(self, vals_list):
        model_id = self.env["ir.model"]._get_id("pakn.ticket")
        mine = [vals for vals in vals_list if vals.get("res_model_id") == model_id]
        if mine:
            self._check_pakn_superuser()
            tickets = self.env["pakn.ticket"].browse([vals["res_id"] for vals in mine])
            for vals, ticket in zip(mine, tickets, strict=True):
                vals.setdefault("pakn_round", ticket.round)
        return super().create(vals_list)

    def write(self, vals):
        mine = self.filtered(lambda rating: rating.res_model == "pakn.ticket")
        if mine:
            mine._check_pakn_superuser()
            if "parent_res_id" in vals and "res_id" not in vals:
                # A grade belongs to the unit whose result it was, also when the
                # request goes to another unit in a later round.
                given = mine.filtered("consumed")
                rest = {k: v for k, v in vals.items() if k != "parent_res_id"}
                if given and rest:
                    super(RatingRating, given).write(rest)
                return super(RatingRating, self - given).write(vals)
        return super().write(vals)

    def _check_pakn_superuser(self):
        """Odoo lets every employee write ratings; a citizen's grade is a record."""
        if not self.env.su:
            raise AccessError(
                self.env._("The rating of a request is given by its citizen alone.")
            )
