from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def _hand_over_work(self):
        """Part from conversations with citizens too: others are called to them."""
        result = super()._hand_over_work()
        # sudo: whoever changes an account need not read conversations
        rooms_sudo = self.env["discuss.channel"].sudo()
        rooms_sudo.search(
            [
                ("channel_type", "=", "pakn_chat"),
                "|",
                ("pakn_user_id", "in", self.ids),
                ("channel_member_ids.partner_id", "in", self.partner_id.ids),
            ]
        )._pakn_part_users(self)
        return result
