from odoo import api, models

from odoo.addons.pakn_1022.tools.held import OF_TICKETS, Kept, Place

# What tells of a request that is still handled stays, however old it is
_IS_OPEN = (
    "EXISTS (SELECT FROM pakn_ticket ticket WHERE ticket.id = {column}"
    " AND ticket.date_closed IS NULL)"
)


class PaknHeld(models.AbstractModel):
    """The SMS to a person, and from one."""

    _inherit = "pakn.held"

    @api.model
    def _get_held(self, phone):
        found = self.env["sms.sms"].search([("number", "=", phone)], order="id")
        rows = [{"when": sms.create_date, "text": sms.body} for sms in found]
        part = {"key": "sms", "title": self.env._("SMS"), "rows": rows}
        return [*super()._get_held(phone), part]

    @api.model
    def _get_places(self):
        return [
            *super()._get_places(),
            Place(
                "sms_sms",
                "pakn_ticket_id = ANY(%(tickets)s::int[])"
                " OR number = ANY(%(phones)s::text[])",
                dict.fromkeys(("number", "body", "pakn_reason")),
            ),
            Place(
                "pakn_sms_receipt",
                f"{OF_TICKETS} OR number = ANY(%(phones)s::text[])"
                " OR ltrim(number, '+') = ANY("
                "SELECT ltrim(phone, '+') FROM unnest(%(phones)s::text[]) phone)",
                dict.fromkeys(("number", "text", "piece_data", "piece_key", "reason")),
            ),
        ]

    @api.model
    def _get_kept(self):
        return super()._get_kept() | {
            "sms": Kept(
                self.env._("SMS: numbers and texts"),
                730,
                "sms",
                "sms_sms",
                "state NOT IN ('outgoing', 'process') AND create_date < %(limit)s"
                " AND (number IS NOT NULL OR body IS NOT NULL)"
                f" AND NOT {_IS_OPEN.format(column='sms_sms.pakn_ticket_id')}",
                {"number": None, "body": None},
                30,
            ),
            "sms_in": Kept(
                self.env._("SMS that came in: numbers and texts"),
                730,
                "sms",
                "pakn_sms_receipt",
                "state != 'new' AND create_date < %(limit)s AND (number IS NOT NULL"
                " OR text IS NOT NULL OR piece_data IS NOT NULL)"
                f" AND NOT {_IS_OPEN.format(column='pakn_sms_receipt.ticket_id')}",
                dict.fromkeys(("number", "text", "piece_data", "piece_key")),
                32,
            ),
        }

    @api.model
    def _get_processing(self):
        return super()._get_processing() | {
            "sms": {
                "sequence": 32,
                "name": self.env._("Messages by SMS"),
                "people": self.env._("Citizens who are told of their request"),
                "data": self.env._("Phone number; what is written both ways."),
                "purpose": self.env._(
                    "To tell citizens each step (Art. 10.1), and to be asked where"
                    " they write."
                ),
                "ground": self.env._("Task of a state body by law (Art. 3, 10.1)."),
                "duration": self.env._("See “Removal after its time”."),
                "recipients": self.env._(
                    "The providers of SMS, as far as it takes to deliver."
                ),
                "protection": self.env._(
                    "Keys of providers are read by nobody; texts hold the code of the"
                    " request and a link, no name."
                ),
            }
        }
