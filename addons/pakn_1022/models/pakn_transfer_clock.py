import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import acts

_logger = logging.getLogger(__name__)

# So often a sweep gives way to others who write the same rows
BUSY = 20
# What is due: to be forwarded, or to be reminded of
DUE, REMINDERS = "due", "reminders"


class PaknTransferClock(models.AbstractModel):
    """The clock (Art. 10.1.2 b2 step 2, 10.5, 11): escalate what expired, remind.

    A room of ``pakn.transfer``; finds its work by the partial indexes of that model.
    """

    _name = "pakn.transfer.clock"
    _description = "Clock of the slips"

    # ------------------------------------------------------------
    # ESCALATION (ART. 10.1.2 b2 STEP 2, 11.2, 11.4)
    # ------------------------------------------------------------

    def _escalate(self):
        """Hand expired slips to the next level, each marked overdue for good.

        Focal point to head, head to the provincial office; a supporting unit's
        stops at its head. A level without a person is passed over, which is said to
        the managers. The last level is marked overdue and stays where it is, which is
        an act of its own.

        :return: the new slips
        """
        with self.env["pakn.notice"]._gathering():
            return self._hand_up()

    def _hand_up(self):
        now = fields.Datetime.now()
        expired = self._acting()
        expired._read_ahead()
        expired._mark_late()
        levels = {slip: slip._get_next_level() for slip in expired}
        moving = expired.filtered(lambda slip: levels[slip])
        last = expired - moving
        last._log_slip_event("overdue")
        expired._tell("overdue")
        last._notify_manager("overdue")
        if not moving:
            return moving
        office = self.env["pakn.unit"]
        if "province" in levels.values():
            office = office._get_provincial_office()
        events, vals_list, notes = [], [], {}
        deadlines = {}
        for slip in moving:
            level = levels[slip]
            unit = office if level == "province" else slip.unit_id
            if (unit, level) not in deadlines:
                deadlines[unit, level] = self._get_deadline(unit, level, now)
            if level != acts.NEXT_LEVEL[slip.level]:
                notes[slip] = self.env._(
                    "%(unit)s has no head on record, so the request goes to "
                    "%(office)s.",
                    unit=slip.unit_id.name,
                    office=office.name,
                )
            events.append(
                slip._prepare_event(
                    "escalated",
                    note=notes.get(slip),
                    to_state=acts.STATE_OF_LEVEL[level]
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
        moving._close("expired")
        new_slips = moving._hand_out(vals_list, events)
        lead = new_slips.filtered(lambda slip: slip.role == "lead")
        for level, slips in lead.grouped("level").items():
            # The unit stays the lead: it is its result that is awaited.
            slips.ticket_id._set_state(acts.STATE_OF_LEVEL[level])
        new_slips._tell("escalated")
        for slip, note in notes.items():
            slip._notify_manager("unmanned", note)
        return new_slips

    def _get_next_level(self):
        """Return the level that gets this slip when it expires, or ``None``."""
        self.ensure_one()
        level = acts.NEXT_LEVEL.get(self.level)
        if level == "head" and not self.unit_id.head_user_id.active:
            level = "province"
        if level == "province" and self.role == "support":
            return None
        return level

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
        processes = {DUE: type(self)._escalate, REMINDERS: type(self)._remind}
        has_reminders = True
        for kind, process in processes.items():
            failed = self.browse()
            size, busy = batch_size, 0
            while kind == DUE or has_reminders:
                slips = self.browse()
                try:
                    slips, is_more, has_reminders = self._find_work(kind, size, failed)
                    if not slips:
                        break
                    process(slips)
                    # Addons write on the request at the commit too, as its seals do
                    has_time = cron._commit_progress(len(slips), remaining=int(is_more))
                except OperationalError:
                    # Somebody was faster on one of them; look again.
                    self.env.cr.rollback()
                    busy += 1
                    if busy > BUSY:
                        raise
                    continue
                except Exception:
                    if not slips:
                        raise
                    self.env.cr.rollback()
                    if len(slips) == 1:
                        _logger.exception("the clock cannot handle slip %s", slips.id)
                        failed |= slips
                        slips._tell_of_failure()
                        cron._commit_progress()
                    # One bad slip must not hold up the others: find it by halves.
                    size = max(len(slips) // 2, 1)
                    continue
                if not has_time:
                    return
                if not is_more:
                    break
                size = min(size * 2, batch_size)

    def _tell_of_failure(self):
        """Put before the managers a slip the clock cannot handle, once until done.

        Its working hours may be broken, for instance; the others go on.
        """
        self.ensure_one()
        text = self.env._(
            "The clock cannot handle this slip; check the unit's working hours and "
            "people."
        )
        known = self.sudo().activity_ids.filtered(  # sudo: to-dos, whosever they are
            lambda todo: todo.summary == text
        )
        managers = self.env["pakn.notice"]._get_managers() - known.user_id
        now = fields.Datetime.now()
        self.env["pakn.notice"]._add_todos(
            [(self, manager, now, text) for manager in managers]
        )

    @api.model
    def _find_work(self, kind, limit, failed):
        """Find what is due, :data:`DUE` or :data:`REMINDERS`, and lock its requests.

        :param failed: slips to leave out
        :return: the slips of requests that could be locked; whether there were as many
            as ``limit``; whether anybody is to be reminded
        """
        self.flush_model(
            ["is_open", "is_overdue", "is_reminded", "date_due", "date_reminder"]
        )
        # That somebody was faster is no error for the log: it is looked at anew
        self.env.cr.execute(
            self._select_work(kind, limit, failed), log_exceptions=False
        )
        [(ids, count, has_reminders)] = self.env.cr.fetchall()
        return self.browse(ids), count == limit, has_reminders

    @api.model
    def _select_work(self, kind, limit, failed):
        """Return the query of :meth:`_find_work`; each part reads an index of its own.

        In one, for most minutes it is all that the clock asks.
        """
        now = fields.Datetime.now()
        due = SQL("is_open IS TRUE AND is_overdue IS NOT TRUE AND date_due <= %s", now)
        reminders = SQL(
            """is_open IS TRUE AND is_reminded IS NOT TRUE AND date_reminder <= %s
               AND date_due > %s""",
            *(now, now),
        )
        return SQL(
            """WITH found AS MATERIALIZED (
                   SELECT id, ticket_id, date_due
                     FROM pakn_transfer
                    WHERE %(found)s AND id != ALL(%(failed)s)
                 ORDER BY date_due, id
                    LIMIT %(limit)s),
               locked AS MATERIALIZED (
                   SELECT id
                     FROM pakn_ticket
                    WHERE id IN (SELECT ticket_id FROM found)
               FOR NO KEY UPDATE SKIP LOCKED)
               SELECT ARRAY(SELECT found.id
                              FROM found
                              JOIN locked ON locked.id = found.ticket_id
                          ORDER BY found.date_due, found.id),
                      (SELECT count(*) FROM found),
                      EXISTS (SELECT FROM pakn_transfer WHERE %(reminders)s)""",
            found=due if kind == DUE else reminders,
            failed=failed.ids,
            limit=limit,
            reminders=reminders,
        )

    def _remind(self):
        """Remind the unit, and of an appointment's end the operator too (Art. 10.5)."""
        slips = self._acting()
        slips.write({"is_reminded": True})
        promised = slips.filtered(lambda slip: slip.state in ("scheduled", "extended"))
        slips._log_slip_event("reminded")
        promised._tell("reminded")
        (slips - promised)._tell("nearly_due")
