from odoo import fields, models

from .certificate_certificate import WITH_KEY


class PaknUnit(models.Model):
    _inherit = "pakn.unit"

    certificate_id = fields.Many2one(
        "certificate.certificate",
        string="Certificate of the unit",
        domain=[("pakn_holder", "=", "organisation"), *WITH_KEY],
        groups="base.group_system",
        help="Signs what the unit replied, with its seal.",
    )
    head_certificate_id = fields.Many2one(
        "certificate.certificate",
        string="Certificate of the head",
        domain=[("pakn_holder", "=", "person"), *WITH_KEY],
        groups="base.group_system",
    )
