import uuid

from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from ..tools import acts

# Requests that are acted on in one transaction
PART = 20
# So many that were refused are listed with the reason
LISTED = 20


class PaknTicketMany(models.AbstractModel):
    """What is done with many requests that are chosen in a list.

    A room of ``pakn.ticket``. What can be done is done, what cannot is listed with the
    reason; and what is revocable one key takes back for a moment, all of it at once
    (``pakn.ticket.undo``).
    """

    _name = "pakn.ticket.many"
    _description = "Acts on many requests"

    def _split_doable(self, name):
        """Return ``(those on which an act can be done now, why the others cannot)``.

        :param str name: of an operation in the table of acts
        :return: the second as ``{request: sentence}``
        """
        may = self.get_acts()
        refused = {
            ticket: may[ticket.id][name]
            for ticket in self
            if may[ticket.id][name] is not True
        }
        return self - self.browse(ticket.id for ticket in refused), refused

    def _say_refused(self, name):
        """Return, a line each, which of several requests cannot be acted on, and why.

        ``False`` where all can, and for a single one, which says so itself.
        """
        if len(self) < 2:
            return False
        _doable, refused = self._origin._split_doable(name)
        return "\n".join(self._name_refused(refused)) or False

    @api.model
    def _act_on_many(self, act, jobs, refused=None):
        """Act on many requests; what cannot be done is listed with the reason.

        Up to :data:`PART` at once; more are done part by part by the user's browser,
        which shows how far it is, each part a transaction of its own
        (:meth:`act_on_part`).

        :param str act: key of the act, of which it is said that it is done
        :param list jobs: ``(requests, [[operation, arguments], …])``
        :param dict refused: ``{request: why it is not tried at all}``
        :return: an action of the client
        :raise UserError: nothing can be done
        """
        refused = dict(refused or {})
        tickets = self.union(*(tickets for tickets, _calls in jobs))
        if len(tickets) > PART:
            return self._act_by_parts(act, jobs, refused)
        revocable, held = self.browse(), acts.BY_KEY[act].revocable
        for part, calls in jobs:
            part_revocable, part_refused = part._act_or_say_why_not(calls, held)
            revocable |= part_revocable
            refused |= part_refused
        done = tickets - self.browse(ticket.id for ticket in refused)
        lines = self._list_refused(refused)
        if not done:
            raise UserError(
                self.env._("None of these can be done:\n%s", "\n".join(lines))
            )
        said = (
            done._say_done(act, done._prepare_recall())
            if act == "transferred"
            else done._say_done_by_hand(act, revocable)
        )
        if lines:
            numbers = {"done": len(done), "total": len(done) + len(refused)}
            count = {
                "rejected": self.env._("%(done)s of %(total)s rejected.", **numbers),
                "answered": self.env._("%(done)s of %(total)s answered.", **numbers),
                "transferred": self.env._(
                    "%(done)s of %(total)s transferred.", **numbers
                ),
                "sent": self.env._("%(done)s of %(total)s sent.", **numbers),
                "cancelled": self.env._("%(done)s of %(total)s cancelled.", **numbers),
            }[act]
            message = "\n".join([count, said["params"]["message"], *lines])
            said["params"].update(message=message, type="warning", sticky=True)
        return said

    @api.model
    def _act_by_parts(self, act, jobs, refused):
        """Return the dialog that acts on many part by part; see :meth:`_act_on_many`.

        What is revocable carries the name of the batch, by which the parts are held
        until the last one is done.
        """
        revocable = acts.BY_KEY[act].revocable
        undo = self.browse()._prepare_undo() if revocable else None
        if act == "transferred":
            undo = self.browse()._prepare_recall()
        return {
            "type": "ir.actions.client",
            "tag": "pakn_1022.by_parts",
            "params": {
                "title": dict(self.env["pakn.notice"]._selection_act())[act],
                "model": "pakn.ticket",
                "part": PART,
                # Of so many, roles and no names
                "told": ", ".join(self._name_told(acts.BY_KEY[act], self.browse())),
                "jobs": [
                    {"records": [[t.id, t.name] for t in tickets], "calls": calls}
                    for tickets, calls in jobs
                ],
                "refused": [[t.name, why] for t, why in refused.items()],
                "batch": str(uuid.uuid4()) if revocable else False,
                "undo": undo or False,
            },
        }

    def act_on_part(self, calls, batch=None):
        """Act on a part of many requests, as the browser does one after the other.

        :param list calls: ``[operation of the table of acts, arguments]`` each
        :param str batch: names all the parts, where they can be taken back; a part that
            is asked for once more, for the answer was lost, is not done twice
        :return: ids of those that can be taken back
        :raise UserError: one of these cannot be done; nothing is done then
        """
        self._check_operator()
        names = [act.name for act in acts.get_operations(self._name)]
        try:
            is_known = all(
                name in names and isinstance(arguments, list)
                for name, arguments in calls
            )
        except (TypeError, ValueError):
            is_known = False  # not even pairs
        if not is_known:
            raise ValidationError(self.env._("There is no such act."))
        if not batch:
            for name, arguments in calls:
                getattr(self, name)(*arguments)
            return []
        batch = str(batch)
        undos = (
            self.env["pakn.undo"]
            ._find(self)
            .filtered(
                lambda undo: undo.batch == batch and undo.user_id == self.env.user
            )
        )
        done = self.browse(undos.ticket_id.ids)
        return ((self - done)._do_by_hand(calls, batch) | done).ids

    def _act_or_say_why_not(self, calls, held=False):
        """Do acts on these requests at once, else on each.

        :param list calls: ``[operation, arguments]`` each
        :param bool held: whether they can be taken back for a moment
        :return: ``(those that can be, {request on which they fail: why})``
        """
        revocable, refused = self.browse(), {}
        try:
            with self.env.cr.savepoint():
                if held:
                    revocable = self._do_by_hand(calls)
                else:
                    for name, arguments in calls:
                        getattr(self, name)(*arguments)
        except UserError as error:
            if len(self) == 1:
                return self.browse(), {self: str(error)}
            for ticket in self:
                one_revocable, one_refused = ticket._act_or_say_why_not(calls, held)
                revocable |= one_revocable
                refused |= one_refused
        return revocable, refused

    @api.model
    def _list_refused(self, refused):
        """Return a line for each request that was refused, of very many the first."""
        lines = self._name_refused(refused)
        if len(lines) > LISTED:
            rest = self.env._("… and %s more", len(lines) - LISTED)
            return [*lines[:LISTED], rest]
        return lines

    @api.model
    def _name_refused(self, refused):
        """Return why each request was refused, with its code where that lacks it."""
        return [
            why if ticket.name in why else f"{ticket.name}: {why}"
            for ticket, why in refused.items()
        ]
