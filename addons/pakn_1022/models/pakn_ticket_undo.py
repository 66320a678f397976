from datetime import datetime, timedelta

from odoo import fields, models

from ..tools import acts


class PaknTicketUndo(models.AbstractModel):
    """What was done by mistake is taken back, before anybody is told (Art. 10.1).

    A room of ``pakn.ticket``. What the table of acts calls revocable can be taken back
    by who did it with a button or dialog of the backend, for :data:`acts.HOLD` seconds
    and as long as nothing more was done; what stood there before is in ``pakn.undo``.
    The record is like paper (Art. 9): the act stays on it, and another one says that it
    was taken back. Acts on many requests chosen in a list, cards that are dragged, and
    what comes over an interface are told at once and not taken back.
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
        limit = fields.Datetime.now() - timedelta(seconds=acts.HOLD)
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
        with self.env["pakn.undo"]._keeping(self) as revocable:
            for name, arguments in calls:
                getattr(self, name)(*arguments)
        if len(revocable) < len(self):
            return self._say_done(act)
        return self._say_done(
            act,
            {
                "label": self.env._("Undo"),
                "method": "take_back",
                "done": self.env._(
                    "Taken back: %s. Nobody was told.",
                    self._get_codes()
                    if len(self) <= 3
                    else self.env._("%s requests", len(self)),
                ),
            },
        )
