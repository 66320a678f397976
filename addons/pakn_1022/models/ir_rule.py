from odoo import models

OURS = "pakn."


class IrRule(models.Model):
    """What is not for somebody is said in plain words."""

    _inherit = "ir.rule"

    def _make_access_error(self, operation, records):
        error = super()._make_access_error(operation, records)
        return self.env["ir.model.access"]._put_plainly(error, records._name, operation)
