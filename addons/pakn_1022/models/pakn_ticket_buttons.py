from odoo import models
from odoo.exceptions import AccessError, UserError, ValidationError


class PaknTicketButtons(models.AbstractModel):
    """What the backend's screens do with a request: buttons, dialogs, dragged cards.

    A room of ``pakn.ticket``; each button calls an operation or opens its dialog. What
    is done with many that are chosen in a list is in ``pakn.ticket.many``.
    """

    _name = "pakn.ticket.buttons"
    _description = "Buttons of a request"

    def _move_to_stage(self, stage):
        """Run the transition that a program means which writes the column.

        On the board it is :meth:`drop_on_stage`.

        :raise UserError: that transition needs something a column does not say
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
    # THE BOARD
    # ------------------------------------------------------------

    def drop_on_stage(self, stage_id):
        """Do what it means that the card of a request is dragged to a column.

        As the button of that act does it: at once, and for a moment the toast offers to
        take it back, or with the dialog that asks for what is missing.

        :param int stage_id: of ``pakn.stage``
        :return: an action of the client
        :raise UserError: no act of the caller leads there
        """
        self.ensure_one()
        self.check_access("read")
        stage = self._browse_given("pakn.stage", stage_id)[:1].exists()
        if not stage:
            raise ValidationError(self.env._("This column does not exist anymore."))
        said = {"type": "ir.actions.act_window_close"}
        if self.state != stage.state:
            said = self._get_button_to(stage)()
        # There are several columns of that state: done at once, or by the dialog
        if self.state == stage.state and self.stage_id != stage:
            self.stage_id = stage
        elif said["type"] == "ir.actions.act_window":
            said["context"] = {**said.get("context", {}), "pakn_stage_id": stage.id}
        return said

    def _get_button_to(self, stage):
        """Return the button that brings a request to a column.

        :raise UserError: no act of the caller leads there
        """
        buttons = {
            "new": {"reopen": self.action_reopen},
            "rejected": {"reject": self.action_reject},
            "transferred": {"transfer": self._drop_on_transferred},
            "escalated_province": {"refer_to_province": self.action_refer},
            "answered": {"answer": self._drop_on_answered},
            "done": {
                "send_result": self.action_send_result,
                "answer": self.action_answer,
            },
            "cancelled": {"cancel": self.action_cancel},
        }.get(stage.state, {})
        for name, button in buttons.items():
            if name in self.acts:
                return button
        if buttons:
            self._check_operator()
            labels = dict(self._fields["state"]._description_selection(self.env))
            hint = self.env._("it does not go there from “%s”", labels[self.state])
        else:
            hint = self.env._("only the unit or the clock moves it there")
        raise UserError(
            self.env._(
                "%(code)s was not moved to “%(stage)s”: %(hint)s.",
                code=self.name,
                stage=stage.name,
                hint=hint,
            )
        )

    def _drop_on_answered(self):
        """Ask for the answer; one that is sent too would not stay in that column."""
        return self._open_dialog(
            "pakn.ticket.answer", self.env._("Answer now"), send_now=False
        )

    def _drop_on_transferred(self):
        """Hand a new request to its usual unit at once; else ask for the unit."""
        unit = self.suggested_unit_id
        if self.state != "new" or not unit:
            return self.action_transfer()
        self.transfer(unit.ids)
        return self._say_transferred(unit)

    def _say_transferred(self, units):
        """Return the toast after a request was handed to its units."""
        people = self.env["res.users"].union(*(unit._get_people() for unit in units))
        message = self.env._(
            "%(code)s is with %(units)s now. Told: %(people)s and the citizen.",
            code=self.name,
            units=", ".join(units.mapped("name")),
            people=", ".join(people.mapped("name")),
        )
        # For a moment it is taken back by one key; the units are told of that too
        undo = {
            "label": self.env._("Take back"),
            "model": "pakn.transfer",
            "method": "recall",
            "ids": self.transfer_ids.filtered("is_open").ids,
            "args": [self.env._("Handed on by mistake.")],
            "done": self.env._("%s is taken back and new again.", self.name),
        }
        return {
            "type": "ir.actions.client",
            "tag": "pakn_1022.done",
            "params": {
                "message": message,
                "undo": undo,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

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

    def action_hand_out(self):
        if not self.env.user.has_group("pakn_1022.group_supervisor"):
            raise AccessError(self.env._("A shift leader hands out requests."))
        return self._open_dialog(
            "pakn.ticket.hand.out", self.env._("Hand out requests")
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
            # Odoo adds them to what a button returns, not to what a toast goes on with
            "views": [(False, "form")],
            "target": "new",
            "context": context,
        }

    def _open_reason_dialog(self, operation, name):
        return self._open_dialog("pakn.ticket.reason", name, operation=operation)
