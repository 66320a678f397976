from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.pakn_1022_chat.tools.gateway import Result

# Minutes after which what the visitor has not looked at goes another way, and days
# after which it is not asked any more
UNREAD, DAYS = 15, 2


class PaknChatMessage(models.Model):
    """What lies in the chat box counts when it was looked at."""

    _inherit = "pakn.chat.message"

    _unread_idx = models.Index(
        "(account_id, date_sent) WHERE state = 'sent' AND direction = 'out'"
    )

    def _can_go(self):
        # It lies there until the visitor looks; whether that happens is asked later
        return self.account_id.kind == "livechat" or super()._can_go()

    @api.model
    def _cron_tell_unread(self):
        """Take another way with what visitors have left without reading (Art. 10.1).

        A notice goes by the next door; what a person wrote is put before the operators.
        What the helper said has been overtaken.
        """
        now = fields.Datetime.now()
        account = self.env["pakn.chat.account"]._get_livechat()
        found = self.search(
            [
                ("account_id", "=", account.id),
                ("direction", "=", "out"),
                ("state", "=", "sent"),
                ("date_sent", ">", now - timedelta(days=DAYS)),
                ("date_sent", "<=", now - timedelta(minutes=UNREAD)),
                "|",
                ("notice_id", "!=", False),
                ("is_person", "=", True),
            ],
            order="id",
            limit=500,
        ).try_lock_for_update()
        reason = self.env._("The citizen has left the chat without reading it.")
        for message in found:
            message._note_result(Result("failed", reason=reason))
