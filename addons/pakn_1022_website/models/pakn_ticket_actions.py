from odoo import models


class PaknTicketDialogs(models.AbstractModel):
    """The buttons that show the operator first what the public will read (13.1).

    Part of ``pakn.ticket``, whose buttons it extends.
    """

    _name = "pakn.ticket.dialogs"
    _description = "Request with a dialog of publication"

    def action_send_result(self):
        if len(self) == 1 and self.state == "answered" and self.secrecy == "public":
            return self._open_publish_dialog("send", self.env._("Send the result"))
        return super().action_send_result()

    def action_publish(self):
        if len(self) == 1 and self.state == "done" and self.secrecy == "public":
            return self._open_publish_dialog("publish", self.env._("Publish"))
        return super().action_publish()

    def action_edit_publication(self):
        return self._open_publish_dialog("edit", self.env._("What the public reads"))

    def _open_publish_dialog(self, operation, name):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "pakn.ticket.publish",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_ticket_id": self.id,
                "default_operation": operation,
                "dialog_size": "extra-large",
            },
        }
