from odoo import models

from .pakn_chat_account import ATTACHMENT


class PaknChatFile(models.Model):
    """Files of the chat box have come with their message; nothing is fetched."""

    _inherit = "pakn.chat.file"

    def _fetch(self):
        # Of this door alone: elsewhere an address is what the other side says
        if self.channel_id.pakn_kind != "livechat":
            return super()._fetch()
        file = self.sudo()  # sudo: the address is nobody's to read
        channel = file.channel_id
        attachment = self.env["ir.attachment"].browse(
            int(file.url.removeprefix(ATTACHMENT))
        )
        attachment.write({"res_model": "discuss.channel", "res_id": channel.id})
        file.write({"state": "fetched", "attachment_id": attachment.id})
        channel._pakn_post_as_citizen("", attachment.ids)
        channel._pakn_give_files()
        return None
