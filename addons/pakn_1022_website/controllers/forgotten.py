"""All requests of a phone, for who has forgotten their codes (Art. 10.1, 14).

The phone is proved with a one-time code. It goes to whatever phone is typed, so that
neither the answer nor its time tells whether the phone is known; only who has the phone
reads whether there are requests of it.
"""

import time

from odoo import http
from odoo.http import request

from odoo.addons.pakn_1022.tools.phone import format_phone

from ..tools.text import clean_line, parse_id
from .again import forget, get_stale, recall, show_again
from .caching import ITS_READER
from .common import form, hit, is_fresh, page, render
from .phone_code import Proof, prove_phone

# Codes that one address, which may be a carrier's, has sent or tried in an hour
PER_ADDRESS = 120
# Seconds in which the list stays open, and its name in the session
OPEN_SECONDS = 1800
PROOF = "pakn_proved_phone"
STEP = 30


def get_proved_phone():
    """Return the phone that this visitor has proved a while ago, in E.164, or empty."""
    number, until = request.session.get(PROOF) or ("", 0)
    return number if time.time() < until else ""


def prove_here(phone, code, post):
    """Send a code to a phone or take it; what is proved holds for this visit.

    :param phone: as typed
    :param code: as typed, None or empty to be sent one
    :param dict post: what else was sent, of a route with ``csrf=False``
    :return: ``Proof``
    """
    if not is_fresh(post):
        return Proof("code" if code else "phone", error=get_stale())
    wait = hit("site_forgotten", PER_ADDRESS)
    proof = prove_phone(clean_line(phone, 30), clean_line(code, 10), wait)
    if proof.step == "done":
        # Whoever knew this session before shall not read on with it
        request.session.should_rotate = True
        request.session[PROOF] = (proof.number, time.time() + OPEN_SECONDS)
    return proof


class PaknForgotten(http.Controller):
    """Forms: GET shows, POST acts."""

    @page("/tra-cuu/quen-ma", per_minute=60, keep=ITS_READER)
    def ask(self, **_params):
        if get_proved_phone():
            return request.redirect("/tra-cuu/cua-toi", code=303)
        return self._render_ask(**recall())

    # csrf: see is_fresh
    @form("/tra-cuu/quen-ma", keep=ITS_READER, csrf=False)
    def prove(self, phone=None, number=None, **post):
        """Send a code to a phone, then take it and open the list."""
        if not self._can_deliver():
            return request.redirect("/tra-cuu/quen-ma", code=303)
        proof = prove_here(phone, number, post)
        if proof.step != "done":
            return show_again(
                self._render_ask,
                "/tra-cuu/quen-ma",
                phone=clean_line(phone, 30),
                step=proof.step,
                error=proof.error,
            )
        forget("/tra-cuu/quen-ma")
        # Here, for the list itself only reads
        request.env["pakn.ticket"]._give_keys_to_phone(proof.number)
        return request.redirect("/tra-cuu/cua-toi", code=303)

    @page("/tra-cuu/cua-toi", per_minute=60, keep=ITS_READER)
    def own(self, trang=None, **_params):
        number = get_proved_phone()
        if not number:
            return request.redirect("/tra-cuu/quen-ma", code=303)
        number_of_page = min(max(parse_id(trang), 1), 1000)
        found_sudo = request.env["pakn.ticket"]._get_of_phone(
            number, STEP + 1, (number_of_page - 1) * STEP
        )
        local_sudo = found_sudo[:STEP].with_context(lang=request.env.lang)
        return render(
            "pakn_1022_website.own_requests",
            {
                "tickets": local_sudo,
                "phone": format_phone(number),
                "day": request.website._get_pakn_day,
                "page_number": number_of_page,
                "has_more": len(found_sudo) > STEP,
                "minutes": OPEN_SECONDS // 60,
            },
        )

    # csrf: a page that was open for too long closes the list, too; it harms nobody
    @form("/tra-cuu/cua-toi/dong", per_minute=60, csrf=False)
    def close(self, **_post):
        """Forget the proof: on a device of others."""
        request.session.pop(PROOF, None)
        return request.redirect("/tra-cuu", code=303)

    @page("/tra-cuu/cua-toi/dong", per_minute=60)
    def close_again(self, **_params):
        return request.redirect("/tra-cuu", code=303)

    def _can_deliver(self):
        return request.env["pakn.phone.code"]._can_deliver()

    def _render_ask(self, phone="", step="phone", error=""):
        return render(
            "pakn_1022_website.forgotten",
            {
                "phone": phone,
                "step": step,
                "error": error,
                "can_deliver": self._can_deliver(),
            },
            is_wrong=bool(error),
        )
