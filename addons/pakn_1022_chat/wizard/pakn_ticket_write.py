from odoo import fields, models


class PaknTicketWrite(models.TransientModel):
    """The citizen's own conversation as a door by which an operator writes."""

    _inherit = "pakn.ticket.write"

    door = fields.Selection(
        selection_add=[("chat", "Conversation"), ("mail",)],
        ondelete={"chat": "cascade"},
    )
