"""The first page of the site."""

from odoo import http
from odoo.http import request

from odoo.addons.website.controllers.main import Website

from .common import get_incidents
from .statistics import show_count, show_share


class PaknHome(Website):
    @http.route()
    def index(self, **kw):
        """Show the hotline's page, unless the website names another one as its home."""
        if request.website._get_cached("homepage_url"):
            return super().index(**kw)
        return request.render(
            "pakn_1022_website.home",
            {
                "figures": request.website._get_pakn_figures(),
                "show": show_count,
                "share": show_share,
                "incidents": get_incidents(),
            },
        )
