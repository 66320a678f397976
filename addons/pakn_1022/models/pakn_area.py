from odoo import fields, models


class PaknArea(models.Model):
    """A commune or ward: where a matter is, not who handles it.

    Code and centre (WGS 84, decimal degrees) come from the official list of
    administrative units. Read by all staff, changed by the manager.
    """

    _name = "pakn.area"
    _description = "Area"
    _order = "kind desc, name"

    name = fields.Char(required=True, index="trigram")
    code = fields.Char(required=True)
    kind = fields.Selection(
        [("ward", "Ward"), ("commune", "Commune"), ("district", "District")],
        required=True,
        default="commune",
    )
    latitude = fields.Float(digits=(10, 7))
    longitude = fields.Float(digits=(10, 7))
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex("(code)", "Another area has this code already.")
