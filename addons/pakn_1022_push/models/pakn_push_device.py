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
# What a device may be told of, in the order it is offered -> the acts. An act that is
# in none is always told.
TOPICS = {
    "received": ("received",),
    "handed": ("transferred", "referred", "escalated"),
    "dated": ("scheduled", "extended"),
    "result": ("sent", "rejected"),
    "message": ("wrote", "asked"),
    "rating": ("rating_asked",),
}
TOPIC_OF = {act: topic for topic, acts in TOPICS.items() for act in acts}


class PaknPushDevice(models.Model):
    """A browser that wants to be told of one request (Art. 10.1).

    Its citizen has switched it on at the page of the request, for all or some of what
    there is to tell (:data:`TOPICS`); what names the browser is read by nobody. It goes
    when it is switched off, or when the push service says that it is no more.
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
    unwanted = fields.Char(
        string="Not told of", readonly=True, help="Names, with blanks between."
    )

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
    def _get_topics(self):
        """Return what a device may be told of, as its citizen reads it.

        :return: ``[(name, words)]``
        """
        words = {
            "received": self.env._("1022 has received it"),
            "handed": self.env._("It was handed to a unit"),
            "dated": self.env._("A date was set, or put off"),
            "result": self.env._("There is a result, or it was refused"),
            "message": self.env._("Messages and questions of 1022"),
            "rating": self.env._("The result can be rated"),
        }
        return [(topic, words[topic]) for topic in TOPICS]

    def _wanting(self, act):
        """Return those of these devices that are told of an act."""
        topic = TOPIC_OF.get(act)
        return self.filtered(
            lambda device: topic not in (device.unwanted or "").split()
        )

    @api.model
    def _switch_on(self, ticket, endpoint, p256dh, auth, topics=()):
        """Tell a browser of a request from now on; the oldest goes for a sixth.

        Once more for one that is told already changes what it is told of.

        :param topics: names of :data:`TOPICS`; all of them where there is none
        """
        devices_sudo = self.sudo()  # sudo: whoever may follow the request
        ticket.sudo()._lock()
        known_sudo = devices_sudo.search([("ticket_id", "=", ticket.id)], order="id")
        digest = self._digest(endpoint)
        chosen = set(topics) & TOPICS.keys() or TOPICS.keys()
        values = {
            "endpoint": endpoint,
            "p256dh": p256dh,
            "auth": auth,
            "unwanted": " ".join(one for one in TOPICS if one not in chosen),
        }
        own_sudo = known_sudo.filtered(lambda device: device.digest == digest)
        if own_sudo:
            own_sudo.write(values)
            return
        known_sudo[: -MOST + 1]._forget()
        devices_sudo.create({"ticket_id": ticket.id, "digest": digest, **values})

    @api.model
    def _switch_off(self, ticket, endpoint):
        # sudo: whoever may follow the request
        self.sudo().search(
            [("ticket_id", "=", ticket.id), ("digest", "=", self._digest(endpoint))]
        )._forget()

    def _forget(self):
        """Tell these devices no more; the next door tells what was on the way."""
        messages = self.env["pakn.push.message"].search(
            [("device_id", "in", self.ids), ("is_waiting", "=", True)]
        )
        messages.is_waiting = False
        for message in messages:
            message._fail_last()
        self.unlink()
