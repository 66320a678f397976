import base64
import contextlib

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import pades, stamps, tokens

# Of certificates that can sign here
WITH_KEY = ["|", ("private_key_id", "!=", False), ("pakn_token", "!=", False)]
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

    pakn_token = fields.Char(
        string="Token (PKCS #11)",
        help="Label of the token or module that holds the key, instead of a key here. "
        "Its library and PIN stand in the environment of the server.",
    )
    pakn_key_label = fields.Char(string="Label of the key on it")

    @api.constrains("pakn_token", "pakn_key_label")
    def _check_pakn_token(self):
        for certificate in self:
            if certificate.pakn_token and not certificate.pakn_key_label:
                raise ValidationError(
                    self.env._(
                        "Say which key on the token belongs to “%s”.", certificate.name
                    )
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
        has_key = self and (self.private_key_id.pem_key or self.pakn_token)
        return bool(has_key and self.is_valid)

    @contextlib.contextmanager
    def _open_signer(self):
        """Give what signs PDFs (pyHanko), as long as its token is open.

        :raise ValueError: certificate, key or token cannot be used
        """
        certificate = self.with_context(bin_size=False)
        pem = base64.b64decode(certificate.pem_certificate)
        if not self.pakn_token:
            key = base64.b64decode(certificate.private_key_id.pem_key)
            yield pades.make_signer(pem, key)
            return
        with tokens.open_session(self.pakn_token) as session:
            yield tokens.make_signer(
                session, pades.load_certificate(pem), self.pakn_key_label
            )

    def _sign(self, message, hashing_algorithm="sha256", formatting="encodebytes"):
        """Sign with the token, where the key is there."""
        if not self.pakn_token:
            return super()._sign(message, hashing_algorithm, formatting)
        if not self.is_valid:
            raise UserError(self.env._("The certificate is not valid at this time."))
        data = message.encode() if isinstance(message, str) else message
        try:
            with tokens.open_session(self.pakn_token) as session:
                signature = tokens.sign(session, self.pakn_key_label, data)
        except tokens.TokenError as error:
            raise UserError(self.env._("The token cannot sign: %s", error)) from error
        encode = base64.encodebytes if formatting == "encodebytes" else base64.b64encode
        return encode(signature)
