from odoo import models


class Website(models.Model):
    """Odoo's website, where it does not bear what strangers send."""

    _inherit = "website"

    def _get_canonical_url(self):
        """Return the page's one address; that of the site for what can have none.

        Odoo raises ValueError for dot segments in a path (``/..%2fx``), which makes
        of its page "not found" an internal error.
        """
        try:
            return super()._get_canonical_url()
        except ValueError:
            return self.get_base_url()
