from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    pakn_call_promise = fields.Boolean(
        string="SMS to who called in vain",
        config_parameter="pakn_1022_call_sms.is_on",
        help="Once for a number in a day; not to landlines and nuisance callers.",
    )
    pakn_call_promise_text = fields.Char(
        string="Its words",
        config_parameter="pakn_1022_call_sms.text",
        help="As they are registered with the gateway; empty for the program's own.",
    )
