import hashlib
from urllib.parse import urlsplit

from odoo import api, fields, models

from ..tools.web_push import is_browser

# Push services of the browsers there are; one that begins with a dot, all beneath it
SERVICES = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "web.push.apple.com",
    ".notify.windows.com",
)
# Of one request: a family's phones and a computer
MOST = 5


class PaknPushDevice(models.Model):
    """A browser that wants to be told of one request (Art. 10.1).

    Its citizen has switched it on at the page of the request; what names the browser is
    read by nobody. It goes when it is switched off, or when the push service says that
    it is no more.
    """

    _name = "pakn.push.device"
    _description = "Device told of a request"
    _rec_name = "ticket_id"

    ticket_id = fields.Many2one(
        "pakn.ticket", required=True, readonly=True, index=True, ondelete="restrict"
    )
    endpoint = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    digest = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    p256dh = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    auth = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)

    _ticket_digest_unique = models.UniqueIndex("(ticket_id, digest)")

    @api.model
    def _is_right(self, endpoint, p256dh, auth):
        """Return whether this is what a browser says of itself.

        Its address is one of a known push service: nobody has this server post to a
        machine of the own choice.
        """
        try:
            parts = urlsplit(endpoint)
            port = parts.port
        except ValueError:
            return False
        host = parts.hostname or ""
        return (
            parts.scheme == "https"
            and port in (None, 443)
            and "@" not in parts.netloc
            and endpoint.isascii()
            and endpoint.isprintable()
            and len(endpoint) <= 1000
            and any(
                host == one or one[0] == "." and host.endswith(one) for one in SERVICES
            )
            and is_browser(p256dh, auth)
        )

    @api.model
    def _digest(self, endpoint):
        return hashlib.sha256(endpoint.encode()).hexdigest()

    @api.model
    def _switch_on(self, ticket, endpoint, p256dh, auth):
        """Tell a browser of a request from now on; the oldest goes for a sixth."""
        devices_sudo = self.sudo()  # sudo: whoever may follow the request
        ticket.sudo()._lock()
        known_sudo = devices_sudo.search([("ticket_id", "=", ticket.id)], order="id")
        digest = self._digest(endpoint)
        known_sudo.filtered(lambda device: device.digest == digest).unlink()
        known_sudo.exists()[: -MOST + 1].unlink()
        devices_sudo.create(
            {
                "ticket_id": ticket.id,
                "endpoint": endpoint,
                "digest": digest,
                "p256dh": p256dh,
                "auth": auth,
            }
        )

    @api.model
    def _switch_off(self, ticket, endpoint):
        # sudo: whoever may follow the request
        self.sudo().search(
            [("ticket_id", "=", ticket.id), ("digest", "=", self._digest(endpoint))]
        ).unlink()
