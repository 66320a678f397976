"""An identity provider on this machine: what it says is signed, and may be wrong."""

import base64
import hashlib
import json
import secrets
import time
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from odoo.addons.pakn_1022.tests.http_peer import HttpPeer, PeerHandler

CLIENT, SECRET = "hotline", "s3cret of the hotline"


class Key:
    """A key of a provider, and what it publishes of it."""

    def __init__(self, algorithm="RS256"):
        self.algorithm, self.id = algorithm, secrets.token_hex(4)
        if algorithm.startswith("ES"):
            self.private = ec.generate_private_key(ec.SECP256R1())
            public = jwt.algorithms.ECAlgorithm.to_jwk(self.private.public_key(), True)
        else:
            self.private = rsa.generate_private_key(65537, 2048)
            public = jwt.algorithms.RSAAlgorithm.to_jwk(self.private.public_key(), True)
        self.public = {**public, "kid": self.id, "use": "sig", "alg": algorithm}
        self.pem = self.private.public_key().public_bytes(
            serialization.Encoding.PEM,
            serialization.PublicFormat.SubjectPublicKeyInfo,
        )

    def sign(self, claims):
        return jwt.encode(claims, self.private, self.algorithm, {"kid": self.id})


class _Handler(PeerHandler):
    """How a provider answers, rightly or not."""

    def do_GET(self):
        path = urlsplit(self.path).path
        self.peer.seen.append(("GET", path))
        self.answer(path)

    def do_POST(self):
        self.peer.seen.append(("POST", self.path))
        self.answer(self.path, dict(parse_qsl(self.read_body().decode())))

    def answer(self, path, form=None):
        peer = self.peer
        said = peer.said.get(path)
        if said == "endless":
            self.say_without_end()
        elif isinstance(said, bytes):
            self.tell_json(200, said)
        elif said:
            self.tell_json(said, b"{}")
        elif path == "/about":
            known = self.headers.get("Authorization") == f"Bearer {peer.access}"
            body = {"sub": peer.person["sub"], **peer.about}
            self.tell_json(200 if known else 401, body)
        elif path == "/token":
            self.tell_json(*peer.trade(form, self.headers.get("Authorization")))
        else:
            self.tell_json(*peer.publish(path))

    def tell_json(self, status, body):
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.tell(status, body, {"Content-Type": "application/json"})

    def say_without_end(self):
        try:
            self.send_response(200)
            self.end_headers()
            while True:
                self.wfile.write(b" " * 65536)
        except OSError:
            return  # who asked has had enough


class Provider(HttpPeer):
    """OpenID Connect over HTTP on a free port of 127.0.0.1.

    It checks what a provider has to: client, secret, redirect address, the code once,
    and PKCE by S256.

    :ivar dict person: claims of whoever signs in
    :ivar dict more: what differs in the ID token: ``{claim: value}``, None to leave out
    :ivar make_token: replaces how the ID token is made of its claims
    :ivar dict said: ``{path: bytes, status or "endless"}`` that is answered instead
    :ivar list seen: ``(method, path)`` of all that came
    :ivar list forms: what came to the token end point, with the secret beside it
    """

    handler = _Handler

    def __init__(self):
        super().__init__()
        self.key, self.person = Key(), {"sub": "staff-1"}
        self.more, self.make_token, self.said = {}, None, {}
        self.announced, self.answered = {}, {}
        self.about = {}
        self.seen, self.forms, self.codes = [], [], {}
        self.redirect_uris = set()
        self.access = secrets.token_urlsafe()

    def publish(self, path):
        """Return status and answer of what anybody may read."""
        if path == "/keys":
            return 200, {"keys": [self.key.public]}
        if path == "/.well-known/openid-configuration":
            return 200, self.describe()
        return 404, {}

    def describe(self):
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "userinfo_endpoint": f"{self.url}/about",
            "code_challenge_methods_supported": ["S256"],
            "id_token_signing_alg_values_supported": [self.key.algorithm],
            **self.announced,
        }

    def sign_in(self, url):
        """Sign the person in at an authorization address; return where it leads."""
        asked = dict(parse_qsl(urlsplit(url).query))
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        assert asked["redirect_uri"] in self.redirect_uris, asked["redirect_uri"]
        code = secrets.token_urlsafe()
        self.codes[code] = asked
        answer = {"code": code, "state": asked["state"], **self.answered}
        return f"{asked['redirect_uri']}?{urlencode(answer)}"

    def trade(self, form, header):
        """Return the status and the answer of the token end point."""
        if header:
            pair = base64.b64decode(header.removeprefix("Basic ")).decode()
            client, secret = map(unquote_plus, pair.split(":"))
        else:
            client, secret = form.get("client_id"), form.get("client_secret")
        self.forms.append({**form, "by_header": bool(header)})
        if (client, secret) != (CLIENT, SECRET):
            return 401, {"error": "invalid_client"}
        asked = self.codes.pop(form["code"], None)
        if not asked or asked["redirect_uri"] != form["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if (
            base64.urlsafe_b64encode(digest).decode().rstrip("=")
            != (asked["code_challenge"])
        ):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **self.person,
            **self.more,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        return 200, {
            "token_type": "Bearer",
            "access_token": self.access,
            "id_token": (self.make_token or self.key.sign)(claims),
        }
