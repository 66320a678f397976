from odoo import api, models

from odoo.addons.pakn_1022.tools.held import MENTIONS, Place


class PaknHeld(models.AbstractModel):
    """What was looked for in exports: a phone or an address tells of somebody."""

    _inherit = "pakn.held"

    @api.model
    def _get_places(self):
        where = MENTIONS.format(column="pakn_export_log.domain")
        return [
            *super()._get_places(),
            Place("pakn_export_log", where, {"domain": "[]"}),
        ]
