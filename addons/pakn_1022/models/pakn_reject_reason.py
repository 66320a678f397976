from odoo import fields, models


class PaknRejectReason(models.Model):
    """Why a request is not taken in (Art. 8), and what the citizen can do instead.

    ``guidance`` is the text that Art. 10.1.2a demands; the operator may change it
    for the one request.
    """

    _name = "pakn.reject.reason"
    _description = "Reason for rejection"
    _order = "sequence, id"

    name = fields.Char(required=True)
    guidance = fields.Html()
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
