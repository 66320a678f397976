from odoo import models

from odoo.addons.pakn_1022.tools.province import to_local


class PaknTransfer(models.Model):
    """What texts by SMS say of a slip: officials work from it (Art. 10.1, 10.5)."""

    _inherit = "pakn.transfer"

    def _get_due_words(self):
        """Return the end of the time to answer as people read it, for templates."""
        self.ensure_one()
        return to_local(self.date_due).strftime("%H:%M %d/%m/%Y")

    def _get_short_url(self):
        """Return the short address of this slip, for templates."""
        self.ensure_one()
        return self.env["pakn.short.link"]._shorten(self._get_response_path())
