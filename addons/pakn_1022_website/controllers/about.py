"""What the site says of itself: personal data, and who can use it."""

from odoo import http
from odoo.http import request

from .caching import respond_page
from .common import page


class PaknAbout(http.Controller):
    """Two pages whose words the website's editors may change."""

    @page("/quyen-rieng-tu", per_minute=120, sitemap=True)
    def privacy(self, **_params):
        """Say what is known of people, why, how long, and whom to ask.

        Law no. 91/2025/QH15 on the protection of personal data, in force since
        1 January 2026.
        """
        contact = request.website._get_pakn_privacy_contact()
        return self._render("privacy", contact)

    @page("/tiep-can", per_minute=120, sitemap=True)
    def accessibility(self, **_params):
        contact = request.website._get_pakn_privacy_contact()
        return self._render("accessibility", contact)

    def _render(self, name, contact):
        hours = request.website._get_pakn_hours()
        return respond_page(
            f"pakn_1022_website.{name}", {"contact": contact}, (contact, hours)
        )
