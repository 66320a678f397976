from odoo import fields, models


class PaknSmsPart(models.Model):
    """A part of a message as the gateway numbers it, for its receipt."""

    _name = "pakn.sms.part"
    _description = "Part of an SMS"
    _rec_name = "reference"

    sms_id = fields.Many2one(
        "sms.sms", string="SMS", required=True, index=True, ondelete="cascade"
    )
    account_id = fields.Many2one("pakn.sms.account", required=True, ondelete="restrict")
    reference = fields.Char(required=True)
    outcome = fields.Selection([("delivered", "Delivered"), ("failed", "Failed")])

    _reference_idx = models.Index("(reference, account_id)")
