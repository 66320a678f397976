import json

from odoo import models


class PaknChatEvent(models.Model):
    _inherit = "pakn.chat.event"

    def _get_words(self):
        """Return what a visitor wrote, and that there are files."""
        self.ensure_one()
        payload = json.loads(self.payload)
        files = len(payload["files"])
        note = "📎 " + self.env._("%s files", files) if files else ""
        return "\n".join(filter(None, (payload["text"], note)))
