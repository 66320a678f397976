from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings of what other programs use."""

    _inherit = "res.config.settings"

    pakn_jurisdiction_id = fields.Char(
        string="Name of the province in Open311",
        config_parameter="pakn_1022_api.jurisdiction_id",
        default="gialai.gov.vn",
    )
