"""Citizens look up how far a dossier is (Art. 6.2), by its code.

Where a source is for its owners alone, the visitor proves a phone by a one-time code
first; a dossier of another phone is answered as one that does not exist.
"""

import functools

from odoo import http
from odoo.http import request

from odoo.addons.pakn_1022.tools.phone import format_phone
from odoo.addons.pakn_1022_website.controllers.again import (
    get_stale,
    recall,
    show_again,
)
from odoo.addons.pakn_1022_website.controllers.caching import ITS_READER
from odoo.addons.pakn_1022_website.controllers.common import (
    HOUR,
    form,
    get_wait,
    hit,
    is_fresh,
    page,
    render,
)
from odoo.addons.pakn_1022_website.controllers.forgotten import (
    get_proved_phone,
    prove_here,
)
from odoo.addons.pakn_1022_website.tools.text import clean_line, parse_id

from ..models.pakn_lookup import Outcome

PATH = "/tra-cuu-ho-so"
# Look-ups of one address, which may be a carrier's, and of one proved phone in an hour
LOOKUPS, LOOKUPS_OF_PHONE = 120, 20


class PaknLookup(http.Controller):
    """One page: GET shows the form, POST looks up."""

    @page(PATH, per_minute=60, keep=ITS_READER)
    def ask(self, ma=None, **_params):
        return self._show(**({"code": clean_line(ma, 60)} | recall()))

    # csrf: see is_fresh
    @form(PATH, keep=ITS_READER, csrf=False)
    def look_up(self, code=None, source=None, phone=None, number=None, **post):
        """Prove the phone where the source wants it, then look up.

        :param source: id of the source, where there are several
        :param number: the one-time code, as typed
        """
        lookup, code = self._pick(source), clean_line(code, 60)
        again = functools.partial(
            show_again, self._show, PATH, source=lookup.id, code=code
        )
        if not lookup:
            return again()
        proved = get_proved_phone()
        if lookup.site_access == "owner" and not proved:
            proof = prove_here(phone, number, post)
            if proof.step != "done":
                typed = clean_line(phone, 30)
                return again(phone=typed, step=proof.step, error=proof.error)
            proved = proof.number
        elif not is_fresh(post):
            return again(error=get_stale())
        wait = hit("site_lookup", LOOKUPS) or (
            proved and hit("site_lookup_phone", LOOKUPS_OF_PHONE, HOUR, key=proved)
        )
        if wait:
            return again(error=get_wait(wait))
        outcome = lookup._ask_for_site(code, "site", proved)
        return again(proved=proved, state=outcome.state, lines=outcome.lines)

    def _pick(self, source):
        """Return the source that is asked, in sudo, the first one by default."""
        lookups_sudo = request.env["pakn.lookup"]._get_on_site()
        number = parse_id(source)
        return (
            lookups_sudo.filtered(lambda one: one.id == number) or lookups_sudo[:1]
        ).with_context(lang=request.env.lang)

    def _show(self, source=None, proved="", state="", lines=(), **said):
        """Return the page; what was found for the owner of a phone, while it is proved.

        :param dict said: ``code``, ``phone``, ``step`` and ``error``
        """
        lookup = self._pick(source)
        if state and (lookup.site_access != "owner" or proved == get_proved_phone()):
            said["outcome"] = Outcome(state, lines)
        return self._render(lookup, **said)

    def _render(self, lookup, code="", phone="", step="phone", error="", outcome=None):
        lookups = request.env["pakn.lookup"]._get_on_site()
        proved = get_proved_phone()
        return render(
            "pakn_1022_lookup.lookup_page",
            {
                "lookups": lookups.with_context(lang=request.env.lang),
                "lookup": lookup,
                "code": code,
                "phone": phone,
                "step": step,
                "error": error,
                "proved": format_phone(proved),
                "needs_phone": any(one.site_access == "owner" for one in lookups)
                and not proved,
                "can_deliver": request.env["pakn.phone.code"]._can_deliver(),
                "outcome": outcome,
            },
            is_wrong=bool(error),
        )
