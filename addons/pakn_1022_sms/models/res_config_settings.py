from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    pakn_sms_quiet_from = fields.Float(
        string="Citizens are not disturbed from",
        config_parameter="pakn_1022_sms.quiet_from",
        default=21,
    )
    pakn_sms_quiet_to = fields.Float(
        string="until", config_parameter="pakn_1022_sms.quiet_to", default=7
    )
    pakn_sms_cap = fields.Integer(
        string="SMS to a citizen in a day, at most",
        config_parameter="pakn_1022_sms.cap",
        default=10,
    )
    pakn_sms_attempts = fields.Integer(
        string="Attempts", config_parameter="pakn_1022_sms.attempts", default=6
    )

    @api.constrains("pakn_sms_quiet_from", "pakn_sms_quiet_to", "pakn_sms_attempts")
    def _check_pakn_sms(self):
        for settings in self:
            hours = (settings.pakn_sms_quiet_from, settings.pakn_sms_quiet_to)
            if not all(0 <= hour < 24 for hour in hours):
                raise ValidationError(
                    self.env._("The hours of rest lie between 0:00 and 24:00.")
                )
            if settings.pakn_sms_attempts < 1:
                raise ValidationError(self.env._("At least one attempt is made."))
