from datetime import timedelta

from odoo import api, fields, models

OPERATOR = "pakn_1022.group_operator"
# What was said shortly before the request was made belongs to it
BEFORE = timedelta(minutes=15)


class PaknTicketTransfer(models.TransientModel):
    """What of the conversation the unit is handed with its slip, message by message."""

    _inherit = "pakn.ticket.transfer"

    pakn_channel_id = fields.Many2one(
        "discuss.channel",
        string="Conversation",
        compute="_compute_pakn_channel_id",
        groups=OPERATOR,
    )
    # Not worked out before it is created: that would be as who may not read it too
    pakn_message_ids = fields.Many2many(
        "pakn.chat.message",
        string="Handed along from the conversation",
        compute="_compute_pakn_message_ids",
        store=True,
        readonly=False,
        groups=OPERATOR,
        domain="[('channel_id', '=', pakn_channel_id)]",
        help="Take out what the unit need not know.",
    )

    @api.depends("ticket_ids")
    def _compute_pakn_channel_id(self):
        for wizard in self:
            ticket = wizard.ticket_ids._origin
            wizard.pakn_channel_id = len(ticket) == 1 and ticket.pakn_conversation_id

    @api.depends("ticket_ids")
    def _compute_pakn_message_ids(self):
        """Propose what people said since the request began; not the helper's words."""
        for wizard in self:
            channel, messages = wizard.pakn_channel_id, self.env["pakn.chat.message"]
            if not channel:
                wizard.pakn_message_ids = messages
                continue
            wizard.pakn_message_ids = messages.search(
                [
                    ("channel_id", "=", channel.id),
                    ("create_date", ">=", wizard.ticket_ids.date_received - BEFORE),
                    "|",
                    ("direction", "=", "in"),
                    ("is_person", "=", True),
                ],
                order="id",
                limit=200,
            )

    def action_confirm(self):
        if not self.env.user.has_group(OPERATOR):
            return super().action_confirm()
        chosen = self.with_context(pakn_said_ids=self.pakn_message_ids.ids)
        return super(PaknTicketTransfer, chosen).action_confirm()
