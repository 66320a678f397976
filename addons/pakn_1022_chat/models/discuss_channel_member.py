from odoo import api, models
from odoo.exceptions import AccessError

from .chat_care import CLEARANCE, OPERATOR


class DiscussChannelMember(models.Model):
    """In a conversation are its citizen and operators alone (Art. 13.1)."""

    _inherit = "discuss.channel.member"

    @api.constrains("channel_id", "partner_id", "guest_id")
    def _check_pakn_member(self):
        for member in self.sudo():  # sudo: whoever invites
            channel = member.channel_id
            if channel.channel_type != "pakn_chat":
                continue
            if member.guest_id and member.guest_id == channel.pakn_guest_id:
                continue
            users = member.partner_id.user_ids
            if not any(user.has_group(OPERATOR) for user in users):
                raise AccessError(
                    self.env._(
                        "Only operators take part in conversations with citizens."
                    )
                )
            if channel._pakn_is_secret() and not any(
                user.has_group(CLEARANCE) for user in users
            ):
                raise AccessError(
                    self.env._(
                        "%(name)s may not know of this.", name=member.partner_id.name
                    )
                )
