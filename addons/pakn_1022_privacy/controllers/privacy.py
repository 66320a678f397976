"""What a citizen asks of his or her data (Law 91/2025/QH15): a form behind a code.

The phone is proved as for a forgotten code, and the same proof opens both.
"""

import functools

from odoo import http
from odoo.exceptions import ValidationError
from odoo.http import request

from odoo.addons.pakn_1022.tools.phone import format_phone
from odoo.addons.pakn_1022_website.controllers.again import (
    forget,
    get_stale,
    recall,
    show_again,
)
from odoo.addons.pakn_1022_website.controllers.caching import ITS_READER
from odoo.addons.pakn_1022_website.controllers.common import (
    form,
    get_wait,
    hit,
    is_fresh,
    page,
    render,
)
from odoo.addons.pakn_1022_website.controllers.forgotten import (
    OPEN_SECONDS,
    get_proved_phone,
    prove_here,
)
from odoo.addons.pakn_1022_website.tools.text import clean_line, clean_text

from ..models.pakn_privacy_request import KINDS, WORDS

PATH = "/quyen-rieng-tu/yeu-cau"
# Requests of one phone in a day
PER_PHONE, DAY = 10, 86400


class PaknPrivacy(http.Controller):
    """Forms: GET shows, POST acts."""

    @page(PATH, per_minute=60, keep=ITS_READER)
    def show(self, **_params):
        return self._show(**recall())

    def _show(self, proved=False, **said):
        """Return the page that the visitor may see; ``said`` is that of the other."""
        number = get_proved_phone()
        if proved != bool(number):
            said = {}
        return self._render_form(number, **said) if number else self._render_ask(**said)

    # csrf: see is_fresh
    @form(PATH, keep=ITS_READER, csrf=False)
    def prove(self, phone=None, number=None, **post):
        """Send a code to a phone, then take it and open the form."""
        if not request.env["pakn.phone.code"]._can_deliver():
            return request.redirect(PATH, code=303)
        proof = prove_here(phone, number, post)
        if proof.step != "done":
            return show_again(
                self._show,
                PATH,
                phone=clean_line(phone, 30),
                step=proof.step,
                error=proof.error,
            )
        forget(PATH)
        return request.redirect(PATH, code=303)

    # csrf: see is_fresh
    @form(f"{PATH}/gui", per_minute=60, keep=ITS_READER, csrf=False)
    def send(self, kind=None, words=None, **post):
        """Take in what is asked."""
        number = get_proved_phone()
        if not number:
            return request.redirect(PATH, code=303)
        env = request.env
        kind, text = clean_line(kind, 20), clean_text(words, WORDS)
        again = functools.partial(
            show_again, self._show, PATH, proved=True, kind=kind, words=text
        )
        if not is_fresh(post):
            return again(error=get_stale())
        if kind not in dict(KINDS):
            return again(error=env._("Choose what you ask for."))
        if wait := hit("site_privacy", PER_PHONE, DAY, key=number):
            return again(error=get_wait(wait))
        try:
            env["pakn.privacy.request"]._take_in(number, kind, text)
        except ValidationError as error:
            return again(error=error.args[0])
        forget(PATH)
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

    def _render_form(self, number, error="", words="", kind=""):
        requests_sudo = request.env["pakn.privacy.request"]._get_of_phone(number)
        local_sudo = requests_sudo.with_context(lang=request.env.lang)
        fields_sudo = local_sudo._fields
        return render(
            "pakn_1022_privacy.request_form",
            {
                "phone": format_phone(number),
                "kinds": fields_sudo["kind"]._description_selection(local_sudo.env),
                "labels": {
                    name: dict(fields_sudo[name]._description_selection(local_sudo.env))
                    for name in ("kind", "state")
                },
                "requests": local_sudo,
                "day": request.website._get_pakn_day,
                "error": error,
                "words": words,
                "chosen": kind,
                "longest": WORDS,
                "minutes": OPEN_SECONDS // 60,
            },
            is_wrong=bool(error),
        )
