"""Results on the units' own sites (Art. 13.2): a script, a frame, how to use them."""

import secrets

from odoo import http
from odoo.http import request

from .caching import make_etag, respond, respond_page
from .common import limited
from .filters import Filters, clean, get_choices

CARDS = 20
SCRIPT = """(function () {
    "use strict";
    var script = document.currentScript;
    var base = new URL(script.src).origin;
    var frame = document.createElement("iframe");
    var query = new URLSearchParams();
    ["linh-vuc", "don-vi", "dia-ban", "so"].forEach(function (name) {
        var value = script.getAttribute("data-" + name);
        if (value) { query.set(name, value); }
    });
    frame.src = base + "/nhung/the?" + query.toString();
    frame.title = "1022 Gia Lai";
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
"""


class Widget(http.Controller):
    """Only the cards may stand in a frame of another site, and nothing else here."""

    @http.route(
        "/nhung",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        readonly=True,
        sitemap=True,
    )
    @limited(60)
    def page(self, **params):
        filters = Filters(params)
        values = {"filters": filters, "base": request.website.get_base_url()}
        return respond_page(
            "pakn_1022_website.widget_page", values, ("widget",), None, get_choices
        )

    @http.route(
        "/nhung.js",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        readonly=True,
        multilang=False,
        sitemap=False,
    )
    @limited(240)
    def script(self, **params):
        def make():
            return request.make_response(
                SCRIPT,
                [
                    ("Content-Type", "text/javascript; charset=utf-8"),
                    ("Access-Control-Allow-Origin", "*"),
                    ("Cross-Origin-Resource-Policy", "cross-origin"),
                ],
            )

        return respond(make, make_etag(SCRIPT), max_age=3600)

    @http.route(
        "/nhung/the",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        readonly=True,
        multilang=False,
        sitemap=False,
    )
    @limited(240)
    def cards(self, so="5", **params):
        filters = Filters(params)
        number = clean(so, 3)
        limit = min(max(int(number), 1), CARDS) if number.isdecimal() else 5
        tickets, _cursor = request.env["pakn.ticket"]._search_results(
            filters.domain, limit
        )
        cards = [ticket._get_public_card() for ticket in tickets]

        def make():
            nonce = secrets.token_urlsafe(12)
            base = request.website.get_base_url()
            response = request.render(
                "pakn_1022_website.widget_cards",
                {
                    "cards": cards,
                    "base": base,
                    "nonce": nonce,
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

        return respond(make, make_etag(cards), max_age=300)
