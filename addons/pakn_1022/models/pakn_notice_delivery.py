import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import acts

_logger = logging.getLogger(__name__)

BATCH = 200
# So often a run gives way to others who write the same rows, then it comes back later
BUSY = 20
# So many of the clock's notices to one person in one run are told in one message
FOLD = 3
# Attempts by one door, and minutes between them: doubled up to the last
ATTEMPTS, FIRST_PAUSE, LAST_PAUSE = 6, 1, 60
# Code of the channel a request came by -> the door back to its citizen
DOOR_OF_CHANNEL = {
    "email": "mail",
    "zalo": "zalo",
    "facebook": "facebook",
    "app": "push",
}
# What the clock tells people of, not a person
CLOCK_ACTS = ("escalated", "overdue", "nearly_due", "reminded")


class PaknNoticeDelivery(models.AbstractModel):
    """The job of the outbox: which door, which text, and what became of it.

    A room of ``pakn.notice``. A batch is handed over in one transaction, so a crash
    leaves it either waiting or with the door, never both; from there on the door
    itself sees to it that nothing is sent twice.
    """

    _name = "pakn.notice.delivery"
    _description = "Delivery of notices"

    # ------------------------------------------------------------
    # THE JOB
    # ------------------------------------------------------------

    @api.model
    def _cron_deliver(self, batch_size=BATCH):
        """Hand over what waits, batch by batch, each committed.

        Rows that another server works on are left to it. One bad notice does not hold
        up the others: it is found by halves and kept as failed.

        :param int batch_size: notices of one transaction
        """
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count(self._get_ready_domain()))
        size, busy = batch_size, 0
        while True:
            notices = self.browse()
            try:
                notices = self.search(self._get_ready_domain(), order="id", limit=size)
                notices = notices.try_lock_for_update(allow_referencing=True)
                if not notices:
                    break
                notices._deliver()
                # Addons write on the request at the commit too, as its seals do
                has_time = cron._commit_progress(len(notices))
            except OperationalError:
                # Somebody works on the same request at this moment: look again
                self.env.cr.rollback()
                busy += 1
                if busy > BUSY:
                    break
                continue
            except Exception as error:
                self.env.cr.rollback()
                if len(notices) == 1:
                    _logger.exception("notice %s cannot be delivered", notices.id)
                    notices.write(
                        {
                            "state": "failed",
                            "reason": f"{type(error).__name__}: {error}"[:500],
                        }
                    )
                    if notices.audience == "citizen":
                        self._ask_to_call(notices.ticket_id)
                    cron._commit_progress(1)
                size = max(len(notices) // 2, 1)
                continue
            if not has_time:
                return
            size = min(size * 2, batch_size)
        self.env["pakn.undo"]._forget()
        self._wake_later()

    @api.model
    def _get_ready_domain(self):
        now = fields.Datetime.now()
        return (
            Domain("state", "=", "waiting")
            & Domain("is_handed", "!=", True)
            & (Domain("date_next", "=", False) | Domain("date_next", "<=", now))
        )

    @api.model
    def _wake_later(self):
        """Come back when the next notice that is put off may go."""
        [[date]] = self._read_group(
            Domain("state", "=", "waiting")
            & Domain("is_handed", "!=", True)
            & Domain("date_next", "!=", False),
            [],
            ["date_next:min"],
        )
        if date:
            self._wake(date)

    def _deliver(self):
        """Hand these notices over; queries do not grow with their number."""
        citizens = self.filtered(lambda notice: notice.audience == "citizen")
        staff = self - citizens
        fresh = staff.filtered(lambda notice: not notice.door)
        fresh._tell_in_app()
        (fresh | citizens)._send_news()
        outside = (staff - fresh) | fresh._fan_out()
        citizens = citizens._choose_door()
        outside |= citizens.filtered(lambda notice: notice.state == "waiting")
        for door, notices in outside.grouped("door").items():
            notices.write({"is_handed": True})
            getattr(notices, f"_hand_over_{door}")()

    # ------------------------------------------------------------
    # WHICH DOOR
    # ------------------------------------------------------------

    @api.model
    def _get_doors(self):
        """Return the names of the doors there are, in the order they are tried.

        Addons add theirs: chat doors first, then SMS, then mail.
        """
        return ["mail"]

    def _get_address(self, door):
        """Return where a person is reached by a door, or nothing."""
        self.ensure_one()
        if door != "mail":
            return False
        if self.user_id:
            return self.user_id.email
        return self.ticket_id.private_email

    def _get_usable_doors(self):
        """Return the doors by which this notice can still be told, in their order.

        The door the request came by goes first.
        """
        self.ensure_one()
        texts = self._get_text_doors(self.act, self.audience)
        tried = (self.tried or "").split()
        usable = [
            door
            for door in self._get_doors()
            if door in texts and door not in tried and self._get_address(door)
        ]
        first = DOOR_OF_CHANNEL.get(self.ticket_id.channel_id.code)
        return sorted(usable, key=lambda door: door != first)

    def _choose_door(self):
        """Choose a door for each citizen; the telephone where there is none left.

        Where no door has a text for an act, the administrator wants nothing told of it.
        """
        untold = self.filtered(
            lambda notice: not notice._get_text_doors(notice.act, notice.audience)
        )
        by_door, lost, heard = {}, self.browse(), self.browse()
        for notice in self - untold:
            doors = notice._get_usable_doors()
            if doors:
                by_door.setdefault(doors[0], []).append(notice.id)
            elif (
                notice.act == "received"
                and notice.ticket_id.channel_id.code == "phone"
                and not notice.tried
            ):
                heard |= notice  # the operator says it while writing it down
            else:
                lost |= notice
        for door, ids in by_door.items():
            self.browse(ids).write({"door": door})
        now = fields.Datetime.now()
        heard.write({"state": "delivered", "door": "phone", "date_sent": now})
        lost._give_up()
        told = self - untold
        untold.unlink()
        told._fold_citizens()
        return told

    def _fold_citizens(self):
        """After an outage somebody with ten requests gets one message, not ten."""
        seen = {}
        for notice in self.filtered(
            lambda notice: notice.state == "waiting" and notice.act in CLOCK_ACTS
        ):
            key = notice.act, notice.door, notice._get_address(notice.door)
            first = seen.setdefault(key, notice)
            if first != notice:
                notice._settle(
                    "sent",
                    self.env._("Told with %s in one message", first.ticket_id.name),
                )

    def _give_up(self):
        """No door is left: the operator calls, and lists show it."""
        if not self:
            return
        self.write({"state": "unreachable", "is_handed": False})
        tickets = self.ticket_id
        tickets.filtered(lambda t: not t.is_unreached)._acting().write(
            {"is_unreached": True}
        )
        self._ask_to_call(tickets)

    def _fan_out(self):
        """Return further notices for staff, one for each outside door that is open."""
        vals_list = []
        for notice in self:
            vals_list += [
                {
                    "ticket_id": notice.ticket_id.id,
                    "transfer_id": notice.transfer_id.id,
                    "act": notice.act,
                    "audience": notice.audience,
                    "partner_id": notice.partner_id.id,
                    "user_id": notice.user_id.id,
                    "date": notice.date,
                    "door": door,
                }
                for door in notice._get_usable_doors()
            ]
        return self.create(vals_list)

    # ------------------------------------------------------------
    # IN THE PROGRAM
    # ------------------------------------------------------------

    def _tell_in_app(self):
        """Put what is to be done into people's lists."""
        todos = []
        for notice in self:
            work = acts.BY_KEY[notice.act].work
            slip = notice.transfer_id
            if notice.audience in work:
                todos.append(notice._prepare_todo(notice.ticket_id))
            elif (
                acts.ADDRESSEES in work
                and notice.audience in acts.AUDIENCE_OF_LEVEL.values()
                and slip.is_open
            ):
                todos.append(notice._prepare_todo(slip))
        self._add_todos(todos)
        self.write({"door": "app", "state": "sent", "date_sent": fields.Datetime.now()})

    def _prepare_todo(self, record):
        self.ensure_one()
        slip = self.transfer_id
        unit = slip.unit_id.name
        texts = {
            ("returned", "operator"): self.env._(
                "Returned by %(unit)s: %(reason)s", unit=unit, reason=slip.reason
            ),
            ("unit_wrote", "operator"): self.env._(
                "%s has answered by mail, which is no result: please look", unit
            ),
            ("reminded", "operator"): self.env._(
                "The time given by %s ends soon.", unit
            ),
            ("complained", "operator"): self.env._(
                "Not satisfied: %s", self.ticket_id._get_round_rating().feedback
            ),
            ("overdue", "manager"): self.env._(
                "%s has not answered in time, and there is no level above.", unit
            ),
        }
        summary = self.note or texts.get(
            (self.act, self.audience), self.ticket_id.display_name
        )
        is_slip = record._name == "pakn.transfer" or self.act == "reminded"
        date_due = slip.date_due if is_slip else fields.Datetime.now()
        return record, self.user_id, date_due or fields.Datetime.now(), summary

    def _split_folded(self):
        """Return ``(told one by one, told together)``: many of the clock to one."""
        folded = self.browse()
        for (user, act), notices in self.grouped(
            lambda notice: (notice.user_id, notice.act)
        ).items():
            if user and act in CLOCK_ACTS and len(notices) >= FOLD:
                folded |= notices
        return self - folded, folded

    def _get_record(self):
        """Return the record that the text speaks of: slip for staff, else request."""
        self.ensure_one()
        if self.audience != "citizen" and self.transfer_id:
            return self.transfer_id
        return self.ticket_id

    def _get_moments(self):
        """Return ``{notice: when staff may be told, UTC}``; ``False`` is at once.

        What the clock itself says at night or on a Sunday waits for the unit's next
        working hour, unless the setting ``notify_in_hours`` is off.
        """
        settings = self.env["ir.config_parameter"]
        if not settings._get_typed("pakn_1022.notify_in_hours", True):
            return dict.fromkeys(self, False)
        now = fields.Datetime.now()
        openings = {}
        for unit in self.transfer_id.unit_id:
            opening = unit._get_calendar()._get_working_time().add(now, 0)
            openings[unit] = opening if opening > now else False
        return {
            notice: openings.get(notice.transfer_id.unit_id, False)
            if notice.act in CLOCK_ACTS and notice.user_id
            else False
            for notice in self
        }

    # ------------------------------------------------------------
    # WHAT BECAME OF IT
    # ------------------------------------------------------------

    def _settle(self, state, reason=False):
        """Note what a door says of these notices: ``sent``, ``delivered``, ``read``.

        A later word does not undo a better one.
        """
        order = ("waiting", "failed", "unreachable", "sent", "delivered", "read")
        better = self.filtered(
            lambda notice: order.index(notice.state) < order.index(state)
        )
        better.write({"state": state, "reason": reason, "is_handed": False})
        better.filtered(lambda notice: not notice.date_sent).write(
            {"date_sent": fields.Datetime.now()}
        )
        reached = better.filtered(lambda notice: notice.audience == "citizen").ticket_id
        reached.fetch(["is_unreached"])
        reached.filtered("is_unreached")._acting().write({"is_unreached": False})

    def _retry(self, reason):
        """The door could not be reached: again later, then another way.

        :return: those that are tried again by the same door
        """
        again = self.filtered(lambda notice: notice.attempts + 1 < ATTEMPTS)
        now = fields.Datetime.now()
        for attempts, notices in again.grouped("attempts").items():
            pause = min(FIRST_PAUSE * 2**attempts, LAST_PAUSE)
            notices.write(
                {
                    "attempts": attempts + 1,
                    "reason": reason,
                    "date_next": now + timedelta(minutes=pause),
                }
            )
        (self - again)._fail(reason)
        return again

    def _fail(self, reason, is_unclear=False):
        """A door has failed for good: citizens are told by the next one.

        :param bool is_unclear: it may have arrived all the same; then nothing is sent
            by another door, and the operator asks on the telephone
        """
        self.write({"state": "failed", "reason": reason, "is_handed": False})
        citizens = self.filtered(lambda notice: notice.audience == "citizen")
        if is_unclear:
            self._ask_to_call(
                citizens.ticket_id,
                lambda env: env._(
                    "Ask the citizen: it is unclear whether a message arrived"
                ),
            )
            return
        for door, notices in citizens.grouped("door").items():
            for notice in notices:
                notice.write(
                    {
                        "state": "waiting",
                        "tried": f"{notice.tried or ''} {door}".strip(),
                        "door": False,
                        "attempts": 0,
                        "date_next": False,
                    }
                )
        if citizens:
            self._wake()

    @api.model
    def _note_bounce(self, tickets, email):
        """A mail to a citizen came back: the next door, or the telephone."""
        notices = self.search(
            [
                ("ticket_id", "in", tickets.ids),
                ("audience", "=", "citizen"),
                ("door", "=", "mail"),
                ("state", "in", ("waiting", "sent", "delivered")),
            ],
            order="id desc",
        )
        notices = notices.filtered(
            lambda notice: notice.ticket_id.private_email == email
        )
        self._ask_to_call(
            tickets,
            lambda env: env._("Mail to the citizen did not arrive; call instead."),
        )
        last = notices[:1]
        last._fail(self.env._("The mail came back."))
