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
        came = self.env["ir.attachment"].browse(int(file.url.removeprefix(ATTACHMENT)))
        message = channel._pakn_post_as_citizen("", [(came.name, came.raw)])
        file.write({"state": "fetched", "attachment_id": message.attachment_ids.id})
        came.unlink()
        channel._pakn_give_files()
        return None
