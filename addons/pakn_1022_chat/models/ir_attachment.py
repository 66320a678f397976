from odoo import fields, models
from odoo.exceptions import AccessError


class IrAttachment(models.Model):
    """A file that went between a citizen and the hotline stays (Art. 9)."""

    _inherit = "ir.attachment"

    pakn_chat_message_ids = fields.One2many(
        "pakn.chat.message",
        "attachment_id",
        string="Sent by chat",
        readonly=True,
        groups="pakn_1022.group_operator",
    )

    def _check_pakn_kept(self):
        if not self.env.su:
            self._check_pakn_said()
        return super()._check_pakn_kept()

    def _check_pakn_said(self):
        """Refuse to change or delete what a conversation with a citizen holds."""
        lying = self.sudo().filtered(  # sudo: only where they lie
            lambda file: file.res_model == "discuss.channel"
        )
        if not lying:
            return
        # sudo: whoever deletes it
        channels = self.env["discuss.channel"].sudo().browse(lying.mapped("res_id"))
        if "pakn_chat" in channels.exists().mapped("channel_type"):
            raise AccessError(
                self.env._("What was said to a citizen stays as it was said (Art. 9).")
            )

    def _delete_and_notify(self, message=None):
        # In sudo for who has the token of a file that he or she added
        self._check_pakn_said()
        return super()._delete_and_notify(message)
