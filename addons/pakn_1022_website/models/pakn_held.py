from odoo import api, models

from odoo.addons.pakn_1022.tools.held import OF_TICKETS, Place


class PaknHeld(models.AbstractModel):
    """What visitors of the citizens' site leave there beside their requests."""

    _inherit = "pakn.held"

    @api.model
    def _get_places(self):
        return [
            *super()._get_places(),
            Place("pakn_ticket", "id = ANY(%(tickets)s::int[])", {"site_key": None}),
            Place("pakn_question_answer", OF_TICKETS, {"value": "{words}"}),
            Place("pakn_abuse", OF_TICKETS, {"note": None}),
            Place("pakn_subscription", "lower(email) = ANY(%(emails)s::text[])", None),
            Place("pakn_supporter", "phone = ANY(%(phones)s::text[])", {"phone": None}),
        ]

    @api.model
    def _get_processing(self):
        return super()._get_processing() | {
            "site": {
                "sequence": 40,
                "name": self.env._("The citizens' site"),
                "people": self.env._("Visitors of the site"),
                "data": self.env._(
                    "Email of who follows results; a hash of the phone of who says “so"
                    " do I”; the network address in the log of the server."
                ),
                "purpose": self.env._(
                    "To send news that were asked for; to count each once; to keep off"
                    " floods."
                ),
                "ground": self.env._(
                    "Consent by confirming the email; safety of the system."
                ),
                "duration": self.env._(
                    "Until they end it; codes a day; the log as the server is set."
                ),
                "recipients": self.env._("Nobody."),
                "protection": self.env._(
                    "No advertisement and no tracking; each address has limits."
                ),
            }
        }
