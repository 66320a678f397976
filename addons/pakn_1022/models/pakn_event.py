import secrets

from psycopg2.extras import Json

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import acts
from ..tools.record import START, Act, get_hash, get_remainder_hash


class PaknEvent(models.Model):
    """One act on a request, kept as on paper (Art. 9, 12): appended, never changed.

    The acts of a request are a chain of hashes (``tools/record.py``,
    ``docs/record.md``), whose end stands on the request. PostgreSQL refuses to change
    or delete an act, a slip or a request, whoever asks.
    """

    _name = "pakn.event"
    _description = "Record of an act"
    _inherit = ["pakn.kept", "pakn.event.talk"]
    _refused = "UPDATE OR DELETE"
    _removable = ("note", "payload", "actor")
    _order = "date, sequence, id"
    # Who and when are on the record itself; each of Odoo's own costs a look-up an act
    _log_access = False

    ticket_id = fields.Many2one(
        "pakn.ticket", required=True, index=True, ondelete="restrict", readonly=True
    )
    transfer_id = fields.Many2one(
        "pakn.transfer",
        string="Slip",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
    )
    unit_id = fields.Many2one("pakn.unit", ondelete="restrict", readonly=True)
    kind = fields.Selection(
        selection=lambda self: self._selection_kind(),
        required=True,
        readonly=True,
    )
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users",
        string="Done by",
        readonly=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
    )
    from_state = fields.Char(readonly=True)
    to_state = fields.Char(readonly=True)
    note = fields.Text(readonly=True)
    # Corrections quote what was there before, the citizen's name among it.
    payload = fields.Json(readonly=True, groups="pakn_1022.group_operator")
    sequence = fields.Integer(
        string="Number", readonly=True, help="Counted within the request, from 1."
    )
    # As they were when it happened: logins and codes may change later.
    actor = fields.Char(string="Login", readonly=True)
    unit_code = fields.Char(readonly=True)
    hash = fields.Char(readonly=True, help="SHA-256 over this act and those before.")

    _date_idx = models.Index("(date DESC, id DESC)")
    # What somebody did today and this week
    _user_date_idx = models.Index("(user_id, date)")
    _ticket_sequence_unique = models.UniqueIndex(
        "(ticket_id, sequence)", "An act with this number has been recorded already."
    )

    @api.model
    def _selection_kind(self):
        """Return the kinds of acts on record: those of the table of acts."""
        kinds = {act.recorded: act for act in acts.ACTS if act.recorded == act.key}
        # The labels are marked for translation in the table itself
        translate = self.env._
        return [(kind, translate(act.label)) for kind, act in kinds.items()]

    @api.depends("kind", "ticket_id.name")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for event in self:
            event.display_name = f"{event.ticket_id.name} · {labels.get(event.kind)}"

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        """Append acts to the record; the access rights allow it to nobody."""
        self.check_access("create")
        return self._append(vals_list)

    @api.model
    def _append(self, vals_list):
        """Chain each act to the one before it on its request, whoever acts.

        The end of the chain is written on the request. Of two transactions that act
        on one request at once, one waits and is then refused by PostgreSQL's
        serialization, and Odoo tries it again.

        :param vals_list: see :meth:`pakn.ticket._prepare_event`
        """
        if not vals_list:
            return self.browse()
        tickets = self.env["pakn.ticket"].browse(
            sorted({vals["ticket_id"] for vals in vals_list})
        )
        heads = tickets._get_record_heads()
        # sudo: codes of requests and units, whoever acts
        names = {ticket.id: ticket.name for ticket in tickets.sudo()}
        chained = []
        for vals in vals_list:
            count, previous = heads[vals["ticket_id"]]
            vals = self._chain(names[vals["ticket_id"]], vals, count, previous)
            heads[vals["ticket_id"]] = (count + 1, vals["hash"])
            chained.append(vals)
        self.env["pakn.undo"]._keep_acts(chained)
        events = self._insert(chained)
        tickets._set_record_heads(heads)
        return events

    @api.model
    def _chain(self, code, vals, count=0, previous=START):
        """Return the values of an act with number, hash and what was true then.

        :param str code: of the request
        :param int count: of acts before it, the last of which has the hash ``previous``
        """
        # sudo: login of whoever acts, code of the unit
        user_sudo = (
            self.env["res.users"].sudo().browse(vals.get("user_id", self.env.uid))
        )
        unit_sudo = self.env["pakn.unit"].sudo().browse(vals.get("unit_id") or ())
        if any(key.startswith("citizen_") for key in vals.get("payload") or ()):
            # Names and numbers that were corrected: when they are removed, nobody
            # shall find them by trying which ones lead to the hash
            salt = {"salt": ["", secrets.token_hex(16)]}
            vals = {**vals, "payload": {**vals["payload"], **salt}}
        vals = {
            "date": fields.Datetime.now(),
            **vals,
            "user_id": user_sudo.id,
            "sequence": count + 1,
            "actor": user_sudo.login,
            "unit_code": unit_sudo.code or None,
        }
        return vals | {"hash": get_hash(previous, self._to_act(code, vals))}

    @api.model
    def _insert(self, vals_list):
        """Insert chained acts; return them, in their order.

        In SQL: nothing hangs on the rows, nobody changes them, and an act of the clock
        appends thousands.

        :raise ValueError: the table of acts knows no such kind, or the record has an
            act of that number
        """
        unknown = {vals["kind"] for vals in vals_list} - acts.KINDS
        if unknown:
            raise ValueError(f"no act is recorded as {', '.join(unknown)}")
        columns = (
            ("ticket_id", "transfer_id", "unit_id", "unit_code", "kind", "date")
            + ("user_id", "actor", "from_state", "to_state", "note", "payload")
            + ("sequence", "hash")
        )
        payloads = {
            "payload": [
                Json(vals["payload"]) if vals.get("payload") else None
                for vals in vals_list
            ]
        }
        # Of two transactions that append to one record at once, PostgreSQL's
        # serialization refuses the later one, so worded; that is no error: Odoo does
        # the whole request again.
        self.env.cr.execute(
            SQL(
                """INSERT INTO pakn_event (%(columns)s)
                   SELECT %(columns)s
                     FROM unnest(%(values)s) WITH ORDINALITY AS act (%(columns)s, nth)
                 ORDER BY nth
                       ON CONFLICT (ticket_id, sequence) DO NOTHING
                RETURNING id""",
                columns=SQL(", ").join(map(SQL.identifier, columns)),
                values=SQL(", ").join(
                    SQL(
                        "%s::%s[]",
                        payloads.get(name)
                        or [vals.get(name) or None for vals in vals_list],
                        SQL.identifier(self._fields[name].column_type[0]),
                    )
                    for name in columns
                ),
            ),
            log_exceptions=False,
        )
        numbers = [number for [number] in self.env.cr.fetchall()]
        if len(numbers) != len(vals_list):
            raise ValueError("an act with such a number is on record already")
        self.env["pakn.ticket"].invalidate_model(["event_ids"], flush=False)
        return self.browse(numbers)

    def _remove_words(self, kept=(), with_actors=False):
        """Take the words away from these acts for good; return what is left of each.

        Whoever calls this appends the act that says so, with what this returns as
        ``payload["acts"]``: without it the record does not fit any more.

        :param kept: keys of the payload that hold facts and stay
        :param bool with_actors: the logins too: those of citizens are addresses
        :return: ``{number of the act: hash of what is left}``, as JSON has it
        """
        if not self:
            return {}
        rows = []
        for event in self.sudo():  # sudo: whoever calls this has checked the right
            payload = event.payload if isinstance(event.payload, dict) else {}
            facts = {key: value for key, value in payload.items() if key in kept}
            rows.append(
                SQL("(%s, %s::jsonb)", event.id, Json(facts) if facts else None)
            )
        self.env.flush_all()
        cr = self.env.cr
        cr.execute("SELECT set_config('pakn.removing', 'on', true)")
        cr.execute(
            SQL(
                """UPDATE pakn_event SET note = NULL, payload = left_over.payload %s
                     FROM (VALUES %s) AS left_over (id, payload)
                    WHERE pakn_event.id = left_over.id""",
                SQL(", actor = NULL") if with_actors else SQL(),
                SQL(", ").join(rows),
            )
        )
        cr.execute("SELECT set_config('pakn.removing', 'off', true)")
        self.invalidate_recordset(self._removable, flush=False)
        names = ("sequence", "date", "actor", "kind", "from_state", "to_state", "note")
        names += ("payload", "unit_code")
        return {
            str(event.sequence): get_remainder_hash(
                event.hash,
                self._to_act(
                    event.ticket_id.name,
                    {name: event[name] for name in names}
                    | {"transfer_id": event.transfer_id.id},
                ),
            )
            for event in self.sudo()  # sudo: as above
        }

    def _get_taken(self):
        """Return what these acts took back, ``{(request id, number of the act)}``."""
        return {
            (event.ticket_id.id, number)
            for event in self.sudo()  # sudo: the numbers, to who reads the acts
            if event.kind == "taken_back"
            for number in (event.payload or {}).get("taken", ())
        }

    def _filter_standing(self):
        """Leave out what was taken back, and that it was.

        What took it back may have been left out of these acts.
        """
        backs = self.search(
            [("ticket_id", "in", self.ticket_id.ids), ("kind", "=", "taken_back")]
        )
        taken = backs._get_taken()
        return self.filtered(
            lambda event: (
                event.kind != "taken_back"
                and (event.ticket_id.id, event.sequence) not in taken
            )
        )

    @api.model
    def _find_taken_back(self, domain):
        """Return the acts that were taken back by those which a domain finds.

        :param list domain: for few: somebody's of a week, not all
        """
        backs = self.search([*domain, ("kind", "=", "taken_back")])
        taken = backs._get_taken()
        return self.search([("ticket_id", "in", backs.ticket_id.ids)]).filtered(
            lambda event: (event.ticket_id.id, event.sequence) in taken
        )

    @api.model
    def _to_act(self, code, vals):
        """Return the :class:`Act` that the values of an event stand for."""
        return Act(
            ticket=code,
            sequence=vals["sequence"],
            date=fields.Datetime.to_string(fields.Datetime.to_datetime(vals["date"])),
            actor=vals["actor"] or "",
            kind=vals["kind"],
            transfer=vals.get("transfer_id") or 0,
            unit=vals["unit_code"] or "",
            from_state=vals.get("from_state") or "",
            to_state=vals.get("to_state") or "",
            note=vals.get("note") or "",
            payload=vals.get("payload") or None,
        )
