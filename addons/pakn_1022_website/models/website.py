from datetime import timedelta

from odoo import fields, models, tools


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
        # sudo: ir.config_parameter - both are shown on public pages
        params = self.env["ir.config_parameter"].sudo()
        return (
            params.get_param("pakn_1022_website.tile_url", ""),
            params.get_param("pakn_1022_website.tile_attribution", ""),
        )

    def _get_pakn_figures(self):
        """Return what the home page counts: this year's requests, and how they went."""
        return self._count_pakn_figures(
            fields.Datetime.now().strftime("%Y-%m-%d %H:00:00")
        )

    @tools.ormcache("hour")
    def _count_pakn_figures(self, hour):
        """Return the figures of an hour as ``{"received", "answered", "on_time"}``.

        :param str hour: counted anew each hour; the year is its year
        """
        # sudo: three numbers of all requests
        tickets_sudo = self.env["pakn.ticket"].sudo()
        year = [("date_received", ">=", f"{hour[:4]}-01-01 00:00:00")]
        counts = tickets_sudo._read_group(
            [*year, ("state", "!=", "cancelled")], ["state", "is_overdue"], ["__count"]
        )
        done = [row for row in counts if row[0] in ("answered", "done")]
        answered = sum(count for _state, _late, count in done)
        on_time = sum(count for _state, late, count in done if not late)
        return {
            "received": sum(count for _state, _late, count in counts),
            "answered": answered,
            "on_time": round(100 * on_time / answered) if answered else None,
        }

    def _get_pakn_recent_results(self, limit=3):
        """Return cards of what was published last, for the home page.

        Their template is ``pakn_1022_website.recent_results``.
        """
        tickets, _cursor = self.env["pakn.ticket"]._search_results({}, limit)
        return [ticket._get_public_card() for ticket in tickets]

    def _get_pakn_day(self, moment):
        """Return a moment as a day of the province, ``24/11/2026``."""
        return f"{moment + timedelta(hours=7):%d/%m/%Y}" if moment else ""
