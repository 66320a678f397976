"""To follow results by mail, to say "so do I", and to say what is wrong."""

from odoo import http
from odoo.http import request

from odoo.addons.pakn_1022.tools.email_address import normalize_email

from ..tools.text import clean_line
from .caching import NOBODY
from .common import HOUR, data, form, hit, page, render, too_many
from .filters import RECORDS, Filters
from .phone_code import prove_phone
from .results import get_result

REASONS = ("personal", "false", "insult", "other")
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
        return render(
            "pakn_1022_website.subscribe",
            {"target_name": name, "hidden": hidden, "email": ""},
        )

    @form("/theo-doi-ket-qua")
    def subscribe(self, email="", **params):
        wait = hit("subscribe", 100)
        if wait:
            return too_many(wait)
        target, name, hidden = self._get_target(params)
        # A field that people do not see, and programs fill in
        if params.get("website"):
            return render("pakn_1022_website.subscribe_sent", {"target_name": name})
        address = normalize_email(clean_line(email, 200))
        if not address:
            return render(
                "pakn_1022_website.subscribe",
                {
                    "target_name": name,
                    "hidden": hidden,
                    "email": clean_line(email, 200),
                    "error": request.env._("Please check the email address."),
                },
                is_wrong=True,
            )
        # To one address few mails go, and the answer is the same
        if not hit("subscribe_mail", 5, 24 * HOUR, key=address):
            request.env["pakn.subscription"]._subscribe(address, target)
        return render("pakn_1022_website.subscribe_sent", {"target_name": name})

    def _get_subscription(self, token):
        subscription_sudo = request.env["pakn.subscription"]._find(token)
        if not subscription_sudo:
            raise request.not_found()
        return subscription_sudo

    @page(ACT, per_minute=60, keep=NOBODY)
    def ask(self, act, token, **params):
        """Programs open the links of mails: the visitor presses a button."""
        subscription_sudo = self._get_subscription(token)
        return render(
            "pakn_1022_website.subscription_ask",
            {"act": act, "subscription": subscription_sudo, "token": token},
        )

    @form(ACT, per_minute=60)
    def act(self, act, token, **params):
        subscription_sudo = self._get_subscription(token)
        name = subscription_sudo.target_name
        if act == "huy":
            subscription_sudo.unlink()
        else:
            subscription_sudo._confirm()
        return render(
            "pakn_1022_website.subscription_done", {"act": act, "target_name": name}
        )

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
        ticket_sudo = get_result(code)
        return render(
            "pakn_1022_website.support",
            {"card": ticket_sudo._get_public_card(), "step": "phone"},
        )

    @form(SUPPORT)
    def support(self, code, phone="", number="", tell="", **params):
        self._check_deliver()
        ticket_sudo = get_result(code)
        wait = hit("support", 200)
        if wait:
            return too_many(wait)
        phone = clean_line(phone, 30)
        proof = prove_phone(phone, clean_line(number, 10))
        if proof.step == "done":
            request.env["pakn.supporter"]._support(
                ticket_sudo, proof.number, is_to_be_told=bool(tell)
            )
        return render(
            "pakn_1022_website.support",
            {
                "card": ticket_sudo._get_public_card(),
                "phone": phone,
                "tell": bool(tell),
                "step": proof.step,
                "error": proof.error,
            },
            is_wrong=bool(proof.error),
        )

    # ------------------------------------------------------------
    # SOMETHING IS WRONG
    # ------------------------------------------------------------

    @page(ABUSE, per_minute=60, keep=NOBODY)
    def abuse_form(self, code, **params):
        card = get_result(code)._get_public_card()
        return render("pakn_1022_website.abuse", {"card": card, "is_done": False})

    @form(ABUSE)
    def abuse(self, code, reason="", note="", **params):
        ticket_sudo = get_result(code)
        wait = hit("abuse", 100)
        if wait:
            return too_many(wait)
        values = {"card": ticket_sudo._get_public_card()}
        note = clean_line(note, 1000)
        if reason not in REASONS:
            error = request.env._("Please choose what is wrong.")
            return render(
                "pakn_1022_website.abuse",
                {
                    **values,
                    "is_done": False,
                    "error": error,
                    "note": note,
                },
                is_wrong=True,
            )
        if not params.get("website"):
            # sudo: pakn.abuse - a visitor, who may read nothing of it
            request.env["pakn.abuse"].sudo().create(
                {
                    "ticket_id": ticket_sudo.id,
                    "reason": reason,
                    "note": note,
                }
            )
        return render("pakn_1022_website.abuse", {**values, "is_done": True})
