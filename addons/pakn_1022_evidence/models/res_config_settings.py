from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    pakn_certificate_id = fields.Many2one(
        "certificate.certificate",
        string="Certificate of the hotline",
        config_parameter="pakn_1022_evidence.certificate_id",
        domain=[("private_key_id", "!=", False)],
    )
    pakn_head_certificate_id = fields.Many2one(
        "certificate.certificate",
        string="Certificate of the head",
        config_parameter="pakn_1022_evidence.head_certificate_id",
        domain=[("pakn_holder", "=", "person"), ("private_key_id", "!=", False)],
    )
    pakn_tsa_url = fields.Char(
        string="Time-stamping authority",
        config_parameter="pakn_1022_evidence.tsa_url",
    )

    @api.constrains("pakn_tsa_url")
    def _check_pakn_tsa_url(self):
        for settings in self:
            url = settings.pakn_tsa_url or "https://"
            if not url.startswith(("https://", "http://")):
                raise ValidationError(
                    self.env._(
                        "The time-stamping authority has an address that begins with "
                        "http:// or https://."
                    )
                )
