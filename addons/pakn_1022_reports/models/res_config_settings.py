from odoo import api, fields, models
from odoo.exceptions import ValidationError

PREFIX = "pakn_1022_reports."
SWITCHES = (
    "make_week",
    "make_month",
    "make_quarter",
    "make_half",
    "make_year",
    "send_on_confirm",
)


class ResConfigSettings(models.TransientModel):
    """How the reports look, which make themselves and when their month closes."""

    _inherit = "res.config.settings"

    pakn_report_parent_office = fields.Char(
        string="Superior office", config_parameter=f"{PREFIX}parent_office"
    )
    pakn_report_office = fields.Char(
        string="Issuing office", config_parameter=f"{PREFIX}office"
    )
    pakn_report_symbol = fields.Char(
        string="Symbol", config_parameter=f"{PREFIX}symbol", default="1022"
    )
    pakn_report_place = fields.Char(
        string="Place", config_parameter=f"{PREFIX}place", default="Gia Lai"
    )
    pakn_report_addressee = fields.Char(
        string="Addressee",
        config_parameter=f"{PREFIX}addressee",
        default="Ủy ban nhân dân tỉnh Gia Lai",
    )
    pakn_report_signer_title = fields.Char(
        string="Title of who signs",
        config_parameter=f"{PREFIX}signer_title",
        default="THỦ TRƯỞNG ĐƠN VỊ",
    )
    pakn_report_signer_name = fields.Char(
        string="Name of who signs", config_parameter=f"{PREFIX}signer_name"
    )
    pakn_report_close_day = fields.Integer(
        string="Closing day of the month", config_parameter=f"{PREFIX}close_day"
    )
    pakn_report_make_week = fields.Boolean(
        string="Weekly", config_parameter=f"{PREFIX}make_week", default=True
    )
    pakn_report_make_month = fields.Boolean(
        string="Monthly", config_parameter=f"{PREFIX}make_month", default=True
    )
    pakn_report_make_quarter = fields.Boolean(
        string="Quarterly", config_parameter=f"{PREFIX}make_quarter", default=True
    )
    pakn_report_make_half = fields.Boolean(
        string="Half-yearly", config_parameter=f"{PREFIX}make_half", default=True
    )
    pakn_report_make_year = fields.Boolean(
        string="Yearly", config_parameter=f"{PREFIX}make_year", default=True
    )
    pakn_report_send_on_confirm = fields.Boolean(
        string="Send a report as soon as it is confirmed",
        config_parameter=f"{PREFIX}send_on_confirm",
        default=True,
    )

    @api.constrains("pakn_report_close_day")
    def _check_pakn_report_close_day(self):
        for settings in self:
            if not 0 <= settings.pakn_report_close_day <= 27:
                raise ValidationError(
                    self.env._(
                        "The month closes on a day from 1 to 27, or 0: on its last day."
                    )
                )

    @api.model
    def get_values(self):
        """Read what is switched off as off: Odoo takes the text “False” for true."""
        values = super().get_values()
        params = self.env["ir.config_parameter"]
        for name in SWITCHES:
            values[f"pakn_report_{name}"] = params._get_typed(PREFIX + name, True)
        return values

    def set_values(self):
        """Store what is switched off: Odoo drops it, and the default would return."""
        result = super().set_values()
        for name in SWITCHES:
            value = str(self[f"pakn_report_{name}"])
            self.env["ir.config_parameter"].set_param(PREFIX + name, value)
        return result
