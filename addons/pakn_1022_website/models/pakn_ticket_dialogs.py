from odoo import models


class PaknTicketDialogs(models.AbstractModel):
    """The buttons that show the operator first what the public will read (13.1).

    Part of ``pakn.ticket``, whose buttons it extends.
    """

    _name = "pakn.ticket.dialogs"
    _description = "Request with a dialog of publication"

    def action_send_result(self):
        """Let the operator see what the public would read, one after another."""
        public = self._filter_doable("send_result").filtered(
            lambda ticket: ticket.secrecy == "public"
        )
        if not public:
            return super().action_send_result()
        dialogs, others = public._open_publish_dialogs("send"), self - public
        if not others:
            return dialogs
        said = super(PaknTicketDialogs, others).action_send_result()
        said["params"]["next"] = dialogs
        return said

    def action_publish(self):
        """Publish after a look, one after another."""
        public = self._filter_doable("publish")
        if not public:
            return super().action_publish()
        return public._open_publish_dialogs("publish")

    def action_edit_publication(self):
        self.ensure_one()
        return self._open_publish_dialogs("edit")

    def _filter_doable(self, name):
        """Return those on which the caller may do an operation now."""
        return self.filtered(lambda ticket: name in ticket.acts)

    def _open_publish_dialogs(self, operation):
        """Open the dialog of the first of these; it opens that of the next one.

        :param str operation: of ``pakn.ticket.publish``
        """
        names = {
            "send": self.env._("Send the result"),
            "publish": self.env._("Publish"),
            "edit": self.env._("What the public reads"),
            "open": self.env._("Show while it is handled"),
        }
        return {
            "type": "ir.actions.act_window",
            "name": names[operation],
            "res_model": "pakn.ticket.publish",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_ticket_id": self[:1].id,
                "default_operation": operation,
                "default_next_ids": self[1:].ids,
                "dialog_size": "extra-large",
            },
        }
