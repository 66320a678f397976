from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import clean_context

from ..tools import acts
from ..tools.record import Act, get_hash


class PaknEvent(models.Model):
    """One act on a request, kept as on paper (Art. 9, 12): appended, never changed.

    The acts of a request are a chain of hashes (``tools/record.py``,
    ``docs/record.md``), whose end stands on the request. PostgreSQL refuses to change
    or delete an act, a slip or a request, whoever asks.
    """

    _name = "pakn.event"
    _description = "Record of an act"
    _inherit = "pakn.kept"
    _refused = "UPDATE OR DELETE"
    _order = "date, sequence, id"

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
    def create(self, vals_list):
        """Chain each act to the one before it on its request.

        The requests are locked, and the end of the chain is written on them: of two
        transactions that act on one request at once, one waits and is then refused
        by PostgreSQL's serialization, and Odoo tries it again.
        """
        tickets = self.env["pakn.ticket"].browse(
            sorted({vals["ticket_id"] for vals in vals_list})
        )
        heads = tickets._lock_records()
        now = fields.Datetime.to_string(fields.Datetime.now())
        units = self.env["pakn.unit"].browse(
            {vals["unit_id"] for vals in vals_list if vals.get("unit_id")}
        )
        codes = {unit.id: unit.code for unit in units.sudo()}
        names = {ticket.id: ticket.name for ticket in tickets.sudo()}
        users = self.env["res.users"].sudo()  # sudo: the login of whoever acts
        chained = []
        for vals in vals_list:
            count, previous = heads[vals["ticket_id"]]
            vals = {
                "date": now,
                "user_id": self.env.uid,
                **vals,
                "sequence": count + 1,
            }
            vals["actor"] = users.browse(vals["user_id"]).login
            vals["unit_code"] = codes.get(vals.get("unit_id"))
            vals["hash"] = get_hash(
                previous, self._to_act(names[vals["ticket_id"]], vals)
            )
            heads[vals["ticket_id"]] = (count + 1, vals["hash"])
            chained.append(vals)
        tickets._set_record_heads(heads)
        return super().create(chained)

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

    @api.model
    def _append(self, vals_list):
        """Append acts to the record, whoever acts: nobody may write it by hand."""
        if not vals_list:
            return self.browse()
        # No default from a dialog's context gets into the record.
        events = self.with_context(clean_context(self.env.context))
        return events.sudo().create(vals_list)  # sudo: see docstring

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("The record of acts cannot be changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("The record of acts cannot be deleted."))
