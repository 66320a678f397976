import json
import logging
import time
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.pakn_1022.tools.storable import make_storable

_logger = logging.getLogger(__name__)

ATTEMPTS = 5
# Seconds without a further message before the helper answers: people write in pieces
QUIET = 3
# … but it answers after so many
LONGEST = 15
DAYS_KEPT = 30


class PaknChatEvent(models.Model):
    """What a door told, as it came: stored by the webhook, worked off by a job.

    Nothing that was confirmed to a door is lost, and what is told twice counts
    once, also when it comes twice at the same moment: its key is unique.
    """

    _name = "pakn.chat.event"
    _description = "Chat event"
    _order = "id desc"
    _rec_name = "key"

    account_id = fields.Many2one(
        "pakn.chat.account", required=True, readonly=True, ondelete="restrict"
    )
    key = fields.Char(required=True, readonly=True)
    identity = fields.Char(readonly=True)
    payload = fields.Text(required=True, readonly=True)
    state = fields.Selection(
        [("new", "New"), ("done", "Done"), ("failed", "Failed")],
        required=True,
        default="new",
        readonly=True,
    )
    attempts = fields.Integer(readonly=True)
    reason = fields.Char(readonly=True)

    _key_unique = models.UniqueIndex("(account_id, key)")
    _new_idx = models.Index("(id) WHERE state = 'new'")

    @api.model
    def _store(self, account, payload, key, identity):
        """Keep what a door told, once; wake the job. In one statement, for a webhook.

        :param account: ``pakn.chat.account``
        :param payload: JSON-able
        :return: whether it was new
        """
        now = fields.Datetime.now()
        # The payload's are cleaned where it is read; as JSON they are escaped
        key, identity = make_storable(key), make_storable(identity)
        self.env.cr.execute(
            SQL(
                """INSERT INTO pakn_chat_event (account_id, key, identity, payload,
                          state, attempts, create_uid, create_date, write_uid,
                          write_date)
                   VALUES (%s, %s, %s, %s, 'new', 0, %s, %s, %s, %s)
                   ON CONFLICT (account_id, key) DO NOTHING RETURNING id""",
                *(account.id, key[:200], identity[:200], json.dumps(payload)),
                *(self.env.uid, now, self.env.uid, now),
            )
        )
        is_new = bool(self.env.cr.fetchone())
        if is_new:
            self._wake()
        return is_new

    @api.model
    def _wake(self):
        self.env.ref("pakn_1022_chat.ir_cron_take_in").sudo()._wake()

    # ------------------------------------------------------------
    # THE JOB
    # ------------------------------------------------------------

    @api.model
    def _cron_take_in(self):
        """Work off what is new, one identity after another, each committed."""
        cron = self.env["ir.cron"]
        settings = self.env["ir.config_parameter"]
        quiet = settings._get_typed("pakn_1022_chat.quiet_seconds", QUIET)
        busy = 0
        while busy < 20:
            found = self._find_next(quiet)
            if not found:
                if not self._is_anything_unripe():
                    return
                # Somebody writes in pieces: hear them out
                if not cron._commit_progress(0):
                    self._wake()
                    return
                time.sleep(0.5)
                continue
            try:
                self._take_in_identity(*found)
                self.env.flush_all()
            except OperationalError:
                # Another server, or an operator at the same request: look again
                self.env.cr.rollback()
                busy += 1
                continue
            except Exception as error:
                _logger.info("chat event not taken in", exc_info=True)
                self.env.cr.rollback()
                self._note_failure(found, error)
            if not cron._commit_progress(1):
                self._wake()
                return

    @api.model
    def _find_next(self, quiet):
        """Return ``(account id, identity)`` of who has written and is done for now."""
        now = fields.Datetime.now()
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT account_id, identity FROM pakn_chat_event
                    WHERE state = 'new' GROUP BY account_id, identity
                   HAVING max(create_date) <= %s OR min(create_date) <= %s
                    ORDER BY min(id) LIMIT 1""",
                now - timedelta(seconds=quiet),
                now - timedelta(seconds=max(quiet, LONGEST)),
            )
        )
        return rows[0] if rows else None

    @api.model
    def _is_anything_unripe(self):
        return bool(self.search_count([("state", "=", "new")], limit=1))

    @api.model
    def _take_in_identity(self, account_id, identity):
        """Take in what one identity told, in one transaction, one server at a time."""
        self.env.cr.execute(
            SQL("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", account_id, identity)
        )
        events = self.search(
            [
                ("account_id", "=", account_id),
                ("identity", "=", identity),
                ("state", "=", "new"),
            ],
            order="id",
        ).try_lock_for_update()
        account = self.env["pakn.chat.account"].browse(account_id)
        heard = []
        for event in events:
            heard += account._parse(json.loads(event.payload))
        self.env["discuss.channel"]._pakn_take_in(account, heard)
        events.state = "done"

    @api.model
    def _note_failure(self, found, error):
        """Try again some times, then keep it for a person to see."""
        account_id, identity = found
        events = self.search(
            [
                ("account_id", "=", account_id),
                ("identity", "=", identity),
                ("state", "=", "new"),
            ]
        )
        for event in events:
            event.attempts += 1
            event.reason = f"{type(error).__name__}: {error}"[:500]
        worn = events.filtered(lambda event: event.attempts >= ATTEMPTS)
        if worn:
            _logger.error("chat events %s cannot be taken in: %s", worn.ids, error)
            worn.state = "failed"
            worn.account_id._note_problem(
                self.env._("A message could not be read; see “Chat events”.")
            )

    @api.autovacuum
    def _gc_events(self):
        limit = fields.Datetime.now() - timedelta(days=DAYS_KEPT)
        self.search(
            [("state", "=", "done"), ("create_date", "<", limit)], limit=10000
        ).unlink()
