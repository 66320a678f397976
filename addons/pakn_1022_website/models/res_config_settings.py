from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class ResConfigSettings(models.TransientModel):
    """Settings of the citizens' site."""

    _inherit = "res.config.settings"

    pakn_tile_url = fields.Char(
        string="Map tiles",
        config_parameter="pakn_1022_website.tile_url",
        help="Address pattern with {z}, {x} and {y}.",
    )
    pakn_tile_attribution = fields.Char(
        string="Attribution of the map",
        config_parameter="pakn_1022_website.tile_attribution",
    )
    pakn_require_verified = fields.Boolean(
        string="Only with a proved phone",
        config_parameter="pakn_1022_website.require_verified",
        help="A request is taken in when the code sent to its phone was entered.",
    )
    pakn_show_open = fields.Boolean(
        string="Open matters are public",
        config_parameter="pakn_1022_website.show_open",
        help="In the fields marked for it, each after an operator has looked at it.",
    )
    pakn_max_files = fields.Integer(
        string="Files of a message, at most",
        config_parameter="pakn_1022_website.max_files",
        default=5,
    )
    pakn_max_file_mb = fields.Integer(
        string="Megabytes of a file, at most",
        config_parameter="pakn_1022_website.max_file_mb",
        default=10,
    )
    pakn_coordinate_digits = fields.Integer(
        string="Digits of published places",
        config_parameter="pakn_1022_website.coordinate_digits",
        default=3,
    )

    pakn_boundary_count = fields.Integer(
        string="Areas with a boundary", compute="_compute_pakn_boundary_count"
    )
    pakn_hotline_quang_ngai = fields.Char(
        string="Hotline of Quảng Ngãi",
        config_parameter="pakn_1022_website.hotline_quang_ngai",
    )
    pakn_hotline_dak_lak = fields.Char(
        string="Hotline of Đắk Lắk",
        config_parameter="pakn_1022_website.hotline_dak_lak",
        default="(0262) 1022",
    )

    pakn_hotline_hours = fields.Char(
        string="When the hotline answers",
        config_parameter="pakn_1022_website.hotline_hours",
        help="As citizens read it; empty for day and night.",
    )
    pakn_privacy_name = fields.Char(
        string="Office that answers for personal data",
        config_parameter="pakn_1022_website.privacy_name",
    )
    pakn_privacy_address = fields.Char(
        string="Its address", config_parameter="pakn_1022_website.privacy_address"
    )
    pakn_privacy_phone = fields.Char(
        string="Its phone", config_parameter="pakn_1022_website.privacy_phone"
    )
    pakn_privacy_email = fields.Char(
        string="Its email", config_parameter="pakn_1022_website.privacy_email"
    )

    def _compute_pakn_boundary_count(self):
        areas = self.env["pakn.area"]
        domain = areas._get_offered_domain() & Domain("boundary", "!=", False)
        self.pakn_boundary_count = areas.search_count(domain)

    @api.constrains("pakn_require_verified", "pakn_max_files", "pakn_max_file_mb")
    def _check_pakn_site(self):
        for settings in self:
            if settings.pakn_require_verified and not (
                self.env["pakn.phone.code"]._can_deliver()
            ):
                raise ValidationError(
                    self.env._(
                        "Nothing here sends codes to phones yet; install and set up "
                        "the SMS addon first."
                    )
                )
            if not 0 <= settings.pakn_max_files <= 20:
                raise ValidationError(self.env._("Between 0 and 20 files, please."))
            if not 1 <= settings.pakn_max_file_mb <= 25:
                raise ValidationError(self.env._("Between 1 and 25 MB, please."))
