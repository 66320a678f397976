"""The site as an app on a phone: manifest, service worker, page without a network.

Odoo's own app of the backend (scope ``/odoo``) stays as it is.
"""

from odoo import http
from odoo.http import request
from odoo.tools import file_open

from odoo.addons.pakn_1022.tools.province import CONTACT

from .caching import ANYBODY_A_DAY, WHILE_FRESH
from .common import data

ICONS = "/pakn_1022_website/static/icons"
COLOR = "#0b5cad"


class PaknPwa(http.Controller):
    """What makes the citizens' site installable; the same for everybody."""

    @data("/manifest.webmanifest", per_minute=120, keep=ANYBODY_A_DAY)
    def manifest(self, **kwargs):
        env = request.env
        pages = (
            ("/phan-anh", env._("Send a request")),
            ("/tra-cuu", env._("Follow a request")),
            ("/hoi-dap", env._("Questions and answers")),
        )
        return request.make_json_response(
            {
                "id": "/",
                "name": CONTACT["name"],
                "short_name": "1022",
                "description": env._(
                    "Send a request to the authorities of the province, follow it, "
                    "and read what was done."
                ),
                "lang": env.lang.replace("_", "-"),
                "start_url": "/",
                "scope": "/",
                "display": "standalone",
                "background_color": "#ffffff",
                "theme_color": COLOR,
                "icons": [
                    {
                        "src": f"{ICONS}/{name}-{size}.png",
                        "sizes": f"{size}x{size}",
                        "type": "image/png",
                        "purpose": purpose,
                    }
                    for name, purpose in (("icon", "any"), ("maskable", "maskable"))
                    for size in (192, 512)
                ],
                "shortcuts": [
                    {
                        "name": name,
                        "url": url,
                        "icons": [{"src": f"{ICONS}/icon-192.png", "sizes": "192x192"}],
                    }
                    for url, name in pages
                ],
            },
            headers=[
                ("Content-Type", "application/manifest+json"),
                # Its texts are in the reader's language.
                ("Vary", "Cookie, Accept-Language"),
            ],
        )

    # A browser asks each time whether there is a newer one.
    @data("/1022-service-worker.js", per_minute=120, keep=WHILE_FRESH)
    def service_worker(self, **kwargs):
        with file_open("pakn_1022_website/static/src/pwa/service_worker.js") as file:
            return request.make_response(
                file.read(),
                [
                    ("Content-Type", "text/javascript; charset=utf-8"),
                    ("Service-Worker-Allowed", "/"),
                ],
            )

    @data("/1022-offline", per_minute=120, keep=ANYBODY_A_DAY)
    def offline(self, **kwargs):
        """Return the page shown without a network: whole in itself, for everybody."""
        digits = "".join(char for char in CONTACT["phone"] if char.isdigit())
        return request.render(
            "pakn_1022_website.offline",
            {"contact": CONTACT, "dial": digits},
        )
