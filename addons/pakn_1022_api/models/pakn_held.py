from odoo import api, models

from odoo.addons.pakn_1022.tools.held import Place


class PaknHeld(models.AbstractModel):
    """Citizens who are signed in to programs, and what programs sent of requests."""

    _inherit = "pakn.held"

    @api.model
    def _get_places(self):
        return [
            *super()._get_places(),
            Place(
                "pakn_ticket", "id = ANY(%(tickets)s::int[])", {"api_media_url": None}
            ),
            Place("pakn_api_session", "number = ANY(%(phones)s::text[])", None),
        ]

    @api.model
    def _get_processing(self):
        _ = self.env._
        return super()._get_processing() | {
            "api": {
                "sequence": 46,
                "name": _("Programs of others"),
                "people": _("Citizens who send and follow requests by an app"),
                "data": _("Phone of who has signed in, until that ends."),
                "purpose": _("To show citizens their own requests in the app."),
                "ground": _(
                    "Task of a state body by law (Art. 3.2.5, 15.6); the citizen signs"
                    " in by a code sent to the phone."
                ),
                "duration": _("Until they sign out, or it ends."),
                "recipients": _(
                    "The program a citizen uses: own requests. All others: what is"
                    " public."
                ),
                "protection": _(
                    "Each program has a key and limits; tokens are kept as hashes."
                ),
            }
        }
