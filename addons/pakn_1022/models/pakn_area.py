from odoo import fields, models


class PaknArea(models.Model):
    """A commune or ward: where a matter is, not who handles it.

    Those of before 1 July 2025, and the districts, are archived and point to what they
    are in now, so that old requests and addresses read right.

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
    parent_id = fields.Many2one(
        "pakn.area", string="District", index="btree_not_null", ondelete="restrict"
    )
    date_from = fields.Date(string="First day")
    date_to = fields.Date(string="Last day")
    successor_id = fields.Many2one(
        "pakn.area",
        index="btree_not_null",
        ondelete="restrict",
        help="The area that this one is in now, or most of it.",
    )
    active = fields.Boolean(default=True)

    # The new communes of 2025 bear codes of old ones.
    _code_unique = models.UniqueIndex(
        "(code) WHERE active", "Another area has this code already."
    )
