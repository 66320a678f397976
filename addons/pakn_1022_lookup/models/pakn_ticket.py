from odoo import models
from odoo.tools import html2plaintext

from ..tools.reading import find_code


class PaknTicket(models.Model):
    """Look-ups beside the citizen (Art. 6.2, 10.1.2 b1)."""

    _inherit = "pakn.ticket"

    def action_look_up(self):
        """Open the dialog that asks the province's databases.

        With the code filled in that stands in the request.
        """
        self.check_access("write")
        self.ensure_one()
        lookups = self.env["pakn.lookup"].search([], limit=50)
        text = f"{self.title or ''}\n{html2plaintext(self.description or '')}"
        found = ((lookup, find_code(text, lookup.examples)) for lookup in lookups)
        lookup, code = next(
            ((lookup, code) for lookup, code in found if code), (lookups[:1], "")
        )
        return lookups._open_dialog(
            {"ticket_id": self.id, "lookup_id": lookup.id, "code": code}
        )
