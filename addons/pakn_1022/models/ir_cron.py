import logging
import threading
from datetime import timedelta

import psycopg2
from psycopg2 import sql

from odoo import api, fields, models
from odoo.sql_db import connection_info_for
from odoo.tools import SQL

from odoo.addons.base.models.ir_cron import ODOO_NOTIFY_FUNCTION

_logger = logging.getLogger(__name__)

# Seconds after which the workers look for jobs by themselves
ROUND = 60
# Databases whose workers a thread is about to wake
_waking: set[str] = set()


class IrCron(models.Model):
    """Jobs speak the hotline's language, and whoever wakes one does not wait for it."""

    _inherit = "ir.cron"

    def _callback(self, cron_name, server_action_id):
        """Do the job in the hotline's language: people read the to-dos it makes.

        Odoo gives jobs no language at all, so what they write would be English.
        """
        local = self.with_context(lang=self.env["pakn.ticket"]._get_citizen_lang())
        return super(IrCron, local)._callback(cron_name, server_action_id)

    def _wake(self, date=None):
        """Have this job run as soon as the transaction is committed, in one statement.

        What Odoo's ``_trigger`` does, which reads the job and makes a record; most acts
        wake the outbox.

        :param datetime date: UTC; not before it
        """
        self.ensure_one()
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """INSERT INTO ir_cron_trigger (cron_id, call_at, create_uid,
                       create_date, write_uid, write_date)
                   SELECT id, %s, %s, %s, %s, %s FROM ir_cron
                    WHERE id = %s AND active""",
                *(date or now, self.env.uid, now, self.env.uid, now, self.id),
            )
        )
        if date is None or date <= now:
            self.env.cr.postcommit.add(self._notifydb)
        elif date - now < timedelta(seconds=ROUND):
            self.env.cr.postcommit.add(lambda: self._notifydb_at(date))

    @api.model
    def _notifydb_at(self, date):
        """Wake the workers at a moment that they would come to too late.

        Should this process end before, they come to it in their round.
        """
        seconds = (date - fields.Datetime.now()).total_seconds()
        timer = threading.Timer(max(seconds, 0), _notify, (self.env.cr.dbname,))
        timer.daemon = True
        timer.start()

    @api.model
    def _notifydb(self):
        """Wake the workers from a thread, one for all that happens meanwhile.

        Odoo opens a connection of its own for it, and holds the lock of all connections
        as long. Should the word be lost, the workers look once a minute by themselves.
        """
        database = self.env.cr.dbname
        if database not in _waking:
            _waking.add(database)
            threading.Thread(target=_notify, args=(database,), name="wake jobs").start()


def _notify(database):
    """Tell the workers of all servers that jobs of a database wait."""
    try:
        connection = psycopg2.connect(**connection_info_for("postgres")[1])
    except psycopg2.OperationalError as error:
        _logger.info("The workers are not woken, they look by themselves: %s", error)
        return
    finally:
        # Whoever commits from here on needs a word of its own
        _waking.discard(database)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(
                sql.SQL("SELECT {}('cron_trigger', %s)").format(
                    sql.Identifier(ODOO_NOTIFY_FUNCTION)
                ),
                [database],
            )
    finally:
        connection.close()
