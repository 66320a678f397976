from odoo import api, models

from odoo.addons.pakn_1022.tools.held import OF_TICKETS, Place


class PaknHeld(models.AbstractModel):
    """Which phone was proved for a look-up, and of which dossier of somebody's."""

    _inherit = "pakn.held"

    @api.model
    def _get_places(self):
        return [
            *super()._get_places(),
            Place(
                "pakn_lookup_log",
                f"{OF_TICKETS} OR phone = ANY(%(phones)s::text[])",
                {"phone": None, "code": "{words}"},
            ),
        ]

    @api.model
    def _get_processing(self):
        return super()._get_processing() | {
            "lookup": {
                "sequence": 45,
                "name": self.env._("Look-ups of dossiers and bills"),
                "people": self.env._("Citizens who ask, or for whom an operator asks"),
                "data": self.env._(
                    "Code of the dossier, proved phone, time; not the answer."
                ),
                "purpose": self.env._("To answer at once; to see who asked for what."),
                "ground": self.env._("Task of a state body by law (Art. 16.2)."),
                "duration": self.env._("Two years."),
                "recipients": self.env._("The body that keeps the dossier: its code."),
                "protection": self.env._(
                    "Administrators alone read the log; each address has limits."
                ),
            }
        }
