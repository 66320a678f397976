from odoo import api, fields, models

from odoo.addons.pakn_1022_lookup.tools import reading


class PaknLookup(models.Model):
    """A source that the helper of the chats asks too, as far as the site may."""

    _inherit = "pakn.lookup"

    is_in_chat = fields.Boolean(
        string="In the chat helper",
        help="Who writes a code that looks like one of the examples is told how far it "
        "is, under the same proof as on the site; never what is personal.",
    )

    @api.model
    def _find_in_chat(self, text):
        """Return ``(source in sudo, code)`` of a message, ``(empty, "")`` for none."""
        lookups_sudo = self._get_on_site().filtered("is_in_chat")
        for lookup_sudo in lookups_sudo:
            code = reading.find_code(text, lookup_sudo.examples)
            if code:
                return lookup_sudo, code
        return self.browse(), ""
