from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .pakn_chat_event import QUIET


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    pakn_chat_quiet_seconds = fields.Integer(
        string="Seconds before the helper answers",
        config_parameter="pakn_1022_chat.quiet_seconds",
        default=QUIET,
    )

    @api.constrains("pakn_chat_quiet_seconds")
    def _check_pakn_chat(self):
        for settings in self:
            if not 0 <= settings.pakn_chat_quiet_seconds <= 15:
                raise ValidationError(
                    self.env._("The helper answers within 15 seconds.")
                )
