import logging
import queue
import random
import threading
import time
from datetime import timedelta

import psycopg2
from psycopg2 import sql

from odoo import api, fields, models
from odoo.exceptions import LockError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.sql_db import connection_info_for
from odoo.tools import SQL

from odoo.addons.base.models.ir_cron import ODOO_NOTIFY_FUNCTION

_logger = logging.getLogger(__name__)

# Seconds after which the workers look for jobs by themselves
ROUND = 60
# So often a job begins anew when somebody works on the same rows, and the longest pause
# before, in seconds
TRIES, PAUSE = 5, 2
# What says that somebody works on the same rows at this moment
BUSY = (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, LockError)


class IrCron(models.Model):
    """Jobs speak the hotline's language, and whoever wakes one does not wait for it."""

    _inherit = "ir.cron"

    def _callback(self, cron_name, server_action_id):
        """Do the job in the hotline's language: people read the to-dos it makes.

        Odoo gives jobs no language at all, so what they write would be English. When
        somebody works on the same rows it does over what a person asked for, but lets a
        job fail: late, broken as the log has it, and switched off after some days.
        """
        local = self.with_context(lang=self.env["pakn.ticket"]._get_citizen_lang())
        result = None
        for left in reversed(range(TRIES)):
            try:
                result = super(IrCron, local)._callback(cron_name, server_action_id)
                break
            except BUSY as error:
                # It was rolled back; what it has committed before is not due again
                if not left:
                    raise
                _logger.info("Job %r begins anew: %s", cron_name, error)
                time.sleep(random.uniform(0, PAUSE))
        return result

    def _wake(self, date=None):
        """Have this job run as soon as the transaction is committed, in one statement.

        What Odoo's ``_trigger`` does, which reads the job and makes a record; most acts
        wake the outbox.

        :param datetime date: UTC; not before it
        """
        self.env.cr.execute(self._prepare_wake(date))

    def _prepare_wake(self, date=None):
        """Return the statement that wakes this job, for who writes more with it.

        :param datetime date: as for :meth:`_wake`
        """
        self.ensure_one()
        now = fields.Datetime.now()
        if date is None or date <= now:
            self.env.cr.postcommit.add(self._notifydb)
        elif date - now < timedelta(seconds=ROUND):
            self.env.cr.postcommit.add(lambda: self._notifydb_at(date))
        return SQL(
            """INSERT INTO ir_cron_trigger (cron_id, call_at, create_uid,
                   create_date, write_uid, write_date)
               SELECT id, %s, %s, %s, %s, %s FROM ir_cron
                WHERE id = %s AND active""",
            *(date or now, self.env.uid, now, self.env.uid, now, self.id),
        )

    @api.model
    def _notifydb_at(self, date):
        """Wake the workers at a moment that they would come to too late.

        Should this process end before, they come to it in their round.
        """
        seconds = (date - fields.Datetime.now()).total_seconds()
        timer = threading.Timer(max(seconds, 0), _waker.wake, (self.env.cr.dbname,))
        timer.daemon = True
        timer.start()

    @api.model
    def _notifydb(self):
        """Have the workers woken, without waiting for it.

        Odoo opens a connection of its own for it, and holds the lock of all connections
        as long. Should the word be lost, the workers look once a minute by themselves.
        """
        _waker.wake(self.env.cr.dbname)


class _Waker:
    """Tells the workers of all servers that jobs of a database wait.

    From one thread of the process with one connection: to open one for each act takes
    a quarter of the act's time. Both end when nobody has acted for a while.
    """

    def __init__(self):
        self._databases = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread = None

    def wake(self, database):
        """Have the workers told of a database whose transaction is committed."""
        self._databases.put(database)
        with self._lock:
            # Of a process that was forked, the thread is left behind
            if not (self._thread and self._thread.is_alive()):
                self._thread = threading.Thread(
                    target=self._run, name="wake jobs", daemon=True
                )
                self._thread.start()

    def _run(self):
        connection = None
        while databases := self._wait():
            for database in databases:
                try:
                    connection = self._tell(connection, database)
                except psycopg2.Error as error:
                    connection = None
                    _logger.info("Workers not woken, they look themselves: %s", error)
        if connection:
            connection.close()

    def _wait(self):
        """Return the databases to be told of, each once; none where it is time to end.

        Whoever commits after it has returned is told of in the next turn.
        """
        try:
            databases = {self._databases.get(timeout=ROUND)}
        except queue.Empty:
            with self._lock:
                if self._databases.empty():
                    self._thread = None
                    return set()
            databases = set()
        while True:
            try:
                databases.add(self._databases.get_nowait())
            except queue.Empty:
                return databases

    def _tell(self, connection, database):
        """Tell of one database; return the connection, a new one if that had ended."""
        is_new = connection is None
        if is_new:
            connection = psycopg2.connect(**connection_info_for("postgres")[1])
            connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(
                    sql.SQL("SELECT {}('cron_trigger', %s)").format(
                        sql.Identifier(ODOO_NOTIFY_FUNCTION)
                    ),
                    [database],
                )
        except psycopg2.Error:
            connection.close()
            if is_new:
                raise
            return self._tell(None, database)
        return connection


_waker = _Waker()
