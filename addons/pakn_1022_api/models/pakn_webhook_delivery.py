import json
from datetime import timedelta, timezone

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.pakn_1022.tools import outside
from odoo.addons.pakn_1022.tools.province import ZONE

from ..tools.georeport import format_moment
from .pakn_webhook import EVENTS

# Hours after which what could not be told is given up
LAST_HOURS = 72
# Attempts at one message that is refused, and minutes between them: doubled
ATTEMPTS, FIRST_PAUSE = 8, 1
# Seconds that a program may take to answer
SECONDS = 10
# So often a run gives way to others who write the same rows, then it comes back later
BUSY = 20
# Days that what was told is kept
DAYS_KEPT = 30


class PaknWebhookDelivery(models.Model):
    """One act, to be told to one program: the outbox of ``pakn.webhook``.

    Rows are written in the transaction of the act; while it can be taken back they
    wait. A job sends them, those of one
    request one after the other in the order of the acts: the next one goes when the one
    before has arrived or was given up. What is given up is a dead letter, which the
    administrator sees and sends again. After a crash between answer and commit a
    message comes again, with the same id, by which the program knows it.
    """

    _name = "pakn.webhook.delivery"
    _description = "Message to a program"
    _order = "id desc"
    _rec_name = "kind"

    webhook_id = fields.Many2one(
        "pakn.webhook",
        string="To",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    client_id = fields.Many2one(related="webhook_id.client_id")
    ticket_id = fields.Many2one(
        "pakn.ticket",
        string="Request",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    event_id = fields.Many2one(
        "pakn.event",
        string="Act",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    kind = fields.Selection(related="event_id.kind", string="What was done")
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("sent", "Sent"),
            ("dead", "Not delivered"),
            ("dropped", "Not told any more"),
        ],
        required=True,
        readonly=True,
        default="waiting",
    )
    date = fields.Datetime(
        string="Since", required=True, readonly=True, default=fields.Datetime.now
    )
    attempts = fields.Integer(readonly=True)
    date_next = fields.Datetime(string="Not before", readonly=True)
    date_sent = fields.Datetime(string="Sent on", readonly=True)
    reason = fields.Char(readonly=True)

    _waiting_idx = models.Index("(webhook_id, ticket_id, id) WHERE state = 'waiting'")
    _dead_idx = models.Index("(webhook_id) WHERE state = 'dead'")

    # ------------------------------------------------------------
    # INTO THE OUTBOX
    # ------------------------------------------------------------

    @api.model
    def _queue(self, events):
        """Insert a row for each act and program that may know of it.

        :param events: ``pakn.event``, as they are appended
        """
        if not events or not self.env["pakn.webhook"]._is_any():
            return
        self.env["pakn.ticket"].flush_model(["api_client_id", "secrecy"])
        now = fields.Datetime.now()
        hold = self.env["pakn.undo"]._get_hold()
        self.env.cr.execute(
            SQL(
                """INSERT INTO pakn_webhook_delivery (webhook_id, ticket_id, event_id,
                       state, date, date_next, attempts, create_uid, create_date,
                       write_uid, write_date)
                   SELECT webhook.id, ticket.id, event.id, 'waiting', %s,
                          %s::timestamp, 0, %s, %s, %s, %s
                     FROM pakn_event event
                     JOIN pakn_ticket ticket ON ticket.id = event.ticket_id
                     JOIN pakn_webhook webhook
                          ON webhook.active AND webhook.secret IS NOT NULL
                     JOIN pakn_api_client client
                          ON client.id = webhook.client_id AND client.active
                    WHERE event.id = ANY(%s) AND ticket.secrecy = 'public'
                      AND (%s)
                 ORDER BY event.id, webhook.id""",
                *(now, hold, self.env.uid, now, self.env.uid, now),
                events.ids,
                self._make_may_know(),
            )
        )
        if self.env.cr.rowcount:
            self._wake(hold)

    @api.model
    def _make_may_know(self):
        """Return the condition under which a program may know of an act."""
        own = SQL("ticket.api_client_id = client.id AND client.may_follow")
        rules = {
            "tells_progress": own,
            "tells_result": own,
            "tells_published": SQL("client.may_read"),
        }
        return SQL(" OR ").join(
            SQL(
                "(webhook.%s AND event.kind IN %s AND %s)",
                SQL.identifier(name),
                EVENTS[name],
                rule,
            )
            for name, rule in rules.items()
        )

    @api.model
    def _wake(self, date=None):
        cron = self.env["ir.model.data"]._xmlid_to_res_id(
            "pakn_1022_api.ir_cron_webhooks"
        )
        self.env["ir.cron"].browse(cron)._wake(date)

    # ------------------------------------------------------------
    # THE JOB
    # ------------------------------------------------------------

    @api.model
    def _cron_send(self):
        """Send what waits, one after the other, each committed.

        What another server is at is left to it.
        """
        cron, busy = self.env["ir.cron"], 0
        while busy <= BUSY:
            try:
                delivery = self._take()
                if not delivery:
                    break
                delivery._send()
                if not cron._commit_progress(1):
                    return
            except OperationalError:
                self.env.cr.rollback()
                busy += 1
        self._wake_later()

    @api.model
    def _take(self):
        """Return the next message that may go, locked; empty for none.

        Of one request and program it is the oldest that waits.
        """
        now = fields.Datetime.now()
        # What was noted of the one before, with no commit in between in tests
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT delivery.id FROM pakn_webhook_delivery delivery
                     JOIN pakn_webhook webhook ON webhook.id = delivery.webhook_id
                    WHERE delivery.state = 'waiting' AND webhook.active
                      AND (webhook.date_next IS NULL OR webhook.date_next <= %(now)s)
                      AND (delivery.date_next IS NULL OR delivery.date_next <= %(now)s)
                      AND NOT EXISTS (
                          SELECT 1 FROM pakn_webhook_delivery earlier
                           WHERE earlier.webhook_id = delivery.webhook_id
                             AND earlier.ticket_id = delivery.ticket_id
                             AND earlier.state = 'waiting'
                             AND earlier.id < delivery.id)
                    ORDER BY delivery.id LIMIT 1
                      FOR UPDATE OF delivery SKIP LOCKED""",
                now=now,
            )
        )
        return self.browse([number for [number] in rows])

    @api.model
    def _wake_later(self):
        """Come back when the next one that is put off may go."""
        [[date]] = self.env.execute_query(
            SQL(
                """SELECT min(GREATEST(delivery.date_next, webhook.date_next))
                     FROM pakn_webhook_delivery delivery
                     JOIN pakn_webhook webhook ON webhook.id = delivery.webhook_id
                    WHERE delivery.state = 'waiting' AND webhook.active"""
            )
        )
        if date:
            self._wake(date)

    def _send(self):
        """Send one message, and note what became of it."""
        self.ensure_one()
        if not self._may_be_known():
            self.write({"state": "dropped", "date_next": False})
            return
        webhook = self.webhook_id
        now = fields.Datetime.now()
        timestamp = int(now.replace(tzinfo=timezone.utc).timestamp())
        name = f"{self.ticket_id.name}-{self.event_id.sequence}"
        body = json.dumps(self._get_content(name), ensure_ascii=False).encode()
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "1022-webhook/1",
            "webhook-id": name,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": webhook._sign(name, timestamp, body),
        }
        try:
            answer = outside.ask(
                "POST", webhook.url, body, headers, SECONDS, self._is_allowed, most=0
            )
        except outside.Unreachable as error:
            self._miss(self._get_reason(error.args[0]))
            return
        status = answer.status
        if 200 <= status < 300:
            self.write({"state": "sent", "date_sent": now, "reason": False})
            webhook._note_reached()
        elif status == 429 or status >= 500:
            self._miss(self.env._("It answered with status %s.", status), answer.wait)
        elif status == 410:
            self._give_up(
                self.env._("It is gone for good: it answered with status 410.")
            )
        else:
            self._refuse(self.env._("It answered with status %s.", status))

    @api.model
    def _is_allowed(self, address):
        """Return whether an IP address is one that messages go to."""
        return outside.is_public(address)

    def _may_be_known(self):
        """Return whether the program may know of this act still."""
        self.flush_recordset()
        self.env["pakn.ticket"].flush_model(["api_client_id", "secrecy"])
        self.env["pakn.api.client"].flush_model()
        return bool(
            self.env.execute_query(
                SQL(
                    """SELECT 1 FROM pakn_webhook_delivery delivery
                         JOIN pakn_event event ON event.id = delivery.event_id
                         JOIN pakn_ticket ticket ON ticket.id = delivery.ticket_id
                         JOIN pakn_webhook webhook ON webhook.id = delivery.webhook_id
                         JOIN pakn_api_client client ON client.id = webhook.client_id
                        WHERE delivery.id = %s AND client.active
                          AND webhook.secret IS NOT NULL
                          AND ticket.secrecy = 'public' AND (%s)""",
                    self.id,
                    self._make_may_know(),
                )
            )
        )

    def _get_content(self, name):
        """Return what a program is told: what was done, never what somebody wrote."""
        event, unit = self.event_id, self.event_id.unit_id
        labels = dict(event._fields["kind"]._description_selection(self.env))
        return {
            "type": f"request.{event.kind}",
            "timestamp": format_moment(event.date, ZONE),
            "data": {
                "id": name,
                "code": self.ticket_id.name,
                "title": labels[event.kind],
                "state": event.to_state or self.ticket_id.state,
                "unit": {"code": unit.code or None, "name": unit.name}
                if unit
                else None,
            },
        }

    def _get_reason(self, reason):
        return {
            "address": self.env._("Its address is not one of the open internet."),
            "name": self.env._("Its host is not known."),
            "time": self.env._("It did not answer in time."),
        }.get(reason, self.env._("It did not answer, or with something else."))

    # ------------------------------------------------------------
    # WHAT BECAME OF IT
    # ------------------------------------------------------------

    def _miss(self, reason, wait=0):
        """The program is not reached: later again; what is too old is given up.

        :param int wait: seconds that it wants to be left alone
        """
        self.write({"attempts": self.attempts + 1, "reason": reason})
        webhook = self.webhook_id
        webhook._pause(reason, wait)
        oldest = fields.Datetime.now() - timedelta(hours=LAST_HOURS)
        self.search(
            Domain("webhook_id", "=", webhook.id)
            & Domain("state", "=", "waiting")
            & Domain("date", "<=", oldest)
        ).write({"state": "dead", "date_next": False, "reason": reason})

    def _give_up(self, reason):
        """The program says that its address is gone: nothing is sent there any more.

        What waits stands as dead letters; once the administrator has put the address
        right and activated it again, they are sent again.
        """
        self.write({"attempts": self.attempts + 1})
        webhook = self.webhook_id
        self.search(
            Domain("webhook_id", "=", webhook.id) & Domain("state", "=", "waiting")
        ).write({"state": "dead", "date_next": False, "reason": reason})
        webhook.write({"active": False, "reason": reason})

    def _refuse(self, reason):
        """The program is there but does not take this one."""
        attempts = self.attempts + 1
        vals = {"attempts": attempts, "reason": reason}
        if attempts >= ATTEMPTS:
            vals |= {"state": "dead", "date_next": False}
        else:
            pause = timedelta(minutes=FIRST_PAUSE * 2 ** (attempts - 1))
            vals["date_next"] = fields.Datetime.now() + pause
        self.write(vals)
        self.webhook_id._note_reached()

    def action_resend(self):
        """Send dead letters again, as the administrator wants."""
        self.check_access("read")
        self.webhook_id.check_access("write")
        # sudo: rows are changed here alone, by who may write the subscription
        dead_sudo = self.sudo().filtered(lambda one: one.state == "dead")
        dead_sudo.write(
            {
                "state": "waiting",
                "attempts": 0,
                "date_next": False,
                "reason": False,
                "date": fields.Datetime.now(),
            }
        )
        dead_sudo.webhook_id._note_reached()
        self._wake()
        return True

    @api.autovacuum
    def _gc_deliveries(self):
        limit = fields.Datetime.now() - timedelta(days=DAYS_KEPT)
        self.search(
            [("state", "in", ("sent", "dropped")), ("date", "<", limit)],
            limit=10000,
        ).unlink()
