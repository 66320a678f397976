"""Keys on a token or in a module of hardware (PKCS #11). Nothing of Odoo.

Which module and which PIN stand in the environment of the server, where nobody reads
them by the program: ``PAKN_PKCS11_MODULE`` (path of the library) and
``PAKN_PKCS11_PIN``. The library python-pkcs11 need not be installed without a token.
"""

import contextlib
import os
from collections.abc import Iterator
from typing import Any

from pyhanko.config.pkcs11 import TokenCriteria

MODULE, PIN = "PAKN_PKCS11_MODULE", "PAKN_PKCS11_PIN"


class TokenError(ValueError):
    """The token cannot be used, with the reason; never with the PIN."""


@contextlib.contextmanager
def open_session(label: str) -> Iterator[Any]:
    """Give a session with the token of a label, logged in.

    :raise TokenError: it is not there, or does not do what is asked
    """
    module = os.environ.get(MODULE)
    if not module:
        raise TokenError(f"{MODULE} is not set")
    try:
        import pkcs11
        from pyhanko.sign.pkcs11 import open_pkcs11_session
    except ImportError as error:
        raise TokenError("python-pkcs11 is not installed") from error
    try:
        with open_pkcs11_session(
            module,
            token_criteria=TokenCriteria(label=label),
            user_pin=os.environ.get(PIN),
        ) as session:
            yield session
    except pkcs11.PKCS11Error as error:
        raise TokenError(f"token {label}: {type(error).__name__}") from error


def make_signer(session: Any, certificate: Any, key_label: str) -> Any:
    """Return what signs PDFs with a token's key (pyHanko).

    :param certificate: ``asn1crypto.x509.Certificate`` of the key
    """
    from pyhanko.sign.pkcs11 import PKCS11Signer

    return PKCS11Signer(session, signing_cert=certificate, key_label=key_label)


def sign(session: Any, key_label: str, message: bytes) -> bytes:
    """Return the signature of a token's key on a message, over its SHA-256.

    RSA: PKCS #1 1.5; ECDSA in DER, as certificates are checked with.
    """
    import pkcs11
    from pkcs11.util.ec import encode_ecdsa_signature

    key = session.get_key(
        label=key_label, object_class=pkcs11.constants.ObjectClass.PRIVATE_KEY
    )
    if key.key_type == pkcs11.KeyType.RSA:
        return key.sign(message, mechanism=pkcs11.Mechanism.SHA256_RSA_PKCS)
    return encode_ecdsa_signature(
        key.sign(message, mechanism=pkcs11.Mechanism.ECDSA_SHA256)
    )
