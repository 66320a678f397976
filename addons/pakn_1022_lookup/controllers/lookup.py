"""Citizens look up how far a dossier is (Art. 6.2), by its code.

Where a source is for its owners alone, the visitor proves a phone by a one-time code
first; a dossier of another phone is answered as one that does not exist.
"""

from odoo import http
from odoo.http import request

from odoo.addons.pakn_1022_website.controllers.caching import ITS_READER
from odoo.addons.pakn_1022_website.controllers.common import (
    HOUR,
    form,
    hit,
    page,
    render,
    too_many,
)
from odoo.addons.pakn_1022_website.controllers.forgotten import (
    get_proved_phone,
    prove_here,
)
from odoo.addons.pakn_1022_website.tools.text import clean_line, parse_id

PATH = "/tra-cuu-ho-so"
# Look-ups of one address, which may be a carrier's, and of one proved phone in an hour
LOOKUPS, LOOKUPS_OF_PHONE = 120, 20


class PaknLookup(http.Controller):
    """One page: GET shows the form, POST looks up."""

    @page(PATH, per_minute=60, keep=ITS_READER)
    def ask(self, ma=None, **_params):
        return self._render(self._pick(None), clean_line(ma, 60))

    @form(PATH, keep=ITS_READER)
    def look_up(self, code=None, source=None, phone=None, number=None, **_post):
        """Prove the phone where the source wants it, then look up.

        :param source: id of the source, where there are several
        :param number: the one-time code, as typed
        """
        lookup, code = self._pick(source), clean_line(code, 60)
        if not lookup:
            return self._render(lookup, code)
        proved = get_proved_phone()
        if lookup.site_access == "owner" and not proved:
            proof, refusal = prove_here(phone, number)
            if refusal:
                return refusal
            if proof.step != "done":
                typed = clean_line(phone, 30)
                return self._render(lookup, code, phone=typed, proof=proof)
            proved = proof.number
        wait = hit("site_lookup", LOOKUPS) or (
            proved and hit("site_lookup_phone", LOOKUPS_OF_PHONE, HOUR, key=proved)
        )
        if wait:
            return too_many(wait)
        outcome = lookup._ask_for_site(code, "site", proved)
        return self._render(lookup, code, outcome=outcome)

    def _pick(self, source):
        """Return the source that is asked, in sudo, the first one by default."""
        lookups_sudo = request.env["pakn.lookup"]._get_on_site()
        number = parse_id(source)
        return (
            lookups_sudo.filtered(lambda one: one.id == number) or lookups_sudo[:1]
        ).with_context(lang=request.env.lang)

    def _render(self, lookup, code="", phone="", proof=None, outcome=None):
        lookups = request.env["pakn.lookup"]._get_on_site()
        proved = get_proved_phone()
        return render(
            "pakn_1022_lookup.lookup_page",
            {
                "lookups": lookups.with_context(lang=request.env.lang),
                "lookup": lookup,
                "code": code,
                "phone": phone,
                "step": proof.step if proof else "phone",
                "error": proof.error if proof else "",
                "proved": proved.replace("+84", "0"),
                "needs_phone": any(one.site_access == "owner" for one in lookups)
                and not proved,
                "can_deliver": request.env["pakn.phone.code"]._can_deliver(),
                "outcome": outcome,
            },
            is_wrong=bool(proof and proof.error),
        )
