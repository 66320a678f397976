"""How a webhook is signed. Nothing of Odoo.

After Standard Webhooks 1.0 (https://www.standardwebhooks.com): HMAC-SHA256 over id,
moment and body, so that neither can be exchanged and an old one is known as old.
"""

import base64
import hashlib
import hmac
import secrets

PREFIX = "whsec_"


def make_secret() -> str:
    """Return a new secret, 256 random bits, as both sides write it down."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def sign(secret: str, name: str, timestamp: int, body: bytes) -> str:
    """Return the signature of a message.

    :param secret: of :func:`make_secret`
    :param name: id of the message, the same whenever it is sent
    :param timestamp: of this attempt, in seconds since 1970 UTC
    """
    text = secret.removeprefix(PREFIX)
    key = base64.b64decode(text + "=" * (-len(text) % 4))
    signed = b"%s.%d.%s" % (name.encode(), timestamp, body)
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()
