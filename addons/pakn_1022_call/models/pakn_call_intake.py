import contextlib
import logging
from datetime import timedelta, timezone

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.pakn_1022.tools import province
from odoo.addons.pakn_1022.tools.phone import OldLandline, normalize_phone

from ..tools.call_facts import (
    ANSWERED,
    ENDED,
    GUESS,
    OVER,
    CallEvent,
    CallFacts,
    describe,
    merge_all,
)

_logger = logging.getLogger(__name__)

# A call is answered in time within so many seconds
IN_TIME = 20
# Hours after which a call whose end nobody told is taken for over
STALE_HOURS = 4
# Stands for "not known" until it is stored: Odoo would make a zero of nothing
UNKNOWN = -1
# Landlines of the province (Art. 3.1): the area's code, digits without it
AREA_CODE, LOCAL_LENGTH = "0269", 7
CHANGED = "pakn_1022_call.changed"


class PaknCallIntake(models.AbstractModel):
    """What exchanges tell, put together: one row for a call, whatever came in which
    order and how often.

    A room of ``pakn.call``. Gives ``_intake``, which adapters call.
    """

    _name = "pakn.call.intake"
    _description = "Intake of calls"

    @api.model
    def _intake(self, account, events):
        """Take in what an exchange tells of calls.

        :param account: ``pakn.call.account`` that tells
        :param events: :class:`CallEvent`
        :return: the calls that something new is known of
        """
        by_call = {}
        for event in events:
            by_call.setdefault(event.call_id, []).append(event)
        if not by_call:
            return self.browse()
        # sudo: an exchange is no user
        calls = self.sudo()._find_or_insert(account, sorted(by_call))
        described = {}
        for call in calls:
            before = CallFacts.from_dict(call.facts)
            after = merge_all(before, by_call[call.call_id])
            if after != before:
                described[call] = (describe(before), describe(after), after)
        users = self.env["pakn.call.seat"]._find(
            {
                extension
                for before, after, _facts in described.values()
                for extension in (
                    *before.ringing,
                    *after.ringing,
                    before.extension,
                    after.extension,
                )
                if extension
            }
        )
        return calls._apply(described, users)

    def _find_or_insert(self, account, call_ids):
        """Return the calls of these ids, locked; those not known yet are made."""
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """INSERT INTO pakn_call (provider, call_id, account_id, direction,
                          state, date_ring, create_uid, create_date, write_uid,
                          write_date)
                   VALUES %s ON CONFLICT DO NOTHING""",
                SQL(", ").join(
                    SQL(
                        "(%s, %s, %s, 'in', 'ringing', %s, %s, %s, %s, %s)",
                        *(account.code, call_id, account.id, now),
                        *(self.env.uid, now, self.env.uid, now),
                    )
                    for call_id in call_ids
                ),
            ),
            log_exceptions=False,
        )
        calls = self.search(
            [("provider", "=", account.code), ("call_id", "in", call_ids)], order="id"
        )
        calls._lock_calls()
        calls.fetch(["call_id", "facts", "user_id", "state", "recording_id"])
        return calls

    def _apply(self, described, users):
        """Write what is known now, and do what follows from it.

        :param dict described: ``{call: (what it was, what it is, facts)}``
        :param dict users: ``{extension: res.users}``
        """
        changed = self.browse()
        over, talking, silent = self.browse(), {}, self.env["res.users"]
        audience = self.env["res.users"]
        is_waiting = False
        for call, (was, now, facts) in described.items():
            before = call.user_id
            call.write(call._prepare_values(now, facts, users))
            changed |= call
            audience |= before | call.user_id
            for extension in {*was.ringing, *now.ringing}:
                audience |= users.get(extension, self.env["res.users"])
            if now.state in ("ringing", "missed", "abandoned") and not now.ringing:
                is_waiting = True
            if now.is_left:
                # Handed on: the caller is there, the operator is free
                silent |= call.user_id
            elif now.state == "talking" and call.user_id:
                talking[call] = call.user_id
                silent |= before - call.user_id
            if now.state in OVER and was.state != now.state:
                over |= call
                silent |= call.user_id
        changed._forget_unknown()
        if is_waiting:
            audience |= self._get_waiting_users()
        seats = self.env["pakn.call.seat"].sudo()  # sudo: the exchange tells
        speaking = self.env["res.users"].union(*talking.values())
        for people, presence in (
            (silent - speaking, "wrap_up"),
            (speaking, "talking"),
        ):
            if people:
                found = seats.search([("user_id", "in", people.ids)])
                if presence == "wrap_up":
                    found = found.filtered(lambda seat: seat.presence == "talking")
                found._set_presence(presence)
        if over:
            self.env["pakn.call.back"].sudo()._note_calls(over)
            self.env["pakn.call.recording"].sudo()._expect(
                {
                    call: described[call][1].recording
                    for call in over
                    if described[call][1].recording
                }
            )
        late = {
            call: now.recording
            for call, (_was, now, _facts) in described.items()
            if call not in over and now.state in OVER and now.recording
        }
        self.env["pakn.call.recording"].sudo()._expect(late)
        for user in audience:
            user._bus_send(CHANGED, {})
        if changed:
            self._tell_walls()
        return changed

    def _prepare_values(self, now, facts, users):
        """Return the columns of a call.

        :param now: :class:`call_facts.Call`
        """
        self.ensure_one()
        caller, called = self._read_number(now.caller), self._read_number(now.called)
        number = caller if now.direction == "in" else called
        waited, is_over = now.waited, now.state in OVER
        is_answered = now.state == "done"
        # What is not known to be in time does not count as such
        is_in_time = is_answered and waited is not None and waited <= IN_TIME
        values = {
            "facts": facts.as_dict(),
            "state": now.state,
            "direction": now.direction,
            "private_caller": caller or False,
            "private_called": called or False,
            "private_number": number or False,
            "private_name": now.caller_name or False,
            "is_hidden": not number,
            "queue": now.queue or False,
            "extension": now.extension or False,
            "date_ring": _naive(now.date_ring),
            "date_answer": _naive(now.date_answer),
            "date_end": _naive(now.date_end),
            "end_is_guess": now.end_is_guess,
            "seconds_waited": UNKNOWN if waited is None else waited,
            "seconds_talked": (
                now.talked if now.talked is not None and is_answered else UNKNOWN
            ),
            "hour": province.to_local(_naive(now.date_ring)).hour,
            "cause": now.cause or False,
            "service_level": (
                100.0 * is_in_time if is_over and now.direction == "in" else UNKNOWN
            ),
        }
        if user := users.get(now.extension):
            # Who speaks with the citizen; else who took it on the screen, if anybody
            values["user_id"] = user.id
        return values

    def _forget_unknown(self):
        """Store lengths that are not known as nothing, which no mean counts."""
        if not self:
            return
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                """UPDATE pakn_call
                      SET seconds_waited = NULLIF(seconds_waited, %(unknown)s),
                          seconds_talked = NULLIF(seconds_talked, %(unknown)s),
                          service_level = NULLIF(service_level, %(unknown)s)
                    WHERE id IN %(ids)s""",
                unknown=UNKNOWN,
                ids=tuple(self.ids),
            )
        )
        self.invalidate_recordset(
            ["seconds_waited", "seconds_talked", "service_level"], flush=False
        )

    @api.model
    def _read_number(self, text):
        """Return a number as E.164, or as the exchange sent it."""
        try:
            return normalize_phone(text)
        except OldLandline as landline:
            return landline.number
        except ValueError:
            if text and len(text) == LOCAL_LENGTH and text.isdigit():
                # A landline of the province, as its own exchange tells of it
                with contextlib.suppress(ValueError):
                    return normalize_phone(f"{AREA_CODE}{text}")
            return text

    def _lock_calls(self):
        """Wait for these calls, and lock them until the end of the transaction.

        Who waited is refused by PostgreSQL's serialization, and does it again.
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """SELECT id FROM pakn_call WHERE id IN %s ORDER BY id
                      FOR NO KEY UPDATE""",
                tuple(self.ids or [0]),
            ),
            log_exceptions=False,
        )

    @api.model
    def _close_unseen(self, account, seen, date):
        """End the calls of an exchange that it does not know any more.

        Their ends were missed while the connection was down; when that was is not
        known, so they count in no length.

        :param set seen: ids of the calls there are
        :param date: aware, when the exchange was asked
        """
        # sudo: the service that listens to the exchange
        lost = self.sudo().search(
            [
                ("provider", "=", account.code),
                ("state", "in", ("ringing", "talking")),
                ("call_id", "not in", list(seen)),
                ("date_ring", "<", _naive(date)),
            ],
            limit=10_000,
        )
        return self._intake(
            account,
            [CallEvent(call.call_id, ENDED, date, rank=GUESS) for call in lost],
        )

    @api.model
    def _fill_gaps(self, account, events):
        """Take in what the exchange wrote down of calls, where that is news.

        Of a call that is over and whose end was seen, what was told live is better; so
        is the moment of an answer that was told.

        :param events: of ``tools.cdr``
        """
        # sudo: the service that listens to the exchange
        known = self.sudo().search(
            [
                ("provider", "=", account.code),
                ("call_id", "in", list({event.call_id for event in events})),
            ]
        )
        whole = {
            call.call_id
            for call in known
            if call.state in OVER and not call.end_is_guess
        }
        answered = set(known.filtered("date_answer").mapped("call_id"))
        return self._intake(
            account,
            [
                event
                for event in events
                if event.call_id not in whole
                and not (event.kind == ANSWERED and event.call_id in answered)
            ],
        )

    @api.model
    def _cron_close_stale(self):
        """End calls that have gone on for hours, whose ends nobody told."""
        limit = fields.Datetime.now() - timedelta(hours=STALE_HOURS)
        stale = self.search(
            [("state", "in", ("ringing", "talking")), ("date_ring", "<", limit)],
            limit=1000,
        )
        now = fields.Datetime.now().replace(tzinfo=timezone.utc)
        for account, calls in stale.grouped("account_id").items():
            self._intake(
                account,
                [CallEvent(call.call_id, ENDED, now, rank=GUESS) for call in calls],
            )


def _naive(date):
    """Return an aware moment as Odoo stores it: UTC, whole seconds."""
    return date and date.astimezone(timezone.utc).replace(tzinfo=None, microsecond=0)
