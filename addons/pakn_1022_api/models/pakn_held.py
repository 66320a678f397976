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
        return super()._get_processing() | {
            "api": {
                "sequence": 46,
                "name": self.env._("Programs of others"),
                "people": self.env._("Citizens who send and follow requests by an app"),
                "data": self.env._("Phone of who has signed in, until that ends."),
                "purpose": self.env._(
                    "To show citizens their own requests in the app."
                ),
                "ground": self.env._(
                    "Task of a state body by law (Art. 3.2.5, 15.6); the citizen signs"
                    " in by a code sent to the phone."
                ),
                "duration": self.env._("Until they sign out, or it ends."),
                "recipients": self.env._(
                    "The program a citizen uses: own requests. All others: what is"
                    " public."
                ),
                "protection": self.env._(
                    "Each program has a key and limits; tokens are kept as hashes."
                ),
            }
        }
