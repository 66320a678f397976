"""The client's side of OpenID Connect Core 1.0. Nothing of Odoo.

The authorization code flow alone (RFC 9700, 2.1), with PKCE (RFC 7636) by S256. What
comes back is believed only where it belongs to what this browser has begun: ``state``
and ``nonce`` are of one sign-in, the code is of use to who has its verifier, and the ID
token is signed by the provider, for us, now.
"""

import base64
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote_plus, urlencode, urlsplit

import jwt

from odoo.addons.pakn_1022.tools import outside

# Signatures by a key that only the provider has: never “none”, never a shared secret
ALGORITHMS = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA"),
)
# Seconds by which the clocks may differ
LEEWAY = 60
DISCOVERY = "/.well-known/openid-configuration"
# Bytes of a random value: state, nonce, verifier (43 characters, RFC 7636, 4.1)
RANDOM_BYTES = 32
_ERROR = re.compile(r"[a-z_]{1,40}")

# Sends ``(method, address, body, headers)``, and raises ``outside.Unreachable``
Speak = Callable[[str, str, bytes | None, Mapping[str, str]], outside.Answer]


class Refused(Exception):
    """Nobody is signed in, and nothing is linked.

    ``reason``: ``down`` (the provider does not answer, or not what it should),
    ``denied`` (it has not signed the person in), ``state`` (not begun here, or long
    ago), ``token`` (what it says is not to be believed), ``unknown`` (no account of
    ours), ``kind`` (an account of others than this provider's), ``locked``; of who
    links an account also ``taken`` (the subject opens another one) and
    ``linked_already`` (another subject opens it).
    ``detail``: a word for the log, never one of the provider's own.
    """

    def __init__(self, reason: str, detail: str = ""):
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail


@dataclass(frozen=True)
class Client:
    """Who we are to a provider, and where it is."""

    issuer: str
    client_id: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    scope: str = "openid"
    method: str = "client_secret_basic"
    sends_issuer: bool = False
    secret: str = field(default="", repr=False)


def begin() -> dict[str, str]:
    """Return what is kept of one sign-in until its answer: it is used once."""
    return {
        name: secrets.token_urlsafe(RANDOM_BYTES)
        for name in ("state", "nonce", "verifier")
    }


def get_challenge(verifier: str) -> str:
    """Return the S256 challenge of a verifier (RFC 7636, 4.2).

    >>> get_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
    """
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def get_authorization_url(
    client: Client, attempt: Mapping[str, str], redirect_uri: str
) -> str:
    """Return where the browser is sent to sign in."""
    query = urlencode(
        {
            "response_type": "code",
            "client_id": client.client_id,
            "redirect_uri": redirect_uri,
            "scope": client.scope,
            "state": attempt["state"],
            "nonce": attempt["nonce"],
            "code_challenge": get_challenge(attempt["verifier"]),
            "code_challenge_method": "S256",
        }
    )
    joint = "&" if urlsplit(client.authorization_endpoint).query else "?"
    return f"{client.authorization_endpoint}{joint}{query}"


def get_sign_out_url(endpoint: str, client_id: str, back: str) -> str:
    """Return where the browser ends the provider's own session.

    OpenID Connect RP-Initiated Logout 1.0. Without the ID token, which says who
    somebody is and would stand in addresses; and without a state, for nothing is done
    when the browser comes back.

    :param back: our page that it comes back to
    """
    query = urlencode({"client_id": client_id, "post_logout_redirect_uri": back})
    return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{query}"


def finish(
    client: Client,
    attempt: Mapping[str, str],
    answer: Mapping[str, str],
    redirect_uri: str,
    speak: Speak,
    get_keys: Callable[[bool], list],
) -> dict:
    """Return what the provider says about who has signed in.

    :param attempt: what :func:`begin` has returned; its state was compared already
    :param answer: parameters with which the browser came back
    :param get_keys: returns the keys of the provider, fetched anew when asked so
    :raise Refused: see there
    """
    # RFC 9207: the answer of another provider than the one that was asked
    issuer = answer.get("iss")
    if issuer is None and client.sends_issuer:
        raise Refused("token", "no iss parameter")
    if issuer is not None and not _is_same(issuer, client.issuer):
        raise Refused("token", "iss parameter")
    if "error" in answer:
        raise Refused("denied", _get_error(answer))
    code = answer.get("code")
    if not code or len(code) > 4096:
        raise Refused("denied", "no code")
    tokens = _exchange(client, code, attempt["verifier"], redirect_uri, speak)
    claims = read_token(tokens.get("id_token"), client, attempt["nonce"], get_keys)
    if client.userinfo_endpoint and isinstance(tokens.get("access_token"), str):
        # What the token says itself is signed, and stays
        claims = (
            _ask_about(client, claims["sub"], tokens["access_token"], speak) | claims
        )
    return claims


def _exchange(client, code, verifier, redirect_uri, speak):
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if client.method == "client_secret_basic":
        # RFC 6749, 2.3.1: each is encoded as in a form first
        pair = f"{quote_plus(client.client_id)}:{quote_plus(client.secret)}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    else:
        form |= {"client_id": client.client_id, "client_secret": client.secret}
    body = urlencode(form).encode()
    status, answer = _ask_json(speak, "POST", client.token_endpoint, body, headers)
    if status in (400, 401):
        raise Refused("token", f"token end point: {_get_error(answer)}")
    if status != 200:
        raise Refused("down", f"token end point: status {status}")
    return answer


def _ask_about(client, subject, access_token, speak):
    headers = {"Authorization": f"Bearer {access_token}"}
    status, answer = _ask_json(speak, "GET", client.userinfo_endpoint, headers=headers)
    if status != 200:
        raise Refused("down", f"user info: status {status}")
    # OpenID Connect Core 1.0, 5.3.2: of another person otherwise
    if not _is_same(answer.get("sub"), subject):
        raise Refused("token", "user info of another subject")
    return answer


# ------------------------------------------------------------
# ID TOKEN
# ------------------------------------------------------------


def read_token(token, client: Client, nonce: str, get_keys) -> dict:
    """Return the claims of an ID token (OpenID Connect Core 1.0, 3.1.3.7).

    :raise Refused: ``token``, or ``down`` where its keys cannot be had
    """
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, TypeError, ValueError) as error:
        raise Refused("token", "form") from error
    algorithm = header.get("alg")
    if algorithm not in ALGORITHMS:
        raise Refused("token", "algorithm")
    key = _pick_key(get_keys(False), header.get("kid"), algorithm) or _pick_key(
        get_keys(True), header.get("kid"), algorithm
    )
    if not key:
        raise Refused("token", "key")
    try:
        claims = jwt.decode(
            token,
            key=key,
            algorithms=[algorithm],
            audience=client.client_id,
            issuer=client.issuer,
            leeway=LEEWAY,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )
    except (jwt.PyJWTError, ArithmeticError, TypeError, ValueError) as error:
        raise Refused("token", type(error).__name__) from error
    audience, party = claims["aud"], claims.get("azp")
    is_shared = isinstance(audience, list) and len(audience) > 1
    if party != client.client_id and (party is not None or is_shared):
        raise Refused("token", "authorized party")
    if not _is_same(claims.get("nonce"), nonce):
        raise Refused("token", "nonce")
    # OpenID Connect Core 1.0, 2: at most 255 characters of ASCII
    if not re.fullmatch(r"[ -~]{1,255}", claims["sub"]):
        raise Refused("token", "subject")
    return claims


def _pick_key(keys, kid, algorithm):
    """Return the one key that may have signed a token, None for none or several."""
    found = []
    for key in keys:
        if (
            not isinstance(key, dict)
            or key.get("use", "sig") != "sig"
            or key.get("alg", algorithm) != algorithm
            or kid is not None
            and key.get("kid") != kid
        ):
            continue
        try:
            found.append(jwt.PyJWK(key, algorithm))
        except (jwt.PyJWTError, KeyError, TypeError, ValueError):
            continue  # of another kind, or broken
    return found[0] if len(found) == 1 else None


# ------------------------------------------------------------
# WHAT A PROVIDER PUBLISHES
# ------------------------------------------------------------


def discover(issuer: str, speak: Speak) -> dict:
    """Return what a provider says of itself (OpenID Connect Discovery 1.0).

    :raise Refused: ``down``, or ``token`` with what does not fit
    """
    status, found = _ask_json(speak, "GET", issuer.rstrip("/") + DISCOVERY)
    if status != 200:
        raise Refused("down", f"discovery: status {status}")
    if found.get("issuer") != issuer:
        raise Refused("token", "issuer")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not isinstance(found.get(name), str):
            raise Refused("token", name)
    if "S256" not in get_list(found, "code_challenge_methods_supported", "S256"):
        raise Refused("token", "PKCE")
    offered = get_list(found, "id_token_signing_alg_values_supported", "RS256")
    if not any(one in ALGORITHMS for one in offered):
        raise Refused("token", "algorithm")
    return found


def get_list(found: Mapping, name: str, default: str) -> list:
    """Return what a provider offers, or what it offers when it says nothing."""
    value = found.get(name)
    return value if isinstance(value, list) else [default]


def fetch_keys(jwks_uri: str, speak: Speak) -> list:
    """Return the keys by which a provider signs (RFC 7517).

    :raise Refused: ``down``
    """
    status, found = _ask_json(speak, "GET", jwks_uri)
    keys = found.get("keys")
    if status != 200 or not isinstance(keys, list):
        raise Refused("down", f"keys: status {status}")
    return keys[:100]


# ------------------------------------------------------------
# HELPERS
# ------------------------------------------------------------


def _ask_json(speak, method, url, body=None, headers=None):
    """Return ``(status, object)`` of an answer; an empty one of what is an error."""
    headers = {"Accept": "application/json", **(headers or {})}
    try:
        answer = speak(method, url, body, headers)
    except outside.Unreachable as error:
        raise Refused("down", f"{urlsplit(url).path}: {error.args[0]}") from error
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        if answer.status != 200:
            return answer.status, {}
        raise Refused("down", f"{urlsplit(url).path}: no JSON") from error
    if not isinstance(found, dict):
        raise Refused("down", f"{urlsplit(url).path}: no object")
    return answer.status, found


def _get_error(answer):
    """Return the code of an error, as the standards spell them: no other words."""
    error = answer.get("error")
    return error if isinstance(error, str) and _ERROR.fullmatch(error) else "error"


def _is_same(given, expected):
    return isinstance(given, str) and hmac.compare_digest(
        given.encode(errors="replace"), expected.encode()
    )
