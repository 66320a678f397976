from odoo import fields, models


class PaknChatHandOverDialog(models.TransientModel):
    """Give a conversation to a colleague, with a note."""

    _name = "pakn.chat.hand.over.dialog"
    _inherit = "pakn.dialog"
    _description = "Hand a conversation over"

    channel_id = fields.Many2one("discuss.channel", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users",
        string="To",
        required=True,
        domain=lambda self: list(self.env["res.users"]._get_operator_domain()),
        help="The open request goes along, if it is yours.",
    )
    note = fields.Text(help="Colleagues read it in the conversation; the citizen not.")

    def action_confirm(self):
        """Hand it over."""
        self.channel_id.pakn_hand_over(self.user_id.id, self.note)
        return {"type": "ir.actions.act_window_close"}
