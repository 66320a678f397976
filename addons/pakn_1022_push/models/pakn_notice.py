from odoo import api, models
from odoo.tools import consteq, hmac


class PaknNotice(models.Model):
    """The citizen's device as a door of the outbox (Art. 10.1).

    The first one, whichever way the request came: the citizen has chosen it at the page
    of the request, for this kind of news. What no device is to be told, and what none
    has shown within a day, goes by the next door.
    """

    _inherit = "pakn.notice"

    # What no device has shown yet
    _push_unseen_idx = models.Index(
        "(date_sent) WHERE door = 'push' AND state = 'sent'"
    )

    @api.model
    def _get_doors(self):
        return ["push", *super()._get_doors()]

    @api.model
    def _get_text_doors(self, act, audience):
        """Whatever a citizen is told of by mail, where it stands now is pushed."""
        doors = super()._get_text_doors(act, audience)
        return (*doors, "push") if doors and audience == "citizen" else doors

    def _get_address(self, door):
        if door != "push":
            return super()._get_address(door)
        # Of each request its own message: it leads to the page of that one
        return bool(self._get_push_devices()) and self.ticket_id.name

    def _get_push_devices(self):
        """Return the devices of the citizen that are told of this act, in sudo."""
        self.ensure_one()
        # sudo: which there are; nobody reads them
        devices_sudo = self.ticket_id.sudo().push_device_ids
        if self.user_id:
            return devices_sudo.browse()
        return devices_sudo._wanting(self.act)

    def _get_usable_doors(self):
        return sorted(super()._get_usable_doors(), key=lambda door: door != "push")

    def _hand_over_push(self):
        """Make a message for each device; a job of their own sends them."""
        messages = self.env["pakn.push.message"]
        messages.create(
            [
                {"notice_id": notice.id, "device_id": device.id}
                for notice in self
                for device in notice._get_push_devices()
            ]
        )
        messages._wake()

    # ------------------------------------------------------------
    # WHAT THE DEVICE SAYS
    # ------------------------------------------------------------

    def _get_push_token(self):
        """Return what the device says when it has shown this notice."""
        self.ensure_one()
        return f"{self.id}.{hmac(self.env(su=True), 'pakn_push', self.id)}"

    @api.model
    def _note_shown(self, token):
        """Note that a device has shown a notice; return whether there is such one."""
        number, _dot, given = token.partition(".")
        if not (number.isascii() and number.isdecimal() and len(number) < 10):
            return False
        # Of a notice there may be: it is signed before it is looked for
        right = hmac(self.env(su=True), "pakn_push", int(number))
        if not (given.isascii() and consteq(right, given)):
            return False
        # sudo: who brings the token was told of it
        notice_sudo = self.sudo().browse(int(number)).exists()
        notice_sudo.filtered(lambda one: one.door == "push")._settle("delivered")
        return bool(notice_sudo)
