from odoo import api, fields, models
from odoo.exceptions import ValidationError

SHORTEST = 8


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    pakn_second_factor = fields.Boolean(
        string="Second factor for staff",
        help="Beside the password a code of an app, or one that comes by mail.",
    )
    pakn_timeout_minutes = fields.Integer(string="Time-out of staff (minutes)")
    pakn_password_length = fields.Integer(
        string="Shortest password",
        config_parameter="auth_password_policy.minlength",
    )

    @api.model
    def get_values(self):
        values = super().get_values()
        # sudo: ir.config_parameter, res.groups - whoever may open the settings
        policy = self.env["ir.config_parameter"].sudo().get_param("auth_totp.policy")
        staff = self.env.ref("base.group_user").sudo()
        return values | {
            "pakn_second_factor": policy in ("employee_required", "all_required"),
            "pakn_timeout_minutes": staff.lock_timeout_inactivity,
        }

    def set_values(self):
        result = super().set_values()
        params = self.env["ir.config_parameter"]
        if not self.pakn_second_factor:
            params.set_param("auth_totp.policy", False)
        elif not params.get_param("auth_totp.policy"):
            params.set_param("auth_totp.policy", "employee_required")
        staff = self.env.ref("base.group_user")
        if staff.lock_timeout_inactivity != self.pakn_timeout_minutes:
            staff.lock_timeout_inactivity = self.pakn_timeout_minutes
        return result

    @api.constrains("pakn_timeout_minutes", "pakn_password_length")
    def _check_pakn_accounts(self):
        for settings in self:
            if settings.pakn_timeout_minutes < 0:
                raise ValidationError(
                    self.env._("A time-out is a number of minutes, or 0 for none.")
                )
            if settings.pakn_password_length < SHORTEST:
                raise ValidationError(
                    self.env._("Passwords have %s characters at least.", SHORTEST)
                )
