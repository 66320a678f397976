from odoo import api, models

from odoo.addons.pakn_1022.tools.held import OF_TICKETS, Place


class PaknHeld(models.AbstractModel):
    """The browsers that are told of a request."""

    _inherit = "pakn.held"

    @api.model
    def _get_places(self):
        return [*super()._get_places(), Place("pakn_push_device", OF_TICKETS, None)]

    @api.model
    def _get_processing(self):
        return super()._get_processing() | {
            "push": {
                "sequence": 36,
                "name": self.env._("Notices in the browser"),
                "people": self.env._("Citizens who switch them on"),
                "data": self.env._(
                    "Address of the browser at its push service, and its keys."
                ),
                "purpose": self.env._("To tell citizens each step (Art. 10.1)."),
                "ground": self.env._("Consent by switching it on."),
                "duration": self.env._(
                    "Until it is switched off, or the browser is no more."
                ),
                "recipients": self.env._(
                    "The push service of the browser; it cannot read what is sent."
                ),
                "protection": self.env._("What names the browser is read by nobody."),
            }
        }
