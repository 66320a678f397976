"""Signatures on PDFs after PAdES (ETSI EN 319 142-1), by pyHanko. Nothing of Odoo."""

import logging
from io import BytesIO
from typing import NamedTuple

from asn1crypto import keys, pem, x509
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, Margins, SimpleBoxLayoutRule
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, RevokedError, ValidationError
from pyhanko_certvalidator.fetchers import Fetchers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from .signatures import SIGNING
from .stamps import Picture

_logger = logging.getLogger(__name__)
# It warns each time that nothing is fetched, which is on purpose
logging.getLogger("pyhanko.sign.signers.pdf_signer").setLevel(logging.ERROR)

FIELD = "Signature1022"
# Seconds that a time-stamping authority may take
PATIENCE = 10
# The picture fills its box
FILLING = SimpleBoxLayoutRule(
    x_align=AxisAlignment.ALIGN_MID,
    y_align=AxisAlignment.ALIGN_MID,
    margins=Margins.uniform(0),
)


class Trust(NamedTuple):
    """Whom is believed, for what goes into a signature to be checked in years.

    ``roots`` and ``lists`` are of ``asn1crypto``; ``fetchers`` ask the issuers of
    certificates. With either of the last two and a time stamp a signature is of level
    B-LT: it carries the chain, and that nobody of it was revoked.
    """

    roots: list
    lists: list
    fetchers: Fetchers | None = None


def load_certificate(content: bytes) -> x509.Certificate:
    """Return a certificate, PEM or DER."""
    return _load(content, x509.Certificate)


def _load(content: bytes, kind):
    if pem.detect(content):
        _type, _headers, content = pem.unarmor(content)
    return kind.load(content)


def make_signer(certificate: bytes, key: bytes) -> signers.Signer:
    """Return what signs with a key.

    :param certificate: X.509, PEM or DER
    :param key: its private key, PKCS #8, not encrypted
    :raise ValueError: one of them cannot be read
    """
    return signers.SimpleSigner(
        signing_cert=load_certificate(certificate),
        signing_key=_load(key, keys.PrivateKeyInfo),
        cert_registry=SimpleCertificateStore(),
    )


def sign(
    pdf: bytes,
    certificate: bytes,
    key: bytes,
    **options,
) -> bytes:
    """Return a PDF signed with a key; see :func:`sign_with`."""
    return sign_with(pdf, make_signer(certificate, key), **options)


def sign_with(
    pdf: bytes,
    signer: signers.Signer,
    *,
    reason: str,
    place: str,
    tsa_url: str | None = None,
    field: str = FIELD,
    picture: Picture | None = None,
    trust: Trust | None = None,
) -> bytes:
    """Return a PDF with a signature of level B-B, B-T with a time stamp, or B-LT.

    Without an answer of the authority it is signed without its stamp; without a chain
    to whom ``trust`` names, or an answer about it, it is of level B-T.

    :param tsa_url: of an authority of RFC 3161
    :param field: name of the field, one for each signature of a document
    :param picture: what is seen of it; nothing by default
    :raise ValueError: the certificate was revoked
    """
    timestamper = HTTPTimeStamper(tsa_url, timeout=PATIENCE) if tsa_url else None
    options = {"reason": reason, "location": place, "field_name": field}
    if trust and (trust.lists or trust.fetchers):
        validation = ValidationContext(
            trust_roots=trust.roots,
            crls=trust.lists,
            allow_fetching=bool(trust.fetchers),
            fetchers=trust.fetchers,
            revocation_mode="soft-fail",
        )
        longest = {
            "validation_context": validation,
            "embed_validation_info": True,
            "signer_key_usage": SIGNING,
        }
        try:
            return _sign(pdf, options | longest, signer, timestamper, picture)
        except (TimestampRequestError, OSError) as error:
            _logger.error("a document got no time stamp: %s", error)
            timestamper = None
        except RevokedError as error:
            _logger.error("the authority of time stamps was revoked: %s", error)
            timestamper = None
        except (PathError, ValidationError, SigningError) as error:
            if isinstance(error.__cause__, RevokedError):
                raise ValueError("the certificate was revoked") from error
            _logger.warning("a document is signed without its chain: %s", error)
    if timestamper:
        try:
            return _sign(pdf, options, signer, timestamper, picture)
        except (TimestampRequestError, OSError) as error:
            _logger.error("a document got no time stamp: %s", error)
    return _sign(pdf, options, signer, None, picture)


def _sign(pdf, options, signer, timestamper, picture):
    metadata = signers.PdfSignatureMetadata(
        md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES, **options
    )
    field = style = None
    if picture:
        style = StaticStampStyle(
            border_width=0,
            background=PdfImage(picture.image),
            background_layout=FILLING,
        )
        field = fields.SigFieldSpec(
            options["field_name"],
            on_page=picture.place.page,
            box=tuple(round(value) for value in picture.place.box),
        )
    out = signers.PdfSigner(
        metadata,
        signer,
        timestamper=timestamper,
        stamp_style=style,
        new_field_spec=field,
    ).sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf), strict=False))
    return out.getvalue()
