from odoo import api, fields, models

from ..tools.house import KINDS
from .certificate_certificate import WITH_KEY


class PaknUnit(models.Model):
    """What a unit is called is sealed (Art. 9.1): ``pakn.house.seal``."""

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

    @api.model_create_multi
    def create(self, vals_list):
        units = super().create(vals_list)
        self.env["pakn.house.seal"]._touch("unit", units.ids)
        return units

    def _write_multi(self, vals_list):
        result = super()._write_multi(vals_list)
        written = [
            number
            for number, vals in zip(self._ids, vals_list, strict=True)
            if not KINDS["unit"].columns.keys().isdisjoint(vals)
        ]
        self.env["pakn.house.seal"]._touch("unit", written)
        return result

    def unlink(self):
        self.env["pakn.house.seal"]._touch("unit", self.ids)
        return super().unlink()
