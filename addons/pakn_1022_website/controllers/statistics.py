"""The numbers in public; see ``pakn.statistics`` on what can be told from them."""

import json

from odoo import http
from odoo.http import request

from odoo.addons.pakn_1022.tools.province import TIMEZONE

from .caching import make_etag, respond, respond_page
from .common import data, page


class Statistics(http.Controller):
    """Tables and charts, and the same as open data."""

    @page("/thong-ke", per_minute=120, sitemap=True)
    def statistics(self, **params):
        last_sudo = request.env["pakn.statistics"]._get_last()
        figures = last_sudo.data or {}
        return respond_page(
            "pakn_1022_website.statistics",
            {
                "statistics": figures,
                "date": last_sudo.date,
                "timezone": TIMEZONE,
                "show": show_count,
                "share": get_share,
                "shade": get_shade,
                "chart_data": json.dumps(get_charts(figures)) if figures else "",
            },
            (last_sudo.id,),
            last_sudo.date or None,
        )

    @data("/thong-ke.json", per_minute=60)
    def open_data(self, **params):
        last_sudo = request.env["pakn.statistics"]._get_last()

        def make():
            response = request.make_json_response(
                {"date": str(last_sudo.date or ""), **(last_sudo.data or {})}
            )
            response.headers["Access-Control-Allow-Origin"] = "*"
            return response

        return respond(
            make, make_etag(last_sudo.id), last_sudo.date or None, max_age=3600
        )


def show_count(number):
    """Return a count as it is read: ``1.235``, ``<5``, or a dash when left out."""
    if number is None:
        return "<5"
    if number is False:
        return "–"
    return f"{number:,}".replace(",", ".")


def get_share(part, whole):
    """Return a share in whole per cent of two counts shown, None where it says little.

    Of what is shown, so nothing more can be told from it.
    """
    if not part or not whole or whole < 20:
        return None
    return min(100, round(100 * part / whole))


def get_shade(number, most):
    """Return 0 (nothing to be seen) to 5 (most) as the colour of a cell."""
    if not number or not most:
        return 0
    return max(1, min(5, -(-5 * number // most)))


def get_charts(data):
    """Return what the charts draw; what is not shown is no bar."""
    return {
        "months": [month["id"] for month in data["months"]],
        "received": [month["received"] or None for month in data["months"]],
        "on_time": [month["on_time"] or None for month in data["months"]],
        "overdue": [month["overdue"] or None for month in data["months"]],
        "grades": [
            data["total"][grade] or 0
            for grade in ("satisfied", "acceptable", "unsatisfied")
        ],
    }
