import doctest
import time

import jwt

from odoo.tests import BaseCase, tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from ..tools import oidc
from .peer import Key

ISSUER = "https://id.example.gov.vn"


@tagged(*TAGS)
class TestIdToken(BaseCase):
    """Art. 18.5: whose word is believed, without Odoo and without a network."""

    def setUp(self):
        super().setUp()
        self.key = Key()
        self.client = oidc.Client(
            issuer=ISSUER,
            client_id="hotline",
            authorization_endpoint=f"{ISSUER}/authorize",
            token_endpoint=f"{ISSUER}/token",
            jwks_uri=f"{ISSUER}/keys",
        )
        self.fetched = []

    def claims(self, **values):
        now = int(time.time())
        given = {
            "iss": ISSUER,
            "sub": "1",
            "aud": "hotline",
            "iat": now,
            "exp": now + 60,
            "nonce": "n",
            **values,
        }
        return {name: value for name, value in given.items() if value is not None}

    def read_claims(self, token, *keys):
        def get_keys(is_new):
            self.fetched.append(is_new)
            return [key.public for key in keys or (self.key,)]

        return oidc.read_token(token, self.client, "n", get_keys)

    def assert_refused(self, token, *keys):
        with self.assertRaises(oidc.Refused) as caught:
            self.read_claims(token, *keys)
        self.assertEqual(caught.exception.reason, "token")
        return caught.exception.detail

    def test_what_is_right_is_believed(self):
        now = int(time.time())
        for values in (
            {},
            {"aud": ["hotline"]},
            {"aud": ["hotline", "other"], "azp": "hotline"},
            {"exp": now - 50},
            {"iat": now + 50},
        ):
            with self.subTest(values):
                self.assertEqual(
                    self.read_claims(self.key.sign(self.claims(**values)))["sub"], "1"
                )
        key = Key("ES256")
        self.assertEqual(
            self.read_claims(key.sign(self.claims()), key, self.key)["sub"], "1"
        )
        self.assertNotIn(True, self.fetched, "keys that are kept are enough")

    def test_art18_5_what_is_wrong_is_not(self):
        now = int(time.time())
        for values in (
            {"iss": "https://id.example.com"},
            {"aud": "other"},
            {"aud": ["hotline", "other"]},
            {"azp": "other"},
            {"exp": now - 70},
            {"exp": "x"},
            {"iat": now + 70},
            {"nonce": "m"},
            {"nonce": 1},
            {"nonce": "\udc80"},
            {"sub": ""},
            {"sub": 1},
            {"sub": "x" * 256},
            {"sub": "a\ud83d"},
            {"sub": "a\x00"},
            {"sub": "một"},
            *({name: None} for name in ("iss", "sub", "aud", "iat", "exp", "nonce")),
        ):
            with self.subTest(values):
                try:
                    token = self.key.sign(self.claims(**values))
                except TypeError:
                    # PyJWT signs no such claim: sign the bytes of it
                    token = jwt.api_jws.encode(
                        jwt.api_jwt.json.dumps(self.claims(**values)).encode(),
                        self.key.private,
                        "RS256",
                        {"kid": self.key.id},
                    )
                self.assert_refused(token)

    def test_no_signature_and_none_by_what_everybody_has(self):
        claims = self.claims()
        unsigned = jwt.encode(claims, None, "none")
        self.assertEqual(self.assert_refused(unsigned), "algorithm")
        # HMAC by the public key (RFC 8725, 2.1): PyJWT itself would not make it
        header, body, _signature = self.key.sign(claims).split(".")
        head = jwt.utils.base64url_encode(b'{"alg":"HS256","typ":"JWT"}').decode()
        algorithm = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
        signature = algorithm.sign(f"{head}.{body}".encode(), self.key.pem)
        forged = f"{head}.{body}.{jwt.utils.base64url_encode(signature).decode()}"
        self.assertEqual(self.assert_refused(forged), "algorithm")
        for token in (None, "", "x", "a.b.c", 5, f"{header}.{body}.", "x" * 100000):
            with self.subTest(str(token)[:10]):
                self.assert_refused(token)

    def test_a_key_of_somebody_else(self):
        other = Key()
        self.assertEqual(self.assert_refused(other.sign(self.claims())), "key")
        self.assertEqual(self.fetched, [False, True], "fetched anew, once")
        other.id = self.key.id
        self.assert_refused(other.sign(self.claims()))
        # A key to encrypt by, or of another algorithm, signs nothing
        for values in ({"use": "enc"}, {"alg": "RS512"}, {"kty": "oct", "k": "eA"}):
            with self.subTest(values):
                self.key.public |= values
                self.assert_refused(self.key.sign(self.claims()))

    def test_examples(self):
        self.assertEqual(doctest.testmod(oidc).failed, 0)
        attempts = [oidc.begin() for _time in range(50)]
        values = {value for attempt in attempts for value in attempt.values()}
        self.assertEqual(len(values), 150)
        self.assertEqual({len(value) for value in values}, {43})
