from odoo import api, models
from odoo.fields import Domain


class PaknArea(models.Model):
    """The wards and communes that the site offers."""

    _inherit = "pakn.area"

    @api.model
    def _get_offered_domain(self):
        """Return what the form lists; the districts of before are no more."""
        return Domain("kind", "!=", "district")

    @api.model
    def _get_nearest(self, latitude, longitude):
        """Return the ward whose centre is nearest within about 30 km, in sudo."""
        near_sudo = self.sudo().search_fetch(  # sudo: names of areas are public
            self._get_offered_domain()
            & Domain("latitude", ">", latitude - 0.3)
            & Domain("latitude", "<", latitude + 0.3)
            & Domain("longitude", ">", longitude - 0.3)
            & Domain("longitude", "<", longitude + 0.3),
            ["name", "latitude", "longitude"],
            limit=500,
        )
        return min(
            near_sudo,
            key=lambda area: (
                (area.latitude - latitude) ** 2 + (area.longitude - longitude) ** 2
            ),
            default=near_sudo,
        )
