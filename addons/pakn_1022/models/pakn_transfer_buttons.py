from odoo import models


class PaknTransferButtons(models.AbstractModel):
    """What the backend's screens do with a slip.

    A room of ``pakn.transfer``; each button calls an operation or opens its dialog.
    """

    _name = "pakn.transfer.buttons"
    _description = "Buttons of a slip"

    def action_acknowledge(self):
        self.acknowledge()
        return self._say_done("acknowledged")

    def action_answer(self):
        return self._open_dialog("answer", self.env._("Result"))

    def action_schedule(self):
        return self._open_dialog("schedule", self.env._("Appointment"))

    def action_extend(self):
        return self._open_dialog("extend", self.env._("Extension"))

    def action_give_back(self):
        return self._open_dialog("give_back", self.env._("Return the slip"))

    def action_delegate(self):
        return self._open_dialog("delegate", self.env._("Delegate"))

    def action_escalate(self):
        return self.escalate()

    def action_recall(self):
        return self._open_reason_dialog("recall", self.env._("Take the slip back"))

    def action_urge(self):
        return self._open_reason_dialog("urge", self.env._("Urge the unit"))

    def action_open_ticket(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "pakn.ticket",
            "res_id": self.ticket_id.id,
            "view_mode": "form",
        }

    def _open_reason_dialog(self, operation, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "pakn.ticket.reason",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_transfer_ids": self.ids,
                "default_operation": operation,
            },
        }

    def _open_dialog(self, operation, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "pakn.transfer.respond",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_transfer_ids": self.ids,
                "default_operation": operation,
            },
        }
