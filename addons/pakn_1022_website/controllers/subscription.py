"""To follow results by mail, to say "so do I", and to say what is wrong."""

import re

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import email_normalize

from odoo.addons.pakn_1022.tools.phone import normalize_phone

from .common import limited, too_many
from .filters import Filters, clean
from .results import get_result

HOUR = 3600
# One address and nothing beside it
EMAIL = re.compile(r"[^\s@<>\"'(),:;\\]{1,64}@[^\s@<>\"'(),:;\\]+\.[^\s@.\d]{2,}")
REASONS = ("personal", "false", "insult", "other")


def render(template, values, status=200):
    """Return a page with a form, which nobody keeps."""
    return request.render(
        template, values, status=status, headers={"Cache-Control": "no-store"}
    )


def hit(name, key, count, seconds=HOUR):
    """Count an attempt; return the seconds to wait."""
    # sudo: pakn.rate.limit - counts visitors, who may read nothing of it
    return request.env["pakn.rate.limit"].sudo()._hit(name, key, count, seconds)


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
        for key, part in (
            ("linh-vuc", "category"),
            ("dia-ban", "area"),
            ("don-vi", "unit"),
        ):
            record = filters.domain.get(part)
            if record:
                target = {f"{part}_id": record.id}
                return target, record.name, {key: filters.values[key]}
        return {}, request.env._("all fields and areas"), {}

    @http.route(
        "/theo-doi-ket-qua",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        readonly=True,
        sitemap=False,
    )
    @limited(60)
    def form(self, **params):
        _target, name, hidden = self._get_target(params)
        return render(
            "pakn_1022_website.subscribe",
            {"target_name": name, "hidden": hidden, "email": ""},
        )

    @http.route(
        "/theo-doi-ket-qua",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def subscribe(self, email="", **params):
        wait = hit("subscribe", request.httprequest.remote_addr, 10)
        if wait:
            return too_many(wait)
        target, name, hidden = self._get_target(params)
        # A field that people do not see, and programs fill in
        if params.get("website"):
            return render("pakn_1022_website.subscribe_sent", {"target_name": name})
        address = email_normalize(clean(email, 200))
        if not address or not EMAIL.fullmatch(address):
            return render(
                "pakn_1022_website.subscribe",
                {
                    "target_name": name,
                    "hidden": hidden,
                    "email": clean(email, 200),
                    "error": request.env._("Please check the email address."),
                },
                status=422,
            )
        # To one address few mails go, and the answer is the same
        if not hit("subscribe_mail", address, 5, 24 * HOUR):
            request.env["pakn.subscription"]._subscribe(address, target)
        return render("pakn_1022_website.subscribe_sent", {"target_name": name})

    def _get_subscription(self, token):
        subscription_sudo = request.env["pakn.subscription"]._find(token)
        if not subscription_sudo:
            raise request.not_found()
        return subscription_sudo

    @http.route(
        [
            "/theo-doi-ket-qua/<any('xac-nhan','huy'):act>/<string:token>",
        ],
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        readonly=True,
        sitemap=False,
    )
    @limited(60)
    def ask(self, act, token, **params):
        """Programs open the links of mails: the visitor presses a button."""
        subscription_sudo = self._get_subscription(token)
        return render(
            "pakn_1022_website.subscription_ask",
            {"act": act, "subscription": subscription_sudo, "token": token},
        )

    @http.route(
        "/theo-doi-ket-qua/<any('xac-nhan','huy'):act>/<string:token>",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    @limited(60)
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

    @http.route(
        "/theo-doi-ket-qua/huy-ngay/<string:token>",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        website=True,
        multilang=False,
        sitemap=False,
    )
    @limited(60)
    def one_click(self, token, **params):
        """End it at once: mail programs post here (RFC 8058), without a session."""
        request.env["pakn.subscription"]._find(token).unlink()
        return request.make_response("", [("Cache-Control", "no-store")])

    @http.route(
        "/theo-doi-ket-qua/huy-ngay/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        multilang=False,
        sitemap=False,
    )
    @limited(60)
    def one_click_page(self, token, **params):
        """Lead a person who opens the address of the mail program to the button."""
        return request.redirect(f"/theo-doi-ket-qua/huy/{token[:64]}")

    # ------------------------------------------------------------
    # SO DO I
    # ------------------------------------------------------------

    def _check_deliver(self):
        if not request.env["pakn.phone.code"]._can_deliver():
            raise request.not_found()

    @http.route(
        "/ket-qua/<string:code>/toi-cung-vay",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        readonly=True,
        sitemap=False,
    )
    @limited(60)
    def support_form(self, code, **params):
        self._check_deliver()
        ticket_sudo = get_result(code)
        return render(
            "pakn_1022_website.support",
            {"card": ticket_sudo._get_public_card(), "step": "phone"},
        )

    @http.route(
        "/ket-qua/<string:code>/toi-cung-vay",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def support(self, code, phone="", number="", **params):
        self._check_deliver()
        ticket_sudo = get_result(code)
        wait = hit("support", request.httprequest.remote_addr, 20)
        if wait:
            return too_many(wait)
        values = {"card": ticket_sudo._get_public_card(), "phone": clean(phone, 30)}
        try:
            phone = normalize_phone(values["phone"])
        except ValueError:
            error = request.env._("Please check the phone number.")
            return render(
                "pakn_1022_website.support",
                {**values, "step": "phone", "error": error},
                status=422,
            )
        codes = request.env["pakn.phone.code"]
        if not number:
            try:
                codes._send(phone)
            except UserError as error:
                return render(
                    "pakn_1022_website.support",
                    {**values, "step": "phone", "error": error.args[0]},
                    status=422,
                )
            return render("pakn_1022_website.support", {**values, "step": "code"})
        if not codes._check(phone, clean(number, 10)):
            error = request.env._("This is not the code we sent, or it is too old.")
            return render(
                "pakn_1022_website.support",
                {**values, "step": "code", "error": error},
                status=422,
            )
        request.env["pakn.supporter"]._support(ticket_sudo, phone)
        values["card"] = ticket_sudo._get_public_card()
        return render("pakn_1022_website.support", {**values, "step": "done"})

    # ------------------------------------------------------------
    # SOMETHING IS WRONG
    # ------------------------------------------------------------

    @http.route(
        "/ket-qua/<string:code>/bao-sai",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        readonly=True,
        sitemap=False,
    )
    @limited(60)
    def abuse_form(self, code, **params):
        card = get_result(code)._get_public_card()
        return render("pakn_1022_website.abuse", {"card": card, "is_done": False})

    @http.route(
        "/ket-qua/<string:code>/bao-sai",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def abuse(self, code, reason="", note="", **params):
        ticket_sudo = get_result(code)
        wait = hit("abuse", request.httprequest.remote_addr, 10)
        if wait:
            return too_many(wait)
        values = {"card": ticket_sudo._get_public_card()}
        if reason not in REASONS:
            error = request.env._("Please choose what is wrong.")
            return render(
                "pakn_1022_website.abuse",
                {**values, "is_done": False, "error": error, "note": clean(note, 1000)},
                status=422,
            )
        if not params.get("website"):
            # sudo: pakn.abuse - a visitor, who may read nothing of it
            request.env["pakn.abuse"].sudo().create(
                {
                    "ticket_id": ticket_sudo.id,
                    "reason": reason,
                    "note": clean(note, 1000),
                }
            )
        return render("pakn_1022_website.abuse", {**values, "is_done": True})
