from odoo import models

from ..tools.webhook import PUBLIC


class PaknChatMessage(models.Model):
    """The one answer in public goes out where no conversation is open."""

    _inherit = "pakn.chat.message"

    def _can_go(self):
        is_public = (self.channel_id.pakn_outside_id or "").startswith(PUBLIC)
        return (is_public and not self.is_person) or super()._can_go()
