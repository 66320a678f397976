from datetime import datetime, timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools import acts


class PaknTicketUndo(models.AbstractModel):
    """What was done by mistake is taken back, before anybody is told (Art. 10.1).

    A room of ``pakn.ticket``. What the table of acts calls revocable can be taken back
    by who did it in the backend, with a button or dialog, by dragging a card or with
    many chosen in a list, for :data:`acts.HOLD` seconds and as long as nothing more was
    done; what stood there before is in ``pakn.undo``. The record is like paper
    (Art. 9): the act stays on it, and another one says that it was taken back. What a
    program does over an interface is told at once and not taken back.
    """

    _name = "pakn.ticket.undo"
    _description = "Acts that are taken back"

    def take_back(self):
        """Take back what the caller has just done with these requests.

        Requests, slips and to-dos are as they were before. Files that came with an
        answer are no part of the result any more and stay with the request.

        :raise UserError: too late, another one's, told already, or more was done since
        """
        self._start("take_back")
        self.env["pakn.undo"]._find(self)._put_back()
        return True

    def _get_undo_needs(self):
        """Return ``{request: facts of acts.NEEDS}`` of those that can be taken back.

        Asked of every board: only for what ended a moment ago the database is.
        """
        longest = timedelta(seconds=acts.HOLD_LONGEST + acts.HOLD_PART)
        limit = fields.Datetime.now() - longest
        # sudo: facts that decide, not told to anybody
        fresh = self.sudo().filtered(
            lambda t: (t.date_closed or t.date_result or datetime.min) >= limit
        )
        if not fresh:
            return {}
        result = {}
        undos = self.env["pakn.undo"]._find(fresh)
        untold = undos._filter_untold()
        for undo in undos:
            result[undo.ticket_id] = holds = {"recent"}
            if undo.user_id == self.env.user:
                holds.add("own")
            if undo.acts[-1] == undo.ticket_id.record_length:
                holds.add("latest")
            if undo in untold:
                holds.add("untold")
        return result

    def _act_by_hand(self, act, calls):
        """Do what a button or dialog asks for, and say so in a toast.

        For a moment the toast offers to take it back.

        :param str act: key of the act, of which it is said that it is done
        :param list calls: ``[operation, arguments]`` each
        :return: an action of the client
        """
        return self._say_done_by_hand(act, self._do_by_hand(calls))

    def _do_by_hand(self, calls, batch=None):
        """Do what can be taken back for a moment, and hold what tells of it.

        :param list calls: ``[operation, arguments]`` each
        :param str batch: of which these requests are a part
        :return: those of these requests whose acts can be taken back
        """
        with self.env["pakn.undo"]._keeping(self, batch) as revocable:
            for name, arguments in calls:
                getattr(self, name)(*arguments)
        return self.browse(ticket.id for ticket in revocable)

    def _say_done_by_hand(self, act, revocable):
        """Return the toast after an act, with the key that takes back what can be."""
        if not revocable:
            return self._say_done(act)
        said = self._say_done(act, revocable._prepare_undo())
        lasting = self - revocable
        if lasting:
            said["params"]["message"] += "\n" + self.env._(
                "Not to be taken back, for the public can read it: %s.",
                lasting._count_or_name(),
            )
        return said

    def _prepare_undo(self):
        """Return what the toast needs in order to take back what was just done."""
        undo = {"label": self.env._("Undo"), "ids": self.ids}
        if len(self) != 1:
            return {**undo, "method": "action_take_back"}
        done = self.env._("Taken back: %s. Nobody was told.", self.name)
        return {**undo, "method": "take_back", "done": done}

    def action_take_back(self):
        """Take back what the caller has just done with many; say which cannot be.

        :return: an action of the client, which says so
        :raise UserError: none can be taken back
        """
        self._check_operator()
        doable, refused = self._split_doable("take_back")
        _held, failed = doable._act_or_say_why_not([["take_back", []]])
        refused |= failed
        done = doable - self.browse(ticket.id for ticket in failed)
        return self._say_taken_back(
            done, refused, self.env._("Taken back: %s. Nobody was told.")
        )

    def action_recall(self):
        """Take back what was just handed to units, of many; say which cannot be.

        The units are told of it, as they were told of the request (``recall`` of the
        slip).

        :return: an action of the client, which says so
        :raise UserError: none can be taken back
        """
        self._check_operator()
        slips = self.transfer_ids.filtered("is_open")
        may = slips.get_acts()
        refused = {
            slip.ticket_id: may[slip.id]["recall"]
            for slip in slips
            if may[slip.id]["recall"] is not True
        }
        for ticket in self - slips.ticket_id:
            refused[ticket] = self.env._("%s lies with no unit.", ticket.name)
        done = self - self.browse(ticket.id for ticket in refused)
        if done:
            slips.filtered(lambda slip: slip.ticket_id in done).recall(
                self.env._("Handed on by mistake.")
            )
        sentence = self.env._("%s are taken back and new again. Told: the units.")
        return self._say_taken_back(done, refused, sentence)

    def _say_taken_back(self, done, refused, sentence):
        """Return what is said after many were taken back, and which were not.

        :param done: those that were
        :param dict refused: ``{request: why it was not}``
        :param str sentence: with ``%s`` for their number or codes
        :raise UserError: none was
        """
        lines = self._list_refused(refused)
        if not done:
            raise UserError(
                self.env._("None of these can be done:\n%s", "\n".join(lines))
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if lines else "success",
                "sticky": bool(lines),
                "message": "\n".join([sentence % done._count_or_name(), *lines]),
            },
        }

    def _prepare_recall(self):
        """Return what the toast needs in order to take back that these were handed on.

        ``None`` for the provincial office, whose requests are not new again.
        """
        if not self._is_operator():
            return None
        return {
            "label": self.env._("Take back"),
            "ids": self.ids,
            "method": "action_recall",
        }
