"""What the app on the phone can do beside: messages, and "share to 1022"."""

import json

from odoo import http
from odoo.http import request
from odoo.tools import file_open

from odoo.addons.pakn_1022_website.controllers.common import form
from odoo.addons.pakn_1022_website.controllers.pwa import PaknPwa

SHARE = "/1022-chia-se"
WORKER = "pakn_1022_push/static/src/worker.js"


class PaknPushPwa(PaknPwa):
    """The site's manifest and service worker, with more in them."""

    @http.route()
    def manifest(self, **kwargs):
        response = super().manifest(**kwargs)
        if response.status_code == 200:
            content = json.loads(response.get_data())
            content["share_target"] = {
                "action": SHARE,
                "method": "POST",
                "enctype": "multipart/form-data",
                "params": {
                    "title": "title",
                    "text": "text",
                    "url": "url",
                    "files": [
                        {
                            "name": "files",
                            "accept": ["image/*", "video/mp4", "application/pdf"],
                        }
                    ],
                },
            }
            response.set_data(json.dumps(content))
        return response

    @http.route()
    def service_worker(self, **kwargs):
        response = super().service_worker(**kwargs)
        if response.status_code == 200:
            with file_open(WORKER, "rb") as file:
                response.set_data(response.get_data() + b"\n" + file.read())
        return response

    @form(
        SHARE,
        per_minute=30,
        multilang=False,
        # Other apps share, which have no form of ours; nothing is kept here
        csrf=False,
    )
    def share(self, **_post):
        """Open the form, where the service worker was not there to fill it in."""
        return request.redirect("/phan-anh", code=303)
