from odoo import api, models
from odoo.exceptions import UserError

from ..tools import acts

# Requests that are acted on in one transaction
PART = 20


class PaknTicketButtons(models.AbstractModel):
    """What the backend's screens do with a request: buttons, dialogs, dragged cards.

    A room of ``pakn.ticket``; each button calls an operation or opens its dialog.
    """

    _name = "pakn.ticket.buttons"
    _description = "Buttons of a request"

    def _move_to_stage(self, stage):
        """Run the transition that dragging a card to ``stage`` means.

        :raise UserError: that transition needs something a drag cannot give
        """
        moved = self.filtered(lambda ticket: ticket.state != stage.state)
        for ticket in moved:
            if stage.state == "done" and "send_result" in ticket.acts:
                ticket.send_result()
            elif (
                stage.state == "transferred"
                and ticket.state == "new"
                and ticket.suggested_unit_id
            ):
                ticket.transfer(ticket.suggested_unit_id.ids)
            else:
                hints = {
                    "rejected": self.env._("press “Reject” and give the reason"),
                    "transferred": self.env._("press “Transfer” and choose the unit"),
                    "answered": self.env._("press “Answer” and write the answer"),
                    "cancelled": self.env._("press “Cancel” and give the reason"),
                    "new": self.env._("press “Reopen” and give the reason"),
                    "done": self.env._("it needs a result first"),
                }
                raise UserError(
                    self.env._(
                        "%(code)s was not moved to “%(stage)s”: %(hint)s.",
                        code=ticket.name,
                        stage=stage.name,
                        hint=hints.get(
                            stage.state,
                            self.env._("only the unit or the clock moves it there"),
                        ),
                    )
                )

    # ------------------------------------------------------------
    # MANY AT ONCE
    # ------------------------------------------------------------

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
        return "\n".join(f"{t.name}: {why}" for t, why in refused.items()) or False

    @api.model
    def _act_on_many(self, act, jobs, refused=None):
        """Act on many requests; what cannot be done is listed with the reason.

        Up to :data:`PART` at once; more are done part by part by the user's browser,
        which shows how far it is, each part a transaction of its own.

        :param str act: key of the act, of which it is said that it is done
        :param list jobs: ``(requests, [[operation, arguments], …])``
        :param dict refused: ``{request: why it is not tried at all}``
        :return: an action of the client
        :raise UserError: nothing can be done
        """
        refused = dict(refused or {})
        tickets = self.union(*(tickets for tickets, _calls in jobs))
        if len(tickets) > PART:
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
                },
            }
        for part, calls in jobs:
            for ticket, why in part._act_or_say_why_not(calls):
                refused[ticket] = why
        done = tickets - self.browse(ticket.id for ticket in refused)
        lines = [f"{ticket.name}: {why}" for ticket, why in refused.items()]
        if not done:
            raise UserError(
                self.env._("None of these can be done:\n%s", "\n".join(lines))
            )
        said = done._say_done(act)
        if lines:
            numbers = {"done": len(done), "total": len(done) + len(refused)}
            count = {
                "rejected": self.env._("%(done)s of %(total)s rejected.", **numbers),
                "answered": self.env._("%(done)s of %(total)s answered.", **numbers),
                "transferred": self.env._(
                    "%(done)s of %(total)s transferred.", **numbers
                ),
                "sent": self.env._("%(done)s of %(total)s sent.", **numbers),
            }[act]
            message = "\n".join([count, said["params"]["message"], *lines])
            said["params"].update(message=message, type="warning", sticky=True)
        return said

    def _act_or_say_why_not(self, calls):
        """Do acts on these requests at once, else on each; yield those that fail.

        :param list calls: ``[operation, arguments]`` each
        :return: ``(request, why not)``
        """
        try:
            with self.env.cr.savepoint():
                for name, arguments in calls:
                    getattr(self, name)(*arguments)
        except UserError as error:
            if len(self) == 1:
                yield self, str(error)
                return
            for ticket in self:
                yield from ticket._act_or_say_why_not(calls)

    # ------------------------------------------------------------
    # BUTTONS
    # ------------------------------------------------------------

    def action_reject(self):
        return self._open_dialog("pakn.ticket.reject", self.env._("Reject"))

    def action_answer(self):
        return self._open_dialog("pakn.ticket.answer", self.env._("Answer now"))

    def action_transfer(self):
        if len(self) == 1 and self.state == "new":
            # Said on the form, before a unit is chosen
            self._check_operator()
            self._check_ready_to_transfer()
        return self._open_dialog("pakn.ticket.transfer", self.env._("Transfer"))

    def action_refer(self):
        return self._open_reason_dialog(
            "refer", self.env._("Refer to the provincial office")
        )

    def action_add_units(self):
        return self._open_dialog(
            "pakn.ticket.transfer", self.env._("Add units"), is_support=True
        )

    def action_return_result(self):
        return self._open_reason_dialog(
            "return_result", self.env._("Give the result back")
        )

    def action_reopen(self):
        return self._open_reason_dialog("reopen", self.env._("Reopen"))

    def action_cancel(self):
        return self._open_reason_dialog("cancel", self.env._("Cancel the request"))

    def action_note_call(self):
        return self._open_reason_dialog("note_call", self.env._("Citizen called"))

    def action_renew_link(self):
        self.renew_link()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "The citizen's old links open nothing any more; the next message "
                    "brings a new one."
                ),
            },
        }

    def action_rate(self):
        return self._open_dialog("pakn.ticket.rate", self.env._("Rating by phone"))

    def action_send_result(self):
        if len(self) > 1:
            doable, refused = self._split_doable("send_result")
            return self._act_on_many("sent", [(doable, [["send_result", []]])], refused)
        return self._act_by_hand("sent", [["send_result", []]])

    def action_publish(self):
        return self.publish()

    def action_unpublish(self):
        self.unpublish()
        return self._say_done("unpublished")

    def action_view_earlier(self):
        self.ensure_one()
        self._check_operator()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "pakn_1022.ticket_action"
        )
        action["domain"] = [
            ("citizen_phone", "=", self.citizen_phone),
            ("id", "!=", self.id),
        ]
        action["views"] = [(False, "list"), (False, "form")]
        action["context"] = {}
        return action

    def action_acknowledge(self):
        return self.my_transfer_id.action_acknowledge()

    def action_respond_answer(self):
        return self.my_transfer_id.action_answer()

    def action_respond_schedule(self):
        return self.my_transfer_id.action_schedule()

    def action_respond_extend(self):
        return self.my_transfer_id.action_extend()

    def action_respond_give_back(self):
        return self.my_transfer_id.action_give_back()

    def action_respond_delegate(self):
        return self.my_transfer_id.action_delegate()

    def _open_dialog(self, model, name, **defaults):
        context = {f"default_{field}": value for field, value in defaults.items()}
        field = "ticket_id" if model == "pakn.ticket.rate" else "ticket_ids"
        context[f"default_{field}"] = self.id if field == "ticket_id" else self.ids
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": context,
        }

    def _open_reason_dialog(self, operation, name):
        return self._open_dialog("pakn.ticket.reason", name, operation=operation)
