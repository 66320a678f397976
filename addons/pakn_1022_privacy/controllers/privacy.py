"""What a citizen asks of his or her data (Law 91/2025/QH15): a form behind a code.

The phone is proved as for a forgotten code, and the same proof opens both.
"""

from odoo import http
from odoo.exceptions import ValidationError
from odoo.http import request

from odoo.addons.pakn_1022_website.controllers.caching import ITS_READER
from odoo.addons.pakn_1022_website.controllers.common import (
    form,
    hit,
    page,
    render,
    too_many,
)
from odoo.addons.pakn_1022_website.controllers.forgotten import (
    OPEN_SECONDS,
    get_proved_phone,
    prove_here,
)
from odoo.addons.pakn_1022_website.tools.text import clean_line

from ..models.pakn_privacy_request import KINDS, WORDS

PATH = "/quyen-rieng-tu/yeu-cau"
# Requests of one phone in a day
PER_PHONE, DAY = 10, 86400


class PaknPrivacy(http.Controller):
    """Forms: GET shows, POST acts."""

    @page(PATH, per_minute=60, keep=ITS_READER)
    def show(self, **_params):
        number = get_proved_phone()
        return self._render_form(number) if number else self._render_ask()

    @form(PATH, keep=ITS_READER)
    def prove(self, phone=None, number=None, **_post):
        """Send a code to a phone, then take it and open the form."""
        if not request.env["pakn.phone.code"]._can_deliver():
            return self._render_ask()
        proof, refusal = prove_here(phone, number)
        if refusal:
            return refusal
        if proof.step != "done":
            typed = clean_line(phone, 30)
            return self._render_ask(phone=typed, step=proof.step, error=proof.error)
        return request.redirect(PATH, code=303)

    @form(f"{PATH}/gui", per_minute=60, keep=ITS_READER)
    def send(self, kind=None, words=None, **_post):
        """Take in what is asked."""
        number = get_proved_phone()
        if not number:
            return request.redirect(PATH, code=303)
        env = request.env
        if kind not in dict(KINDS):
            return self._render_form(number, error=env._("Choose what you ask for."))
        wait = hit("site_privacy", PER_PHONE, DAY, key=number)
        if wait:
            return too_many(wait)
        text = str(words or "").replace("\x00", "").strip()[:WORDS]
        try:
            env["pakn.privacy.request"]._take_in(number, kind, text)
        except ValidationError as error:
            return self._render_form(number, error=error.args[0], words=text)
        return request.redirect(f"{PATH}#yeu-cau", code=303)

    @page(f"{PATH}/gui", per_minute=60)
    def send_again(self, **_params):
        return request.redirect(PATH, code=303)

    @page(f"{PATH}/goi/<int(max=2147483647):number>", per_minute=30, keep=ITS_READER)
    def fetch(self, number, **_params):
        """Give the package of what is held to who has the phone."""
        phone = get_proved_phone()
        found_sudo = request.env["pakn.privacy.request"]._get_of_phone(phone)
        found_sudo = found_sudo.filtered(lambda one: one.id == number)
        if not phone or not found_sudo.package:
            raise request.not_found()
        stream = request.env["ir.binary"]._get_stream_from(
            found_sudo, "package", filename=found_sudo.package_name
        )
        return stream.get_response(
            as_attachment=True, immutable=False, max_age=0, content_security_policy=None
        )

    def _render_ask(self, phone="", step="phone", error=""):
        return render(
            "pakn_1022_privacy.ask",
            {
                "phone": phone,
                "step": step,
                "error": error,
                "can_deliver": request.env["pakn.phone.code"]._can_deliver(),
            },
            is_wrong=bool(error),
        )

    def _render_form(self, number, error="", words=""):
        requests_sudo = request.env["pakn.privacy.request"]._get_of_phone(number)
        local_sudo = requests_sudo.with_context(lang=request.env.lang)
        fields_sudo = local_sudo._fields
        return render(
            "pakn_1022_privacy.request_form",
            {
                "phone": number.replace("+84", "0"),
                "kinds": fields_sudo["kind"]._description_selection(local_sudo.env),
                "labels": {
                    name: dict(fields_sudo[name]._description_selection(local_sudo.env))
                    for name in ("kind", "state")
                },
                "requests": local_sudo,
                "day": request.website._get_pakn_day,
                "error": error,
                "words": words,
                "longest": WORDS,
                "minutes": OPEN_SECONDS // 60,
            },
            is_wrong=bool(error),
        )
