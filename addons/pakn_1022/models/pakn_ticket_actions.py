from odoo import models


class PaknTicket(models.Model):
    """The buttons of a request; each calls an operation or opens its dialog."""

    _inherit = "pakn.ticket"

    def action_reject(self):
        return self._open_dialog("pakn.ticket.reject", self.env._("Reject"))

    def action_answer(self):
        return self._open_dialog("pakn.ticket.answer", self.env._("Answer now"))

    def action_transfer(self):
        return self._open_dialog("pakn.ticket.transfer", self.env._("Transfer"))

    def action_refer(self):
        return self._open_reason_dialog(
            "refer", self.env._("Refer to the provincial office")
        )

    def action_reopen(self):
        return self._open_reason_dialog("reopen", self.env._("Reopen"))

    def action_cancel(self):
        return self._open_reason_dialog("cancel", self.env._("Cancel the request"))

    def action_rate(self):
        return self._open_dialog("pakn.ticket.rate", self.env._("Rating by phone"))

    def action_send_result(self):
        return self.send_result()

    def action_publish(self):
        return self.publish()

    def action_unpublish(self):
        return self.unpublish()

    def action_view_earlier(self):
        self.ensure_one()
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
        return self.my_transfer_id.acknowledge()

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
