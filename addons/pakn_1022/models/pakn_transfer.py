from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import clean_context

# Working hours before its end from which a slip is urgent
HOURS_SOON = 2
OPEN_STATES = ("sent", "acknowledged", "scheduled", "extended")

# What the clock tells units of, not a person
CLOCK_EVENTS = ("escalated", "nearly_due", "reminder")
TICKET_STATE_OF_LEVEL = {
    "focal": "transferred",
    "head": "escalated_head",
    "province": "escalated_province",
}


class PaknTransfer(models.Model):
    """A slip (phiếu chuyển): one request in the hands of one unit at one level.

    ``date_due`` is always the moment that counts now: the deadline, then the
    appointment, then the extension. Slips are created by the operations of the
    request and never deleted. Who may respond: see ``_compute_can_respond``.
    """

    _name = "pakn.transfer"
    _description = "Slip"
    _inherit = ["mail.thread", "mail.activity.mixin", "pakn.kept"]
    _order = "date_sent desc, id desc"
    _mail_post_access = "read"
    _rec_names_search = ["ticket_id.name", "ticket_id.title", "unit_id.name"]

    ticket_id = fields.Many2one(
        "pakn.ticket",
        string="Request",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
    )
    unit_id = fields.Many2one(
        "pakn.unit", required=True, index=True, ondelete="restrict", readonly=True
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
    )
    role = fields.Selection(
        [("lead", "Lead"), ("support", "Supporting")],
        required=True,
        default="lead",
        readonly=True,
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
    )
    is_open = fields.Boolean(compute="_compute_is_open", store=True, precompute=True)
    round = fields.Integer(default=1, readonly=True)
    previous_id = fields.Many2one(
        "pakn.transfer",
        string="Escalated from",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    delegate_user_ids = fields.Many2many(
        "res.users",
        "pakn_transfer_delegate_rel",
        string="Delegated to",
        readonly=True,
    )
    note = fields.Text(string="Message to the unit", readonly=True)
    reason = fields.Text(
        readonly=True, help="Why the slip was returned or the time extended."
    )
    result = fields.Html(readonly=True)

    # Art. 11
    date_sent = fields.Datetime(
        string="Sent on", required=True, readonly=True, default=fields.Datetime.now
    )
    date_deadline = fields.Datetime(string="Deadline", required=True, readonly=True)
    is_date_directed = fields.Boolean(
        string="Directed by a date",
        readonly=True,
        help="The provincial office set the deadline, not the count of hours.",
    )
    date_promised = fields.Datetime(string="Appointment", readonly=True)
    date_extended = fields.Datetime(string="Extended until", readonly=True)
    extension_count = fields.Integer(string="Extensions", readonly=True)
    date_due = fields.Datetime(
        string="Due on", compute="_compute_date_due", store=True, precompute=True
    )
    date_reminder = fields.Datetime(
        string="Reminder on",
        compute="_compute_date_reminder",
        store=True,
        help="So many hours before an appointment or extension ends (Art. 10.5), or "
        "when most of the time to answer is used.",
    )
    is_reminded = fields.Boolean(string="Reminded", readonly=True)
    result_attachment_ids = fields.Many2many(
        "ir.attachment",
        "pakn_transfer_attachment_rel",
        string="Files of the unit",
        readonly=True,
        copy=False,
    )
    date_responded = fields.Datetime(string="Responded on", readonly=True)
    is_overdue = fields.Boolean(string="Overdue", readonly=True)
    date_overdue = fields.Datetime(string="Overdue since", readonly=True)
    due_state = fields.Selection(
        [("ok", "In time"), ("soon", "Due soon"), ("late", "Late")],
        string="Urgency",
        compute="_compute_due",
        search="_search_due_state",
    )
    due_text = fields.Char(string="Time left", compute="_compute_due")
    used_text = fields.Char(string="Time used", compute="_compute_used_text")

    # For the people of the unit, who read the slip and not the request. What changes
    # there is tracked there, not once more on each slip.
    ticket_title = fields.Char(
        related="ticket_id.title", string="Title", tracking=False
    )
    ticket_state = fields.Selection(
        related="ticket_id.state", string="Request is", tracking=False
    )
    description = fields.Html(related="ticket_id.description")
    category_id = fields.Many2one(related="ticket_id.category_id", tracking=False)
    area_id = fields.Many2one(related="ticket_id.area_id")
    address = fields.Char(related="ticket_id.address")
    attachment_ids = fields.Many2many(related="ticket_id.attachment_ids")
    secrecy = fields.Selection(related="ticket_id.secrecy", tracking=False)
    citizen_name = fields.Char(string="Citizen", compute="_compute_citizen")
    citizen_phone = fields.Char(string="Citizen's phone", compute="_compute_citizen")
    can_respond = fields.Boolean(
        compute="_compute_can_respond", search="_search_can_respond"
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
            slip.is_open = slip.state in OPEN_STATES

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
        hours = self._get_setting_hours("reminder_hours", 24)
        share = self._get_setting_hours("reminder_share", 75) / 100
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
            elif slip.date_due < now:
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
            "late": due & Domain("date_due", "<", now),
            False: ~due,
        }
        due &= Domain("date_due", ">=", now)
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
        minutes = round(hours * 60)
        per_day = hours_per_day * 60
        days, hours, minutes = minutes // per_day, minutes % per_day // 60, minutes % 60
        if days and hours:
            return self.env._("%(days)s d %(hours)s h", days=days, hours=hours)
        if days:
            return self.env._("%s d", days)
        if hours:
            return self.env._(
                "%(hours)s h %(minutes)s min", hours=hours, minutes=minutes
            )
        return self.env._("%(minutes)s min", minutes=minutes)

    @api.depends("ticket_id.name", "unit_id.name")
    def _compute_display_name(self):
        for slip in self:
            slip.display_name = f"{slip.ticket_id.name} · {slip.unit_id.name}"

    @api.depends_context("uid")
    @api.depends("ticket_id.citizen_name", "ticket_id.citizen_phone")
    def _compute_citizen(self):
        """Name and phone in the rights of who reads: pakn_ticket_citizen.py."""
        for slip in self:
            slip.citizen_name = slip.ticket_id.citizen_name
            slip.citizen_phone = slip.ticket_id.citizen_phone

    @api.depends_context("uid")
    @api.depends("is_open", "level", "unit_id.access_user_ids", "delegate_user_ids")
    def _compute_can_respond(self):
        """Level ``focal``: the people of the unit and of those above it; ``head``:
        its head, the heads above, and whom the head delegated; ``province``: the
        people of the provincial office. The manager may stand in for each."""
        user = self.env.user
        stand_in = self.env.su or user.has_group("pakn_1022.group_manager")
        for slip in self:
            slip.can_respond = slip.is_open and (
                stand_in or user in slip._get_responders()
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
            return self.unit_id.head_user_id | self.delegate_user_ids
        return self.unit_id.focal_user_ids or self.unit_id.head_user_id

    def _get_recipient_emails(self):
        """Return the addresses of those who are told, as a mail's ``To``."""
        return ",".join(
            user.email_formatted for user in self._get_recipients() if user.email
        )

    @api.model
    def _search_can_respond(self, operator, value):
        if operator != "in":
            return NotImplemented
        slips = self.search(
            [("is_open", "=", True), ("unit_id.access_user_ids", "in", self.env.uid)]
        ) | self.search(
            [("is_open", "=", True), ("delegate_user_ids", "in", self.env.uid)]
        )
        return [("id", "in", slips.filtered("can_respond").ids)]

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # The database holds one open lead slip a request; the old one must be seen
        # closed before the new one is inserted.
        self.flush_model(["state", "is_open", "role"])
        # No default from a dialog's context gets into a slip.
        self = self.with_context(clean_context(self.env.context))
        slips = super().create(vals_list)
        self.env["pakn.event"]._append(
            [
                slip._prepare_event(
                    "transferred",
                    note=slip.note,
                    to_state=TICKET_STATE_OF_LEVEL[slip.level]
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
        )
        return slips

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("A slip is a record and cannot be deleted."))

    # ------------------------------------------------------------
    # OPERATIONS OF THE UNIT (ART. 10.2, 10.3, 10.4)
    # ------------------------------------------------------------

    def acknowledge(self):
        """Confirm that the slip has been received."""
        self._start_act(("sent",))
        self._log_slip_event("acknowledged")
        self.sudo().write({"state": "acknowledged"})  # sudo: checked above
        return True

    def answer(self, result):
        """Give the result (Art. 10.2.1, 10.2.2); the lead unit's ends the handling.

        :param str result: HTML
        """
        self._start_act(OPEN_STATES)
        if not self.env["pakn.ticket"]._has_text(result):
            raise ValidationError(self.env._("The result is empty."))
        slips = self.sudo()  # sudo: the right was checked above
        lead = slips.filtered(lambda slip: slip.role == "lead")
        lead._log_slip_event("responded", to_state="answered")
        (slips - lead)._log_slip_event("responded")
        slips._close("answered", result=result)
        lead.ticket_id.write(
            {
                "state": "answered",
                "result": result,
                "date_result": fields.Datetime.now(),
            }
        )
        self.env["pakn.ticket"]._set_result_files(
            {
                slip.ticket_id: slip.result_attachment_ids
                for slip in lead
                if slip.result_attachment_ids
            }
        )
        send = self._get_setting("auto_send_result", "False")
        if lead and send.lower() in ("true", "1"):
            lead.ticket_id._send_result()
        return True

    def add_files(self, attachment_ids):
        """Add files to slips that are open: what shows the result, or why it is late.

        :param list attachment_ids: ids of ``ir.attachment`` that the caller has just
            uploaded; with the lead unit's result they go to the citizen
        """
        self._start_act(OPEN_STATES)
        files = self.env["ir.attachment"].browse(attachment_ids or ())
        if not files:
            return True
        self._log_slip_event("attached", payload={"files": files._describe_files()})
        for slip, attachments in files._attach_to(self).items():
            # sudo: the right was checked above
            slip.sudo().result_attachment_ids |= attachments
        return True

    def schedule(self, date_promised, note=None):
        """Promise the result for a day: the appointment of Art. 10.2.2, once.

        :param datetime date_promised: UTC, later than now
        :param str note: told to the operator
        """
        self._start_act(("sent", "acknowledged"))
        date_promised = self._parse_future(date_promised)
        self._set_due("scheduled", {"date_promised": date_promised}, note)
        return True

    def extend(self, date_extended, reason):
        """Put off an appointment, at most once for a unit (Art. 11.3).

        :param datetime date_extended: UTC, later than now and than the appointment
        :param str reason: why
        """
        self._start_act(("scheduled", "extended"))
        date_extended = self._parse_future(date_extended)
        reason = self.env["pakn.ticket"]._check_reason(reason)
        limit = int(self._get_setting("extension_limit", "1"))
        for slip in self:
            if date_extended <= slip.date_due:
                raise ValidationError(
                    self.env._("An extension ends later than the appointment.")
                )
            if slip._count_extensions() >= limit:
                raise UserError(
                    self.env._(
                        "%(code)s has been extended already; a unit may put off an "
                        "appointment %(limit)s time(s) at most (Art. 11.3).",
                        code=slip.ticket_id.name,
                        limit=limit,
                    )
                )
        for slip in self.sudo():  # sudo: the right was checked above
            slip.extension_count += 1
        self.sudo().write({"reason": reason})
        self._set_due("extended", {"date_extended": date_extended}, reason)
        return True

    def _count_extensions(self):
        """Return how often the unit has put off this request's appointment (11.3)."""
        self.ensure_one()
        # sudo: the extensions of the unit at every level count
        return sum(
            self.sudo()
            .ticket_id.transfer_ids.filtered(
                lambda other: (
                    other.unit_id == self.unit_id and other.round == self.round
                )
            )
            .mapped("extension_count")
        )

    def _can_extend(self):
        """Return whether :meth:`extend` may still be used on this slip (Art. 11.3)."""
        self.ensure_one()
        limit = int(self._get_setting("extension_limit", "1"))
        return self.state in ("scheduled", "extended") and (
            self._count_extensions() < limit
        )

    def give_back(self, reason):
        """Return the slip as not theirs; the operator hands it on anew.

        :param str reason: why, and whose it might be
        """
        self._start_act(("sent", "acknowledged"))
        if "province" in self.mapped("level"):
            raise UserError(
                self.env._(
                    "The provincial office decides whose a request is; assign it to a "
                    "unit instead (Art. 10.4.2)."
                )
            )
        reason = self.env["pakn.ticket"]._check_reason(reason)
        slips = self.sudo()  # sudo: the right was checked above
        lead = slips.filtered(lambda slip: slip.role == "lead")
        lead._log_slip_event("returned", note=reason, to_state="new")
        (slips - lead)._log_slip_event("returned", note=reason)
        slips._close("returned", reason=reason)
        lead.ticket_id.write({"state": "new", "unit_id": False})
        self._add_todos(
            [
                (
                    slip.ticket_id,
                    slip.ticket_id.user_id,
                    fields.Datetime.now(),
                    self.env._(
                        "Returned by %(unit)s: %(reason)s",
                        unit=slip.unit_id.name,
                        reason=reason,
                    ),
                )
                for slip in lead
                if slip.ticket_id.user_id
            ]
        )
        return True

    def delegate(self, user_ids):
        """Let focal points of the unit answer for its head; the clock goes on.

        :param list user_ids: ids of ``res.users``, focal points of the unit
        """
        self._start_act(OPEN_STATES)
        users = self.env["res.users"].browse(user_ids or ()).exists()
        if not users:
            raise ValidationError(self.env._("Choose whom you delegate to."))
        for slip in self:
            if slip.level == "focal":
                raise UserError(
                    self.env._("A slip of the focal points need not be delegated.")
                )
            if self.env.user in slip.delegate_user_ids:
                raise AccessError(
                    self.env._("Who answers for the head cannot delegate further.")
                )
            strangers = users - slip.unit_id.focal_user_ids
            if strangers:
                raise ValidationError(
                    self.env._(
                        "%(names)s is no focal point of %(unit)s.",
                        names=", ".join(strangers.mapped("name")),
                        unit=slip.unit_id.name,
                    )
                )
        self._log_slip_event("delegated", payload={"users": users.mapped("login")})
        # sudo: the right was checked above
        self.sudo().write({"delegate_user_ids": [fields.Command.set(users.ids)]})
        self._notify_unit("delegated")
        return True

    # ------------------------------------------------------------
    # BUTTONS
    # ------------------------------------------------------------

    def action_acknowledge(self):
        return self.acknowledge()

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

    def action_open_ticket(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "pakn.ticket",
            "res_id": self.ticket_id.id,
            "view_mode": "form",
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

    # ------------------------------------------------------------
    # STEPS THAT OPERATIONS SHARE
    # ------------------------------------------------------------

    def _start_act(self, states):
        """Check that the caller may respond to these slips and their state, lock."""
        if not self:
            raise UserError(self.env._("There is no slip of yours to act on."))
        # sudo: the check below reads slip by slip, so have them all at hand
        self.sudo().fetch(["ticket_id", "unit_id", "state", "delegate_user_ids"])
        self.check_access("read")
        self.ticket_id._lock()
        self._check_state(states)
        foreign = self.filtered(lambda slip: not slip.can_respond)
        if foreign:
            raise AccessError(
                self.env._(
                    "The slip %(code)s is addressed to others: %(unit)s, level "
                    "“%(level)s”.",
                    code=foreign[0].ticket_id.name,
                    unit=foreign[0].unit_id.name,
                    level=self._get_label("level", foreign[0].level),
                )
            )

    def _check_state(self, states):
        wrong = self.filtered(lambda slip: slip.state not in states)
        if wrong:
            raise UserError(
                self.env._(
                    "The slip %(code)s of %(unit)s is in the state “%(state)s”, so "
                    "this cannot be done. Somebody may have been faster; reload the "
                    "page.",
                    code=wrong[0].ticket_id.name,
                    unit=wrong[0].unit_id.name,
                    state=self._get_label("state", wrong[0].state),
                )
            )

    def _get_label(self, name, value):
        return dict(self._fields[name]._description_selection(self.env))[value]

    def _set_due(self, state, values, note):
        """Give slips a new end, tell of the lead's, and record it."""
        slips = self.sudo()  # sudo: the caller has checked the right
        slips.write({"state": state, "is_reminded": False, **values})
        lead = slips.filtered(lambda slip: slip.role == "lead")
        payload = {
            name: fields.Datetime.to_string(value) for name, value in values.items()
        }
        lead._log_slip_event(state, note=note, to_state="scheduled", payload=payload)
        (slips - lead)._log_slip_event(state, note=note, payload=payload)
        lead.ticket_id.write({"state": "scheduled"})
        lead.ticket_id._notify_citizen(state)

    def _close(self, state, responded=True, **values):
        """End slips: state, time of the response, nothing left to do."""
        if responded and state != "cancelled":
            values["date_responded"] = fields.Datetime.now()
        self.write({"state": state, **values})
        # sudo: the activities are those of colleagues
        self.sudo().activity_ids.unlink()

    def _log_slip_event(self, kind, **values):
        """Append one act per slip to the record of its request."""
        return self.env["pakn.event"]._append(
            [slip._prepare_event(kind, **values) for slip in self]
        )

    def _prepare_event(self, kind, **values):
        self.ensure_one()
        return self.ticket_id._prepare_event(
            kind, transfer_id=self.id, unit_id=self.unit_id.id, **values
        )

    @api.model
    def _get_setting(self, name, default):
        # sudo: ir.config_parameter - the settings of the procedure bind everybody
        return (
            self.env["ir.config_parameter"]
            .sudo()
            .get_param(f"pakn_1022.{name}", default)
        )

    @api.model
    def _get_setting_hours(self, name, default):
        return float(self._get_setting(name, default))

    @api.model
    def _get_deadline(self, unit, level, date_sent):
        """Return when a slip is due: so many working hours after it was sent.

        Art. 11.1 and 11.2: 8 working hours for the focal point and for the head, by
        the calendar of the unit; the unit's own hours or those of the settings
        ``focal_hours``, ``head_hours`` and ``province_hours``.

        :param datetime date_sent: UTC, naive
        :return: UTC, naive
        :raise UserError: the calendar has no such working time
        """
        name = f"{level}_hours"
        own = unit[name] if name in unit._fields else 0
        hours = own or self._get_setting_hours(name, 8)
        calendar = unit._get_calendar()
        try:
            return calendar._get_working_time().add(date_sent, hours)
        except ValueError as error:
            # sudo: resource.calendar - its name, for who may not read calendars
            raise UserError(
                self.env._(
                    "The working hours “%(calendar)s” leave no time to answer in.",
                    calendar=calendar.sudo().name,
                )
            ) from error

    @api.model
    def _parse_future(self, value):
        """Return a moment given over any interface as UTC; it must lie ahead.

        :param value: datetime, or ``YYYY-MM-DD HH:MM:SS`` in UTC
        :raise ValidationError: it is no moment, or it is past
        """
        try:
            moment = fields.Datetime.to_datetime(value)
        except (TypeError, ValueError) as error:
            raise ValidationError(
                self.env._("“%(value)s” is no date and time.", value=value)
            ) from error
        if not moment or moment <= fields.Datetime.now():
            raise ValidationError(self.env._("Choose a moment later than now."))
        return moment

    # ------------------------------------------------------------
    # NOTICES
    # ------------------------------------------------------------

    def _notify_unit(self, event):
        """Tell the people these slips are addressed to that ``event`` happened.

        The core mails them and gives each a to-do. Other addons extend this for
        their channel and call ``super()``. Nobody is told while
        ``pakn.ticket._is_quiet``.

        :param str event: ``transferred``, ``referred``, ``escalated``, ``delegated``,
            ``nearly_due`` or ``reminder`` (who is reminded has the to-do already)
        """
        if not self or self.env["pakn.ticket"]._is_quiet():
            return
        if event not in ("nearly_due", "reminder"):
            self._add_todos(
                [
                    (slip, user, slip.date_due, slip.ticket_id.display_name)
                    for slip in self
                    for user in slip._get_recipients()
                ]
            )
        template = self.env.ref(
            "pakn_1022.mail_template_unit_transferred", raise_if_not_found=False
        )
        addressed = self.filtered(lambda slip: slip._get_recipient_emails())
        if not template or not addressed:
            return
        for date, slips in addressed._group_by_notice_date(event).items():
            # sudo: units' people may not read templates
            template.sudo().send_mail_batch(
                slips.ids, email_values={"scheduled_date": date} if date else None
            )
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    def _get_response_path(self):
        """Return the path at which the people of the unit respond to this slip.

        What units are told links there. Other addons may name a page of their own.
        """
        self.ensure_one()
        return f"/odoo/pakn-my-slips/{self.id}"

    def _group_by_notice_date(self, event):
        """Return ``{when to tell the unit: slips}``, UTC; ``False`` is at once.

        What the clock itself sends at night or on a Sunday waits for the unit's next
        working hour, unless the setting ``notify_in_hours`` is off.

        :param str event: as of :meth:`_notify_unit`
        """
        in_hours = self._get_setting("notify_in_hours", "True").lower()
        if event not in CLOCK_EVENTS or in_hours not in ("true", "1"):
            return {False: self}
        now = fields.Datetime.now()
        groups = {}
        for unit, slips in self.grouped("unit_id").items():
            opening = unit._get_calendar()._get_working_time().add(now, 0)
            date = opening if opening > now else False
            groups[date] = groups.get(date, self.browse()) | slips
        return groups

    @api.model
    def _add_todos(self, todos):
        """Put to-dos into people's lists, without a mail of their own.

        :param list todos: ``(record, res.users, UTC moment it is due, summary)``
        """
        activity_type = self.env.ref("pakn_1022.mail_activity_type_slip")
        local = self.with_context(tz="Asia/Ho_Chi_Minh")
        self.env["mail.activity"].sudo().with_context(
            mail_activity_quick_update=True
        ).create(  # sudo: whoever acts may tell others without reading their to-dos
            [
                {
                    "activity_type_id": activity_type.id,
                    "res_model_id": self.env["ir.model"]._get_id(record._name),
                    "res_id": record.id,
                    "user_id": user.id,
                    "date_deadline": fields.Datetime.context_timestamp(
                        local, date_due
                    ).date(),
                    "summary": summary,
                }
                for record, user, date_due, summary in todos
            ]
        )
