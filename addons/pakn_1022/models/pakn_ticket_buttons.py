from odoo import models
from odoo.exceptions import UserError


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
        self.send_result()
        return self._say_done("sent")

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
