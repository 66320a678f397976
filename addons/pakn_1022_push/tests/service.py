"""A push service on this machine, and the browser behind it, which decrypts."""

import base64
import json
import os
import struct

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from odoo.addons.pakn_1022.tests.http_peer import HttpPeer, PeerHandler

CURVE = ec.SECP256R1()


def encode(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def mac(key, text):
    hmac = HMAC(key, hashes.SHA256())
    hmac.update(text)
    return hmac.finalize()


class Browser:
    """Keys of a browser; decrypts as RFC 8291 and RFC 8188 say, by plain HMAC."""

    def __init__(self, key=None, auth=None):
        self.key = key or ec.generate_private_key(CURVE)
        self.secret = auth or os.urandom(16)
        point = self.key.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )
        self.point = point
        self.keys = {"p256dh": encode(point), "auth": encode(self.secret)}

    def decrypt(self, body):
        salt, size, length = body[:16], *struct.unpack("!IB", body[16:21])
        sender, text = body[21 : 21 + length], body[21 + length :]
        assert len(text) <= size
        public = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sender)
        shared = self.key.exchange(ec.ECDH(), public)
        info = b"WebPush: info\0" + self.point + sender
        ikm = mac(mac(self.secret, shared), info + b"\1")
        prk = mac(salt, ikm)
        key = mac(prk, b"Content-Encoding: aes128gcm\0\1")[:16]
        nonce = mac(prk, b"Content-Encoding: nonce\0\1")[:12]
        plain = AESGCM(key).decrypt(nonce, text, None)
        assert plain.endswith(b"\2")
        return plain[:-1]


def check_vapid(header, public):
    """Check who a header says has sent; return its claims."""
    kind, token, key = header.replace(",", "").split()
    assert (kind, key) == ("vapid", f"k={public}")
    head, claims, signature = token.removeprefix("t=").split(".")
    assert json.loads(decode(head)) == {"typ": "JWT", "alg": "ES256"}
    raw = decode(signature)
    numbers = (int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    ec.EllipticCurvePublicKey.from_encoded_point(CURVE, decode(public)).verify(
        encode_dss_signature(*numbers),
        f"{head}.{claims}".encode(),
        ec.ECDSA(hashes.SHA256()),
    )
    return json.loads(decode(claims))


class _Handler(PeerHandler):
    def do_POST(self):
        self.peer.taken.append((self.path, dict(self.headers), self.read_body()))
        self.tell(self.peer.status, headers=self.peer.headers)


class Service(HttpPeer):
    """The push service: keeps what it takes, and answers as it is told."""

    handler = _Handler

    def __init__(self):
        super().__init__()
        self.taken, self.status, self.headers = [], 201, {}
