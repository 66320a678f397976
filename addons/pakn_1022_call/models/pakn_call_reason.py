from odoo import fields, models


class PaknCallReason(models.Model):
    """Why a call led to no request, or nobody is to be called back (Art. 20)."""

    _name = "pakn.call.reason"
    _description = "Reason without a request"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    is_nuisance = fields.Boolean(
        string="Nuisance", help="The card of the number's next call warns of it."
    )
