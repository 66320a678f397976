"""Time stamps of RFC 3161: asking an authority for one, and reading it. No Odoo."""

import hashlib
import secrets
from datetime import datetime
from typing import NamedTuple

import requests
from asn1crypto import algos, cms, tsp
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

SECONDS = 10


class StampError(Exception):
    """There is no good time stamp, with the reason."""


class Stamp(NamedTuple):
    """What a time stamp says."""

    date: datetime  # UTC, aware
    signer: x509.Certificate


def request_stamp(url: str, data: bytes) -> bytes:
    """Return the token of an authority for data, in DER.

    :param url: of the authority, HTTP or HTTPS
    :raise StampError: it cannot be reached, refuses, or answers something else
    """
    nonce = secrets.randbits(64)
    query = tsp.TimeStampReq(
        {
            "version": 1,
            "message_imprint": {
                "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
                "hashed_message": hashlib.sha256(data).digest(),
            },
            "nonce": nonce,
            "cert_req": True,
        }
    )
    try:
        answer = requests.post(
            url,
            data=query.dump(),
            headers={"Content-Type": "application/timestamp-query"},
            timeout=SECONDS,
        )
        answer.raise_for_status()
        response = tsp.TimeStampResp.load(answer.content)
        status = response["status"]["status"].native
        if status not in ("granted", "granted_with_mods"):
            raise StampError(f"the authority answers {status}")
        token = response["time_stamp_token"].dump()
        read_stamp(token, data)
        info = cms.ContentInfo.load(token)["content"]["encap_content_info"]
        if info["content"].parsed["nonce"].native != nonce:
            raise StampError("the answer is to another question")
    except (requests.RequestException, ValueError, TypeError, KeyError) as error:
        raise StampError(str(error)) from error
    return token


def read_stamp(token: bytes, data: bytes) -> Stamp:
    """Return what a token says of data, after its signature has been checked.

    Whether its signer is to be trusted is the caller's to judge.

    :raise StampError: it is of other data, or its signature is wrong
    """
    try:
        signed = cms.ContentInfo.load(token, strict=True)["content"]
        content = signed["encap_content_info"]["content"]
        info = content.parsed
        imprint = info["message_imprint"]
        name = imprint["hash_algorithm"]["algorithm"].native
        if imprint["hashed_message"].native != hashlib.new(name, data).digest():
            raise StampError("the stamp is of something else")
        [signer] = signed["signer_infos"]
        certificate = _find_signer(signed, signer)
        _check_signature(signer, content, certificate)
        date = info["gen_time"].native
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise StampError(f"the stamp cannot be read: {error}") from error
    usages = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    if x509.ExtendedKeyUsageOID.TIME_STAMPING not in usages.value:
        raise StampError("the signer is no authority for time stamps")
    return Stamp(date, certificate)


def _find_signer(signed, signer):
    wanted = signer["sid"].chosen
    for choice in signed["certificates"]:
        found = choice.chosen
        if isinstance(wanted, cms.IssuerAndSerialNumber):
            is_signer = (
                found.serial_number == wanted["serial_number"].native
                and found.issuer == wanted["issuer"]
            )
        else:
            is_signer = found.key_identifier == wanted.native
        if is_signer:
            return x509.load_der_x509_certificate(found.dump())
    raise StampError("the stamp does not bring its signer's certificate")


def _check_signature(signer, content, certificate):
    """Check a signer's signature over the signed attributes, and their digest."""
    algorithm = signer["digest_algorithm"]["algorithm"].native
    attributes = {
        attribute["type"].native: attribute["values"]
        for attribute in signer["signed_attrs"]
    }
    digest = hashlib.new(algorithm, bytes(content))
    if attributes["content_type"][0].native != "tst_info":
        raise StampError("this is no time stamp")
    if attributes["message_digest"][0].native != digest.digest():
        raise StampError("the stamp was changed")
    signed = signer["signed_attrs"].untag().dump(force=True)
    value, key = signer["signature"].native, certificate.public_key()
    method = getattr(hashes, algorithm.upper())()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(value, signed, padding.PKCS1v15(), method)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(value, signed, ec.ECDSA(method))
        else:
            raise StampError("the signer's key is of an unknown kind")
    except InvalidSignature as error:
        raise StampError("the signature of the stamp is wrong") from error
