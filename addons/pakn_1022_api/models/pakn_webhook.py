from datetime import timedelta
from urllib.parse import urlsplit

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ..tools.signature import make_secret, sign

# What is subscribed to -> kinds of acts that are told, never what somebody wrote
EVENTS = {
    "tells_progress": (
        *("received", "transferred", "referred", "acknowledged", "scheduled"),
        *("extended", "escalated", "overdue", "returned", "recalled", "responded"),
    ),
    "tells_result": ("answered", "rejected", "sent", "reopened", "cancelled"),
    "tells_published": ("published", "unpublished"),
}
# Minutes between attempts to reach it: doubled up to the last
FIRST_PAUSE, LAST_PAUSE = 1, 60
# Seconds that a program may want to be left alone at most
LONGEST_WAIT = 24 * 3600


class PaknWebhook(models.Model):
    """Where a program wants to be told of what happens, as it happens (Art. 16.2).

    Of the requests that it handed in itself, unless they are confidential or secret,
    and of what is published. Each message is signed with a secret that the program and
    this record share; it is shown once, when it is made, and read by nobody after that.
    While it is changed the one before signs beside it, so that no message is refused.
    Set up by the administrator; nobody deletes it: it is archived.
    """

    _name = "pakn.webhook"
    _description = "Messages to a program"
    _rec_name = "url"
    _order = "client_id, id"

    client_id = fields.Many2one(
        "pakn.api.client",
        string="Program",
        required=True,
        index=True,
        ondelete="restrict",
    )
    active = fields.Boolean(default=True)
    url = fields.Char(string="Address", required=True)
    tells_progress = fields.Boolean(
        string="How far its requests are",
        default=True,
        help="Needs the right to follow its requests.",
    )
    tells_result = fields.Boolean(
        string="Results of its requests",
        default=True,
        help="Needs the right to follow its requests.",
    )
    tells_published = fields.Boolean(
        string="Whatever is published",
        help="Needs the right to read results; also of what others handed in.",
    )
    secret = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)
    has_secret = fields.Boolean(compute="_compute_has_secret")
    date_secret = fields.Datetime(string="Secret made on", readonly=True, copy=False)
    secret_before = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)
    date_before_ends = fields.Datetime(
        string="The secret before signs until", readonly=True, copy=False
    )
    failures = fields.Integer(
        string="Not reached, one after the other", readonly=True, copy=False
    )
    date_next = fields.Datetime(string="Not before", readonly=True, copy=False)
    reason = fields.Char(string="Why it was not reached", readonly=True, copy=False)
    delivery_ids = fields.One2many("pakn.webhook.delivery", "webhook_id")
    dead_count = fields.Integer(string="Not delivered", compute="_compute_dead_count")

    @api.depends("date_secret")
    def _compute_has_secret(self):
        for webhook in self:
            webhook.has_secret = bool(webhook.date_secret)

    def _compute_dead_count(self):
        counts = dict(
            self.env["pakn.webhook.delivery"]._read_group(
                [("webhook_id", "in", self.ids), ("state", "=", "dead")],
                ["webhook_id"],
                ["__count"],
            )
        )
        for webhook in self:
            webhook.dead_count = counts.get(webhook, 0)

    @api.constrains("url")
    def _check_url(self):
        for webhook in self:
            if not self._is_right_url(webhook.url):
                raise ValidationError(
                    self.env._(
                        "The address begins with https:// and names a host, without "
                        "an account: %s",
                        webhook.url,
                    )
                )

    @api.model
    def _is_right_url(self, url):
        try:
            parts = urlsplit(url)
            _port = parts.port
        except ValueError:
            return False
        return (
            parts.scheme == "https"
            and bool(parts.hostname)
            and "@" not in parts.netloc
            and url.isascii()
            and url.isprintable()
            and " " not in url
            and len(url) <= 500
        )

    # ------------------------------------------------------------
    # WHETHER THERE IS ONE
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        webhooks = super().create(vals_list)
        self._forget()
        return webhooks

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"active", "secret"}:
            self._forget()
        if vals.get("url") or vals.get("active"):
            # Put right: what was wrong before keeps nothing waiting
            for webhook in self:
                webhook._note_reached()
            self.env["pakn.webhook.delivery"]._wake()
        return result

    @api.model
    def _forget(self):
        """Ask anew whether there is any, now and once this is committed.

        Until then other threads of this process see what was there before.
        """
        clear = self.env.registry.clear_cache
        clear()
        self.env.cr.postcommit.add(clear)

    @api.model
    @tools.ormcache()
    def _is_any(self):
        """Return whether any program is told of anything; asked by each act."""
        # sudo: whoever acts
        webhooks_sudo = self.sudo()
        return bool(webhooks_sudo.search_count([("secret", "!=", False)], limit=1))

    # ------------------------------------------------------------
    # ITS SECRET
    # ------------------------------------------------------------

    def action_renew_secret(self):
        """Make the first secret and show it, once; or ask how long the old one goes on.

        :return: the dialog
        """
        self.check_access("write")
        self.ensure_one()
        dialog = self.env["pakn.webhook.secret"].create({"webhook_id": self.id})
        if not self.has_secret:
            return dialog.action_renew()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Renew the secret"),
            "res_model": dialog._name,
            "res_id": dialog.id,
            "view_mode": "form",
            "target": "new",
        }

    def _renew_secret(self, days_kept):
        """Return a new secret; whoever calls this has checked the right.

        :param int days_kept: in which the one before signs beside it; 0: it ends now
        """
        self.ensure_one()
        secret, now = make_secret(), fields.Datetime.now()
        # sudo: made here alone, and read to sign
        webhook_sudo = self.sudo()
        before = webhook_sudo.secret if days_kept else False
        webhook_sudo.write(
            {
                "secret": secret,
                "date_secret": now,
                "secret_before": before,
                "date_before_ends": before and now + timedelta(days=days_kept),
            }
        )
        return secret

    def _sign(self, name, timestamp, body):
        """Return the signatures of a message, as Standard Webhooks parts them.

        :param str name: id of the message
        :param int timestamp: of this attempt
        :param bytes body: as it is sent
        """
        self.ensure_one()
        webhook_sudo = self.sudo()  # sudo: the secret signs, and is shown to nobody
        found = [webhook_sudo.secret]
        ends = webhook_sudo.date_before_ends
        if webhook_sudo.secret_before and ends and fields.Datetime.now() < ends:
            found.append(webhook_sudo.secret_before)
        return " ".join(sign(secret, name, timestamp, body) for secret in found)

    @api.autovacuum
    def _gc_secrets(self):
        """Forget secrets that sign no more."""
        ended = self.with_context(active_test=False).search(
            [("date_before_ends", "<=", fields.Datetime.now())], limit=1000
        )
        ended.write({"secret_before": False, "date_before_ends": False})

    def action_view_deliveries(self):
        """Show what was and will be told to this program."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "pakn_1022_api.webhook_delivery_action"
        )
        return action | {"domain": [("webhook_id", "in", self.ids)], "context": {}}

    # ------------------------------------------------------------
    # WHETHER IT IS REACHED
    # ------------------------------------------------------------

    def _pause(self, reason, wait=0):
        """Leave a program alone for a while that is not reached.

        :param int wait: seconds that it has asked for itself
        """
        self.ensure_one()
        pause = min(FIRST_PAUSE * 2 ** min(self.failures, 10), LAST_PAUSE)
        pause = max(60 * pause, min(wait, LONGEST_WAIT))
        self.write(
            {
                "failures": self.failures + 1,
                "date_next": fields.Datetime.add(fields.Datetime.now(), seconds=pause),
                "reason": reason,
            }
        )

    def _note_reached(self):
        if self.failures or self.date_next:
            self.write({"failures": 0, "date_next": False, "reason": False})
