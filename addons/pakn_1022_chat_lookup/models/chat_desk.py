import re

from odoo import models

from odoo.addons.pakn_1022_chat.tools import helper
from odoo.addons.pakn_1022_lookup.controllers.lookup import PATH

# Look-ups of one conversation in an hour
LOOKUPS = 20


class PaknChatDesk(models.AbstractModel):
    """The helper looks up in the province's databases (Art. 6.2).

    Within the job that takes messages in: a webhook only keeps them, and waits for
    nobody.
    """

    _inherit = "pakn.chat.desk"

    def _pakn_find_source(self, text):
        lookup_sudo, code = self.env["pakn.lookup"]._find_in_chat(text)
        if not lookup_sudo:
            return super()._pakn_find_source(text)
        return helper.Source(
            lookup_sudo.id,
            code,
            rest=re.sub(re.escape(code), " ", text, flags=re.I),
            link=f"{self.get_base_url()}{PATH}?ma={code}",
            needs_phone=lookup_sudo.site_access == "owner",
            can_prove=self.env["pakn.phone.code"]._can_deliver(),
        )

    def _pakn_look_up(self, key, code, phone):
        self.ensure_one()
        limits = self.env["pakn.rate.limit"]
        if limits._hit("chat_lookup", str(self.id), LOOKUPS, 3600):
            return "busy", ""
        # What was switched off since the code was written is asked no more
        lookups_sudo = self.env["pakn.lookup"]._get_on_site().filtered("is_in_chat")
        lookup_sudo = lookups_sudo.filtered(lambda one: one.id == key)
        if not lookup_sudo:
            return "link", ""
        lang = self.env["pakn.ticket"]._get_citizen_lang()
        outcome = lookup_sudo.with_context(lang=lang)._ask_for_site(code, "chat", phone)
        lines = "\n".join(f"{label}: {text}" for label, text in outcome.lines)
        if outcome.state == "found":
            return ("found" if lines else "link"), lines
        if outcome.state in ("missing", "wrong"):
            return ("not_yours" if phone else "missing"), ""
        return outcome.state, ""
