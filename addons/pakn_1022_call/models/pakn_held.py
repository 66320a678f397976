from odoo import api, models

from odoo.addons.pakn_1022.tools.held import Beside, Kept, Place

_CALLS = """private_number = ANY(%(phones)s::text[])
    OR private_caller = ANY(%(phones)s::text[])
    OR private_called = ANY(%(phones)s::text[])
    OR id IN (SELECT call_id FROM pakn_call_ticket_rel
               WHERE ticket_id = ANY(%(tickets)s::int[]))"""
_COLUMNS = ("private_number", "private_caller", "private_called", "private_name")
_COLUMNS += ("note", "facts")


class PaknHeld(models.AbstractModel):
    """The calls of a person, what was said in them, and their recordings."""

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
    def _get_places(self):
        return [
            *super()._get_places(),
            # What was said first, while the call still tells whose it is
            Place(
                "pakn_call_transcript",
                f"call_id IN (SELECT id FROM pakn_call WHERE {_CALLS})",
                {"text": None},
            ),
            Place("pakn_call", _CALLS, dict.fromkeys(_COLUMNS)),
            Place(
                "pakn_call_back",
                "private_number = ANY(%(phones)s::text[])",
                {"private_number": "", "note": None},
            ),
        ]

    @api.model
    def _release(self, person, files):
        """Delete the sound of calls; its hashes stay."""
        calls = self.env["pakn.call"].search(
            [
                "|",
                ("ticket_ids", "in", person.tickets),
                ("private_number", "in", person.phones),
            ]
        )
        recordings = calls.recording_id
        recordings.filtered(lambda one: one.state == "kept")._remove()
        recordings.write({"address": False})
        # Nobody calls back who is not known any more; of two without a number on the
        # list the database would refuse the second
        entries = self.env["pakn.call.back"].search(
            [("private_number", "in", person.phones), ("state", "=", "open")]
        )
        entries._close("closed", self.env["res.users"])
        return super()._release(person, files)

    @api.model
    def _get_kept(self):
        return super()._get_kept() | {
            "call": Kept(
                self.env._("Calls without a request: numbers and names"),
                730,
                "call",
                "pakn_call",
                """state IN ('done', 'missed', 'abandoned')
                   AND private_number IS NOT NULL AND date_ring < %(limit)s
                   AND NOT EXISTS (SELECT FROM pakn_call_ticket_rel
                       WHERE call_id = pakn_call.id)""",
                dict.fromkeys(_COLUMNS),
                20,
                (
                    Beside(
                        "pakn_call_transcript",
                        "call_id = ANY(%(ids)s)",
                        {"text": None},
                    ),
                ),
            ),
            "call_back": Kept(
                self.env._("Call-back list: numbers and notes"),
                730,
                "call",
                "pakn_call_back",
                "state <> 'open' AND private_number <> '' AND date_last < %(limit)s",
                {"private_number": "", "note": None},
                21,
            ),
        }

    @api.model
    def _get_processing(self):
        return super()._get_processing() | {
            "call": {
                "sequence": 20,
                "name": self.env._("Telephone calls and recordings"),
                "people": self.env._("Who calls the hotline or is called by it"),
                "data": self.env._(
                    "Number, time and length of a call; its recording, where the"
                    " exchange makes one."
                ),
                "purpose": self.env._(
                    "To call back who reached nobody; to look up what was said"
                    " (Art. 12.1)."
                ),
                "ground": self.env._(
                    "Task of a state body by law (Art. 3.1, 12.1). The caller is told"
                    " that the call is recorded by the announcement of the exchange."
                ),
                "duration": self.env._(
                    "Recordings: as set under Settings, two years at first."
                ),
                "recipients": self.env._(
                    "Operators; recordings are heard by supervisors alone, each hearing"
                    " on record."
                ),
                "protection": self.env._(
                    "Rights by role; the sound is no file of the request; its hash is"
                    " on record."
                ),
                "is_sensitive": True,
            }
        }
