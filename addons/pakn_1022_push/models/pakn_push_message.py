import json
from datetime import timedelta, timezone

from psycopg2 import OperationalError

from odoo import api, fields, models

from odoo.addons.pakn_1022.tools import outside
from odoo.addons.pakn_1022.tools.province import EMAIL

from ..tools.web_push import encrypt, sign

# Hours in which a device shows a message, before the next door is tried
HOURS = 24
# Attempts at a service that is down, and minutes between them: doubled
ATTEMPTS, FIRST_PAUSE = 6, 1
# Seconds that a service may take
SECONDS = 10
# So often a run gives way to others who write the same rows
BUSY = 20


class PaknPushMessage(models.Model):
    """One notice on its way to one device.

    ``waiting`` until the push service has taken it; the notice has arrived when the
    device says that it has shown it.
    """

    _name = "pakn.push.message"
    _description = "Push message"
    _order = "id"
    _rec_name = "notice_id"

    notice_id = fields.Many2one(
        "pakn.notice", required=True, readonly=True, index=True, ondelete="cascade"
    )
    device_id = fields.Many2one(
        "pakn.push.device", required=True, readonly=True, index=True, ondelete="cascade"
    )
    is_waiting = fields.Boolean(default=True, readonly=True)
    attempts = fields.Integer(readonly=True)
    date_next = fields.Datetime(readonly=True)

    _waiting_idx = models.Index("(id) WHERE is_waiting IS TRUE")

    @api.model
    def _wake(self, date=None):
        cron = self.env["ir.model.data"]._xmlid_to_res_id("pakn_1022_push.ir_cron_push")
        self.env["ir.cron"].browse(cron)._wake(date)

    @api.model
    def _cron_send(self):
        """Send what waits, each committed; hand on what no device has shown."""
        cron, busy = self.env["ir.cron"], 0
        while busy <= BUSY:
            try:
                now = fields.Datetime.now()
                message = self.search(
                    [
                        ("is_waiting", "=", True),
                        "|",
                        ("date_next", "=", False),
                        ("date_next", "<=", now),
                    ],
                    limit=1,
                ).try_lock_for_update(allow_referencing=True)
                if not message:
                    break
                message._send()
                if not cron._commit_progress(1):
                    return
            except OperationalError:
                self.env.cr.rollback()
                busy += 1
        self._hand_on_unseen()
        [[date]] = self._read_group([("is_waiting", "=", True)], [], ["date_next:min"])
        if date:
            self._wake(date)

    @api.model
    def _hand_on_unseen(self):
        """Tell by the next door what no device has shown within a day."""
        limit = fields.Datetime.now() - timedelta(hours=HOURS)
        self.env["pakn.notice"].search(
            [
                ("door", "=", "push"),
                ("state", "=", "sent"),
                ("date_sent", "<", limit),
            ],
            limit=1000,
        )._fail(self.env._("No device has shown it within a day."))

    def _send(self):
        """Give this message to its push service, and note what becomes of it."""
        self.ensure_one()
        notice = self.notice_id
        if notice.door != "push" or notice.state not in ("waiting", "sent"):
            self.is_waiting = False  # told otherwise meanwhile
            return
        device_sudo = self.device_id.sudo()  # sudo: the job, see the model
        key_sudo = self.env["pakn.push.key"]._get()
        now = fields.Datetime.now().replace(tzinfo=timezone.utc)
        expires = int(now.timestamp()) + 12 * 3600
        body = encrypt(
            json.dumps(self._get_content(), ensure_ascii=False).encode(),
            device_sudo.p256dh,
            device_sudo.auth,
        )
        endpoint = device_sudo.endpoint
        headers = {
            "Authorization": sign(
                key_sudo.private, endpoint, f"mailto:{EMAIL}", expires
            ),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(HOURS * 3600),
            "Urgency": "normal",
        }
        try:
            answer = outside.ask(
                "POST", endpoint, body, headers, SECONDS, self._is_allowed, most=0
            )
        except outside.Unreachable:
            answer = outside.Answer(503, b"")
        status = answer.status
        if 200 <= status < 300:
            self.is_waiting = False
            notice._settle("sent")
        elif status == 429 or status >= 500:
            self._retry(answer.wait)
        elif status in (404, 410):
            # Of the standard (RFC 8030): this browser is no more
            self._lose()
        else:
            # Our key, our clock or our message is wrong, and so for all browsers: none
            # of them is forgotten for it
            self.is_waiting = False
            self._fail_last()

    @api.model
    def _is_allowed(self, address):
        """Return whether an IP address is one that messages go to."""
        return outside.is_public(address)

    def _retry(self, wait=0):
        """Try again later, or when the push service says itself.

        :param int wait: seconds that it wants to be left alone
        """
        attempts = self.attempts + 1
        if attempts >= ATTEMPTS:
            self.is_waiting = False
            self._fail_last()
            return
        pause = timedelta(minutes=FIRST_PAUSE * 2 ** (attempts - 1))
        pause = max(pause, timedelta(seconds=min(wait, HOURS * 3600)))
        self.write({"attempts": attempts, "date_next": fields.Datetime.now() + pause})

    def _lose(self):
        """Forget a device that is no more; tell by the next door if it was alone."""
        self.device_id.sudo()._forget()  # sudo: the job

    def _fail_last(self):
        """Tell by the next door, where no other device has or will get it."""
        notice = self.notice_id
        others = self.search_count(
            [
                ("notice_id", "=", notice.id),
                ("is_waiting", "=", True),
                ("id", "!=", self.id),
            ],
            limit=1,
        )
        if notice.state == "waiting" and not others:
            notice._fail(self.env._("No device of the citizen is reached."))

    def _get_content(self):
        """Return what the device shows: where the request stands, and its page.

        Encrypted for this device alone; without names, the citizen's among them.
        """
        notice = self.notice_id
        ticket = notice.ticket_id
        local = ticket.with_context(lang=ticket._get_citizen_lang())
        return {
            "title": f"1022 · {ticket.name}",
            "body": local._get_site_status()["text"],
            "url": local.get_portal_url(),
            "tag": ticket.name,
            "seen": notice._get_push_token(),
        }
