"""Sign-in by a provider: the browser goes there, and comes back with a code.

Who is signed in already comes back the same way when he or she links an account
(``linking``): a provider knows one address of ours.
"""

import logging
import re
import time
from urllib.parse import urlencode

from odoo import SUPERUSER_ID, http
from odoo.exceptions import AccessDenied
from odoo.http import request
from odoo.tools.translate import LazyTranslate

from odoo.addons.auth_oauth.controllers.main import OAuthLogin
from odoo.addons.pakn_1022_website.controllers.caching import ITS_READER
from odoo.addons.pakn_1022_website.controllers.common import page
from odoo.addons.web.controllers.session import Session
from odoo.addons.web.controllers.utils import _get_login_redirect_url

from ..tools.oidc import Refused

_logger = logging.getLogger(__name__)
_lt = LazyTranslate(__name__)

# Where the session keeps the sign-ins that have begun, by their state; and for how long
ATTEMPTS, SECONDS = "pakn_oidc", 600
# Where the session keeps by which provider it was opened
OPENED_BY = "pakn_oidc_provider"
# The page on which somebody who is signed in links the account
LINKING = "/my/lien-ket"
# How often, and after how many seconds, a browser asks again while too many others wait
# for the provider: half a minute, as long as the codes of most live
MOST_TIMES, WAIT_SECONDS = 8, 3
# Windows of one browser in which somebody signs in at the same time
MOST_ATTEMPTS = 5
# A page of our own: no host, no other scheme
_PATH = re.compile(r"/(?![/\\])[!-\[\]-~]{0,500}")

SENTENCES = {
    "down": _lt(
        "The sign-in service does not answer now. Please try again in a while, or sign "
        "in with a password."
    ),
    "denied": _lt("You have not been signed in there. Please try again."),
    "state": _lt(
        "This sign-in has expired, or was begun in another browser. Please try again."
    ),
    "token": _lt(
        "What the sign-in service has answered could not be verified. Please try "
        "again; if it happens again, please tell the administrator."
    ),
    "unknown": _lt(
        "Your account there is not linked to an account of the hotline. Please ask the "
        "administrator for an invitation, or sign in with a password."
    ),
    "kind": _lt(
        "This account cannot be used here: staff and citizens have different buttons "
        "to sign in."
    ),
    "locked": _lt("This account is locked. Please ask the administrator."),
}


def get_provider(provider_id):
    """Return the provider in sudo, where the page to sign in offers it."""
    shown_sudo = request.env["auth.oauth.provider"]._get_shown()
    provider_sudo = shown_sudo.filtered(lambda one: one.id == provider_id)
    if not provider_sudo:
        raise request.not_found()
    return provider_sudo


def begin_attempt(provider_sudo, **kept):
    """Return where the browser goes; the session keeps what it has begun.

    :param kept: what is needed when it comes back
    """
    attempt, url = provider_sudo._begin()
    now = time.time()
    begun = {
        state: one
        for state, one in (request.session.get(ATTEMPTS) or {}).items()
        if one["until"] > now
    }
    newest = sorted(begun, key=lambda state: begun[state]["until"])
    request.session[ATTEMPTS] = {
        **{state: begun[state] for state in newest[1 - MOST_ATTEMPTS :]},
        attempt["state"]: attempt
        | {"provider": provider_sudo.id, "until": now + SECONDS, **kept},
    }
    return url


def keep_session(user):
    """Keep this session open, whose account is opened by something else from now on."""
    token = user._compute_session_token(request.session.sid)
    request.session.session_token = token


class PaknOidcLogin(OAuthLogin):
    """The page to sign in, with a button for each provider."""

    def list_providers(self):
        """Return the buttons of the providers that are asked over OpenID Connect."""
        kept = {
            name: request.params[name]
            for name in ("redirect", "token")
            if isinstance(request.params.get(name), str)
        }
        query = f"?{urlencode(kept)}" if kept else ""
        providers_sudo = request.env["auth.oauth.provider"]._get_shown()
        return [
            {
                "auth_link": f"/dang-nhap/{provider_sudo.id}{query}",
                "css_class": provider_sudo.css_class,
                "body": provider_sudo.body,
            }
            for provider_sudo in providers_sudo.with_context(lang=request.env.lang)
        ]

    @http.route()
    def web_login(self, *args, **kw):
        response = super().web_login(*args, **kw)
        if response.is_qweb and request.httprequest.method == "GET":
            sentence = SENTENCES.get(request.params.get("oidc"))
            if sentence:
                response.qcontext["error"] = sentence._translate(request.env.lang)
        return response


class PaknOidcLogout(Session):
    """Signing out, also there: a machine may be everybody's."""

    @http.route()
    def logout(self, redirect="/odoo"):
        provider_id = request.session.get(OPENED_BY)
        response = super().logout(redirect)
        if not provider_id:
            return response
        # sudo: nobody is signed in any more; where it is alone is read
        shown_sudo = request.env(user=SUPERUSER_ID)["auth.oauth.provider"]._get_shown()
        provider_sudo = shown_sudo.filtered(lambda one: one.id == provider_id)
        url = provider_sudo and provider_sudo._get_sign_out_url()
        return request.redirect(url, code=303, local=False) if url else response


class PaknOidc(http.Controller):
    """Art. 18.4: to the provider and back."""

    @page(
        "/dang-nhap/<int:provider_id>",
        per_minute=30,
        keep=ITS_READER,
        multilang=False,
    )
    def begin(self, provider_id, redirect=None, token=None, **_params):
        """Send the browser to the provider; the session keeps what it has begun."""
        url = begin_attempt(
            get_provider(provider_id),
            redirect=redirect if _PATH.fullmatch(redirect or "") else "",
            token=token if token and len(token) < 500 else "",
        )
        return request.redirect(url, code=303, local=False)

    @page(
        "/dang-nhap/<int:provider_id>/tra-ve",
        per_minute=30,
        keep=ITS_READER,
        multilang=False,
        readonly=False,
    )
    def finish(self, provider_id, **answer):
        """Take what the provider has sent the browser back with.

        Who began to sign in is signed in; who began to link the account that is signed
        in has linked it.
        """
        attempt = {}
        try:
            provider_sudo = get_provider(provider_id)
            attempt = self._take_attempt(answer.get("state"))
            self._check_attempt(attempt, provider_id)
            if not provider_sudo._take_seat():
                return self._wait(attempt)
            claims = provider_sudo._finish(attempt, answer)
            if "user" in attempt:
                return self._link(provider_sudo, claims)
            credential = request.env["res.users"]._get_oidc_credential(
                provider_sudo, claims, attempt["token"]
            )
            signed_in = request.session.authenticate(request.env, credential)
        except Refused as refused:
            tell = _logger.warning if refused.reason == "down" else _logger.info
            tell(
                "Sign-in by provider %s: %s (%s)",
                provider_id,
                refused.reason,
                refused.detail,
            )
            return self._send_back(refused.reason, attempt)
        except AccessDenied:
            return self._send_back("denied", attempt)
        request.session[OPENED_BY] = provider_sudo.id
        home = "/my" if provider_sudo.pakn_kind == "citizen" else None
        url = _get_login_redirect_url(signed_in["uid"], attempt["redirect"] or home)
        return request.redirect(url, code=303)

    def _take_attempt(self, state):
        """Return what this browser has begun: once.

        :raise Refused: it has not, or it has come back already
        """
        begun = dict(request.session.get(ATTEMPTS) or {})
        attempt = begun.pop(state, None) if isinstance(state, str) else None
        if not attempt:
            raise Refused("state", "not begun here")
        request.session[ATTEMPTS] = begun
        return attempt

    def _check_attempt(self, attempt, provider_id):
        """Refuse what was begun with another provider, long ago, or by another user.

        :raise Refused: so it is
        """
        if attempt["provider"] != provider_id or attempt["until"] < time.time():
            raise Refused("state", "too old")
        if "user" in attempt and attempt["user"] != request.session.uid:
            raise Refused("state", "begun by another user")

    def _wait(self, attempt):
        """Have the browser ask again in a moment: it waits, and no process does.

        :raise Refused: it has for long
        """
        times = attempt.get("times", 0) + 1
        if times > MOST_TIMES:
            raise Refused("down", "busy")
        begun = request.session.get(ATTEMPTS) or {}
        request.session[ATTEMPTS] = begun | {
            attempt["state"]: attempt | {"times": times}
        }
        response = request.render("pakn_1022_oidc.wait", status=503)
        # The same address again: the code in it has not been used
        response.headers["Refresh"] = response.headers["Retry-After"] = str(
            WAIT_SECONDS
        )
        return response

    def _link(self, provider_sudo, claims):
        """Let the provider's subject open the account of who is signed in."""
        user = request.env.user
        user._link_citizen(provider_sudo, claims)
        keep_session(user)
        return request.redirect(f"{LINKING}?oidc=linked", code=303)

    def _send_back(self, reason, attempt):
        path = "/web/login"
        if "user" in attempt and attempt["user"] == request.session.uid:
            path = LINKING
        return request.redirect(f"{path}?oidc={reason}", code=303)
