import uuid

from psycopg2.errors import LockNotAvailable

from odoo import fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command

from ..tools import acts

OPERATOR = "pakn_1022.group_operator"
# So long an act waits for who has its request at the same moment
LOCK_SECONDS = 5


class PaknTicketActs(models.AbstractModel):
    """The operations of a request (Art. 10), one method each.

    A room of ``pakn.ticket``. Each operation works on a batch; :meth:`_start` checks
    right and state by the table of acts and locks the rows; it does the whole of it or
    raises a sentence the user can act on. Operations that end a request are in
    ``pakn.ticket.result``, those of units on the slip.
    """

    _name = "pakn.ticket.acts"
    _description = "Operations of a request"

    # ------------------------------------------------------------
    # WHAT THE TABLE OF ACTS ASKS
    # ------------------------------------------------------------

    def _get_act_facts(self):
        """Return ``{request: acts.Facts}``; queries do not grow with their number."""
        roles = {acts.OPERATOR} if self._is_operator() else set()
        if self.env.user.has_group("pakn_1022.group_supervisor"):
            roles.add(acts.SUPERVISOR)
        tickets_sudo = self.sudo()  # sudo: facts that decide, not told to anybody
        office = self._filter_with_office()
        undos = self._get_undo_needs()
        result = {}
        for ticket, ticket_sudo in zip(self, tickets_sudo, strict=True):
            holds = set(undos.get(ticket, ()))
            if ticket_sudo.secrecy == "public":
                holds.add("public")
            holds.add("published" if ticket_sudo.is_published else "unpublished")
            if ticket_sudo.state == "done" and not (
                ticket_sudo._get_round_rating().consumed
            ):
                holds.add("unrated")
            if ticket_sudo.outcome in acts.LEVELS:
                holds.add("by_unit")
            if ticket_sudo.is_unreached:
                holds.add("unreached")
            own = roles | ({acts.OFFICE} if ticket in office else set())
            result[ticket] = acts.Facts(ticket_sudo.state, own, holds)
        return result

    def _is_operator(self):
        return self.env.su or self.env.user.has_group(OPERATOR)

    def _filter_with_office(self):
        """Return those that lie with the caller at level ``province`` (Art. 10.4.2)."""
        if self.env.user.has_group("pakn_1022.group_provincial_office") or (
            self.env.user.has_group("pakn_1022.group_manager")
        ):
            return self.filtered(
                lambda ticket: (
                    ticket.sudo().open_transfer_id.level == "province"
                    and ticket.open_transfer_id.can_respond
                )
            )
        return self.browse()

    def _is_act_of_provincial_office(self):
        """Return whether all of these lie with the caller at level ``province``."""
        return bool(self) and self._filter_with_office() == self

    def _check_access_to_act(self, act):
        """Operators need the right to write; others are judged by their slip."""
        if acts.OFFICE in act.who and self._is_act_of_provincial_office():
            self.check_access("read")
            return
        if not self._is_operator():
            raise AccessError(
                self.env._("Only an operator of the hotline may do this.")
            )
        self.check_access("write")

    def _check_operator(self):
        """Check that the caller may work on these requests as an operator."""
        if not self._is_operator():
            raise AccessError(
                self.env._("Only an operator of the hotline may do this.")
            )
        self.check_access("write")

    def _say_why_not(self, act, reason, record):
        if reason == "who" and acts.SUPERVISOR in act.who:
            return self.env._("A shift leader hands out requests.")
        if reason == "who":
            return self.env._("Only an operator of the hotline may do this.")
        if reason == "state" and act.key == "handed":
            return self.env._("%s is closed: nobody has to take it.", record.name)
        if reason == "state":
            labels = dict(self._fields["state"]._description_selection(self.env))
            return self.env._(
                "%(code)s is in the state “%(state)s”, so this cannot be done. "
                "Somebody may have been faster; reload the page.",
                code=record.name,
                state=labels[record.sudo().state],
            )
        return super()._say_why_not(act, reason, record)

    def _lock(self):
        """Lock the rows until the end of the transaction: one acts at a time.

        Who meets a row that somebody has waits for a moment: mostly it is a job that
        writes down what it did. A row that changed since the transaction began makes
        PostgreSQL refuse, and Odoo does the request over, which then meets the new
        state.

        :raise UserError: somebody has them for longer
        """
        if not self:
            return
        # As the ORM locks, but that a refusal is no error for the log
        self.env.cr.execute(
            "SELECT id FROM pakn_ticket WHERE id IN %s FOR NO KEY UPDATE SKIP LOCKED",
            [tuple(self.ids)],
            log_exceptions=False,
        )
        if len(self.env.cr.fetchall()) < len(self):
            self._wait_for_lock()

    def _wait_for_lock(self):
        """Lock what others have locked as soon as they are through."""
        codes = self._get_codes()
        cr = self.env.cr
        try:
            with cr.savepoint(flush=False):
                cr.execute("SET LOCAL lock_timeout = %s", [f"{LOCK_SECONDS}s"])
                # In one order, so that two who lock the same do not wait for each other
                cr.execute(
                    "SELECT FROM pakn_ticket WHERE id IN %s"
                    " ORDER BY id FOR NO KEY UPDATE",
                    [tuple(self.ids)],
                    log_exceptions=False,
                )
                cr.execute("SET LOCAL lock_timeout TO DEFAULT")
        except LockNotAvailable as error:
            raise UserError(
                self.env._(
                    "Somebody else is handling %(codes)s at this moment. "
                    "Please reload the page.",
                    codes=codes,
                )
            ) from error

    def _get_codes(self):
        return ", ".join(self.mapped("name"))

    # ------------------------------------------------------------
    # OPERATIONS OF THE OPERATOR
    # ------------------------------------------------------------

    def transfer(self, unit_ids, note=None, date_due=None, attachment_ids=None):
        """Hand requests to their units, one slip each (Art. 10.1.2 b2 step 1).

        The operator transfers new requests; the provincial office assigns those that
        lie with it (Art. 10.4.2).

        :param list unit_ids: ids of ``pakn.unit``; the first one leads
        :param str note: what the units should know
        :param datetime date_due: UTC; the day by which the provincial office directs
            the units to answer, instead of their usual hours
        :param list attachment_ids: ids of ``ir.attachment`` that the caller has just
            uploaded for the units
        """
        note = self._check_text(note) or None
        units = self._check_units(unit_ids)
        by_office = self._is_act_of_provincial_office()
        self._start("transfer")
        if not by_office:
            self._check_ready_to_transfer()
        if date_due:
            if not by_office:
                raise AccessError(
                    self.env._(
                        "Only the provincial office directs a unit to answer by a date."
                    )
                )
            date_due = self._parse_future(date_due)
        self._add_files_for_units(attachment_ids)
        tickets = self._acting()
        if by_office:
            tickets.open_transfer_id._close(
                "answered",
                result=note
                or self.env._(
                    "Assigned to %(units)s.", units=", ".join(units.mapped("name"))
                ),
            )
            events = []
        else:
            tickets.filtered(lambda t: not t.user_id).write({"user_id": self.env.uid})
            events = self._prepare_waived()
        slips = tickets._send_slips(
            units, "focal", note=note, date_deadline=date_due, events=events
        )
        self._set_state("transferred", "open", unit_id=units[0].id)
        self._tell("transferred", slips)
        return True

    def add_units(self, unit_ids, note=None):
        """Have further units support the lead one (Art. 10.4.2).

        :param list unit_ids: ids of ``pakn.unit``; those that hold a slip keep theirs
        :param str note: what they should know
        """
        note = self._check_text(note) or None
        units = self._check_units(unit_ids)
        self._start("add_units")
        slips = self._acting()._send_slips(units, "focal", note=note, lead=False)
        self._tell("joined", slips)
        return True

    def refer_to_province(self, note):
        """Refer unclear or shared authority to the provincial office (Art. 10.4.2).

        :param str note: what is unclear
        """
        self._start("refer_to_province")
        self._check_ready_to_transfer()
        note = self._check_text(note)
        if not note:
            raise ValidationError(
                self.env._("Tell the provincial office what is to be decided.")
            )
        office = self.env["pakn.unit"]._get_provincial_office()
        office._check_manned()
        referred = [
            ticket._prepare_event("referred", note=note, to_state="escalated_province")
            for ticket in self
        ]
        slips = self._acting()._send_slips(
            office,
            "province",
            note=note,
            is_referred=True,
            events=[*self._prepare_waived(), *referred],
        )
        self._set_state("escalated_province", "open", unit_id=office.id)
        self._tell("referred", slips)
        return True

    def reopen(self, reason):
        """Take up a request again that its citizen is not satisfied with (Art. 14).

        A new round begins: the request is new, what was done stays on its slips and
        in its record.
        """
        self._start("reopen")
        reason = self._check_reason(reason)
        events = [
            ticket._prepare_event(
                "reopened",
                note=reason,
                to_state="new",
                payload={"round": ticket.round + 1, "result": ticket.result or ""},
            )
            for ticket in self
        ]
        self.env["pakn.event"]._append(events)
        for number, tickets in self.grouped("round").items():
            tickets._set_state(
                "new",
                "open",
                round=number + 1,
                unit_id=False,
                result=False,
                result_attachment_ids=[Command.clear()],
                date_result=False,
                date_done=False,
                is_instant=False,
                is_published=False,
                date_published=False,
                reject_reason_id=False,
                reject_guidance=False,
            )
        # sudo: rating.rating - a question about the old result is void now
        self.sudo().rating_ids.filtered(lambda r: not r.consumed).unlink()
        return True

    def note_call(self, note=None):
        """Write down that the citizen was told on the telephone (Art. 10.1).

        :param str note: what was said
        """
        self._start("note_call")
        self._log_event("called", note=self._check_text(note) or None)
        # sudo: pakn.notice - what the operator has told in its place
        self.sudo().notice_ids.filtered(
            lambda notice: notice.state == "unreachable"
        )._settle("delivered", self.env._("Told by telephone"))
        self._acting().is_unreached = False
        todo = self.env.ref("pakn_1022.mail_activity_type_slip")
        # sudo: the to-dos to call, whosever they are
        self.sudo().activity_ids.filtered(
            lambda activity: activity.activity_type_id == todo and activity.pakn_is_call
        ).unlink()
        return True

    def renew_link(self):
        """Give the citizen a new key (Art. 13.1): older links open nothing any more.

        Those to the rating neither; and addons forget whom an older one has let in.
        """
        self._start("renew_link")
        self._log_event("link_renewed")
        tickets = self._acting()
        for ticket in tickets:
            ticket.access_token = str(uuid.uuid4())
        # sudo: rating.rating - keys, which nobody reads
        for rating in tickets.sudo().rating_ids:
            rating.access_token = rating._default_access_token()
        tickets._forget_links()
        return True

    def _forget_links(self):
        """Forget who was let in by a link that opens nothing any more."""

    def cancel(self, reason):
        """End requests that are none: withdrawn, test call, duplicate.

        :param str reason: kept in the record
        """
        self._start("cancel")
        reason = self._check_reason(reason)
        self._log_event("cancelled", note=reason, to_state="cancelled")
        self._acting().transfer_ids.filtered("is_open")._close("cancelled")
        self._set_state("cancelled", "cancelled")
        return True

    # ------------------------------------------------------------
    # STEPS THAT OPERATIONS SHARE
    # ------------------------------------------------------------

    def _set_state(self, state, outcome=None, **values):
        """Move requests to a state, with the moments that hang on it.

        ``date_ended``: a round has its result, was rejected or cancelled;
        ``date_closed``: nothing is left to do; ``date_first``: the citizen has heard
        more than that the request was taken in. What the caller must have checked.

        :param str outcome: how the round ended, ``open`` if it goes on; ``None``
            leaves it as it is
        """
        now = fields.Datetime.now()
        values |= {
            "state": state,
            "date_closed": now if state in acts.CLOSED else False,
        }
        if outcome:
            values |= {
                "outcome": outcome,
                "date_ended": False if outcome == "open" else now,
            }
        # Where the card was dropped, if a dialog was opened by that
        column = self.env.context.get("pakn_stage_id")
        if type(column) is int and (
            self.env["pakn.stage"]._get_states().get(column) == state
        ):
            values["stage_id"] = column
        tickets = self._acting()
        tickets.write(values)
        if state in ("scheduled", "answered", "rejected"):
            tickets.filtered(lambda t: not t.date_first).write({"date_first": now})

    def _check_units(self, unit_ids):
        """Return the units of an operation, the lead one first.

        :raise ValidationError: none, or one that has ended
        """
        units = self._browse_given("pakn.unit", unit_ids)
        known = units.with_context(active_test=False).search_fetch(
            [("id", "in", units.ids)]
        )
        units = (units & known).with_env(self.env)
        if not units:
            raise ValidationError(self.env._("Choose the unit that shall handle it."))
        for unit in units:
            if not unit.active:
                raise ValidationError(
                    self.env._(
                        "“%(unit)s” exists no longer; choose another unit.",
                        unit=unit.display_name,
                    )
                )
        units._read_people()
        units._check_manned()
        return units

    def _add_files_for_units(self, attachment_ids):
        files = self._browse_given("ir.attachment", attachment_ids)
        if files:
            self._log_event("attached", payload={"files": files._describe_files()})
            for ticket, attachments in files._attach_to(self).items():
                # sudo: the right was checked by the operation
                ticket.sudo().attachment_ids |= attachments

    def _send_slips(
        self,
        units,
        level,
        note=None,
        date_deadline=None,
        lead=True,
        events=(),
        **values,
    ):
        """Create a slip of each request for each unit; the first one leads.

        A unit that still holds an open slip of this round keeps that one.

        :param bool lead: whether the first one leads; otherwise all support
        :param events: values of acts that led to it, recorded before
        :param values: of further fields of the slips
        :return: the new ``pakn.transfer`` records
        """
        now = fields.Datetime.now()
        Transfer = self.env["pakn.transfer"]
        deadlines = {
            unit: date_deadline or Transfer._get_deadline(unit, level, now)
            for unit in units
        }
        # The database holds one open lead slip a request: see the old one closed
        Transfer.flush_model(["state", "is_open", "is_held", "role"])
        vals_list = []
        for ticket in self:
            held = {slip.unit_id: slip for slip in ticket.transfer_ids if slip.is_open}
            for position, unit in enumerate(units):
                role = "lead" if lead and not position else "support"
                if unit in held:
                    if lead:
                        held[unit].role = role
                    continue
                vals_list.append(
                    {
                        "ticket_id": ticket.id,
                        "unit_id": unit.id,
                        "level": level,
                        "role": role,
                        "round": ticket.round,
                        "note": note,
                        "date_sent": now,
                        "date_deadline": deadlines[unit],
                        "is_date_directed": bool(date_deadline),
                        **values,
                    }
                )
        return Transfer._hand_out(vals_list, events)

    def _check_ready_to_transfer(self):
        """Art. 8: what a unit needs in order to act."""
        for ticket in self:
            missing = ticket._get_missing()
            if missing:
                raise ValidationError(
                    self.env._(
                        "%(code)s cannot be handed on yet; still missing: %(missing)s.",
                        code=ticket.name,
                        missing=", ".join(missing),
                    )
                )

    # ------------------------------------------------------------
    # WHO IS TOLD
    # ------------------------------------------------------------

    def _notify_citizen(self, act):
        """Queue a notice for the citizens of these requests (Art. 10.1).

        :param str act: of the table of acts
        """
        if self and not self._is_quiet():
            self.env["pakn.notice"]._queue(
                act, "citizen", [(ticket, None, None) for ticket in self]
            )

    def _notify_operator(self, act):
        """Queue a notice for those who take care of these requests."""
        if self and not self._is_quiet():
            self.env["pakn.notice"]._queue(
                act,
                "operator",
                [
                    (ticket, user, None)
                    for ticket in self
                    for user in ticket._get_caretakers()
                ],
            )

    def _get_caretakers(self):
        """Return the operator of this request; the managers where there is none."""
        self.ensure_one()
        operator_sudo = self.sudo().user_id  # sudo: whoever acts tells the operator
        if operator_sudo.active:
            return operator_sudo
        return self.env["pakn.notice"]._get_managers()
