import base64

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.pmtiles import MEGABYTES, get_zoom

# Settings: the attachment of the file, its closest zoom, and whose map it is
FILE, ZOOM, SOURCE = (
    f"pakn_1022_website.map_{name}" for name in ("file", "zoom", "source")
)


class PaknMapLoad(models.TransientModel):
    """The dialog in which the administrator loads the roads behind the site's maps.

    One file of vector tiles (PMTiles): no map service is asked, and nobody learns what
    citizens look at. Where it may be had from, docs/site.md says.
    """

    _name = "pakn.map.load"
    _description = "Load the ground of maps"
    _inherit = "pakn.dialog"

    data = fields.Binary(string="File", attachment=False)
    file_name = fields.Char()
    source = fields.Char(
        default="© OpenStreetMap",
        help="Whose map it is, as its licence asks; it stands on the map.",
    )

    def action_load(self):
        """Put the file behind all maps, in place of the one of before."""
        self.env["pakn.area"].check_access("write")
        self.ensure_one()
        content = base64.b64decode(self.data or b"")
        try:
            zoom = get_zoom(content)
        except ValueError as error:
            raise UserError(self._get_sentence(error)) from error
        # sudo: ir.attachment - read by the site's own address alone; who may write
        # areas says what stands behind them
        attachment = self.env["ir.attachment"].sudo()
        attachment = attachment.create(
            {
                "name": "1022.pmtiles",
                "raw": content,
                "mimetype": "application/octet-stream",
            }
        )
        self._replace(str(attachment.id), str(zoom), self.source or "")
        return self._tell(self.env._("The map stands behind the site's maps now."))

    def action_remove(self):
        """Show maps without roads again."""
        self.env["pakn.area"].check_access("write")
        self._replace("", "", "")
        return self._tell(self.env._("Maps show the wards alone now."))

    def _replace(self, file_id, zoom, source):
        # sudo: ir.config_parameter, ir.attachment - as above
        params = self.env["ir.config_parameter"].sudo()
        self.env["website"]._get_pakn_map_file().unlink()
        params.set_param(FILE, file_id)
        params.set_param(ZOOM, zoom)
        params.set_param(SOURCE, source)

    def _get_sentence(self, error):
        sentences = {
            "too large": self.env._(
                "The file is larger than %s MB; please cut out the province, to zoom "
                "14 at most.",
                MEGABYTES,
            ),
            "no vectors": self.env._(
                "This file has pictures; please take one of vectors (MVT)."
            ),
            "cut off": self.env._("The end of this file is missing."),
        }
        return sentences.get(
            error.args[0], self.env._("This is no file of map tiles (PMTiles).")
        )

    def _tell(self, sentence):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": sentence,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
