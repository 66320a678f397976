import json
import logging
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

from psycopg2 import OperationalError
from psycopg2.extras import Json

from odoo import api, fields, models, tools
from odoo.tools import SQL, config

from ..tools import seals
from ..tools.state import Reader, get_recorded
from ..tools.tables import DELAY, OPTIONAL, SWEPT, SWEPT_UNTIL, TABLES

_logger = logging.getLogger(__name__)

PENDING = "pakn_1022_evidence.pending"
# Requests sealed with one statement
BATCH = 1000
# So often the nightly job gives way to others who write on the same requests
BUSY = 20
# What a seal goes on from: the chain of the acts
HEAD = ("name", "record_length", "record_hash")


class PaknSeal(models.Model):
    """What became of a request's state in one transaction (Art. 9.1).

    Whatever the program writes on a request, its slips, messages, files and ratings is
    noted in :meth:`_touch` and sealed before the transaction is committed: together or
    not at all. What was changed past the program has no seal, which the nightly check
    finds. The seals of a request are a chain (``tools/seals.py``); PostgreSQL refuses
    to change or delete them.

    The ends of the chains, ``seal_length`` and ``seal_hash`` of a request, are in a
    table of their own, ``pakn_seal_end``: of a request's row that a transaction changes
    twice PostgreSQL checks all foreign keys anew and extends all indexes.
    """

    _name = "pakn.seal"
    _description = "State of a request on record"
    _inherit = "pakn.kept"
    _refused = "UPDATE OR DELETE"
    _order = "ticket_id, sequence"
    _log_access = False

    ticket_id = fields.Many2one(
        "pakn.ticket", required=True, ondelete="restrict", readonly=True
    )
    sequence = fields.Integer(
        string="Number",
        required=True,
        readonly=True,
        help="Counted within the request, from 1.",
    )
    # As it was then: the hash is over it
    code = fields.Char(required=True, readonly=True)
    date = fields.Datetime(required=True, readonly=True, index=True)
    acts = fields.Integer(
        string="Acts on record", readonly=True, help="When the state was sealed."
    )
    acts_hash = fields.Char(string="Hash of the last act", readonly=True)
    changes = fields.Json(readonly=True)
    hash = fields.Char(
        readonly=True, help="SHA-256 over this seal and those before it."
    )

    _ticket_sequence_unique = models.UniqueIndex(
        "(ticket_id, sequence)", "A seal with this number is there already."
    )

    def init(self):
        """Make the table of the ends."""
        result = super().init()
        self.env.cr.execute(
            """CREATE TABLE IF NOT EXISTS pakn_seal_end (
                   ticket_id integer PRIMARY KEY REFERENCES pakn_ticket,
                   length integer NOT NULL,
                   hash varchar NOT NULL)"""
        )
        return result

    @api.model
    def _get_ends(self, ids):
        """Return ``{request: (number of seals, last hash)}`` of those that have any."""
        self.env.cr.execute(
            "SELECT ticket_id, length, hash FROM pakn_seal_end"
            " WHERE ticket_id = ANY(%s)",
            [list(ids)],
        )
        return {ticket: (*end,) for ticket, *end in self.env.cr.fetchall()}

    # ------------------------------------------------------------
    # WHAT WAS WRITTEN
    # ------------------------------------------------------------

    @api.model
    def _touch(self, kind, ids, columns=None, tickets=()):
        """Note that the program wrote rows, to be sealed before the commit.

        :param str kind: of ``tools/tables.py``
        :param ids: of the rows
        :param columns: that were written; ``None`` for a row that is new
        :param tickets: ids of the requests whose rows they were; what is not found
            there any more when it is sealed has been taken off
        """
        if columns is not None:
            columns = set(columns) & self._get_columns(kind)
            if not columns:
                return
        if not ids:
            return
        precommit = self.env.cr.precommit
        pending = precommit.data.get(PENDING)
        if pending is None:
            pending = precommit.data[PENDING] = (defaultdict(dict), set())
            precommit.add(self.sudo()._seal_pending)
        rows, former = pending
        known = rows[kind]
        for row in ids:
            before = known.get(row, set())
            known[row] = None if columns is None or before is None else before | columns
        former.update((kind, ticket, row) for ticket in tickets for row in ids)

    @api.model
    def _get_columns(self, kind):
        """Return the columns of a kind of row that are under the record."""
        return self._get_reader().get_columns(kind)

    @api.model
    def _get_reader(self):
        """Return a :class:`Reader` of this transaction."""
        folder = Path(config.filestore(self.env.cr.dbname))
        known = self.env["pakn.ticket"]._fields["seal_salt"]._get_cache(self.env)
        return Reader(self.env.cr, folder, self._get_optional(), known)

    @api.model
    @tools.ormcache()
    def _get_optional(self):
        """Return which of :data:`OPTIONAL` the addons that are here have."""
        return OPTIONAL & {
            *self.env["pakn.ticket"]._fields,
            *self.env["rating.rating"]._fields,
            *(model._table for model in self.env.registry.models.values()),
        }

    # ------------------------------------------------------------
    # SEALING IT
    # ------------------------------------------------------------

    def _seal_pending(self):
        """Seal what this transaction has written; called before it is committed."""
        self.env.flush_all()
        pending = self.env.cr.precommit.data.pop(PENDING, None)
        if pending is None:
            return
        rows, former = pending
        # Only what was written is read: what else differs was not the program
        changes = defaultdict(lambda: defaultdict(dict))
        reader = self._get_reader()
        states = reader.read_written(
            {kind: written for kind, written in rows.items() if kind not in SWEPT}
        )
        for kind in set(rows) & set(SWEPT):
            pairs = [(ticket, row) for other, ticket, row in former if other == kind]
            states[kind] = reader.read_pairs(kind, pairs)
        for kind, found in states.items():
            for (ticket, row), values in found.items():
                columns = rows[kind][row]
                if columns is not None:
                    values = {column: values.get(column) for column in columns}
                changes[ticket][kind][str(row)] = values
            for other, ticket, row in former:
                if other == kind and (ticket, row) not in found:
                    changes[ticket][kind][str(row)] = None
        self._append(changes)

    @api.model
    def _append(self, changes):
        """Add one seal to the chain of each request.

        :param dict changes: ``{request id: changes}`` as in ``tools/seals.py``
        """
        cr = self.env.cr
        numbers = sorted(changes)
        for start in range(0, len(numbers), BATCH):
            # The act has read them, or has just made the request
            tickets = self.env["pakn.ticket"].browse(numbers[start : start + BATCH])
            tickets.fetch(HEAD)
            ends = self._get_ends(tickets._ids)
            now = fields.Datetime.to_string(fields.Datetime.now())
            rows = []
            for ticket in tickets:
                length, last = ends.get(ticket.id, (0, seals.START))
                seal = seals.Seal(
                    ticket=ticket.name,
                    sequence=length + 1,
                    date=now,
                    acts=ticket.record_length or 0,
                    acts_hash=ticket.record_hash or seals.START,
                    changes=changes[ticket.id],
                )
                digest = seals.get_hash(last, seal)
                row = (ticket.id, seal.sequence, seal.ticket)
                row += (seal.acts, seal.acts_hash, Json(seal.changes), digest)
                rows.append(row)
            # Of two transactions that write on one request at once, PostgreSQL
            # refuses the later one and Odoo tries it again: joined, so that it is the
            # row of the end which refuses, not the number of the seal.
            cr.execute(
                SQL(
                    """WITH seal AS (
                           SELECT * FROM unnest(%s::int[], %s::int[], %s::text[],
                                  %s::int[], %s::text[], %s::jsonb[], %s::text[])
                               AS seal (ticket_id, sequence, code, acts, acts_hash,
                                  changes, hash)),
                       sealed AS (
                           INSERT INTO pakn_seal_end (ticket_id, length, hash)
                           SELECT ticket_id, sequence, hash FROM seal
                               ON CONFLICT (ticket_id) DO UPDATE
                                  SET length = EXCLUDED.length, hash = EXCLUDED.hash
                        RETURNING ticket_id)
                       INSERT INTO pakn_seal (ticket_id, sequence, code, date, acts,
                              acts_hash, changes, hash)
                       SELECT seal.ticket_id, seal.sequence, seal.code, %s::timestamp,
                              seal.acts, seal.acts_hash, seal.changes, seal.hash
                         FROM seal
                         JOIN sealed ON sealed.ticket_id = seal.ticket_id""",
                    *map(list, zip(*rows, strict=True)),
                    now,
                ),
                log_exceptions=False,
            )
            tickets.invalidate_recordset(["seal_length", "seal_hash"], flush=False)

    # ------------------------------------------------------------
    # WHAT NO ACT SEALS: NOTICES, CALLS, CONVERSATIONS, WHO OPENED IT
    # ------------------------------------------------------------

    @api.model
    def _sweep(self):
        """Seal the rows of swept kinds that are a day old; batch by batch, committed.

        It costs no act anything. From then on whatever changes them past the program is
        found. What a seal names is never sealed by this again, whatever is said of
        where the job came to.
        """
        cron = self.env["ir.cron"]
        limit = fields.Datetime.now() - timedelta(days=DELAY)
        limit = fields.Datetime.to_string(limit)
        for kind in self._get_reader().kinds:
            busy = 0
            while kind in SWEPT:
                try:
                    count = self._sweep_batch(kind, limit)
                    cron._commit_progress(count)
                except OperationalError:
                    # Somebody works on the same request at this moment: look again
                    self.env.cr.rollback()
                    busy += 1
                    if busy > BUSY:
                        _logger.warning("%s: not all could be sealed this time", kind)
                        break
                    continue
                if not count:
                    break

    @api.model
    def _sweep_batch(self, kind, limit):
        """Seal some rows of a kind; return how many."""
        self._seal_pending()
        self.env.flush_all()
        reader = self._get_reader()
        swept = reader.get_swept()
        rows = reader.find_unswept(kind, swept.get(kind), limit, BATCH)
        changes = defaultdict(lambda: defaultdict(dict))
        pairs = [(ticket, row) for ticket, row, _moment in rows]
        for (ticket, row), values in reader.read_pairs(kind, pairs).items():
            changes[ticket][kind][str(row)] = values
        self._append(changes)
        self.env.invalidate_all(flush=False)
        # sudo: ir.config_parameter - where the job came to
        self.env["ir.config_parameter"].sudo().set_param(
            SWEPT_UNTIL, json.dumps(swept | {kind: rows[-1][2] if rows else limit})
        )
        self.env.flush_all()
        return len(rows)

    @api.model
    def _touch_swept(self, kind, pairs):
        """Note that the program changed or removed rows of a kind that may be sealed.

        :param pairs: ``(request, row)``
        """
        columns = self._get_columns(kind) if pairs else ()
        for ticket, row in pairs:
            self._touch(kind, [row], columns, tickets=[ticket])

    @api.model
    def _touch_table(self, table, where, values):
        """Note the rows of a table that are emptied or removed by law (Law 91/2025).

        Called before it is done.

        :param str where: SQL over ``values``, of code
        """
        reader = self._get_reader()
        for kind in set(SWEPT) & set(reader.kinds):
            if TABLES[kind].table == table:
                rows, request, row = TABLES[kind].get_rows()
                self.env.cr.execute(
                    f"""SELECT {request}, {row} FROM {rows}
                         WHERE {row} IN (SELECT id FROM "{table}" WHERE {where})""",
                    values,
                )
                self._touch_swept(kind, self.env.cr.fetchall())

    @api.model
    def _get_recorded(self, tickets):
        """Return rows of swept kinds under seal, ``{request: {kind: numbers}}``."""
        self.env.cr.execute(
            "SELECT ticket_id, changes FROM pakn_seal WHERE ticket_id = ANY(%s)",
            [tickets.ids],
        )
        changes = defaultdict(list)
        for ticket, change in self.env.cr.fetchall():
            changes[ticket].append(change)
        return {ticket: get_recorded(found) for ticket, found in changes.items()}

    @api.model
    def _seal_further(self, columns):
        """Seal what was not under the record until now, as it is now.

        For requests that are sealed already, when a version brings more under it.

        :param dict columns: ``{kind: names of columns}``; of a kind that is new, all
        """
        self.env.flush_all()
        reader = self._get_reader()
        last = 0
        while True:
            self.env.cr.execute(
                "SELECT ticket_id FROM pakn_seal_end WHERE ticket_id > %s"
                " ORDER BY ticket_id LIMIT %s",
                [last, BATCH],
            )
            numbers = [number for [number] in self.env.cr.fetchall()]
            if not numbers:
                return
            last = numbers[-1]
            changes = {}
            for ticket, state in reader.read_states(numbers).items():
                for kind, names in columns.items():
                    for row, values in state.get(kind, {}).items():
                        values = {
                            name: value
                            for name, value in values.items()
                            if name in names
                        }
                        if values:
                            rows = changes.setdefault(ticket, {}).setdefault(kind, {})
                            rows[row] = values
            self._append(changes)
            self.env.invalidate_all(flush=False)

    @api.model
    def _seal_all(self):
        """Seal the whole state of each request that has no seal yet.

        For what was there before this addon, or was put into the tables past it.
        """
        cr = self.env.cr
        self.env.flush_all()
        cr.execute(
            "UPDATE pakn_ticket SET seal_salt = gen_random_uuid()::text"
            " WHERE seal_salt IS NULL"
        )
        cr.execute(
            """SELECT id FROM pakn_ticket ticket WHERE NOT EXISTS (
                   SELECT FROM pakn_seal_end WHERE ticket_id = ticket.id) ORDER BY id"""
        )
        numbers = [number for [number] in cr.fetchall()]
        reader = self._get_reader()
        for start in range(0, len(numbers), BATCH):
            self._append(reader.read_states(numbers[start : start + BATCH]))
            self.env.invalidate_all(flush=False)
        if numbers:
            _logger.info("%s requests put under seal", len(numbers))
