from odoo import api, models

# Odoo's name and purpose of its channel of administrators -> ours
NAMES = {
    "name": ("Administrators", "Quản trị hệ thống"),
    "description": (
        "General channel for administrators.",
        "Trao đổi chung của những người quản trị.",
    ),
}


class DiscussChannel(models.Model):
    """What Odoo has named in English for the administrators is Vietnamese."""

    _inherit = "discuss.channel"

    @api.model
    def _name_administrators(self):
        """Name their channel, at each upgrade; what somebody has written stays."""
        channel = self.env.ref("mail.channel_admin", raise_if_not_found=False)
        if channel:
            channel.write(
                {
                    field: ours
                    for field, (theirs, ours) in NAMES.items()
                    if channel[field] == theirs
                }
            )
