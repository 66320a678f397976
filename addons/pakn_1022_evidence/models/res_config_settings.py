from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .certificate_certificate import WITH_KEY


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    pakn_certificate_id = fields.Many2one(
        "certificate.certificate",
        string="Certificate of the hotline",
        config_parameter="pakn_1022_evidence.certificate_id",
        domain=WITH_KEY,
    )
    pakn_head_certificate_id = fields.Many2one(
        "certificate.certificate",
        string="Certificate of the head",
        config_parameter="pakn_1022_evidence.head_certificate_id",
        domain=[("pakn_holder", "=", "person"), *WITH_KEY],
    )
    pakn_tsa_url = fields.Char(
        string="Time-stamping authority",
        config_parameter="pakn_1022_evidence.tsa_url",
    )

    pakn_ask_issuers = fields.Boolean(
        string="Ask issuers of certificates",
        config_parameter="pakn_1022_evidence.ask_issuers",
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
