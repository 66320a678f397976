from odoo.addons.web.controllers.webmanifest import WebManifest

BLUE = "#0b5cad"


class PaknWebManifest(WebManifest):
    """The app on a phone's screen is the hotline's."""

    def _get_webmanifest(self):
        manifest = super()._get_webmanifest()
        if manifest["name"] == "Odoo":
            manifest["name"] = "1022 Gia Lai"
        manifest["background_color"] = manifest["theme_color"] = BLUE
        for icon in manifest["icons"]:
            size = icon["sizes"].partition("x")[0]
            icon["src"] = f"/pakn_1022_backend/static/img/icon-{size}.png"
        return manifest

    def _icon_path(self):
        return "pakn_1022_backend/static/img/icon-192.png"
