from odoo import api, fields, models

from ..tools.segments import remove_accents


class PaknTicketWrite(models.TransientModel):
    """SMS as a door by which an operator writes; counted while it is typed."""

    _inherit = "pakn.ticket.write"

    door = fields.Selection(
        selection_add=[("sms", "SMS"), ("mail",)], ondelete={"sms": "cascade"}
    )
    is_plain = fields.Boolean(
        string="Without accents", help="It takes fewer SMS, and is harder to read."
    )

    @api.depends("is_plain")
    def _compute_text(self):
        return super()._compute_text()

    def _shape_text(self, text):
        """Name sender and request at the beginning of an SMS, which has no subject."""
        text = super()._shape_text(text)
        sender = f"1022 Gia Lai ({self.ticket_ids[:1].name}): "
        bare = text.removeprefix(sender)
        if self.door != "sms":
            return bare
        return sender + (remove_accents(bare) if self.is_plain else bare)
