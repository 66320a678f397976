from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.assign import assign


class PaknTicketDue(models.AbstractModel):
    """When a request is due, and whether it is late (Art. 11): one definition for all.

    A room of ``pakn.ticket``: needs ``transfer_ids``, ``round`` and ``date_ended``.
    Requests are counted here; whether a *slip* was answered in time is its own fact
    (``timeliness`` of ``pakn.transfer``).
    """

    _name = "pakn.ticket.due"
    _description = "Deadlines of a request"
    _inherit = "pakn.act.mixin"

    open_transfer_id = fields.Many2one(
        "pakn.transfer",
        string="Slip to be answered",
        compute="_compute_open_transfer_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        help="The open slip of the lead unit.",
        procedure=True,
    )
    date_due = fields.Datetime(
        string="Due on",
        related="open_transfer_id.date_due",
        store=True,
        precompute=True,
        procedure=True,
    )
    is_overdue = fields.Boolean(
        string="Late in this round",
        compute="_compute_is_overdue",
        store=True,
        precompute=True,
        procedure=True,
        help="A slip of the lead unit was not answered in time, whoever has it now.",
    )
    date_overdue = fields.Datetime(
        string="Overdue since",
        compute="_compute_is_overdue",
        store=True,
        precompute=True,
        procedure=True,
    )
    was_overdue = fields.Boolean(
        string="Was late",
        compute="_compute_is_overdue",
        store=True,
        precompute=True,
        procedure=True,
        help="Art. 11.4: in this round or an earlier one; it stays.",
    )
    is_late = fields.Boolean(
        string="Late now",
        compute="_compute_due",
        search="_search_is_late",
        help="Late, and without a result yet.",
    )
    due_state = fields.Selection(
        [("ok", "In time"), ("soon", "Due soon"), ("late", "Late")],
        string="Urgency",
        compute="_compute_due",
        search="_search_due_state",
    )
    due_text = fields.Char(string="Time left", compute="_compute_due")
    used_text = fields.Char(related="open_transfer_id.used_text")
    status_text = fields.Char(
        string="State in one line",
        compute="_compute_status_text",
        help="State, who holds it, and how much time is left.",
    )

    _date_due_idx = models.Index("(date_due) WHERE date_due IS NOT NULL")
    _late_idx = models.Index("(id) WHERE date_ended IS NULL AND is_overdue IS TRUE")
    # Count the board's columns, and the bars above them, without reading the requests
    # themselves. All are keys: PostgreSQL keeps equal ones once, not what is included
    _stage_count_idx = models.Index("(stage_id, secrecy, date_closed)")
    _stage_due_idx = models.Index(
        "(stage_id, is_overdue, date_due, secrecy, date_closed, date_ended) "
        "WHERE date_ended IS NULL"
    )

    @api.depends("transfer_ids.is_open", "transfer_ids.role")
    def _compute_open_transfer_id(self):
        for ticket in self:
            lead = (
                slip
                for slip in ticket.transfer_ids
                if slip.is_open and slip.role == "lead"
            )
            ticket.open_transfer_id = next(lead, False)

    @api.depends("round", "transfer_ids.is_overdue", "transfer_ids.round")
    def _compute_is_overdue(self):
        """Art. 11.4: late stays late, also when the result came afterwards."""
        was_late, dates = [], []
        for ticket in self:
            late = [
                slip
                for slip in ticket.transfer_ids
                if slip.is_overdue and slip.role == "lead"
            ]
            was_late.append(bool(late))
            now = [slip.date_overdue for slip in late if slip.round == ticket.round]
            dates.append(min(now, default=None))
        assign(self, "was_overdue", was_late)
        assign(self, "is_overdue", [date is not None for date in dates])
        assign(self, "date_overdue", [date or False for date in dates])

    @api.depends(
        "is_overdue",
        "date_overdue",
        "date_ended",
        "open_transfer_id.due_state",
        "open_transfer_id.due_text",
        "open_transfer_id.level",
    )
    def _compute_due(self):
        """Say how urgent a request is: what was let expire stays late (Art. 11.4).

        A higher level has its own time, which stands on its slip; the request is late
        all the same until it has a result.
        """
        now = fields.Datetime.now()
        levels = dict(
            self.env["pakn.transfer"]._fields["level"]._description_selection(self.env)
        )
        format_span = self.env["pakn.transfer"]._get_span_format()
        # Looked up once for a whole board
        late_text = self.env._("%s late")
        level_text = self.env._("%(late)s · now with: %(level)s")

        def judge(ticket):
            slip = ticket.open_transfer_id
            state, text = slip.due_state, slip.due_text
            if not ticket.is_overdue or ticket.date_ended:
                return state, text
            if ticket.date_overdue:
                hours = (now - ticket.date_overdue).total_seconds() / 3600
                text = late_text % format_span(hours, 24)
                if slip.level and slip.level != "focal":
                    text = level_text % {"late": text, "level": levels[slip.level]}
            return "late", text

        judged = [judge(ticket) for ticket in self]
        assign(self, "is_late", [state == "late" for state, _text in judged])
        assign(self, "due_state", [state for state, _text in judged])
        assign(self, "due_text", [text for _state, text in judged])

    @api.depends("state", "unit_id.name", "user_id.name", "due_text")
    def _compute_status_text(self):
        """Say in one line how it stands, who holds it, and how much time is left."""
        states = dict(self._fields["state"]._description_selection(self.env))
        why = self._get_cancel_reasons()
        for ticket in self:
            slip = ticket.open_transfer_id
            # sudo: who is in charge is no secret to who reads the request
            if slip:
                people = slip.sudo()._get_recipients().mapped("name")
                holder = ": ".join(
                    filter(None, (slip.sudo().unit_id.name, ", ".join(people[:3])))
                )
            elif ticket.state in ("new", "answered"):
                user = ticket.sudo().user_id.name
                holder = (
                    self.env._("with %s", user)
                    if user
                    else self.env._("nobody has taken it")
                )
            else:
                holder = why.get(ticket, "")
            parts = [states.get(ticket.state, ""), holder, ticket.due_text or ""]
            ticket.status_text = " · ".join(filter(None, parts))

    def _get_cancel_reasons(self):
        """Return ``{request: why it was cancelled}`` for those who work on requests."""
        ended = self.filtered(lambda ticket: ticket.state == "cancelled" and ticket.id)
        if not ended or not self._is_operator():
            return {}
        reasons = {}
        for event in self.env["pakn.event"].search(
            [("ticket_id", "in", ended.ids), ("kind", "=", "cancelled")], order="id"
        ):
            reasons[event.ticket_id] = event.note or ""
        return reasons

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = self._get_late_domain()
        return Domain.OR(late if is_late else ~late for is_late in value)

    @api.model
    def _get_late_domain(self):
        """Return which requests are late now (Art. 11.4): the one definition.

        Also what is due and the clock has not come to yet.
        """
        now = fields.Datetime.now()
        return Domain("date_ended", "=", False) & (
            Domain("is_overdue", "=", True) | Domain("date_due", "<=", now)
        )

    @api.model
    def _search_due_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        late, now = self._get_late_domain(), fields.Datetime.now()
        domains = [late] if "late" in value else []
        if "soon" in value or "ok" in value:
            # When its open slip is due stands on a request, too
            due = ~late & Domain("date_due", ">", now)
            soon = self.env["pakn.transfer"]._get_soon_domain(
                now, "open_transfer_id.unit_id"
            )
            domains += [due & soon] * ("soon" in value)
            domains += [due & ~soon] * ("ok" in value)
        if False in value:
            domains.append(~late & Domain("open_transfer_id", "=", False))
        return Domain.OR(domains)

    @api.model
    def formatted_read_group(
        self,
        domain,
        groupby=(),
        aggregates=(),
        having=(),
        offset=0,
        limit=None,
        order=None,
    ):
        """Count a board's columns without joining every request with its stage.

        That would be done for their order, which all stages have that are shown.
        """
        if (
            list(groupby) == ["stage_id"]
            and self.env.context.get("read_group_expand")
            and "__count" in aggregates
            and (order or "stage_id").upper() in ("STAGE_ID", "STAGE_ID ASC")
        ):
            order = "__count"
        return super().formatted_read_group(
            domain, groupby, aggregates, having, offset, limit, order
        )

    @api.model
    def read_progress_bar(self, domain, group_by, progress_bar):
        """Count by urgency too, which no column holds since it changes by itself.

        What has time left is what is due and not late, without what is due soon.
        """
        if progress_bar["field"] != "due_state":
            return super().read_progress_bar(domain, group_by, progress_bar)
        domain = Domain(domain) & Domain("date_ended", "=", False)
        domain &= Domain("date_due", "!=", False) | Domain("is_overdue", "=", True)
        numbers = ["__count", "due_state:late", "due_state:soon"]
        return {
            str(group.id if isinstance(group, models.BaseModel) else group): {
                "ok": count - late - soon,
                "soon": soon,
                "late": late,
            }
            for group, count, late, soon in self._read_group(
                domain, [group_by], numbers
            )
        }

    def _read_group_select(self, aggregate_spec, query):
        """Let what is late, or due soon (Art. 11.4), be counted beside all at once."""
        name, _colon, urgency = aggregate_spec.partition(":")
        if name != "due_state" or urgency not in ("late", "soon"):
            return super()._read_group_select(aggregate_spec, query)
        domain = Domain("due_state", "=", urgency).optimize_full(self)
        return SQL(
            "COUNT(*) FILTER (WHERE %s)", domain._to_sql(self, self._table, query)
        )
