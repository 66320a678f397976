from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


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
    # Counts the bars above the board's columns without reading the requests themselves
    _stage_due_idx = models.Index(
        "(stage_id, date_due) INCLUDE (is_overdue, date_ended, date_closed, secrecy) "
        "WHERE date_ended IS NULL"
    )

    @api.depends("transfer_ids.is_open", "transfer_ids.role")
    def _compute_open_transfer_id(self):
        for ticket in self:
            ticket.open_transfer_id = ticket.transfer_ids.filtered(
                lambda slip: slip.is_open and slip.role == "lead"
            )[:1]

    @api.depends("round", "transfer_ids.is_overdue", "transfer_ids.round")
    def _compute_is_overdue(self):
        """Art. 11.4: late stays late, also when the result came afterwards."""
        for ticket in self:
            late = ticket.transfer_ids.filtered(
                lambda slip: slip.is_overdue and slip.role == "lead"
            )
            ticket.was_overdue = bool(late)
            late = late.filtered(lambda slip, ticket=ticket: slip.round == ticket.round)
            ticket.is_overdue = bool(late)
            ticket.date_overdue = min(late.mapped("date_overdue"), default=False)

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
        for ticket in self:
            slip = ticket.open_transfer_id
            overdue = ticket.is_overdue and not ticket.date_ended
            ticket.is_late = overdue or slip.due_state == "late"
            ticket.due_state = "late" if ticket.is_late else slip.due_state
            ticket.due_text = slip.due_text
            if overdue and ticket.date_overdue:
                hours = (now - ticket.date_overdue).total_seconds() / 3600
                text = self.env._("%s late", format_span(hours, 24))
                if slip.level and slip.level != "focal":
                    text = self.env._(
                        "%(late)s · now with: %(level)s",
                        late=text,
                        level=levels[slip.level],
                    )
                ticket.due_text = text

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
        # When its open slip is due stands on a request, too
        due = ~late & Domain("date_due", ">", now)
        soon = self.env["pakn.transfer"]._get_soon_domain(
            now, "open_transfer_id.unit_id"
        )
        if "soon" in value:
            domains.append(due & soon)
        if "ok" in value:
            domains.append(due & ~soon)
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
        due = Domain("date_due", "!=", False) | Domain("is_overdue", "=", True)
        counts = {}

        def put(group, **numbers):
            key = str(group.id if isinstance(group, models.BaseModel) else group)
            counts.setdefault(key, dict.fromkeys(progress_bar["colors"], 0))
            counts[key].update(numbers)

        for group, count, late in self._read_group(
            domain & due, [group_by], ["__count", "is_late:count"]
        ):
            put(group, late=late, ok=count - late)
        for group, count in self._read_group(
            domain & Domain("due_state", "=", "soon"), [group_by], ["__count"]
        ):
            put(group, soon=count)
        for by_urgency in counts.values():
            by_urgency["ok"] -= by_urgency["soon"]
        return counts

    def _read_group_select(self, aggregate_spec, query):
        """Let what is late now (Art. 11.4) be counted beside all, in one reading."""
        if aggregate_spec != "is_late:count":
            return super()._read_group_select(aggregate_spec, query)
        date_ended, is_overdue, date_due = (
            self._field_to_sql(self._table, name, query)
            for name in ("date_ended", "is_overdue", "date_due")
        )
        return SQL(
            "COUNT(*) FILTER (WHERE %s IS NULL AND (%s IS TRUE OR %s <= %s))",
            date_ended,
            is_overdue,
            date_due,
            fields.Datetime.now(),
        )
