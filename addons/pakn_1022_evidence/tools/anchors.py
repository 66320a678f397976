"""What is hashed and signed when records are anchored. Nothing of Odoo.

Leaf and statement are JSON in UTF-8: keys sorted, no blanks, characters as they are.
"""

import base64
import binascii
import hashlib
import json
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

VERSION = 1


def _dump(values: Any) -> bytes:
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.encode("utf-8")


def get_leaf(ticket: int, code: str, seals: int, last: str) -> bytes:
    """Return the entry of the tree for the end of a chain of states.

    :param ticket: number of the request, ``code`` its code
    :param seals: how many states are on record, ``last`` the hash of the last
    """
    return _dump(
        {
            "version": VERSION,
            "request": ticket,
            "code": code,
            "seals": seals,
            "hash": last,
        }
    )


def get_statement(date: str, size: int, root: str, previous: str) -> bytes:
    """Return what is signed of an anchor.

    :param date: UTC, YYYY-MM-DD HH:MM:SS
    :param size: leaves of the tree, ``root`` its root in hexadecimal
    :param previous: SHA-256 of the statement before, 64 zeros for the first
    """
    return _dump(
        {
            "version": VERSION,
            "date": date,
            "size": size,
            "root": root,
            "previous": previous,
        }
    )


def hash_statement(statement: bytes) -> str:
    """Return the SHA-256 of a statement in hexadecimal."""
    return hashlib.sha256(statement).hexdigest()


def is_signed(statement: bytes, signature: str, certificate: x509.Certificate) -> bool:
    """Return whether a signature is that of the certificate's key.

    RSA (PKCS #1 1.5) and ECDSA with SHA-256, or Ed25519.

    :param signature: in base64
    """
    key = certificate.public_key()
    try:
        value = base64.b64decode(signature, validate=True)
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(value, statement, padding.PKCS1v15(), hashes.SHA256())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(value, statement, ec.ECDSA(hashes.SHA256()))
        elif isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(value, statement)
        else:
            return False
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True
