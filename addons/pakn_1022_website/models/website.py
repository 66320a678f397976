from odoo import models

from odoo.addons.pakn_1022.tools.province import to_local


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

    def _get_pakn_tiles(self):
        """Return address pattern and attribution of the map's tiles.

        Both empty when none are set: maps then work without a background.
        """
        params = self.env["ir.config_parameter"]
        return (
            params._get_typed("pakn_1022_website.tile_url", ""),
            params._get_typed("pakn_1022_website.tile_attribution", ""),
        )

    def _get_pakn_figures(self):
        """Return the totals of the public statistics, protected as there.

        :return: ``{measure: number}``, empty before they were counted for the first
            time; see ``pakn.statistics``
        """
        statistics_sudo = self.env["pakn.statistics"]._get_last()
        return statistics_sudo.data["total"] if statistics_sudo else {}

    def _get_pakn_recent_results(self, limit=3):
        """Return cards of what was published last, for the home page.

        Their template is ``pakn_1022_website.recent_results``.
        """
        tickets, _cursor = self.env["pakn.ticket"]._search_results({}, limit)
        return [ticket._get_public_card() for ticket in tickets]

    def _get_pakn_day(self, moment):
        """Return a moment as a day of the province, ``24/11/2026``."""
        return f"{to_local(moment):%d/%m/%Y}" if moment else ""
