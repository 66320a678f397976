from odoo import api, models

from odoo.addons.pakn_1022_chat.tools import outfile
from odoo.addons.pakn_1022_chat.tools.gateway import Event, File, Result

# Before the number of a file that came with a message
ATTACHMENT = "attachment:"
# Bytes of a file that a visitor is given: phones load it over a mobile network
FILE_BYTES = 10 * 1024 * 1024


class Gateway:
    """The chat box as a chat door: what is said lies in it until the visitor looks."""

    def __init__(self, account):
        self.account = account

    def send(self, message):
        return Result("sent")


class PaknChatAccount(models.Model):
    """The chat box of the hotline's own site (Art. 3.2.1)."""

    _inherit = "pakn.chat.account"

    @api.model_create_multi
    def create(self, vals_list):
        """Let requests come by the chat box from its first opening on."""
        accounts = super().create(vals_list)
        if "livechat" in accounts.mapped("kind"):
            # sudo: pakn.channel - whoever opens the chat box
            channel = self.env.ref("pakn_1022_livechat.channel_livechat")
            channel.sudo().active = True
        return accounts

    @api.model
    def _get_gateways(self):
        return super()._get_gateways() | {"livechat": Gateway}

    def _get_file_limits(self):
        if self.kind != "livechat":
            return super()._get_file_limits()
        return dict.fromkeys(outfile.NAMES, FILE_BYTES)

    @api.model
    def _get_livechat(self):
        """Return the account of the chat box, in sudo, or empty."""
        # sudo: visitors write; they read nothing of it
        return self.sudo().search([("kind", "=", "livechat")], limit=1)

    def _parse(self, payload):
        if self.kind != "livechat":
            return super()._parse(payload)
        return [
            Event(
                "message",
                payload["key"],
                payload["identity"],
                text=payload["text"],
                files=tuple(
                    File(f"{ATTACHMENT}{number}") for number in payload["files"]
                ),
            )
        ]
