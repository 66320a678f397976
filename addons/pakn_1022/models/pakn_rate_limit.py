from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.tools import SQL, hmac

# Of one statement, when others count the same at the same moment
ATTEMPTS = 20


class PaknRateLimit(models.Model):
    """How often somebody tried something, counted for all processes together.

    For what must hold exactly, however many try at the same moment (guessing a code,
    sending one). What counts is what failed: who succeeds takes the attempt back by
    :meth:`_forgive`. Of address and number only a keyed hash is kept, and that for a
    day.
    """

    _name = "pakn.rate.limit"
    _description = "Attempts of a visitor"
    _rec_name = "key"

    key = fields.Char(required=True, readonly=True)
    count = fields.Integer(required=True, readonly=True)
    date_until = fields.Datetime(required=True, readonly=True, index=True)

    _key_unique = models.UniqueIndex("(key)")

    @api.model
    def _hit(self, name, key, count, seconds):
        """Count one attempt, also when the caller's transaction is rolled back.

        :param str name: what is attempted
        :param str key: who attempts it: an IP address, a phone number
        :param int count: attempts allowed within ``seconds`` of the first one
        :return: seconds to wait, 0 when this attempt is allowed
        """
        now = fields.Datetime.now()
        [[hits, until]] = self._execute_alone(
            SQL(
                """INSERT INTO pakn_rate_limit AS old (key, count, date_until)
                   VALUES (%(key)s, 1, %(until)s)
                   ON CONFLICT (key) DO UPDATE
                      SET count = CASE WHEN old.date_until <= %(now)s THEN 1
                                       ELSE old.count + 1 END,
                          date_until = CASE WHEN old.date_until <= %(now)s
                                            THEN %(until)s
                                            ELSE old.date_until END
                   RETURNING count, date_until""",
                key=self._digest(name, key),
                now=now,
                until=now + timedelta(seconds=seconds),
            )
        )
        if hits <= count:
            return 0
        return max(1, round((until - now).total_seconds()))

    @api.model
    def _forgive(self, name, key):
        """Take back one attempt that :meth:`_hit` has counted: it was right."""
        self._execute_alone(
            SQL(
                """UPDATE pakn_rate_limit SET count = count - 1
                    WHERE key = %s AND count > 0 RETURNING id""",
                self._digest(name, key),
            )
        )

    @api.model
    def _execute_alone(self, query):
        """Execute a statement in a transaction of its own; return its rows.

        Of two at the same moment the later one is refused and does it over: the whole
        request would be done over by Odoo, and the log would call it an error.
        """
        left = ATTEMPTS
        while True:
            left -= 1
            try:
                with self.env.registry.cursor() as cr:
                    cr.execute(query, log_exceptions=not left)
                    return cr.fetchall()
            except SerializationFailure:
                if not left:
                    raise

    @api.model
    def _digest(self, name, key):
        return hmac(self.env(su=True), self._name, (name, key))

    @api.autovacuum
    def _gc_windows(self):
        limit = fields.Datetime.now() - timedelta(days=1)
        self.search([("date_until", "<", limit)], limit=10000).unlink()
