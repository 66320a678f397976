from odoo import fields, models


class PaknTicket(models.Model):
    """A request that came by the national portal, known by its code there."""

    _inherit = "pakn.ticket"

    national_code = fields.Char(
        string="Code on the national portal",
        readonly=True,
        copy=False,
        procedure=True,
    )
    national_date = fields.Datetime(
        string="Sent to the national portal on",
        readonly=True,
        copy=False,
        procedure=True,
    )

    _national_code_unique = models.UniqueIndex(
        "(national_code) WHERE national_code IS NOT NULL",
        "Another request has this code of the national portal.",
    )
