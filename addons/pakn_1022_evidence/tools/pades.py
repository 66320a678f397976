"""Signatures on PDFs after PAdES (ETSI EN 319 142-1), by pyHanko. Nothing of Odoo."""

import logging
from io import BytesIO

from asn1crypto import keys, pem, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError
from pyhanko_certvalidator.registry import SimpleCertificateStore

_logger = logging.getLogger(__name__)

FIELD = "Signature1022"
# Seconds that a time-stamping authority may take
PATIENCE = 10


def _load(content: bytes, kind):
    if pem.detect(content):
        _type, _headers, content = pem.unarmor(content)
    return kind.load(content)


def sign(
    pdf: bytes,
    certificate: bytes,
    key: bytes,
    *,
    reason: str,
    place: str,
    tsa_url: str | None = None,
) -> bytes:
    """Return a PDF with a signature of level B-B, of level B-T with a time stamp.

    Without an answer of the authority it is signed without its stamp.

    :param certificate: X.509, PEM or DER
    :param key: its private key, PKCS #8, not encrypted
    :param tsa_url: of an authority of RFC 3161
    :raise ValueError: certificate or key cannot be read
    """
    signer = signers.SimpleSigner(
        signing_cert=_load(certificate, x509.Certificate),
        signing_key=_load(key, keys.PrivateKeyInfo),
        cert_registry=SimpleCertificateStore(),
    )
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        reason=reason,
        location=place,
    )
    if tsa_url:
        try:
            return _sign(
                pdf, metadata, signer, HTTPTimeStamper(tsa_url, timeout=PATIENCE)
            )
        except (TimestampRequestError, OSError) as error:
            _logger.error("a document got no time stamp: %s", error)
    return _sign(pdf, metadata, signer, None)


def _sign(pdf, metadata, signer, timestamper):
    out = signers.PdfSigner(metadata, signer, timestamper=timestamper).sign_pdf(
        IncrementalPdfFileWriter(BytesIO(pdf), strict=False)
    )
    return out.getvalue()
