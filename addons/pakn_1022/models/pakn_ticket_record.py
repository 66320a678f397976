import logging

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.record import START, find_breaks

_logger = logging.getLogger(__name__)

CHECKED = "pakn_1022.record_checked_id"


class PaknTicketRecord(models.AbstractModel):
    """The record of acts of a request, and whether its chain is whole (Art. 9, 12).

    A room of ``pakn.ticket``: needs ``name``, ``state`` and ``event_ids``.
    """

    _name = "pakn.ticket.record"
    _description = "Record of a request"
    _inherit = "pakn.act.mixin"

    record_length = fields.Integer(
        string="Acts on record",
        readonly=True,
        copy=False,
        default=0,
        procedure=True,
    )
    record_hash = fields.Char(
        string="Hash of the last act",
        readonly=True,
        copy=False,
        procedure=True,
    )

    def init(self):
        """Leave room beside each request for what an act writes on it.

        Every act writes the ends of the chains, which no index holds. With room on the
        same page PostgreSQL leaves all indexes alone, those of words above all; for
        that a page is filled to six tenths.
        """
        super().init()
        if self._abstract:
            return
        table = SQL.identifier(self._table)
        self.env.cr.execute(SQL("ALTER TABLE %s SET (fillfactor = 60)", table))

    # ------------------------------------------------------------
    # WRITING IT
    # ------------------------------------------------------------

    def _log_event(self, kind, note=None, to_state=None, payload=None, **values):
        """Append one act per request to the record (Art. 9, 12).

        :param str kind: of ``pakn.event``
        :param str note: in the words of whoever acted
        :param str to_state: the state after the act; the present one is the old one
        :param dict payload: JSON-able particulars
        :param values: further fields of ``pakn.event``, e.g. ``transfer_id``
        """
        return self.env["pakn.event"]._append(
            [
                ticket._prepare_event(kind, note, to_state, payload, **values)
                for ticket in self
            ]
        )

    def _prepare_event(self, kind, note=None, to_state=None, payload=None, **values):
        """Return the values of one act; see :meth:`_log_event`."""
        self.ensure_one()
        return {
            "ticket_id": self.id,
            "kind": kind,
            "note": note,
            "from_state": self.state if kind != "received" else False,
            "to_state": to_state or self.state,
            "payload": payload,
            **values,
        }

    @api.model
    def _get_columns_of_acts(self):
        """Return the columns that the clock's acts read of a request."""
        return [
            *("name", "state", "stage_id", "round", "user_id", "open_transfer_id"),
            *("citizen_id", "record_length", "record_hash"),
        ]

    def _get_record_heads(self):
        """Return ``{id: (number of acts, last hash)}``."""
        # sudo: the record is continued, whoever acts
        return {
            ticket.id: (ticket.record_length or 0, ticket.record_hash or START)
            for ticket in self.sudo()
        }

    def _set_record_heads(self, heads):
        """Have the new ends of the chains written, ``{id: (number of acts, hash)}``.

        With whatever else the act changes on the request, in the same statement: of a
        row that a transaction changes twice PostgreSQL checks all foreign keys anew.
        """
        for ticket in self.sudo():  # sudo: the record is continued, whoever acts
            length, last = heads[ticket.id]
            self._fields["record_length"]._update_cache(ticket, length, dirty=True)
            self._fields["record_hash"]._update_cache(ticket, last, dirty=True)

    # ------------------------------------------------------------
    # CHECKING IT
    # ------------------------------------------------------------

    def _verify_records(self):
        """Check the chains of these requests against what is in the database.

        :return: ``{request: number of the first act that does not fit}``
        """
        self.env.flush_all()
        events = self.env["pakn.event"]
        self.env.cr.execute(
            SQL(
                """SELECT ticket.name, event.sequence, event.date, event.actor,
                          event.kind, event.transfer_id, event.unit_code,
                          event.from_state, event.to_state, event.note, event.payload,
                          event.hash
                     FROM pakn_event event
                     JOIN pakn_ticket ticket ON ticket.id = event.ticket_id
                    WHERE event.ticket_id IN %s
                    ORDER BY ticket.name, event.sequence, event.id""",
                tuple(self.ids),
            )
        )
        columns = [column.name for column in self.env.cr.description]
        rows = []
        for values in self.env.cr.fetchall():
            vals = dict(zip(columns, values, strict=True))
            rows.append((events._to_act(vals["name"], vals), vals["hash"]))
        self.env.cr.execute(
            SQL(
                """SELECT id, name, record_length, record_hash FROM pakn_ticket
                    WHERE id IN %s""",
                tuple(self.ids),
            )
        )
        heads, ids = {}, {}
        for ticket_id, code, length, last in self.env.cr.fetchall():
            heads[code] = (length or 0, last or START)
            ids[code] = ticket_id
        return {
            self.browse(ids[code]): sequence
            for code, sequence in find_breaks(rows, heads).items()
        }

    def action_verify_record(self):
        """Say whether the record of these requests is whole."""
        self.check_access("read")
        faults = self._find_faults()
        if faults:
            message = " ".join(
                sentence for sentences in faults.values() for sentence in sentences
            )
        else:
            message = self.env._(
                "The record is whole: %(count)s acts, none changed or removed.",
                count=sum(self.mapped("record_length")),
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if faults else "success",
                "message": message,
                "sticky": bool(faults),
            },
        }

    def _find_faults(self):
        """Return ``{request: [sentence, …]}`` of what does not fit; addons add to it.

        A constant number of queries, however many requests.
        """
        return {
            ticket: [ticket._describe_break(sequence)]
            for ticket, sequence in self._verify_records().items()
        }

    def _describe_break(self, sequence):
        self.ensure_one()
        return self.env._(
            "The record of %(code)s does not fit from act no. %(number)s on: it was "
            "changed outside of the program.",
            code=self.name,
            number=sequence,
        )

    @api.model
    def _cron_verify_records(self, batch_size=1000):
        """Check all chains, batch by batch, and tell the managers what does not fit.

        Where it was interrupted it goes on the next time.
        """
        # sudo: ir.config_parameter - where the last run came to
        params = self.env["ir.config_parameter"].sudo()
        last = int(params.get_param(CHECKED, "0"))
        remaining = self.search_count([("id", ">", last)])
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=remaining)
        while True:
            tickets = self.search([("id", ">", last)], order="id", limit=batch_size)
            if not tickets:
                break
            last = tickets[-1].id
            for ticket, sentences in tickets._find_faults().items():
                ticket._tell_of_faults(sentences)
            params.set_param(CHECKED, str(last))
            self.env.invalidate_all()
            if not cron._commit_progress(len(tickets)):
                return
        params.set_param(CHECKED, "0")

    def _tell_of_faults(self, sentences):
        """Put them before the managers, once as long as they have not done with it."""
        text = " ".join(sentences)
        _logger.error("%s", text)
        managers = self.env["pakn.notice"]._get_managers()
        told = self.activity_ids.filtered(lambda todo: todo.summary == text).user_id
        now = fields.Datetime.now()
        self.env["pakn.notice"]._add_todos(
            [(self, manager, now, text) for manager in managers - told]
        )
