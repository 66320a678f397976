from odoo import api, models


class IrQwebFieldImage(models.AbstractModel):
    _inherit = "ir.qweb.field.image"

    @api.private
    def load_remote_url(self, url):
        """Fetch nothing (Art. 18.4): pictures are uploaded.

        Odoo fetches whichever address it is told, for every account, by a call or by
        the words that it would save, before it asks whether that account may: also the
        pages of the inner network.
        """
        return
