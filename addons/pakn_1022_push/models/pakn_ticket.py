from odoo import fields, models


class PaknTicket(models.Model):
    """Which devices of its citizen are told of a request."""

    _inherit = "pakn.ticket"

    push_device_ids = fields.One2many(
        "pakn.push.device",
        "ticket_id",
        groups=fields.NO_ACCESS,
        readonly=True,
        procedure=True,
    )

    def write(self, vals):
        """Tell no device of a state secret: its page is closed, and with it the switch.

        What is on the way is told by the next door.
        """
        result = super().write(vals)
        if vals.get("secrecy") == "secret":
            self.sudo().push_device_ids._forget()  # sudo: nobody reads which there are
        return result

    def _forget_links(self):
        """Tell no device on: each message would bring it the new link (Art. 13.1)."""
        self.sudo().push_device_ids._forget()  # sudo: nobody reads which there are
        return super()._forget_links()
