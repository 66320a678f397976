from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ..tools import acts


class PaknTransferActs(models.AbstractModel):
    """The operations of a slip (Art. 10.2 to 10.4, 11.3), one method each.

    A room of ``pakn.transfer``. Each operation works on a batch; :meth:`_start` checks
    right and state by the table of acts and locks the requests; it does the whole of
    it or raises a sentence the user can act on.
    """

    _name = "pakn.transfer.acts"
    _description = "Operations of a slip"

    # ------------------------------------------------------------
    # WHAT THE TABLE OF ACTS ASKS
    # ------------------------------------------------------------

    def _get_act_facts(self):
        """Return ``{slip: acts.Facts}``; queries do not grow with their number."""
        now = fields.Datetime.now()
        limit = self._get_setting("extension_limit", 1)
        user = self.env.user
        is_operator = self.env.su or user.has_group("pakn_1022.group_operator")
        slips_sudo = self.sudo()  # sudo: facts that decide, not told to anybody
        result = {}
        for slip, slip_sudo in zip(self, slips_sudo, strict=True):
            holds = set()
            if slip_sudo.role == "lead":
                holds.add("lead")
            if (
                slip_sudo.state in ("scheduled", "extended")
                and slip_sudo._count_extensions() < limit
            ):
                holds.add("extension_left")
            if user not in slip_sudo.delegate_user_ids:
                holds.add("not_delegate")
            if slip_sudo.date_due and slip_sudo.date_due <= now:
                holds.add("expired")
            if not slip_sudo.is_overdue or slip_sudo._get_next_level():
                holds.add("forwardable")
            roles = set()
            if slip_sudo.unit_id and slip._is_responder():
                roles.add(acts.RESPONDER)
            if is_operator:
                roles.add(acts.OPERATOR)
            result[slip] = acts.Facts(slip_sudo.state, roles, holds, slip_sudo.level)
        return result

    def _check_access_to_act(self, act):
        if not self:
            raise UserError(self.env._("There is no slip of yours to act on."))
        # sudo: the checks read slip by slip, so have them all at hand
        self.sudo().fetch(["ticket_id", "unit_id", "state", "delegate_user_ids"])
        self.check_access("read")
        if acts.RESPONDER not in act.who:
            self.ticket_id._check_operator()

    def _lock(self):
        self.ticket_id._lock()

    def _get_codes(self):
        return ", ".join(dict.fromkeys(self.mapped("code")))

    def _say_why_not(self, act, reason, record):
        if reason == "who":
            if acts.RESPONDER not in act.who:
                return self.env._("Only an operator of the hotline may do this.")
            return self.env._(
                "The slip %(code)s is addressed to others: %(unit)s, level "
                "“%(level)s”.",
                code=record.code,
                unit=record.unit_id.name,
                level=self._get_label("level", record.level),
            )
        if reason == "state":
            return self.env._(
                "The slip %(code)s of %(unit)s is in the state “%(state)s”, so "
                "this cannot be done. Somebody may have been faster; reload the "
                "page.",
                code=record.code,
                unit=record.unit_id.name,
                state=self._get_label("state", record.state),
            )
        if reason == "level":
            if act.name == "delegate":
                return self.env._("A slip of the focal points need not be delegated.")
            return self.env._(
                "The provincial office decides whose a request is; assign it to a "
                "unit instead (Art. 10.4.2)."
            )
        return super()._say_why_not(act, reason, record)

    def _get_label(self, name, value):
        return dict(self._fields[name]._description_selection(self.env))[value]

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

    # ------------------------------------------------------------
    # OPERATIONS OF THE UNIT (ART. 10.2, 10.3, 10.4)
    # ------------------------------------------------------------

    def acknowledge(self):
        """Confirm that the slip has been received."""
        self._start("acknowledge")
        self._log_slip_event("acknowledged")
        self._acting().write({"state": "acknowledged"})
        return True

    def answer(self, result):
        """Give the result (Art. 10.2.1, 10.2.2); the lead unit's ends the handling.

        :param str result: HTML
        """
        self._start("answer")
        if not self._has_text(result):
            raise ValidationError(self.env._("The result is empty."))
        slips = self._acting()
        lead = slips.filtered(lambda slip: slip.role == "lead")
        lead._log_slip_event("responded", to_state="answered")
        (slips - lead)._log_slip_event("responded")
        slips._close("answered", result=result)
        for level, group in lead.grouped("level").items():
            group.ticket_id._set_state(
                "answered", level, result=result, date_result=fields.Datetime.now()
            )
        lead.ticket_id._set_result_files(
            {
                slip.ticket_id: slip.result_attachment_ids
                for slip in lead
                if slip.result_attachment_ids
            }
        )
        if lead and self._get_setting("auto_send_result", False):
            lead.ticket_id._send_result()
        else:
            slips._tell("responded")
        return True

    def add_files(self, attachment_ids):
        """Add files to slips that are open: what shows the result, or why it is late.

        :param list attachment_ids: ids of ``ir.attachment`` that the caller has just
            uploaded; with the lead unit's result they go to the citizen
        """
        self._start("add_files")
        files = self._browse_given("ir.attachment", attachment_ids)
        if not files:
            return True
        self._log_slip_event("attached", payload={"files": files._describe_files()})
        for slip, attachments in files._attach_to(self).items():
            slip._acting().result_attachment_ids |= attachments
        return True

    def schedule(self, date_promised, note=None):
        """Promise the result for a day: the appointment of Art. 10.2.2, once.

        :param datetime date_promised: UTC, later than now
        :param str note: told to the operator
        """
        self._start("schedule")
        date_promised = self._parse_future(date_promised)
        note = self._check_text(note) or None
        self._set_due("scheduled", {"date_promised": date_promised}, note)
        return True

    def extend(self, date_extended, reason):
        """Put off an appointment, at most once for a unit (Art. 11.3).

        :param datetime date_extended: UTC, later than now and than the appointment
        :param str reason: why
        """
        self._start("extend")
        date_extended = self._parse_future(date_extended)
        reason = self._check_reason(reason)
        if any(date_extended <= slip.date_due for slip in self):
            raise ValidationError(
                self.env._("An extension ends later than the appointment.")
            )
        for count, slips in self._acting().grouped("extension_count").items():
            slips.write({"extension_count": count + 1, "reason": reason})
        self._set_due("extended", {"date_extended": date_extended}, reason)
        return True

    def give_back(self, reason):
        """Return the slip as not theirs; the operator hands it on anew.

        :param str reason: why, and whose it might be
        """
        self._start("give_back")
        reason = self._check_reason(reason)
        slips = self._acting()
        lead = slips.filtered(lambda slip: slip.role == "lead")
        lead._log_slip_event("returned", note=reason, to_state="new")
        (slips - lead)._log_slip_event("returned", note=reason)
        slips._close("returned", reason=reason)
        lead.ticket_id._set_state("new", "open", unit_id=False)
        slips._tell("returned")
        return True

    def delegate(self, user_ids):
        """Let focal points of the unit answer for its head; the clock goes on.

        :param list user_ids: ids of ``res.users``, focal points of the unit
        """
        self._start("delegate")
        users = self._browse_given("res.users", user_ids).exists()
        if not users:
            raise ValidationError(self.env._("Choose whom you delegate to."))
        for slip in self:
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
        self._acting().write({"delegate_user_ids": [Command.set(users.ids)]})
        self._tell("delegated")
        return True

    # ------------------------------------------------------------
    # OPERATIONS OF THE OPERATOR
    # ------------------------------------------------------------

    def recall(self, reason):
        """Take back slips that were sent to the wrong unit and are not answered.

        The request is new again, and the next unit's time begins when it gets it.

        :param str reason: told to the unit
        """
        self._start("recall")
        reason = self._check_reason(reason)
        slips = self._acting()
        lead = slips.filtered(lambda slip: slip.role == "lead")
        lead._log_slip_event("recalled", note=reason, to_state="new")
        (slips - lead)._log_slip_event("recalled", note=reason)
        slips._close("cancelled", reason=reason)
        lead.ticket_id._set_state("new", "open", unit_id=False)
        slips._tell("recalled")
        return True

    def urge(self, note=None):
        """Urge the unit to answer (đôn đốc); each time is counted on the slip.

        :param str note: what the unit should know
        """
        self._start("urge")
        self._log_slip_event("urged", note=self._check_text(note) or None)
        for count, slips in self._acting().grouped("urge_count").items():
            slips.write({"urge_count": count + 1})
        self._tell("urged")
        return True

    def escalate(self):
        """Forward what was not answered in time (Art. 10.1.2 b2)."""
        self._start("escalate")
        self._acting()._escalate()
        return True

    # ------------------------------------------------------------
    # STEPS THAT OPERATIONS SHARE
    # ------------------------------------------------------------

    def _set_due(self, state, values, note):
        """Give slips a new end, tell of the lead's, and record it.

        A moment outside of the unit's working hours is moved to where they go on.
        """
        [(name, given)] = values.items()
        for moment, group in self.grouped(
            lambda slip: slip._get_working_moment(given)
        ).items():
            group._set_working_due(state, {name: moment}, note)

    def _get_working_moment(self, moment):
        """Return a moment, or when work in the unit goes on after it; UTC."""
        self.ensure_one()
        clock = self.unit_id._get_calendar()._get_working_time()
        # The end of the day is within it
        if clock.between(moment - timedelta(minutes=1), moment) > 0:
            return moment
        return clock.add(moment, 0)

    def _set_working_due(self, state, values, note):
        slips = self._acting()
        slips._mark_late(fields.Datetime.now())
        slips._mark_responded()
        slips.write({"state": state, "is_reminded": False, **values})
        lead = slips.filtered(lambda slip: slip.role == "lead")
        payload = {
            name: fields.Datetime.to_string(value) for name, value in values.items()
        }
        lead._log_slip_event(state, note=note, to_state="scheduled", payload=payload)
        (slips - lead)._log_slip_event(state, note=note, payload=payload)
        lead.ticket_id._set_state("scheduled")
        lead._tell(state)

    def _close(self, state, **values):
        """End slips: state, the moments that hang on it, nothing left to do."""
        now = fields.Datetime.now()
        slips = self._acting()
        slips._mark_late(now)
        if state in ("answered", "returned"):
            values["date_responded"] = now
        if state == "answered":
            slips._mark_responded()
        elif state == "returned":
            slips.filtered(lambda slip: not slip.date_first).write({"date_first": now})
        slips.write({"state": state, "date_closed": now, **values})
        self.env["pakn.undo"]._keep_todos(slips)
        slips.activity_ids.unlink()

    def _mark_late(self, until=None):
        """Mark slips late for good, from the moment they were due (Art. 11.4).

        :param datetime until: UTC; leave those that are due after it
        """
        late = self.filtered(
            lambda slip: (
                not slip.is_overdue and (until is None or slip.date_due <= until)
            )
        )
        for date_due, slips in late.grouped("date_due").items():
            slips._acting().write(
                {
                    "is_overdue": True,
                    "date_overdue": date_due,
                    "timeliness": "late",
                    "date_judged": date_due,
                }
            )

    def _mark_responded(self):
        """Note the unit's first response, and that it came within the level's time."""
        now = fields.Datetime.now()
        first = self.filtered(lambda slip: not slip.date_first)
        first.write({"date_first": now})
        in_time = first.filtered(lambda slip: not slip.timeliness)
        for deadline, slips in in_time.grouped("date_deadline").items():
            slips.write({"timeliness": "in_time", "date_judged": deadline})

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
        hours = own or self._get_setting(name, 8.0)
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

    # ------------------------------------------------------------
    # WHO IS TOLD
    # ------------------------------------------------------------

    def _notify_unit(self, act):
        """Queue a notice for the people these slips are addressed to.

        :param str act: of the table of acts
        """
        if not self or self._is_quiet():
            return
        notices = self.env["pakn.notice"]
        if act == "delegated":
            # Told to the focal points who answer for the head, not to the head
            people = [
                (slip, user, None)
                for slip in self
                for user in slip.sudo().delegate_user_ids
            ]
            notices._queue(act, "unit", people)
            return
        # Of a thousand slips, most lie with the same few people
        people = {}
        for level, slips in self.grouped("level").items():
            rows = []
            for slip in slips:
                whose = slip.unit_id, level == "head" and slip.delegate_user_ids
                if (level, whose) not in people:
                    people[level, whose] = slip._get_recipients()
                rows += [(slip, user, None) for user in people[level, whose]]
            notices._queue(act, acts.AUDIENCE_OF_LEVEL[level], rows)

    def _notify_citizen(self, act):
        """Queue a notice for the citizens of the requests that these slips lead."""
        self.filtered(lambda slip: slip.role == "lead").ticket_id._notify_citizen(act)

    def _notify_operator(self, act):
        """Queue a notice for those who take care of the requests of these slips."""
        if self and not self._is_quiet():
            self.env["pakn.notice"]._queue(
                act,
                "operator",
                [
                    (slip, user, None)
                    for slip in self
                    for user in slip.ticket_id._get_caretakers()
                ],
            )

    def _get_response_path(self):
        """Return the path at which the people of the unit respond to this slip.

        What units are told links there. Other addons may name a page of their own.
        """
        self.ensure_one()
        return f"/odoo/pakn-my-slips/{self.id}"
