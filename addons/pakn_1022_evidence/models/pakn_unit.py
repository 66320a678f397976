from odoo import fields, models


class PaknUnit(models.Model):
    _inherit = "pakn.unit"

    certificate_id = fields.Many2one(
        "certificate.certificate",
        string="Certificate of the unit",
        domain=[("private_key_id", "!=", False), ("pakn_holder", "=", "organisation")],
        groups="base.group_system",
        help="Signs what the unit replied, with its seal.",
    )
    head_certificate_id = fields.Many2one(
        "certificate.certificate",
        string="Certificate of the head",
        domain=[("private_key_id", "!=", False), ("pakn_holder", "=", "person")],
        groups="base.group_system",
    )
