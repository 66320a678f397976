from typing import NamedTuple

from odoo import api, models


class Incident(NamedTuple):
    """What everybody may know of an outage; moments in UTC, records in sudo."""

    name: str
    text: str
    category: models.Model
    area: models.Model
    date_from: object
    date_to: object


class PaknIncident(models.AbstractModel):
    """Outages that many ask about, told before the next ten write (Art. 6); a hook.

    Addons by which the hotline announces them say here which ones hold; the citizens'
    site and the API tell them.
    """

    _name = "pakn.incident"
    _description = "Incidents that are announced"

    @api.model
    def _get_now(self):
        """Return each :class:`Incident` that everybody is told of now, newest first."""
        return []
