import base64

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import pades, stamps

COLOURS = {"person": "blue", "organisation": "red"}


class CertificateCertificate(models.Model):
    """What is seen of a signature with a certificate (Decree 30/2020, Annex I)."""

    _inherit = "certificate.certificate"

    pakn_holder = fields.Selection(
        [("organisation", "An organisation"), ("person", "A person")],
        string="Certificate of",
        default="organisation",
        required=True,
    )
    pakn_title = fields.Char(
        string="Office", help="Stands over the signature, as “GIÁM ĐỐC”."
    )
    pakn_picture = fields.Binary(
        string="Seal or signature",
        help="PNG without background: a person's signature in blue, an organisation's "
        "seal in red. Nothing is seen of a signature without one.",
    )
    pakn_seal_size = fields.Integer(
        string="Width of the seal (mm)", default=stamps.SEAL
    )

    @api.constrains("pakn_picture", "pakn_holder", "pakn_seal_size")
    def _check_pakn_picture(self):
        for certificate in self:
            if not 20 <= certificate.pakn_seal_size <= 60:
                raise ValidationError(
                    self.env._("A seal is between 20 and 60 millimetres wide.")
                )
            try:
                certificate._load_picture()
            except stamps.PictureError as error:
                raise ValidationError(
                    {
                        "format": self.env._(
                            "The picture is no PNG of at most 2 MB and 3,000 × 3,000 "
                            "pixels."
                        ),
                        "background": self.env._(
                            "The picture has no transparent background, or is empty."
                        ),
                        "colour": self.env._(
                            "The picture has another colour than Decree 30/2020 says: "
                            "a signature is blue, a seal is red."
                        ),
                    }[error.reason]
                )

    def _load_picture(self):
        """Return the picture of a signature, ``None`` without one.

        :raise PictureError: it is not as the decree says
        """
        content = self.with_context(bin_size=False).pakn_picture
        if not content:
            return None
        return stamps.load_picture(base64.b64decode(content), COLOURS[self.pakn_holder])

    def _can_sign(self):
        """Return whether there is a key, and the dates are right."""
        return bool(self and self.private_key_id.pem_key and self.is_valid)

    def _make_signer(self):
        """Return what signs PDFs (pyHanko).

        :raise ValueError: certificate or key cannot be read
        """
        certificate = self.with_context(bin_size=False)
        return pades.make_signer(
            base64.b64decode(certificate.pem_certificate),
            base64.b64decode(certificate.private_key_id.pem_key),
        )
