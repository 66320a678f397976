"""Results on the units' own sites (Art. 13.2): a script, a frame, how to use them."""

import json
import secrets

from odoo import http
from odoo.http import request

from odoo.addons.pakn_1022.tools.province import NAME

from ..tools.text import clean_line
from .caching import OF_ALL_PAGES, make_etag, respond, respond_page
from .common import data, page
from .filters import Filters, get_choices

CARDS = 20
NUMBERS = ("3", "5", "10", "20")
# Name in an address -> colour, each of enough contrast with white (WCAG 1.4.3)
COLORS = {
    "xanh": "#175696",
    "luc": "#1e6b3c",
    "do": "#a52834",
    "tim": "#5b3f93",
    "xam": "#3d4855",
}
SCRIPT = """(function () {
    "use strict";
    var script = document.currentScript;
    var base = new URL(script.src).origin;
    var frame = document.createElement("iframe");
    var query = new URLSearchParams();
    ["linh-vuc", "don-vi", "dia-ban", "so", "mau"].forEach(function (name) {
        var value = script.getAttribute("data-" + name);
        if (value) { query.set(name, value); }
    });
    frame.src = base + "/nhung/the?" + query.toString();
    frame.title = NAME;
    frame.loading = "lazy";
    frame.style.cssText = "width:100%;border:0;min-height:200px";
    window.addEventListener("message", function (event) {
        if (event.origin === base && event.source === frame.contentWindow &&
                typeof event.data === "object" && event.data && event.data.pakn1022) {
            var height = Math.min(Number(event.data.pakn1022) || 0, 5000);
            frame.style.height = height + "px";
        }
    });
    script.parentNode.insertBefore(frame, script.nextSibling);
})();
""".replace("NAME", json.dumps(NAME))


class Widget(http.Controller):
    """Only the cards may stand in a frame of another site, and nothing else here."""

    @page("/nhung", per_minute=60, sitemap=True)
    def how_to(self, so="5", mau="xanh", **params):
        filters = Filters(params)
        number = so if so in NUMBERS else "5"
        color = mau if mau in COLORS else "xanh"
        values = {
            "filters": filters,
            "number": number,
            "color": color,
            "numbers": NUMBERS,
            "colors": self._get_color_names(),
            "lines": get_lines(request.website.get_base_url(), filters, number, color),
        }
        return respond_page(
            "pakn_1022_website.widget_page", values, ("widget",), None, get_choices
        )

    def _get_color_names(self):
        env = request.env
        return {
            "xanh": env._("Blue"),
            "luc": env._("Green"),
            "do": env._("Red"),
            "tim": env._("Violet"),
            "xam": env._("Grey"),
        }

    @data("/nhung.js", per_minute=240)
    def script(self, **params):
        def make():
            return request.make_response(
                SCRIPT,
                [
                    ("Content-Type", "text/javascript; charset=utf-8"),
                    ("Cross-Origin-Resource-Policy", "cross-origin"),
                ],
            )

        return respond(
            make,
            make_etag(SCRIPT),
            max_age=3600,
            speaks=False,
            headers=OF_ALL_PAGES,
        )

    @data("/nhung/the", per_minute=240)
    def cards(self, so="5", mau="xanh", **params):
        filters = Filters(params)
        number = clean_line(so, 3)
        limit = min(max(int(number), 1), CARDS) if number.isdecimal() else 5
        tickets, _cursor = request.env["pakn.ticket"]._search_results(
            filters.domain, limit
        )
        cards = [ticket._get_public_card() for ticket in tickets]
        color = COLORS.get(mau, COLORS["xanh"])

        def make():
            nonce = secrets.token_urlsafe(12)
            base = request.website.get_base_url()
            response = request.render(
                "pakn_1022_website.widget_cards",
                {
                    "cards": cards,
                    "base": base,
                    "nonce": nonce,
                    "color": color,
                    "query": filters.query(),
                    "local_day": request.website._get_pakn_day,
                },
            )
            response.flatten()
            response.headers.pop("X-Frame-Options", None)
            response.headers["Content-Security-Policy"] = (
                f"default-src 'none'; style-src 'nonce-{nonce}'; "
                f"script-src 'nonce-{nonce}'; base-uri 'none'; frame-ancestors *"
            )
            return response

        return respond(make, make_etag(cards, color), max_age=300)


def get_lines(base, filters, number, color):
    """Return the lines to copy into a page of another site.

    Made of codes that are known alone: nothing in them needs to be escaped.
    """
    chosen = [
        f'data-{name}="{filters.values[name]}"'
        for name in ("linh-vuc", "dia-ban", "don-vi")
        if name in filters.values
    ]
    attributes = " ".join((*chosen, f'data-so="{number}"', f'data-mau="{color}"'))
    return f'<script async src="{base}/nhung.js" {attributes}></script>'
