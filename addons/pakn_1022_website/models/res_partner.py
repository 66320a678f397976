from odoo import fields, models


class ResPartner(models.Model):
    """A citizen with an account on the site."""

    _inherit = "res.partner"

    pakn_verified_phone = fields.Char(
        string="Phone proved by a code",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="pakn_1022.group_operator",
        help="The account sees the requests of this number.",
    )
