import logging

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .pakn_transfer import OPEN_STATES, TICKET_STATE_OF_LEVEL

_logger = logging.getLogger(__name__)

# Level -> the level that gets what this one let expire (Art. 10.1.2 b2 step 2)
NEXT_LEVEL = {"focal": "head", "head": "province"}


class PaknTransfer(models.Model):
    """The clock (Art. 10.1.2 b2 step 2, 10.5, 11): escalate what expired, remind."""

    _inherit = "pakn.transfer"

    # ------------------------------------------------------------
    # ESCALATION (ART. 10.1.2 b2 STEP 2, 11.2, 11.4)
    # ------------------------------------------------------------

    def _escalate(self, told=None):
        """Hand expired slips to the next level, each marked overdue for good.

        Focal point to head, head to the provincial office; a supporting unit's
        stops at its head. A level without a person is passed over, which is said to
        the managers. The last level is marked overdue and stays where it is.

        :param set told: ids of citizens who have been told of an escalation in this
            run and are not told of another; those told now are added
        :return: the new slips
        """
        now = fields.Datetime.now()
        for slip in self.filtered(lambda slip: not slip.is_overdue):
            slip.write({"is_overdue": True, "date_overdue": slip.date_due})
        levels = {slip: slip._get_next_level() for slip in self}
        moving = self.filtered(lambda slip: levels[slip])
        if not moving:
            return moving
        office = self.env["pakn.unit"]._get_provincial_office()
        events, vals_list, unmanned = [], [], []
        deadlines = {}
        for slip in moving:
            level = levels[slip]
            unit = office if level == "province" else slip.unit_id
            if (unit, level) not in deadlines:
                deadlines[unit, level] = self._get_deadline(unit, level, now)
            note = None
            if level != NEXT_LEVEL[slip.level]:
                note = self.env._(
                    "%(unit)s has no head on record, so the request goes to "
                    "%(office)s.",
                    unit=slip.unit_id.name,
                    office=office.name,
                )
                unmanned.append((slip.ticket_id, note))
            events.append(
                slip._prepare_event(
                    "escalated",
                    note=note,
                    to_state=TICKET_STATE_OF_LEVEL[level]
                    if slip.role == "lead"
                    else None,
                )
            )
            vals_list.append(
                {
                    "ticket_id": slip.ticket_id.id,
                    "unit_id": unit.id,
                    "level": level,
                    "role": slip.role,
                    "round": slip.round,
                    "note": slip.note,
                    "previous_id": slip.id,
                    "date_sent": now,
                    "date_deadline": deadlines[unit, level],
                }
            )
        self.env["pakn.event"]._append(events)
        moving._close("expired", responded=False)
        new_slips = self.create(vals_list)
        lead = new_slips.filtered(lambda slip: slip.role == "lead")
        for level, slips in lead.grouped("level").items():
            # The unit stays the lead: it is its result that is awaited. The record
            # says what happened; tracking would add queries for each request.
            slips.ticket_id.with_context(tracking_disable=True).write(
                {"state": TICKET_STATE_OF_LEVEL[level]}
            )
        new_slips._notify_unit("escalated")
        told = set() if told is None else told
        tickets = lead.ticket_id.browse()
        for ticket in lead.ticket_id:
            # After an outage somebody with ten requests gets one message, not ten.
            if ticket.citizen_id.id not in told:
                told.add(ticket.citizen_id.id)
                tickets |= ticket
        tickets._notify_citizen("escalated")
        managers = self.env.ref("pakn_1022.group_manager").user_ids
        self._add_todos(
            [
                (ticket, manager, now, note)
                for ticket, note in unmanned
                for manager in managers.filtered(lambda user: user.active)
            ]
        )
        return new_slips

    def _get_next_level(self):
        """Return the level that gets this slip when it expires, or ``None``."""
        self.ensure_one()
        level = NEXT_LEVEL.get(self.level)
        if level == "head" and not self.unit_id.head_user_id:
            level = "province"
        if level == "province" and self.role == "support":
            return None
        return level

    def action_escalate(self):
        """The operator forwards what was not answered in time (Art. 10.1.2 b2)."""
        self.ticket_id._check_operator()
        self.ticket_id._lock()
        self._check_state(OPEN_STATES)
        early = self.filtered(lambda slip: slip.date_due >= fields.Datetime.now())
        if early:
            raise UserError(
                self.env._(
                    "%(code)s is not due yet, so it is not forwarded.",
                    code=early[0].ticket_id.name,
                )
            )
        self.sudo()._escalate()  # sudo: the right was checked above
        return True

    # ------------------------------------------------------------
    # THE CLOCK (ART. 10.1.2 b2 STEP 2, 10.5, 11)
    # ------------------------------------------------------------

    @api.model
    def _cron_process_deadlines(self, batch_size=500):
        """Escalate what has expired and remind of what soon will; every minute.

        Works through slips by the indexes of what is due, in batches that are each
        committed, so the cost grows with what is due and a crash loses nothing: what
        was not committed is due again. Requests that somebody works on at this
        moment, here or in another server, are left for the next minute.

        :param int batch_size: slips of one transaction
        """
        cron = self.env["ir.cron"]
        processes = (self._process_due, self._process_reminders)
        cron._commit_progress(
            remaining=sum(
                self.search_count(self._get_clock_domain(process))
                for process in processes
            )
        )
        told = set()
        for process in processes:
            failed = self.browse()
            size = batch_size
            while True:
                slips = self.search(
                    self._get_clock_domain(process)
                    & Domain("id", "not in", failed.ids),
                    order="date_due, id",
                    limit=size,
                )
                try:
                    slips = slips._lock_for_clock()
                    now_told = set(told)
                    process(slips, now_told)
                    self.env.flush_all()
                except SerializationFailure:
                    # Somebody was faster on one of them; look again.
                    self.env.cr.rollback()
                    continue
                except Exception:
                    self.env.cr.rollback()
                    if len(slips) == 1:
                        _logger.exception("the clock cannot handle slip %s", slips.id)
                        failed |= slips
                    # One bad slip must not hold up the others: find it by halves.
                    size = max(len(slips) // 2, 1)
                    continue
                if not slips:
                    break
                if not cron._commit_progress(len(slips)):
                    return
                told = now_told
                size = min(size * 2, batch_size)

    @api.model
    def _get_clock_domain(self, process):
        """Return which slips ``process`` is due to handle now."""
        now = fields.Datetime.now()
        if process == self._process_due:
            return Domain(
                [
                    ("is_open", "=", True),
                    ("is_overdue", "=", False),
                    ("date_due", "<=", now),
                ]
            )
        return Domain(
            [
                ("is_open", "=", True),
                ("is_reminded", "=", False),
                ("date_reminder", "<=", now),
                ("date_due", ">", now),
            ]
        )

    def _lock_for_clock(self):
        """Lock the requests of these slips; return the slips of those that could be."""
        locked = self.ticket_id.try_lock_for_update(allow_referencing=True)
        return self.filtered(lambda slip: slip.ticket_id in locked)

    @api.model
    def _process_due(self, slips, told):
        slips._escalate(told)

    @api.model
    def _process_reminders(self, slips, told):
        """Remind the unit, and of an appointment's end the operator too (Art. 10.5).

        No citizen is told, so ``told`` stays as it is.
        """
        slips.write({"is_reminded": True})
        promised = slips.filtered(lambda slip: slip.state in ("scheduled", "extended"))
        slips._log_slip_event("reminded")
        promised._notify_unit("reminder")
        (slips - promised)._notify_unit("nearly_due")
        self._add_todos(
            [
                (
                    slip.ticket_id,
                    slip.ticket_id.user_id,
                    slip.date_due,
                    self.env._("The time given by %s ends soon.", slip.unit_id.name),
                )
                for slip in promised
                if slip.ticket_id.user_id
            ]
        )
