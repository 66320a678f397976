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

    # Who has it gives the grade in the citizen's place
    access_token = fields.Char(groups=fields.NO_ACCESS)

    # Not as superuser: whoever rates anything can name any contact here
    rated_partner_name = fields.Char(related_sudo=False)

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
            tickets = self.env["pakn.ticket"].browse([vals["res_id"] for vals in mine])
            for vals, ticket in zip(mine, tickets, strict=True):
                vals.setdefault("pakn_round", ticket.round)
        ratings = super().create(vals_list)
        ratings._check_pakn_superuser()
        return ratings

    def write(self, vals):
        self._check_pakn_superuser()
        result = super().write(vals)
        self._check_pakn_superuser()  # one of something else may have become one
        return result

    @api.model
    def _find_parent_data(self, values):
        """The unit whose result it is stays the one that was rated."""
        data = super()._find_parent_data(values)
        model_id = self.env["ir.model"]._get_id("pakn.ticket")
        if values["res_model_id"] == model_id:
            unit = self.env["pakn.ticket"].browse(values["res_id"]).unit_id
            data |= {
                "parent_res_model_id": self.env["ir.model"]._get_id("pakn.unit"),
                "parent_res_id": unit.id,
            }
        return data

    def _check_pakn_superuser(self):
        """Odoo lets every employee write ratings; a citizen's grade is a record."""
        if self.env.su:
            return
        # sudo: what is rated, whoever may read it; a unit is by its requests
        ratings_sudo = self.sudo()
        rated = ratings_sudo.mapped("res_model") + ratings_sudo.mapped(
            "parent_res_model"
        )
        if any((model or "").startswith("pakn.") for model in rated):
            raise AccessError(
                self.env._("The rating of a request is given by its citizen alone.")
            )
