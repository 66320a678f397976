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
        _ = self.env._
        return super()._get_processing() | {
            "lookup": {
                "sequence": 45,
                "name": _("Look-ups of dossiers and bills"),
                "people": _("Citizens who ask, or for whom an operator asks"),
                "data": _("Code of the dossier, proved phone, time; not the answer."),
                "purpose": _("To answer at once; to see who asked for what."),
                "ground": _("Task of a state body by law (Art. 16.2)."),
                "duration": _("Two years."),
                "recipients": _("The body that keeps the dossier: its code."),
                "protection": _(
                    "Administrators alone read the log; each address has limits."
                ),
            }
        }
