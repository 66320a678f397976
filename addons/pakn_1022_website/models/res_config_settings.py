from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings of the citizens' site."""

    _inherit = "res.config.settings"

    pakn_tile_url = fields.Char(
        string="Map tiles",
        config_parameter="pakn_1022_website.tile_url",
        help="Address pattern with {z}, {x} and {y}.",
    )
    pakn_tile_attribution = fields.Char(
        string="Attribution of the map",
        config_parameter="pakn_1022_website.tile_attribution",
    )
    pakn_coordinate_digits = fields.Integer(
        string="Digits of published places",
        config_parameter="pakn_1022_website.coordinate_digits",
        default=3,
    )
