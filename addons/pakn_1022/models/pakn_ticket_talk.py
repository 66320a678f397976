from odoo import models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import plaintext2html

from .pakn_notice_delivery import DOOR_OF_CHANNEL

# Acts by which something is said to the citizen, and by the citizen
SAID_TO_CITIZEN = ("wrote", "sent", "rejected", "called")
SAID_BY_CITIZEN = ("replied", "rated")
# … and between hotline and unit; what is written on the slip itself comes beside them
SAID_TO_UNIT = ("transferred", "result_returned", "urged", "recalled")
SAID_BY_UNIT = ("responded", "scheduled", "extended", "returned", "unit_wrote")
# Characters of a message to a citizen
TEXT_LENGTH = 5000


class PaknTicketTalk(models.AbstractModel):
    """What was said with the citizen, and what with the units, side by side (10.1).

    A room of ``pakn.ticket``. It is read from the record of acts, which holds the words
    of all doors; whether they arrived, from the outbox and the mails.
    """

    _name = "pakn.ticket.talk"
    _description = "Conversations of a request"

    def get_talks(self):
        """Return both conversations, oldest first, for the operator's screen.

        :return: ``{"citizen": [said, …], "units": [said, …], "slips": [[id, unit's
            name], …]}``, each said ``{"key", "is_ours", "who", "label", "date",
            "text", "door", "state", "state_label", "reason"}``; dates are UTC;
            ``slips`` are those to whose units can be written now
        :raise AccessError: the caller is no operator
        """
        self.ensure_one()
        self._check_operator()
        events = self.event_ids._filter_standing()
        citizen = events.filtered(
            lambda event: event.kind in SAID_TO_CITIZEN + SAID_BY_CITIZEN
        )._describe_said(SAID_TO_CITIZEN, self._get_sent_results())
        units = events.filtered(
            lambda event: event.kind in SAID_TO_UNIT + SAID_BY_UNIT
        )._describe_said(SAID_TO_UNIT)
        units += self.transfer_ids._describe_messages()
        slips = self.transfer_ids.filtered("is_open")
        return {
            "citizen": citizen,
            "units": sorted(units, key=lambda said: said["date"]),
            "slips": [[slip.id, slip.unit_id.name] for slip in slips],
        }

    def _get_sent_results(self):
        """Return ``{act: the result that was sent by it, HTML}``, of all rounds."""
        self.ensure_one()
        results, sent = {}, []
        for event in self.event_ids:
            if event.kind == "sent":
                sent.append(event)
            elif event.kind == "reopened":  # it keeps the result of the round before
                result = (event.payload or {}).get("result")
                results.update(dict.fromkeys(sent, result))
                sent = []
        results.update(dict.fromkeys(sent, self.result))
        return results

    def action_write(self):
        """Open the dialog in which the operator writes to the citizen."""
        return self._open_dialog(
            "pakn.ticket.write", self.env._("Write to the citizen")
        )

    # ------------------------------------------------------------
    # DOORS BY WHICH AN OPERATOR WRITES
    # ------------------------------------------------------------

    def _get_shut_doors(self):
        """Return ``{door: why nothing can be written by it, or None}``, best first.

        Another addon adds its door here and gives ``_write_by_<door>``.
        """
        self.ensure_one()
        no_mail = self.env._("The request has no mail address.")
        # sudo: whether there is an address
        return {"mail": None if self.sudo().private_email else no_mail}

    def _propose_door(self):
        """Return the door the citizen came in by if it is open, else the first one."""
        doors = self._get_shut_doors()
        is_open = [door for door, why in doors.items() if not why]
        own = DOOR_OF_CHANNEL.get(self.channel_id.code)
        return own if own in is_open else next(iter([*is_open, *doors]))

    def _write_to_citizen(self, text, door):
        """Write to the citizen by one door; what is written is an act on record.

        :param str text: plain
        :param str door: of :meth:`_get_shut_doors`
        :raise UserError: the door is shut
        :raise ValidationError: there is no text, or too much
        """
        self.ensure_one()
        self._check_operator()
        text = (text or "").strip()
        if not text:
            raise ValidationError(self.env._("The message is empty."))
        if len(text) > TEXT_LENGTH:
            raise ValidationError(
                self.env._("The message is too long: at most %s letters.", TEXT_LENGTH)
            )
        doors = self._get_shut_doors()
        if door not in doors:
            raise ValidationError(self.env._("Choose how the citizen is written to."))
        if doors[door]:
            raise UserError(doors[door])
        getattr(self, f"_write_by_{door}")(text)
        if self.has_new_reply:
            self._note_read()

    def _write_by_mail(self, text):
        self.message_post(
            body=plaintext2html(text),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
