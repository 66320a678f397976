from odoo import api, models


class PaknHeld(models.AbstractModel):
    """The calls of a person, and their recordings."""

    _inherit = "pakn.held"

    @api.model
    def _get_held(self, phone):
        calls = self.env["pakn.call"].search(
            [("private_number", "=", phone)], order="id"
        )
        rows = []
        for call in calls:
            recorded = call.recording_state == "kept"
            length = self.env._("%s seconds", call.seconds_talked)
            said = self.env._("%(length)s, recorded", length=length)
            rows.append(
                {
                    "when": call.date_ring,
                    "text": said if recorded else length,
                    "seconds": call.seconds_talked,
                    "recorded": recorded,
                }
            )
        part = {"key": "calls", "title": self.env._("Calls"), "rows": rows}
        return [*super()._get_held(phone), part]

    @api.model
    def _remove_held(self, tickets, phones):
        """Delete the sound of calls; its hashes stay."""
        calls = self.env["pakn.call"].search(
            ["|", ("ticket_ids", "in", tickets.ids), ("private_number", "in", phones)]
        )
        recordings = calls.recording_id
        recordings.filtered(lambda one: one.state == "kept")._remove()
        recordings.write({"address": False})
        return super()._remove_held(tickets, phones)
