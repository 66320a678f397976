import base64

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.boundaries import pack, read_features, simplify
from ..tools.text import fold


class PaknAreaLoad(models.TransientModel):
    """The dialog in which the administrator loads the boundaries of the areas.

    Where they may be had from, docs/site.md says. An area is known by its official
    code, or by its name.
    """

    _name = "pakn.area.load"
    _description = "Load boundaries of areas"
    _inherit = "pakn.dialog"

    data = fields.Binary(string="File", required=True, attachment=False)
    file_name = fields.Char()
    source = fields.Char(
        help="Whose boundaries they are, as their licence asks; it stands on the map."
    )

    def action_load(self):
        """Replace the boundaries of all areas by those of the file."""
        areas = self.env["pakn.area"]
        areas.check_access("write")
        self.ensure_one()
        areas = areas.search(areas._get_offered_domain(), limit=1000)
        try:
            features = read_features(base64.b64decode(self.data))
        except ValueError as error:
            raise UserError(self._get_sentence(error)) from error
        by_code = {feature.code: feature for feature in features}
        by_name = {fold(feature.name): feature for feature in features}
        found = {}
        for area in areas:
            feature = by_code.get(area.code) or by_name.get(fold(area.name))
            if feature and feature.rings:
                found[area] = feature
        if not found:
            raise UserError(
                self.env._(
                    "The file has the boundary of none of the areas; they are known by "
                    "their official code (“code”) or their name (“fullName”)."
                )
            )
        missing = areas - areas.browse().concat(*found)
        missing.boundary = False
        simpler = simplify([feature.rings for feature in found.values()])
        for area, rings in zip(found, simpler, strict=True):
            area.boundary = pack(rings)
        # sudo: ir.config_parameter - who may write areas says whose boundaries they are
        self.env["ir.config_parameter"].sudo().set_param(
            "pakn_1022_website.boundary_source", self.source or ""
        )
        return self._tell(missing, len(found))

    def _get_sentence(self, error):
        if error.args[0] == "too large":
            return self.env._(
                "The file is too large; please leave out other provinces, or details."
            )
        return self.env._(
            "This is no GeoJSON with polygons in degrees (WGS 84), and no ZIP of such "
            "files."
        )

    def _tell(self, missing, count):
        sentence = self.env._("%(count)s areas have a boundary now.", count=count)
        if missing:
            names = ", ".join(missing[:10].mapped("name"))
            sentence += " " + self.env._(
                "%(count)s have none: %(names)s.", count=len(missing), names=names
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if missing else "success",
                "message": sentence,
                "sticky": bool(missing),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
