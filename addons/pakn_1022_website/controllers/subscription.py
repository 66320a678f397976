"""To follow results by mail, to say "so do I", and to say what is wrong."""

import functools

from werkzeug.urls import url_encode

from odoo import http
from odoo.http import request

from odoo.addons.pakn_1022.tools.email_address import normalize_email

from ..tools.text import clean_line, clean_text
from .again import get_stale, get_stale_button, recall, show_again
from .caching import NOBODY
from .common import HOUR, data, form, get_wait, hit, is_fresh, page, render
from .filters import RECORDS, Filters
from .phone_code import Proof, prove_phone
from .results import get_result

REASONS = ("personal", "false", "insult", "other")
FOLLOW = "/theo-doi-ket-qua"
# Of a result's address
SUPPORT = "/ket-qua/<string:code>/toi-cung-vay"
ABUSE = "/ket-qua/<string:code>/bao-sai"
# Of a subscription's: xac-nhan confirms, huy ends it
ACT = "/theo-doi-ket-qua/<any('xac-nhan','huy'):act>/<string:token>"
ONE_CLICK = "/theo-doi-ket-qua/huy-ngay/<string:token>"


class Subscription(http.Controller):
    """Forms: GET shows, POST acts. Answers tell nothing of who follows what."""

    # ------------------------------------------------------------
    # FOLLOW BY MAIL
    # ------------------------------------------------------------

    def _get_target(self, params):
        """Return ``(values of the subscription, its name, hidden fields)``."""
        if params.get("ma"):
            ticket_sudo = get_result(params["ma"])
            name = f"{ticket_sudo.name} {ticket_sudo.public_title}"
            return {"ticket_id": ticket_sudo.id}, name, {"ma": ticket_sudo.name}
        filters = Filters(params)
        for key, (part, _model) in RECORDS.items():
            record = filters.domain.get(part)
            if record:
                target = {f"{part}_id": record.id}
                return target, record.name, {key: filters.values[key]}
        return {}, request.env._("all fields and areas"), {}

    @page("/theo-doi-ket-qua", per_minute=60, keep=NOBODY)
    def subscribe_form(self, **params):
        _target, name, hidden = self._get_target(params)
        return self._render_subscribe(name, hidden, **recall())

    # csrf: see is_fresh
    @form(FOLLOW, csrf=False)
    def subscribe(self, email="", **params):
        target, name, hidden = self._get_target(params)
        again = functools.partial(
            show_again,
            functools.partial(self._render_subscribe, name, hidden),
            f"{FOLLOW}?{url_encode(hidden)}",
        )
        email = clean_line(email, 200)
        if not is_fresh(params):
            return again(email=email, error=get_stale())
        if wait := hit("subscribe", 100):
            return again(email=email, error=get_wait(wait))
        # A field that people do not see, and programs fill in
        if params.get("website"):
            return again(is_sent=True)
        address = normalize_email(email)
        if not address:
            error = request.env._("Please check the email address.")
            return again(email=email, error=error)
        # To one address few mails go, and the answer is the same
        if not hit("subscribe_mail", 5, 24 * HOUR, key=address):
            request.env["pakn.subscription"]._subscribe(address, target)
        return again(is_sent=True)

    def _render_subscribe(self, name, hidden, email="", error="", is_sent=False):
        if is_sent:
            return render("pakn_1022_website.subscribe_sent", {"target_name": name})
        values = {"target_name": name, "hidden": hidden, "email": email, "error": error}
        return render("pakn_1022_website.subscribe", values, is_wrong=bool(error))

    def _get_subscription(self, token):
        subscription_sudo = request.env["pakn.subscription"]._find(token)
        if not subscription_sudo:
            raise request.not_found()
        return subscription_sudo

    @page(ACT, per_minute=60, keep=NOBODY)
    def ask(self, act, token, **params):
        """Programs open the links of mails: the visitor presses a button."""
        return self._render_act(act, token, **recall())

    def _render_act(self, act, token, name="", error=""):
        """Return the page of the button; of what was done, to what ``name`` is."""
        if name:
            values = {"act": act, "target_name": name}
            return render("pakn_1022_website.subscription_done", values)
        values = {"subscription": self._get_subscription(token), "error": error}
        return render(
            "pakn_1022_website.subscription_ask",
            values | {"act": act, "token": token},
            is_wrong=bool(error),
        )

    # csrf: see is_fresh
    @form(ACT, per_minute=60, csrf=False)
    def act(self, act, token, **params):
        subscription_sudo = self._get_subscription(token)
        again = functools.partial(
            show_again,
            functools.partial(self._render_act, act, token),
            f"{FOLLOW}/{act}/{token}",
        )
        if not is_fresh(params):
            return again(error=get_stale_button())
        name = subscription_sudo.target_name
        if act == "huy":
            subscription_sudo.unlink()
        else:
            subscription_sudo._confirm()
        return again(name=name)

    @form(ONE_CLICK, per_minute=60, csrf=False, multilang=False)
    def one_click(self, token, **params):
        """End it at once: mail programs post here (RFC 8058), without a session."""
        request.env["pakn.subscription"]._find(token).unlink()
        return request.make_response("")

    @data(ONE_CLICK, per_minute=60)
    def one_click_page(self, token, **params):
        """Lead a person who opens the address of the mail program to the button."""
        return request.redirect(f"/theo-doi-ket-qua/huy/{token[:64]}")

    # ------------------------------------------------------------
    # SO DO I
    # ------------------------------------------------------------

    def _check_deliver(self):
        if not request.env["pakn.phone.code"]._can_deliver():
            raise request.not_found()

    @page(SUPPORT, per_minute=60, keep=NOBODY)
    def support_form(self, code, **params):
        self._check_deliver()
        return self._render_support(get_result(code), **recall())

    def _render_support(
        self, ticket_sudo, phone="", tell=False, step="phone", error=""
    ):
        return render(
            "pakn_1022_website.support",
            {
                "card": ticket_sudo._get_public_card(),
                "phone": phone,
                "tell": tell,
                "step": step,
                "error": error,
            },
            is_wrong=bool(error),
        )

    # csrf: see is_fresh
    @form(SUPPORT, csrf=False)
    def support(self, code, phone="", number="", tell="", **params):
        self._check_deliver()
        ticket_sudo = get_result(code)
        phone, number = clean_line(phone, 30), clean_line(number, 10)
        if is_fresh(params):
            proof = prove_phone(phone, number, hit("support", 200))
        else:
            proof = Proof("code" if number else "phone", error=get_stale())
        if proof.step == "done":
            request.env["pakn.supporter"]._support(
                ticket_sudo, proof.number, is_to_be_told=bool(tell)
            )
        return show_again(
            functools.partial(self._render_support, ticket_sudo),
            f"/ket-qua/{ticket_sudo.name}/toi-cung-vay",
            phone="" if proof.step == "done" else phone,
            tell=bool(tell),
            step=proof.step,
            error=proof.error,
        )

    # ------------------------------------------------------------
    # SOMETHING IS WRONG
    # ------------------------------------------------------------

    @page(ABUSE, per_minute=60, keep=NOBODY)
    def abuse_form(self, code, **params):
        return self._render_abuse(get_result(code), **recall())

    def _render_abuse(self, ticket_sudo, is_done=False, **said):
        """Return the form; ``said`` may be ``error``, ``reason`` and ``note``."""
        card = ticket_sudo._get_public_card()
        return render(
            "pakn_1022_website.abuse",
            {"card": card, "is_done": is_done, **said},
            is_wrong=bool(said.get("error")),
        )

    # csrf: see is_fresh
    @form(ABUSE, csrf=False)
    def abuse(self, code, reason="", note="", **params):
        ticket_sudo = get_result(code)
        again = functools.partial(
            show_again,
            functools.partial(self._render_abuse, ticket_sudo),
            f"/ket-qua/{ticket_sudo.name}/bao-sai",
        )
        reason, note = clean_line(reason, 20), clean_text(note, 1000)
        error = ""
        if not is_fresh(params):
            error = get_stale()
        elif wait := hit("abuse", 100):
            error = get_wait(wait)
        elif reason not in REASONS:
            error = request.env._("Please choose what is wrong.")
        if error:
            return again(reason=reason, note=note, error=error)
        if not params.get("website"):
            # sudo: pakn.abuse - a visitor, who may read nothing of it
            request.env["pakn.abuse"].sudo().create(
                {
                    "ticket_id": ticket_sudo.id,
                    "reason": reason,
                    "note": note,
                }
            )
        return again(is_done=True)
