import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.pakn_1022.tools import outside

from ..tools import revocation, signatures


class PaknTrust(models.Model):
    """Whom the hotline believes when others sign: roots and lists of revoked ones.

    The administrator takes them from the authorities' own pages (Art. 16.4). With each
    change the signatures on files are judged anew.
    """

    _name = "pakn.trust"
    _description = "Trusted authority of signatures"
    _order = "kind, name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [
            ("root", "Certificates of an authority"),
            ("list", "List of revoked certificates"),
        ],
        required=True,
        default="root",
    )
    content = fields.Binary(string="File (PEM, CER or CRL)", required=True)
    holder = fields.Char(
        string="Who it is of", compute="_compute_holder", store=True, readonly=True
    )
    date_end = fields.Datetime(
        string="Good until", compute="_compute_holder", store=True, readonly=True
    )

    @api.depends("content", "kind")
    def _compute_holder(self):
        """Read the file; what cannot be read is refused by the constraint."""
        for trust in self:
            try:
                trust.holder, trust.date_end = trust._describe()
            except ValueError:
                trust.holder = trust.date_end = False

    @api.constrains("content", "kind")
    def _check_content(self):
        for trust in self:
            try:
                trust._describe()
            except ValueError:
                raise ValidationError(
                    self.env._(
                        "The file of “%s” is neither a certificate nor a list of "
                        "revoked certificates, or not of the kind that is chosen.",
                        trust.name,
                    )
                )

    def _describe(self):
        """Return whose the file is and until when it is good.

        :raise ValueError: it cannot be read
        """
        self.ensure_one()
        content = self._read_content()
        if self.kind == "list":
            revoked = signatures.load_list(content)["tbs_cert_list"]
            ends = [revoked["next_update"].native] if revoked["next_update"] else []
            holders = [signatures.get_name(revoked["issuer"])]
        else:
            certificates = signatures.load_certificates(content)
            if not certificates:
                raise ValueError("no certificate in it")
            holders = [signatures.get_name(one.subject) for one in certificates]
            ends = [one.not_valid_after for one in certificates]
        end = min(ends).replace(tzinfo=None) if ends else False
        return "; ".join(holders)[:300], end

    def _read_content(self):
        self.ensure_one()
        try:
            return base64.b64decode(self.with_context(bin_size=False).content or b"")
        except binascii.Error as error:
            raise ValueError("no file") from error

    @api.model
    def _get_trusted(self):
        """Return trusted certificates, and lists of revoked ones, of ``asn1crypto``."""
        roots, lists = [], []
        # sudo: whom the house trusts, whoever's file it is
        for trust in self.sudo().search([("content", "!=", False)]):
            content = trust._read_content()
            if trust.kind == "list":
                lists.append(signatures.load_list(content))
            else:
                roots += signatures.load_certificates(content)
        return roots, lists

    @api.model
    def _get_fetchers(self):
        """Return what asks issuers about their certificates, if that is wanted."""
        if not self.env["ir.config_parameter"]._get_typed(
            "pakn_1022_evidence.ask_issuers", False
        ):
            return None
        return revocation.make_fetchers(self._is_allowed)

    @api.model
    def _is_allowed(self, address):
        """Return whether an issuer is asked at an IP address."""
        return outside.is_public(address)

    @api.model_create_multi
    def create(self, vals_list):
        trusts = super().create(vals_list)
        self.env["pakn.signature"]._check_again()
        return trusts

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint(("active", "kind", "content")):
            self.env["pakn.signature"]._check_again()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["pakn.signature"]._check_again()
        return result
