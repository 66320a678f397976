from odoo import api, fields, models


class PaknChannel(models.Model):
    """A way a request reaches the hotline (Art. 3)."""

    _name = "pakn.channel"
    _description = "Channel"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    icon = fields.Char(help="Font Awesome class shown on the cards, e.g. fa-phone")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex(
        "(code)", "Another channel has this code already."
    )

    @api.model
    def _get_own(self, name):
        """Return a channel that came with the program, by its name in the data.

        ``env.ref`` would ask the database for each request whether it is still there.
        """
        return self.browse(
            self.env["ir.model.data"]._xmlid_to_res_id(
                f"pakn_1022.{name}", raise_if_not_found=False
            )
            or ()
        )
