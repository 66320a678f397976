from odoo import fields, models


class PaknChannel(models.Model):
    """A way a request reaches the hotline (Art. 3)."""

    _name = "pakn.channel"
    _description = "Channel"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    icon = fields.Char(help="Font Awesome class shown on the cards, e.g. fa-phone")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex(
        "(code)", "Another channel has this code already."
    )
