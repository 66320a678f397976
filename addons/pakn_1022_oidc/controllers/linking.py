"""A citizen links the account that is signed in to VNeID, and unlinks it again.

GET shows, POST acts: another site's page can neither begin it nor end it, and what
comes back from the provider is taken in the session of the user who began it alone.
"""

from odoo import http
from odoo.http import request
from odoo.tools.translate import LazyTranslate

from odoo.addons.pakn_1022_website.controllers.again import recall, show_again
from odoo.addons.pakn_1022_website.controllers.caching import ITS_READER
from odoo.addons.pakn_1022_website.controllers.common import (
    form,
    hit,
    page,
    too_many,
)
from odoo.addons.portal.controllers.portal import CustomerPortal

from .oidc import LINKING, SENTENCES, begin_attempt, get_provider, keep_session

_lt = LazyTranslate(__name__)

# Times that one account may begin in an hour
PER_HOUR = 20
# What has become of it
DONE = {
    "linked": _lt("Your account is linked. VNeID opens it from now on."),
    "unlinked": _lt("VNeID does not open this account any more."),
}
REFUSED = {
    **SENTENCES,
    "taken": _lt(
        "This VNeID account opens another account of the hotline already, so nothing "
        "was changed here. To link it to this account, sign out, sign in with VNeID, "
        "and unlink it there first."
    ),
    "linked_already": _lt(
        "This account is linked to another VNeID account, so nothing was changed. "
        "Unlink that one first."
    ),
    "kind": _lt("This account cannot be linked to VNeID."),
    "down": _lt("VNeID does not answer now. Please try again in a while."),
}


class PaknLinkingPortal(CustomerPortal):
    @http.route()
    def home(self, **kw):
        """Show the way to the page of linking, where it is of use."""
        response = super().home(**kw)
        user = request.env.user
        response.qcontext["pakn_can_link"] = user._is_portal() and bool(
            user._get_citizen_link() or get_providers()
        )
        return response


class PaknLinking(http.Controller):
    """Art. 18.5: linking one's own account."""

    @page(LINKING, auth="user", per_minute=60, keep=ITS_READER)
    def show(self, oidc=None, **_params):
        return self._render(oidc, **recall())

    @form(f"{LINKING}/<int:provider_id>", auth="user", keep=ITS_READER)
    def begin(self, provider_id, **_post):
        """Send the browser to the provider; the session keeps for whom."""
        user = self._get_citizen()
        provider_sudo = get_provider(provider_id)
        if provider_sudo.pakn_kind != "citizen":
            raise request.not_found()
        if user._get_citizen_link():
            return request.redirect(f"{LINKING}?oidc=linked_already", code=303)
        wait = hit("oidc_link", PER_HOUR, key=str(user.id))
        if wait:
            return too_many(wait)
        url = begin_attempt(provider_sudo, user=user.id)
        # A form may lead to our own pages alone (form-action), so that the browser is
        # sent on by this page, not by the answer to the form
        response = request.render(
            "pakn_1022_oidc.leave",
            {"url": url, "provider": provider_sudo.name, "page_name": "pakn_linking"},
        )
        response.headers["Refresh"] = f"0; url={url}"
        return response

    @form(f"{LINKING}/bo", auth="user", keep=ITS_READER)
    def end(self, sure=None, **_post):
        """Unlink the account; where nothing else opens it, only who says so twice."""
        user = self._get_citizen()
        if user._get_citizen_link():
            if not user._has_other_way_in() and sure != "1":
                return show_again(self._render, LINKING, is_last_way=True)
            user._unlink_citizen()
            keep_session(user)
        return request.redirect(f"{LINKING}?oidc=unlinked", code=303)

    def _get_citizen(self):
        """Return who is signed in, where it is a citizen.

        Accounts of staff are linked by an invitation, by a verified email, or by the
        administrator, and no other way (``_link_staff``).
        """
        user = request.env.user
        if not user._is_portal():
            raise request.not_found()
        return user

    def _render(self, outcome=None, is_last_way=False):
        user, env = self._get_citizen(), request.env
        sentence = (DONE | REFUSED).get(outcome)
        # sudo: a setting of the server, which everybody may see at work
        params_sudo = env["ir.config_parameter"].sudo()
        can_reset = params_sudo.get_param("auth_signup.reset_password") == "True"
        return request.render(
            "pakn_1022_oidc.linking",
            {
                "page_name": "pakn_linking",
                "is_done": outcome in DONE,
                "outcome": sentence and sentence._translate(env.lang),
                "linked": user._get_citizen_link().name,
                "providers": get_providers(),
                "login": user.login if user._has_other_way_in() else "",
                "is_last_way": is_last_way,
                "can_reset": can_reset,
            },
        )


def get_providers():
    """Return the providers of citizens that are offered, in sudo."""
    shown_sudo = request.env["auth.oauth.provider"]._get_shown()
    return shown_sudo.filtered(lambda one: one.pakn_kind == "citizen")
