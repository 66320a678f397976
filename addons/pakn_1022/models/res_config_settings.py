from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.visitor import get_host, is_network, split_list
from .ir_http import PROXIES


class ResConfigSettings(models.TransientModel):
    """The numbers of the regulation that the province may set."""

    _inherit = "res.config.settings"

    pakn_focal_hours = fields.Float(
        string="Focal point (working hours)",
        config_parameter="pakn_1022.focal_hours",
        default=8,
    )
    pakn_head_hours = fields.Float(
        string="Head (working hours)",
        config_parameter="pakn_1022.head_hours",
        default=8,
    )
    pakn_province_hours = fields.Float(
        string="Provincial People's Committee (working hours)",
        config_parameter="pakn_1022.province_hours",
        default=8,
    )
    pakn_extension_limit = fields.Integer(
        string="Extensions per unit",
        config_parameter="pakn_1022.extension_limit",
        default=1,
    )
    pakn_reminder_hours = fields.Float(
        string="Reminder before an appointment ends (hours)",
        config_parameter="pakn_1022.reminder_hours",
        default=24,
    )
    pakn_reminder_share = fields.Integer(
        string="Reminder when so much of the time to answer is used (%)",
        config_parameter="pakn_1022.reminder_share",
        default=75,
    )
    pakn_notify_in_hours = fields.Boolean(
        string="Tell units in working hours only",
        config_parameter="pakn_1022.notify_in_hours",
        default=True,
    )
    pakn_auto_send_result = fields.Boolean(
        string="Send a unit's result without check",
        config_parameter="pakn_1022.auto_send_result",
    )
    pakn_unit_mail_is_result = fields.Boolean(
        string="Take a unit's answer by mail for its result",
        config_parameter="pakn_1022.unit_mail_is_result",
    )

    pakn_mail_original_days = fields.Integer(
        string="Days for which the originals of mails are kept",
        config_parameter="pakn_1022.mail_original_days",
        default=90,
    )
    pakn_base_url = fields.Char(
        string="Address of the site",
        config_parameter="web.base.url",
        help="All links in messages and on pages are made of it.",
    )
    pakn_hosts = fields.Char(
        string="Further host names",
        config_parameter="pakn_1022.hosts",
        help="Names by which the server may be asked besides, e.g. within the office.",
    )
    pakn_trusted_proxies = fields.Char(
        string="Proxies",
        config_parameter="pakn_1022.trusted_proxies",
        default=PROXIES,
        help="Addresses or networks of the proxies that say who a visitor is.",
    )

    pakn_alias_id = fields.Many2one(
        "mail.alias",
        default=lambda self: self.env.ref(
            "pakn_1022.mail_alias_hotline", raise_if_not_found=False
        ),
    )
    pakn_alias_name = fields.Char(
        string="Name before the @",
        related="pakn_alias_id.alias_name",
        readonly=False,
    )
    pakn_alias_domain_id = fields.Many2one(
        string="Domain of the hotline's address",
        related="pakn_alias_id.alias_domain_id",
        readonly=False,
    )

    @api.model
    def get_values(self):
        """Read what is switched off as off: Odoo takes the text “False” for true."""
        values = super().get_values()
        notify = self.env["ir.config_parameter"].get_param("pakn_1022.notify_in_hours")
        values["pakn_notify_in_hours"] = notify != "False"
        return values

    def set_values(self):
        """Store a zero as zero: Odoo drops it, and the default would come back."""
        result = super().set_values()
        set_param = self.env["ir.config_parameter"].set_param
        set_param("pakn_1022.extension_limit", str(self.pakn_extension_limit))
        set_param("pakn_1022.reminder_hours", str(self.pakn_reminder_hours))
        set_param("pakn_1022.notify_in_hours", str(self.pakn_notify_in_hours))
        return result

    @api.constrains("pakn_base_url", "pakn_hosts", "pakn_trusted_proxies")
    def _check_pakn_server(self):
        for settings in self:
            url = settings.pakn_base_url or ""
            if not url.startswith(("http://", "https://")) or not get_host(url):
                raise ValidationError(
                    self.env._("The site's address begins with https:// and a name.")
                )
            proxies = split_list(settings.pakn_trusted_proxies)
            if not all(map(is_network, proxies)):
                raise ValidationError(
                    self.env._(
                        "Proxies are IP addresses or networks, parted by commas."
                    )
                )

    @api.constrains(
        "pakn_focal_hours",
        "pakn_head_hours",
        "pakn_province_hours",
        "pakn_extension_limit",
        "pakn_reminder_hours",
        "pakn_reminder_share",
    )
    def _check_pakn_settings(self):
        for settings in self:
            if (
                min(
                    settings.pakn_focal_hours,
                    settings.pakn_head_hours,
                    settings.pakn_province_hours,
                )
                <= 0
            ):
                raise ValidationError(
                    self.env._("Each level needs more than zero working hours.")
                )
            if settings.pakn_extension_limit < 0 or settings.pakn_reminder_hours < 0:
                raise ValidationError(
                    self.env._("Extensions and reminder cannot be negative.")
                )
            if not 0 < settings.pakn_reminder_share <= 100:
                raise ValidationError(
                    self.env._(
                        "The reminder comes when between 1 and 100 % of the time is "
                        "used."
                    )
                )
