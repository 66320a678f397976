from odoo import api, models
from odoo.tools import SQL

from odoo.addons.pakn_1022.tools.held import Beside, Kept, Place

# Conversations: by their request, a proved phone, or the contact
CHANNELS = """SELECT id FROM discuss_channel WHERE channel_type = 'pakn_chat' AND (
        pakn_ticket_id = ANY(%(tickets)s::int[]) OR pakn_phone = ANY(%(phones)s::text[])
        OR pakn_citizen_id = ANY(%(partners)s::int[]))"""
_MESSAGES = f"""SELECT id FROM mail_message
     WHERE model = 'discuss.channel' AND res_id IN ({CHANNELS})"""
_OF_CHANNELS = f"channel_id IN ({CHANNELS})"
# What came and was not taken in: of these conversations, or of none that there is
_EVENTS = f"""(account_id, identity) IN (SELECT pakn_account_id, pakn_outside_id
     FROM discuss_channel WHERE id IN ({CHANNELS}))"""
_EVENTS_OF_IDS = """(account_id, identity) IN (SELECT pakn_account_id, pakn_outside_id
     FROM discuss_channel WHERE id = ANY(%(ids)s))"""
_SAID = {"body": "", "subject": None, "email_from": None}
_COLUMNS = ("pakn_phone", "pakn_last_text", "pakn_helper", "pakn_outside_id")
_COLUMNS += ("description",)


class PaknHeld(models.AbstractModel):
    """The conversations with a person, whatever door they came by."""

    _inherit = "pakn.held"

    @api.model
    def _get_places(self):
        return [
            *super()._get_places(),
            # The messages first, while the channel still tells whose it is
            Place("pakn_chat_event", _EVENTS, None),
            Place("pakn_chat_message", _OF_CHANNELS, {"text": None, "reason": None}),
            Place(
                "pakn_chat_file",
                _OF_CHANNELS,
                {"url": None, "name": None, "attachment_id": None},
            ),
            Place("mail_notification", f"mail_message_id IN ({_MESSAGES})", None),
            Place("mail_message", f"id IN ({_MESSAGES})", {**_SAID, "reply_to": None}),
            Place(
                "mail_guest",
                "id IN (SELECT pakn_guest_id FROM discuss_channel"
                f" WHERE id IN ({CHANNELS}))",
                {"name": "{words}"},
            ),
            Place(
                "discuss_channel",
                f"id IN ({CHANNELS})",
                {"name": "{words}"} | dict.fromkeys(_COLUMNS),
            ),
            # What of a conversation was handed along with a slip
            Place("pakn_transfer", "id = ANY(%(slips)s::int[])", {"pakn_said": None}),
        ]

    @api.model
    def _get_files(self, person):
        cr, files = self.env.cr, super()._get_files(person)
        cr.execute(
            f"""SELECT id FROM ir_attachment
                 WHERE res_model = 'discuss.channel' AND res_id IN ({CHANNELS})
                    OR res_model = 'pakn.chat.event' AND res_id IN (
                       SELECT id FROM pakn_chat_event WHERE {_EVENTS})""",
            person._asdict(),
        )
        return files | {number for [number] in cr.fetchall()}

    @api.model
    def _release(self, person, files):
        for table in ("pakn_chat_file", "pakn_chat_message"):
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET attachment_id = NULL WHERE attachment_id = ANY(%s)",
                    SQL.identifier(table),
                    list(files),
                )
            )
        return super()._release(person, files)

    @api.model
    def _get_kept(self):
        return super()._get_kept() | {
            "conversation": Kept(
                self.env._("Conversations without a request: words, files and names"),
                730,
                "conversation",
                "discuss_channel",
                "channel_type = 'pakn_chat' AND pakn_ticket_id IS NULL"
                " AND last_interest_dt < %(limit)s AND pakn_outside_id IS NOT NULL",
                {"name": "{words}"} | dict.fromkeys(_COLUMNS),
                40,
                (
                    Beside(
                        "mail_message",
                        "model = 'discuss.channel' AND res_id = ANY(%(ids)s)",
                        _SAID,
                    ),
                    Beside(
                        "pakn_chat_message",
                        "channel_id = ANY(%(ids)s)",
                        {"text": None, "reason": None, "attachment_id": None},
                    ),
                    Beside(
                        "pakn_chat_file",
                        "channel_id = ANY(%(ids)s)",
                        {"url": None, "name": None, "attachment_id": None},
                    ),
                    # What could not be read is kept for a person to see, until then
                    Beside("pakn_chat_event", _EVENTS_OF_IDS, None),
                    # Who has not written anew since
                    Beside(
                        "mail_guest",
                        "id IN (SELECT pakn_guest_id FROM discuss_channel"
                        " WHERE id = ANY(%(ids)s)) AND NOT EXISTS (SELECT"
                        " FROM discuss_channel other WHERE NOT other.id = ANY(%(ids)s)"
                        " AND other.pakn_guest_id = mail_guest.id"
                        " AND other.pakn_outside_id IS NOT NULL)",
                        {"name": "{words}"},
                    ),
                ),
                "res_model = 'discuss.channel' AND res_id = ANY(%(ids)s)"
                " OR res_model = 'pakn.chat.event' AND res_id IN (SELECT id"
                f" FROM pakn_chat_event WHERE {_EVENTS_OF_IDS})",
            ),
            "conversation_unread": Kept(
                self.env._("Messages that could not be read, of no conversation"),
                730,
                "conversation",
                "pakn_chat_event",
                "state = 'failed' AND create_date < %(limit)s AND NOT EXISTS (SELECT"
                " FROM discuss_channel WHERE pakn_account_id = account_id"
                " AND pakn_outside_id = identity)",
                None,
                41,
                (),
                "res_model = 'pakn.chat.event' AND res_id = ANY(%(ids)s)",
            ),
        }

    @api.model
    def _get_processing(self):
        return super()._get_processing() | {
            "conversation": {
                "sequence": 34,
                "name": self.env._("Conversations by Zalo, Facebook and the site"),
                "people": self.env._("Citizens who write to the hotline there"),
                "data": self.env._(
                    "Name and number at the network, phone where it was proved; what is"
                    " written both ways, files."
                ),
                "purpose": self.env._(
                    "To tell citizens each step (Art. 10.1), and to be asked where"
                    " they write."
                ),
                "ground": self.env._(
                    "Task of a state body by law (Art. 3, 10.1); on Zalo and Facebook"
                    " the citizen began the conversation there."
                ),
                "duration": self.env._("See “Removal after its time”."),
                "recipients": self.env._(
                    "The networks that the citizen writes by, as far as it takes to"
                    " deliver."
                ),
                "protection": self.env._(
                    "Rights by role; keys of the networks are read by nobody."
                ),
            }
        }
