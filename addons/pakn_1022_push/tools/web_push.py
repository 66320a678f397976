"""Web Push: a message for one browser, encrypted and signed. Nothing of Odoo.

RFC 8291 (encryption of messages, over RFC 8188), RFC 8292 (VAPID: who sends).
``cryptography`` does the work; ``pywebpush`` would bring aiohttp for these lines.
"""

import base64
import json
import os
import struct
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
# Bytes of one record, and of a message that all push services take
RECORD, MOST = 4096, 3900
# Bytes of a public key (a point, not compressed) and of the secret of a browser
POINT, SECRET = 65, 16


def encode(data: bytes) -> str:
    """Return bytes in base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Return the bytes of base64url.

    :raise ValueError: it is none
    """
    return base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)


def make_key() -> str:
    """Return a new private key for :func:`sign`."""
    number = ec.generate_private_key(CURVE).private_numbers().private_value
    return encode(number.to_bytes(32, "big"))


def get_public(key: str) -> str:
    """Return the public key of a private one, as browsers take it."""
    return encode(_to_bytes(_load(key).public_key()))


def is_browser(p256dh: str, auth: str) -> bool:
    """Return whether these are keys of a browser."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(CURVE, decode(p256dh))
        return len(decode(p256dh)) == POINT and len(decode(auth)) == SECRET
    except ValueError:
        return False


def encrypt(
    text: bytes,
    p256dh: str,
    auth: str,
    own: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """Return a message that one browser alone reads.

    :param text: :data:`MOST` bytes at most
    :param p256dh: public key of the browser, base64url
    :param auth: secret that the browser shares with us, base64url
    :param own: key of this one message, and ``salt``: made here but for tests
    """
    if len(text) > MOST:
        raise ValueError("too long")
    theirs = decode(p256dh)
    own = own or ec.generate_private_key(CURVE)
    salt = salt or os.urandom(16)
    point = _to_bytes(own.public_key())
    shared = own.exchange(
        ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, theirs)
    )
    info = b"WebPush: info\0" + theirs + point
    secret = _derive(shared, decode(auth), info, 32)
    key = _derive(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derive(secret, salt, b"Content-Encoding: nonce\0", 12)
    header = salt + struct.pack("!IB", RECORD, len(point)) + point
    # 2 marks the last record
    return header + AESGCM(key).encrypt(nonce, text + b"\2", None)


def sign(key: str, endpoint: str, contact: str, expires: int) -> str:
    """Return the header ``Authorization`` that says who sends (VAPID).

    :param contact: ``mailto:`` or ``https:`` address of who answers for it
    :param expires: seconds since 1970 UTC, within 24 hours
    """
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": expires,
        "sub": contact,
    }
    head = encode(json.dumps({"typ": "JWT", "alg": "ES256"}).encode())
    text = f"{head}.{encode(json.dumps(claims).encode())}"
    signature = _load(key).sign(text.encode(), ec.ECDSA(hashes.SHA256()))
    r, s = decode_dss_signature(signature)
    token = f"{text}.{encode(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"
    return f"vapid t={token}, k={get_public(key)}"


def _load(key):
    return ec.derive_private_key(int.from_bytes(decode(key), "big"), CURVE)


def _to_bytes(public):
    return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derive(secret, salt, info, length):
    kdf = HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info)
    return kdf.derive(secret)
