from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.templates import compile_template


class PaknSmsRegistration(models.Model):
    """A text as it is registered with a gateway (CSKH template), places as ``{1}``."""

    _name = "pakn.sms.registration"
    _description = "Registered SMS text"
    _order = "account_id, id"

    account_id = fields.Many2one(
        "pakn.sms.account", required=True, index=True, ondelete="cascade"
    )
    reference = fields.Char(string="Number at the gateway")
    text = fields.Text(required=True, help="Places are written {1}, {2} …")

    @api.constrains("text")
    def _check_text(self):
        for registration in self:
            if compile_template(registration.text).fullmatch(""):
                raise ValidationError(
                    self.env._("A registered text consists of more than places.")
                )
