from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError

from ..tools import acts

# Key in the transaction's cache of what stood there before the act that is being done
KEEPING = "pakn_undo"
# What a to-do of a slip is made of
TODO_FIELDS = (
    *("activity_type_id", "res_model_id", "res_id", "user_id", "date_deadline"),
    *("summary", "note", "automated", "pakn_is_call"),
)


class PaknUndo(models.Model):
    """What stood there before an act, for the seconds in which it can be taken back.

    Whoever acts by hand in the backend may be mistaken by one key. Around such an act
    stands :meth:`_keeping`: what the act writes on a request and its slips, and to-dos
    it removes, are noted as they were, and what tells of it waits for
    :data:`acts.HOLD` seconds. ``pakn.ticket.take_back`` puts it back; the record of
    acts is not touched: the act stays, and that it was taken back stands after it.

    A row for each request of an act, gone when that time is over. Many that are chosen
    together and done part by part carry the same :attr:`batch`: each part puts off the
    parts before, so that one key takes back all of them. An addon that tells of acts by
    itself holds it until :meth:`_get_hold`, and extends :meth:`_filter_untold`,
    :meth:`_put_off`, :meth:`_withdraw` and :meth:`_release`.
    """

    _name = "pakn.undo"
    _description = "What stood there before an act"
    _rec_name = "ticket_id"

    ticket_id = fields.Many2one("pakn.ticket", required=True, ondelete="restrict")
    user_id = fields.Many2one("res.users", required=True, ondelete="restrict")
    date = fields.Datetime(string="Done on", default=fields.Datetime.now)
    date_until = fields.Datetime(string="Can be taken back until", required=True)
    batch = fields.Char(help="Names those that are acted on part by part.")
    acts = fields.Json(help="Numbers of what was done, in the record of the request.")
    notices = fields.Json(help="Ids of the notices that tell of it.")
    before = fields.Json(
        string="State before", help="Of each model, record and field what stood there."
    )
    todos = fields.Json(string="To-dos", help="Values of the to-dos that were removed.")

    # ------------------------------------------------------------
    # WHAT STOOD THERE
    # ------------------------------------------------------------

    @api.model
    @contextmanager
    def _keeping(self, tickets, batch=None) -> Iterator[list]:
        """Note what stood there before the acts that are done within.

        :param tickets: ``pakn.ticket`` that they are done on
        :param str batch: of which these are a part
        :return: a list, in which afterwards stand those whose acts can be taken back
        """
        cache, revocable = self.env.cr.cache, []
        seconds = acts.HOLD_PART if batch else acts.HOLD
        hold = fields.Datetime.now() + timedelta(seconds=seconds)
        kept = {
            ticket.id: {"acts": {}, "notices": [], "before": {}, "todos": []}
            for ticket in tickets
        }
        cache[KEEPING] = hold, kept
        try:
            yield revocable
        finally:
            cache.pop(KEEPING, None)
        # sudo: kept by the program, read by nobody
        undos = self.sudo().create(
            [
                {
                    **values,
                    "ticket_id": number,
                    "user_id": self.env.uid,
                    "date_until": hold,
                    "batch": batch,
                    "acts": list(values["acts"]),
                }
                for number, values in kept.items()
                if values["acts"]
            ]
        )
        lasting = undos.filtered(
            lambda undo: (
                not acts.REVOCABLE.issuperset(kept[undo.ticket_id.id]["acts"].values())
            )
        )
        revocable += (undos - lasting).ticket_id
        lasting._release()
        if batch:
            self._find_ending(batch)._put_off(hold)
        self.env["pakn.notice"]._wake(hold)

    @api.model
    def _get_hold(self):
        """Return until when what is done now is told to nobody, UTC; ``None``: at once.

        To be asked by who queues a message within an act.
        """
        hold, _kept = self.env.cr.cache.get(KEEPING, (None, None))
        return hold

    @api.model
    def _get_kept(self, record):
        """Return what is noted of the request of a request or slip, if it is."""
        _hold, kept = self.env.cr.cache.get(KEEPING, (None, None))
        if not kept:
            return None
        ticket = record.ticket_id if record._name == acts.SLIP else record
        return kept.get(ticket.id)

    @api.model
    def _keep_fields(self, records, names):
        """Note what stands in fields that are about to be written."""
        if KEEPING not in self.env.cr.cache:
            return
        names = {name for name in names if records._fields[name].store}
        if "state" in names and "stage_id" in records._fields:
            names.add("stage_id")  # several columns may be of one state
        for record in records.sudo():  # sudo: whoever acts
            kept = self._get_kept(record)
            if kept is None:
                continue
            rows = kept["before"].setdefault(record._name, {})
            values = rows.setdefault(str(record.id), {})
            for name in names - values.keys():
                values[name] = self._to_json(record, name)

    @api.model
    def _keep_acts(self, vals_list):
        """Note acts as they come to the record."""
        _hold, kept = self.env.cr.cache.get(KEEPING, (None, {}))
        for vals in vals_list:
            if vals["ticket_id"] in kept:
                kept[vals["ticket_id"]]["acts"][vals["sequence"]] = vals["kind"]

    @api.model
    def _keep_notices(self, rows):
        """Note notices as they are queued.

        :param rows: ``(id, id of the request)``
        """
        _hold, kept = self.env.cr.cache[KEEPING]
        for notice, ticket in rows:
            if ticket in kept:
                kept[ticket]["notices"].append(notice)

    @api.model
    def _keep_todos(self, slips):
        """Note the to-dos of slips, which are about to be removed."""
        if KEEPING not in self.env.cr.cache:
            return
        for slip in slips:
            kept = self._get_kept(slip)
            if kept is not None:
                kept["todos"] += [
                    {name: self._to_json(todo, name) for name in TODO_FIELDS}
                    for todo in slip.activity_ids
                ]

    @api.model
    def _to_json(self, record, name):
        """Return the value of a field in JSON, as it can be written again."""
        field, value = record._fields[name], record[name]
        if field.type in ("many2many", "one2many"):
            return [[6, 0, value.ids]]
        if field.type == "many2one":
            return value.id
        if field.type in ("datetime", "date"):
            return field.to_string(value)
        return value

    # ------------------------------------------------------------
    # TAKEN BACK, OR NOT
    # ------------------------------------------------------------

    @api.model
    def _find(self, tickets):
        """Return the last one of each of these requests, while it counts; in sudo."""
        # sudo: the operation asks for it, which checks the caller
        undos = self.sudo().search(
            [
                ("ticket_id", "in", tickets.ids),
                ("date_until", ">", fields.Datetime.now()),
            ],
            order="id",
        )
        return undos.browse({undo.ticket_id.id: undo.id for undo in undos}.values())

    @api.model
    def _get_held(self):
        """Return the requests of which something can be taken back at this moment."""
        # sudo: asked by jobs
        undos = self.sudo().search([("date_until", ">", fields.Datetime.now())])
        return undos.ticket_id.with_env(self.env)

    @api.model
    def _find_ending(self, batch):
        """Return those of a batch of the caller whose time would soon be over."""
        now = fields.Datetime.now()
        # sudo: of the caller alone
        return self.sudo().search(
            [
                ("batch", "=", batch),
                ("user_id", "=", self.env.uid),
                ("date_until", ">", now),
                ("date_until", "<", now + timedelta(seconds=acts.HOLD)),
                ("date", ">", now - timedelta(seconds=acts.HOLD_LONGEST)),
            ]
        )

    def _get_notices(self):
        numbers = [number for undo in self for number in undo.notices or ()]
        return self.env["pakn.notice"].browse(numbers)

    def _filter_untold(self):
        """Return those of whose acts nobody has been told."""
        told = self._get_notices().filtered(
            lambda notice: (
                notice.state != "waiting" or notice.is_handed or notice.attempts
            )
        )
        return self.filtered(lambda undo: not set(undo.notices or ()) & set(told.ids))

    def _put_back(self):
        """Put back what stood there; the acts and that they are taken back stay."""
        self._withdraw()
        events = self.env["pakn.event"]
        events._append(
            [
                undo.ticket_id._prepare_event(
                    "taken_back",
                    to_state=undo.before[acts.TICKET][str(undo.ticket_id.id)]["state"],
                    payload={"taken": undo.acts},
                )
                for undo in self
            ]
        )
        before, todos = {}, []
        for undo in self:
            for model, rows in undo.before.items():
                before.setdefault(model, {}).update(rows)
            todos += undo.todos or ()
        for model, rows in before.items():
            records = self.env[model].browse(int(number) for number in rows)._acting()
            for record, values in zip(records, rows.values(), strict=True):
                record.write(values)
        if todos:
            # As they came into people's lists: without a mail of their own
            self.env["mail.activity"].with_context(
                mail_activity_quick_update=True
            ).create(todos)
        self.unlink()

    def _withdraw(self):
        """See to it that nobody is told of these acts any more.

        :raise UserError: the outbox is telling somebody at this moment
        """
        notices = self._get_notices()
        try:
            notices.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.ticket_id._say_why_not(None, "untold", self.ticket_id)
            ) from error
        notices.write({"state": "withdrawn", "date_next": False})

    def _put_off(self, until):
        """Hold what tells of these acts until a later moment, UTC."""
        if self:
            self._get_notices().write({"date_next": until})
            self.write({"date_until": until})

    def _release(self):
        """Have people told at once of what cannot be taken back any more."""
        if self:
            self._get_notices().write({"date_next": False})
            self.env["pakn.notice"]._wake()
            self.unlink()

    @api.model
    def _forget(self):
        """Remove those whose time is over."""
        self.search([("date_until", "<=", fields.Datetime.now())], limit=10000).unlink()
