from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, clean_context, plaintext2html

from ..tools import acts
from ..tools.span import split_span

# Working hours before its end from which a slip is urgent
HOURS_SOON = 2


class PaknTransfer(models.Model):
    """A slip (phiếu chuyển): one request in the hands of one unit at one level.

    ``date_due`` is always the moment that counts now: the deadline, then the
    appointment, then the extension. Slips are created by the operations of the
    request and never deleted. Who may respond: see ``_compute_can_respond``.

    A unit reads the request as long as it *holds* it (``is_held``): its slip is open,
    or gave the result of the present round. A slip that was returned or taken back,
    that expired or whose answer is overtaken remains the unit's, with title, content
    and place as they were when it ended; the request itself, its files and what comes
    after are no longer the unit's to read.

    Its rooms:
    ``pakn.transfer.acts`` (operations), ``pakn.transfer.clock`` (Art. 10.5, 11),
    ``pakn.transfer.hours`` (changed hours, units that end), ``pakn.transfer.talk`` and
    ``pakn.transfer.board``.
    """

    _name = "pakn.transfer"
    _description = "Slip"
    _inherit = [
        "pakn.transfer.acts",
        "pakn.transfer.clock",
        "pakn.transfer.hours",
        "pakn.transfer.board",
        "pakn.transfer.talk",
        "pakn.act.mixin",
        "pakn.thread",
        "pakn.kept",
    ]
    _order = "date_sent desc, id desc"
    _mail_post_access = "read"
    _rec_names_search = ["ticket_id.found_by", "unit_id.name"]

    ticket_id = fields.Many2one(
        "pakn.ticket",
        string="Request",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
        procedure=True,
    )
    unit_id = fields.Many2one(
        "pakn.unit",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
        procedure=True,
    )
    level = fields.Selection(
        [
            ("focal", "Focal point"),
            ("head", "Head"),
            ("province", "Provincial People's Committee"),
        ],
        required=True,
        default="focal",
        readonly=True,
        procedure=True,
    )
    role = fields.Selection(
        [("lead", "Lead"), ("support", "Supporting")],
        required=True,
        default="lead",
        readonly=True,
        procedure=True,
    )
    state = fields.Selection(
        [
            ("sent", "Sent"),
            ("acknowledged", "Acknowledged"),
            ("scheduled", "Appointment"),
            ("extended", "Extended"),
            ("answered", "Answered"),
            ("returned", "Returned"),
            ("expired", "Expired"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="sent",
        readonly=True,
        index=True,
        procedure=True,
    )
    is_open = fields.Boolean(
        compute="_compute_is_open",
        store=True,
        precompute=True,
        procedure=True,
    )
    is_held = fields.Boolean(
        string="Holds the request",
        compute="_compute_is_held",
        store=True,
        precompute=True,
        procedure=True,
        help="Open, or the result of the present round: the unit reads the request.",
    )
    round = fields.Integer(
        default=1,
        readonly=True,
        procedure=True,
    )
    previous_id = fields.Many2one(
        "pakn.transfer",
        string="Escalated from",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        procedure=True,
    )
    next_ids = fields.One2many(
        "pakn.transfer", "previous_id", readonly=True, procedure=True
    )
    delegate_user_ids = fields.Many2many(
        "res.users",
        "pakn_transfer_delegate_rel",
        string="Delegated to",
        readonly=True,
        procedure=True,
    )
    note = fields.Text(
        string="Message to the unit",
        readonly=True,
        procedure=True,
    )
    reason = fields.Text(
        readonly=True,
        help="Why the slip was returned or the time extended.",
        procedure=True,
    )
    result = fields.Html(
        readonly=True,
        procedure=True,
    )

    # Art. 11
    date_sent = fields.Datetime(
        string="Sent on",
        required=True,
        readonly=True,
        default=fields.Datetime.now,
        procedure=True,
    )
    date_deadline = fields.Datetime(
        string="Deadline",
        required=True,
        readonly=True,
        procedure=True,
    )
    is_date_directed = fields.Boolean(
        string="Directed by a date",
        readonly=True,
        help="The provincial office set the deadline, not the count of hours.",
        procedure=True,
    )
    date_promised = fields.Datetime(
        string="Appointment",
        readonly=True,
        procedure=True,
    )
    date_extended = fields.Datetime(
        string="Extended until",
        readonly=True,
        procedure=True,
    )
    extension_count = fields.Integer(
        string="Extensions",
        readonly=True,
        procedure=True,
    )
    date_due = fields.Datetime(
        string="Due on",
        compute="_compute_date_due",
        store=True,
        precompute=True,
        procedure=True,
    )
    date_reminder = fields.Datetime(
        string="Reminder on",
        compute="_compute_date_reminder",
        store=True,
        precompute=True,
        help="So many hours before an appointment or extension ends (Art. 10.5), or "
        "when most of the time to answer is used.",
        procedure=True,
    )
    is_reminded = fields.Boolean(
        string="Reminded",
        readonly=True,
        procedure=True,
    )
    result_attachment_ids = fields.Many2many(
        "ir.attachment",
        "pakn_transfer_attachment_rel",
        string="Files of the unit",
        readonly=True,
        copy=False,
        procedure=True,
    )
    date_responded = fields.Datetime(
        string="Responded on",
        readonly=True,
        procedure=True,
    )
    date_first = fields.Datetime(
        string="First response on",
        readonly=True,
        help="When the unit first gave an appointment, a result or the slip back.",
        procedure=True,
    )
    date_closed = fields.Datetime(
        string="Closed on",
        readonly=True,
        help="When the slip was answered, returned or cancelled, or expired.",
        procedure=True,
    )
    is_first = fields.Boolean(
        string="Begins a matter",
        compute="_compute_is_first",
        store=True,
        precompute=True,
        help="Not set on a slip that the same unit got of what it had already: its "
        "head's after its focal point's, or a result given back.",
        procedure=True,
    )
    is_rework = fields.Boolean(
        string="Result given back",
        readonly=True,
        help="The operator gave the unit's result back before it was sent.",
        procedure=True,
    )
    is_referred = fields.Boolean(
        string="Referred",
        readonly=True,
        procedure=True,
        help="An operator referred the request to the provincial office (Art. 10.4.2).",
    )
    urge_count = fields.Integer(
        string="Times urged",
        readonly=True,
        procedure=True,
    )
    # Art. 11.4, once: every screen and report counts these
    is_overdue = fields.Boolean(
        string="Overdue",
        readonly=True,
        procedure=True,
    )
    date_overdue = fields.Datetime(
        string="Overdue since",
        readonly=True,
        procedure=True,
    )
    timeliness = fields.Selection(
        [("in_time", "In time"), ("late", "Late")],
        readonly=True,
        help="Late: the level's time, the appointment or the extension passed without "
        "a result. In time: answered or appointed within the level's time, and not "
        "late since. Empty: not due yet, or returned or cancelled before.",
        procedure=True,
    )
    date_judged = fields.Datetime(
        string="Judged on",
        readonly=True,
        help="The moment that counts for the statistics: the level's deadline of what "
        "is in time, the beginning of the delay of what is late.",
        procedure=True,
    )
    due_state = fields.Selection(
        [("ok", "In time"), ("soon", "Due soon"), ("late", "Late")],
        string="Urgency",
        compute="_compute_due",
        search="_search_due_state",
    )
    due_text = fields.Char(string="Time left", compute="_compute_due")
    used_text = fields.Char(string="Time used", compute="_compute_used_text")

    # For the people of the unit, who read the slip and not always the request
    code = fields.Char(related="ticket_id.name")
    ticket_title = fields.Char(
        string="Title", compute="_compute_content", compute_sudo=True
    )
    description = fields.Html(
        string="Content", compute="_compute_content", compute_sudo=True
    )
    category_id = fields.Many2one(related="ticket_id.category_id")
    area_id = fields.Many2one(related="ticket_id.area_id")
    address = fields.Char(
        string="Place of the matter", compute="_compute_content", compute_sudo=True
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        string="Attachments",
        compute="_compute_attachment_ids",
        compute_sudo=True,
    )
    secrecy = fields.Selection(related="ticket_id.secrecy")
    citizen_name = fields.Char(string="Citizen", compute="_compute_citizen")
    citizen_phone = fields.Char(string="Citizen's phone", compute="_compute_citizen")
    can_respond = fields.Boolean(
        compute="_compute_can_respond", search="_search_can_respond"
    )
    is_mine = fields.Boolean(
        string="Of my units",
        compute="_compute_is_mine",
        search="_search_is_mine",
        help="Of a unit whose people the reader is among, or delegated to the reader.",
    )

    # What the clock looks for each minute; in the words of the ORM's own conditions,
    # for a partial index serves those alone.
    _due_idx = models.Index(
        "(date_due, id) WHERE is_open IS TRUE AND is_overdue IS NOT TRUE"
    )
    _reminder_idx = models.Index(
        "(date_reminder) WHERE is_open IS TRUE AND is_reminded IS NOT TRUE"
    )
    _unit_open_idx = models.Index("(unit_id, date_due) WHERE is_open IS TRUE")
    _date_sent_idx = models.Index("(date_sent)")
    _date_closed_idx = models.Index("(date_closed, date_sent)")
    _not_closed_idx = models.Index("(date_sent) WHERE date_closed IS NULL")
    _judged_idx = models.Index("(date_judged, unit_id) WHERE date_judged IS NOT NULL")
    # What a level let expire of requests: few, and looked for by every board
    _overdue_idx = models.Index("(ticket_id) WHERE is_overdue IS TRUE")
    _one_open_lead = models.UniqueIndex(
        "(ticket_id) WHERE is_open AND role = 'lead'",
        "A request lies with one lead unit at a time.",
    )

    # ------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------

    @api.depends("state")
    def _compute_is_open(self):
        for slip in self:
            slip.is_open = slip.state in acts.SLIP_OPEN

    @api.depends("is_open", "state", "round", "ticket_id.round", "next_ids.is_rework")
    def _compute_is_held(self):
        for slip in self:
            slip.is_held = slip.is_open or (
                slip.state == "answered"
                and slip.round == slip.ticket_id.round
                and not any(following.is_rework for following in slip.next_ids)
            )

    @api.depends(
        "is_held",
        "date_closed",
        "ticket_id.title",
        "ticket_id.description",
        "ticket_id.address",
    )
    def _compute_content(self):
        """What the request says; what it said when the unit ceased to hold it."""
        corrected = self.filtered(lambda slip: not slip.is_held)._get_corrected_since()
        for slip in self:
            ticket, then = slip.ticket_id, corrected.get(slip, {})
            slip.ticket_title = then.get("title", ticket.title)
            slip.address = then.get("address", ticket.address)
            slip.description = (
                plaintext2html(then["description"])
                if "description" in then
                else ticket.description
            )

    @api.depends("is_held", "ticket_id.attachment_ids")
    def _compute_attachment_ids(self):
        for slip in self:
            slip.attachment_ids = slip.is_held and slip.ticket_id.attachment_ids

    def _get_corrected_since(self):
        """Return ``{slip: {field: text}}`` of what was corrected after they closed.

        The record of acts keeps what stood there before.
        """
        if not self:
            return {}
        events = self.env["pakn.event"].search_fetch(
            [("ticket_id", "in", self.ticket_id.ids), ("kind", "=", "updated")],
            ["ticket_id", "date", "payload"],
            order="ticket_id, sequence",
        )
        by_ticket = events.grouped("ticket_id")
        found = {slip: {} for slip in self}
        for slip, then in found.items():
            for event in by_ticket.get(slip.ticket_id, ()):
                if event.date > slip.date_closed:
                    for name, (before, _after) in (event.payload or {}).items():
                        then.setdefault(name, before)
        return found

    @api.depends("date_deadline", "date_promised", "date_extended")
    def _compute_date_due(self):
        for slip in self:
            slip.date_due = (
                slip.date_extended or slip.date_promised or slip.date_deadline
            )

    @api.depends("date_deadline", "date_promised", "date_extended")
    def _compute_date_reminder(self):
        """Art. 10.5: 24 hours (setting) before the time given ends; before that, when
        a share (setting, 75 %) of the time to answer is used, in working time."""
        hours = self._get_setting("reminder_hours", 24.0)
        share = self._get_setting("reminder_share", 75.0) / 100
        for slip in self:
            end = slip.date_extended or slip.date_promised
            if end:
                slip.date_reminder = end - timedelta(hours=hours)
            else:
                clock = slip.unit_id._get_calendar()._get_working_time()
                granted = clock.between(slip.date_sent, slip.date_deadline)
                slip.date_reminder = clock.add(slip.date_sent, granted * share)

    @api.depends("date_due", "is_open")
    def _compute_due(self):
        """Say in words how much working time is left, or how long it is late.

        What is left is counted in working hours, eight of them to a day, as Art. 11
        grants it; what is late in hours of the wall clock, as the citizen waits.
        """
        now = fields.Datetime.now()
        for slip in self:
            if not slip.is_open or not slip.date_due:
                slip.due_state = slip.due_text = False
            elif slip.date_due <= now:
                slip.due_state = "late"
                late = (slip.date_due - now).total_seconds() / -3600
                slip.due_text = self.env._("%s late", self._format_span(late, 24))
            else:
                calendar = slip.unit_id._get_calendar()
                left = calendar._get_working_time().between(now, slip.date_due)
                slip.due_state = "soon" if left <= HOURS_SOON else "ok"
                slip.due_text = self.env._(
                    "%s of work left", self._format_span(left, 8)
                )

    @api.model
    def _search_due_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        due = Domain("is_open", "=", True) & Domain("date_due", "!=", False)
        domains = {
            "late": due & Domain("date_due", "<=", now),
            False: ~due,
        }
        due &= Domain("date_due", ">", now)
        domains["soon"] = due & self._get_soon_domain(now)
        domains["ok"] = due & ~self._get_soon_domain(now)
        return Domain.OR(domains[key] for key in value if key in domains)

    @api.model
    def _get_soon_domain(self, now):
        """Return which slips have :data:`HOURS_SOON` of their unit's work left."""
        # sudo: whose hours count is no secret
        units = self.env["pakn.unit"].sudo()
        own = units._read_group(
            [("resource_calendar_id", "!=", False)], ["resource_calendar_id"]
        )
        calendars = [calendar for [calendar] in own]
        # The second more: due when work goes on is due when it paused
        hours = HOURS_SOON + 1 / 3600
        default = units._get_default_calendar()._get_working_time()
        soon = Domain("date_due", "<", default.add(now, hours))
        if not calendars:
            return soon
        field = "unit_id.resource_calendar_id"
        return (soon & Domain(field, "=", False)) | Domain.OR(
            Domain(field, "=", calendar.id)
            & Domain("date_due", "<", calendar._get_working_time().add(now, hours))
            for calendar in calendars
        )

    @api.depends("date_sent", "date_due", "date_responded", "is_open")
    def _compute_used_text(self):
        """Say how many working hours of those granted are used, eight to a day.

        Of an open slip until now, of an answered one until the answer.
        """
        now = fields.Datetime.now()
        for slip in self:
            end = now if slip.is_open else slip.date_responded
            if not end or not slip.date_due:
                slip.used_text = False
                continue
            clock = slip.unit_id._get_calendar()._get_working_time()
            slip.used_text = self.env._(
                "%(used)s of %(granted)s of work",
                used=self._format_span(clock.between(slip.date_sent, end), 8),
                granted=self._format_span(
                    clock.between(slip.date_sent, slip.date_due), 8
                ),
            )

    def _format_span(self, hours, hours_per_day):
        """Return a number of hours as days and hours, or hours and minutes."""
        days, hours, minutes = split_span(hours, hours_per_day)
        if days and hours:
            return self.env._("%(days)s d %(hours)s h", days=days, hours=hours)
        if days:
            return self.env._("%s d", days)
        if hours:
            return self.env._(
                "%(hours)s h %(minutes)s min", hours=hours, minutes=minutes
            )
        return self.env._("%(minutes)s min", minutes=minutes)

    @api.depends("code", "unit_id.name")
    def _compute_display_name(self):
        for slip in self:
            slip.display_name = f"{slip.code} · {slip.unit_id.name}"

    @api.depends_context("uid")
    @api.depends("ticket_id.citizen_name", "ticket_id.citizen_phone")
    def _compute_citizen(self):
        """Name and phone in the rights of who reads: pakn_ticket_citizen.py."""
        for slip in self:
            slip.citizen_name = slip.ticket_id.citizen_name
            slip.citizen_phone = slip.ticket_id.citizen_phone

    @api.depends("previous_id")
    def _compute_is_first(self):
        for slip in self:
            slip.is_first = slip.previous_id.unit_id != slip.unit_id

    @api.depends_context("uid")
    @api.depends("is_open", "level", "unit_id.access_user_ids", "delegate_user_ids")
    def _compute_can_respond(self):
        """Level ``focal``: the people of the unit and of those above it; ``head``:
        its head, the heads above, and whom the head delegated; ``province``: the
        people of the provincial office. The manager may stand in for each."""
        for slip in self:
            slip.can_respond = slip.is_open and slip._is_responder()

    def _is_responder(self):
        """Return whether the caller may respond to this slip while it is open."""
        self.ensure_one()
        user = self.env.user
        return (
            self.env.su
            or user.has_group("pakn_1022.group_manager")
            or user in self._get_responders()
        )

    def _get_responders(self):
        """Return the users who may respond to this slip."""
        self.ensure_one()
        if self.level != "head":
            return self.unit_id.access_user_ids
        users = self.delegate_user_ids
        unit = self.unit_id
        while unit:
            users |= unit.head_user_id
            unit = unit.parent_id
        return users

    def _get_recipients(self):
        """Return the users who are told of this slip: those it is addressed to."""
        self.ensure_one()
        if self.level == "head":
            people = self.unit_id.head_user_id | self.delegate_user_ids
            return people.filtered("active")
        return self.unit_id._get_people()

    def _get_recipient_emails(self):
        """Return the addresses of those who are told, as a mail's ``To``."""
        return ",".join(
            user.email_formatted for user in self._get_recipients() if user.email
        )

    @api.model
    def _search_can_respond(self, operator, value):
        if operator != "in":
            return NotImplemented
        user = self.env.user
        mine = Domain("is_open", "=", True)
        if not (self.env.su or user.has_group("pakn_1022.group_manager")):
            units = self._get_own_unit_ids()
            headed = self._get_headed_unit_ids()
            mine &= (
                (Domain("level", "!=", "head") & Domain("unit_id", "in", units))
                | (Domain("level", "=", "head") & Domain("unit_id", "in", headed))
                | (Domain("level", "=", "head") & self._get_delegated_domain())
            )
        return Domain.OR(mine if can_respond else ~mine for can_respond in value)

    @api.depends_context("uid")
    @api.depends("unit_id", "delegate_user_ids")
    def _compute_is_mine(self):
        units = set(self._get_own_unit_ids())
        # sudo: the rights of slips are decided by this
        for slip, slip_sudo in zip(self, self.sudo(), strict=True):
            slip.is_mine = slip_sudo.unit_id.id in units or (
                self.env.user in slip_sudo.delegate_user_ids
            )

    @api.model
    def _search_is_mine(self, operator, value):
        """Find by ids, so that PostgreSQL reads two indexes and not all slips."""
        if operator != "in":
            return NotImplemented
        units = self._get_own_unit_ids()
        mine = Domain("unit_id", "in", units) | self._get_delegated_domain()
        return Domain.OR(mine if is_mine else ~mine for is_mine in value)

    @api.model
    def _get_own_unit_ids(self):
        """Return the ids of the units whose slips the user reads, ended ones too."""
        self.env["pakn.unit"].flush_model(["access_user_ids"])
        rows = self.env.execute_query(
            SQL(
                "SELECT pakn_unit_id FROM pakn_unit_access_user_rel "
                "WHERE res_users_id = %s",
                self.env.uid,
            )
        )
        return [number for [number] in rows]

    @api.model
    def _get_headed_unit_ids(self):
        """Return the ids of the units that the user heads, and of those below."""
        # sudo: pakn.unit - who heads which unit is no secret
        units = self.env["pakn.unit"].sudo().with_context(active_test=False)
        headed = units.search([("head_user_id", "=", self.env.uid)])
        return units.search([("id", "child_of", headed.ids)]).ids if headed else []

    @api.model
    def _get_delegated_domain(self):
        """Return the slips that were delegated to the user, as ids: they are few."""
        rows = self.env.execute_query(
            SQL(
                "SELECT pakn_transfer_id FROM pakn_transfer_delegate_rel "
                "WHERE res_users_id = %s",
                self.env.uid,
            )
        )
        return Domain("id", "in", [number for [number] in rows])

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Create slips; the acts of :meth:`_hand_out` do, which record it."""
        self._check_writable(set().union(*vals_list))
        # The database holds one open lead slip a request; the old one must be seen
        # closed before the new one is inserted.
        self.flush_model(["state", "is_open", "role"])
        # No default from a dialog's context gets into a slip. That it was sent stands
        # in the record of acts, and the outbox tells whom it concerns: mail's own note,
        # follower and tracking would double the time.
        self = self.with_context(
            clean_context(self.env.context),
            mail_create_nolog=True,
            mail_create_nosubscribe=True,
            tracking_disable=True,
        )
        return super().create(vals_list)

    @api.model
    def _hand_out(self, vals_list, events=()):
        """Create slips and record it, after the acts that led to it.

        :param events: values of those acts, as of :meth:`_prepare_event`
        """
        slips = self.create(vals_list)
        handed_out = [
            slip._prepare_event(
                "transferred",
                note=slip.note,
                to_state=acts.STATE_OF_LEVEL[slip.level]
                if slip.role == "lead"
                else None,
                payload={
                    "level": slip.level,
                    "role": slip.role,
                    "date_deadline": fields.Datetime.to_string(slip.date_deadline),
                },
            )
            for slip in slips
        ]
        self.env["pakn.event"]._append([*events, *handed_out])
        return slips

    def write(self, vals):
        """Refuse what no act writes.

        :raise AccessError: a slip is written by acts alone (Art. 9)
        """
        self._check_writable(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("A slip is a record and cannot be deleted."))

    # ------------------------------------------------------------
    # BUTTONS
    # ------------------------------------------------------------

    def action_acknowledge(self):
        self.acknowledge()
        return self._say_done("acknowledged")

    def action_answer(self):
        return self._open_dialog("answer", self.env._("Result"))

    def action_schedule(self):
        return self._open_dialog("schedule", self.env._("Appointment"))

    def action_extend(self):
        return self._open_dialog("extend", self.env._("Extension"))

    def action_give_back(self):
        return self._open_dialog("give_back", self.env._("Return the slip"))

    def action_delegate(self):
        return self._open_dialog("delegate", self.env._("Delegate"))

    def action_escalate(self):
        return self.escalate()

    def action_recall(self):
        return self._open_reason_dialog("recall", self.env._("Take the slip back"))

    def action_urge(self):
        return self._open_reason_dialog("urge", self.env._("Urge the unit"))

    def action_open_ticket(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "pakn.ticket",
            "res_id": self.ticket_id.id,
            "view_mode": "form",
        }

    def _open_reason_dialog(self, operation, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "pakn.ticket.reason",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_transfer_ids": self.ids,
                "default_operation": operation,
            },
        }

    def _open_dialog(self, operation, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "pakn.transfer.respond",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_transfer_ids": self.ids,
                "default_operation": operation,
            },
        }
