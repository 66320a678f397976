from odoo import fields, models


class IrAttachment(models.Model):
    """Files of a request are read by who may read them there (Art. 13.1)."""

    _inherit = "ir.attachment"

    pakn_ticket_ids = fields.Many2many(
        "pakn.ticket",
        "pakn_ticket_attachment_rel",
        string="Requests",
        readonly=True,
        help="Of which it is a file; a file of a mail about one is not among them.",
    )
