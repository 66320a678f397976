from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.pakn_1022.models.pakn_notice_news import CHANGED
from odoo.addons.pakn_1022.models.pakn_ticket_desk import LISTED
from odoo.addons.pakn_1022.tools.masking import mask_phone
from odoo.addons.pakn_1022.tools.phone import format_phone, normalize_phone

OPERATOR = "pakn_1022.group_operator"
# Tries at different times after which a number is given up, and minutes between them
TRIES, PAUSE = 3, 60


class PaknCallBack(models.Model):
    """Somebody who called and reached nobody, to be called back (Art. 20.3).

    One open entry for a number, however often it called; who waits longest comes
    first. It is closed when the person is reached, either way round (``reached``),
    after three tries at different times (``tried``), or by an operator with a reason
    (``closed``). To the exchange a mailbox is somebody who answers; who heard one puts
    the entry back on the list. Operators read and work; the monitor reads, without the
    number.
    """

    _name = "pakn.call.back"
    _description = "Call back"
    _inherit = ["pakn.kept"]
    _order = "date_first, id"
    _rec_name = "number"

    private_number = fields.Char(required=True, readonly=True, groups=OPERATOR)
    number = fields.Char(
        string="Phone number", compute="_compute_number", search="_search_number"
    )
    state = fields.Selection(
        [
            ("open", "To be called back"),
            ("reached", "Reached"),
            ("tried", "Tried three times"),
            ("closed", "Closed with a reason"),
        ],
        required=True,
        readonly=True,
        default="open",
    )
    date_first = fields.Datetime(string="Waits since", required=True, readonly=True)
    date_last = fields.Datetime(string="Called last on", required=True, readonly=True)
    call_count = fields.Integer(string="Calls", readonly=True, default=1)
    call_ids = fields.One2many("pakn.call", "callback_id", readonly=True)
    tries = fields.Integer(readonly=True)
    date_try = fields.Datetime(string="Last try on", readonly=True)
    date_next = fields.Datetime(
        string="Next try not before",
        readonly=True,
        help="Tries count when they are made at different times.",
    )
    is_due = fields.Boolean(
        string="Can be called now", compute="_compute_is_due", search="_search_is_due"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Operator",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Who called last, or closed it.",
    )
    reason_id = fields.Many2one(
        "pakn.call.reason",
        string="Why it was closed",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    note = fields.Char(readonly=True, groups=OPERATOR)
    date_closed = fields.Datetime(string="Closed on", readonly=True)
    minutes_waited = fields.Integer(
        string="Waited (minutes)",
        readonly=True,
        aggregator="avg",
        help="Until it was closed.",
    )

    _open_unique = models.UniqueIndex(
        "(private_number) WHERE state = 'open'", "This number is on the list already."
    )
    _open_idx = models.Index("(date_first, id) WHERE state = 'open'")

    @api.depends_context("uid")
    @api.depends("private_number")
    def _compute_number(self):
        knows = self.env.su or self.env.user.has_group(OPERATOR)
        for entry, entry_sudo in zip(self, self.sudo(), strict=True):
            # sudo: what is shown is decided here
            number = entry_sudo.private_number
            entry.number = number if knows else mask_phone(number)

    @api.depends_context("uid")
    @api.depends("number")
    def _compute_display_name(self):
        """Name an entry as people say its number, above its form as in it."""
        for entry in self:
            entry.display_name = format_phone(entry.number)

    @api.depends("state", "date_next")
    def _compute_is_due(self):
        now = fields.Datetime.now()
        for entry in self:
            is_resting = entry.date_next and entry.date_next > now
            entry.is_due = entry.state == "open" and not is_resting

    @api.model
    def _search_is_due(self, operator, value):
        if operator != "in":
            return NotImplemented
        rested = Domain("date_next", "=", False) | Domain(
            "date_next", "<=", fields.Datetime.now()
        )
        domain = Domain("state", "=", "open") & rested
        return domain if True in value else ~domain

    @api.model
    def _search_number(self, operator, value):
        return self.env["pakn.call"]._search_number(operator, value)

    # ------------------------------------------------------------
    # WHAT CALLS DO WITH IT
    # ------------------------------------------------------------

    @api.model
    def _note_calls(self, calls):
        """Open, count and close entries by calls that are over; see the class."""
        missed, reached, tried = {}, {}, {}
        for call in calls:
            try:
                number = normalize_phone(call.private_number)
            except ValueError:
                continue  # hidden, or nothing that can be called
            if call.state == "done":
                reached.setdefault(number, call)
            elif call.direction == "out":
                tried.setdefault(number, call)
            elif not call.callback_id:
                # Otherwise it was counted as missed, and is now known as given up
                missed.setdefault(number, self.env["pakn.call"])
                missed[number] |= call
        if missed:
            self._add_missed(missed)
            self._close_spoken(missed)
        numbers = [*reached, *tried]
        entries = self.search(
            [("private_number", "in", numbers), ("state", "=", "open")]
        )
        for entry in entries:
            if call := reached.get(entry.private_number):
                # A later miss waits on, though an earlier call was told late
                if (
                    call.direction == "out"
                    or call.date_ring >= entry.date_last
                    or call.callback_id == entry
                ):
                    entry._close("reached", call.user_id)
            else:
                entry._count_try(tried[entry.private_number].user_id)
        if missed or entries:
            self._announce_changed()

    @api.model
    def _add_missed(self, missed):
        """Put callers on the list, or count their calls if they are on it.

        :param dict missed: ``{E.164: calls}``
        """
        now = fields.Datetime.now()
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """INSERT INTO pakn_call_back AS old (private_number, state, date_first,
                          date_last, call_count, tries, create_uid, create_date,
                          write_uid, write_date)
                   VALUES %s
                   ON CONFLICT (private_number) WHERE state = 'open' DO UPDATE
                      SET call_count = old.call_count + EXCLUDED.call_count,
                          date_first = LEAST(old.date_first, EXCLUDED.date_first),
                          date_last = GREATEST(old.date_last, EXCLUDED.date_last)
                   RETURNING id, private_number, (xmax = 0)""",
                SQL(", ").join(
                    SQL(
                        "(%s, 'open', %s, %s, %s, 0, %s, %s, %s, %s)",
                        number,
                        min(calls.mapped("date_ring")),
                        max(calls.mapped("date_ring")),
                        len(calls),
                        *(self.env.uid, now, self.env.uid, now),
                    )
                    for number, calls in sorted(missed.items())
                ),
            ),
            log_exceptions=False,
        )
        rows = self.env.cr.fetchall()
        self.invalidate_model(flush=False)
        for entry_id, number, _is_new in rows:
            missed[number].callback_id = entry_id
        self.browse([row[0] for row in rows if row[2]])._promise()

    @api.model
    def _close_spoken(self, missed):
        """Close the entries of misses told late, whose callers were spoken with since.

        :param dict missed: ``{E.164: calls}``
        """
        first = min(min(calls.mapped("date_ring")) for calls in missed.values())
        spoken = self.env["pakn.call"].search(
            [
                ("private_number", "in", list(missed)),
                ("state", "=", "done"),
                ("date_ring", ">", first),
            ],
            order="date_ring, id",
        )
        latest = {call.private_number: call for call in spoken}
        entries = self.search(
            [("private_number", "in", list(latest)), ("state", "=", "open")]
        )
        for entry in entries:
            call = latest[entry.private_number]
            if call.date_ring > entry.date_last:
                waited = (call.date_ring - entry.date_first).total_seconds() / 60
                entry._close("reached", call.user_id, minutes_waited=round(waited))

    @api.model
    def _announce_changed(self):
        """Have the operators' desks ask anew who waits."""
        self.env.ref(OPERATOR)._bus_send(CHANGED, {"ids": []})

    def _promise(self):
        """Tell those who are new on the list that they will be called; a hook."""

    def _count_try(self, user):
        """Count a try that reached nobody, if it is at a different time."""
        self.ensure_one()
        now = fields.Datetime.now()
        if self.date_next and now < self.date_next:
            return
        get_typed = self.env["ir.config_parameter"]._get_typed
        pause = get_typed("pakn_1022_call.try_pause_minutes", PAUSE)
        self.write(
            {
                "tries": self.tries + 1,
                "date_try": now,
                "date_next": now + timedelta(minutes=pause),
                "user_id": user.id or self.user_id.id,
            }
        )
        if self.tries >= get_typed("pakn_1022_call.tries", TRIES):
            self._close("tried", user)

    def _close(self, state, user, **values):
        now = fields.Datetime.now()
        for entry in self:
            waited = (now - entry.date_first).total_seconds() / 60
            entry.write(
                {
                    "state": state,
                    "date_closed": now,
                    "minutes_waited": max(round(waited), 0),
                    "user_id": user.id or entry.user_id.id,
                    **values,
                }
            )

    # ------------------------------------------------------------
    # ON THE DESK
    # ------------------------------------------------------------

    @api.model
    def _get_desk_section(self, now, clock):
        """Return the section of the desk of who can be called back now, if somebody.

        :return: see ``_get_more_desk_sections`` of ``pakn.ticket``; one at most
        """
        domain = [("is_due", "=", True)]
        entries = self.search(domain, limit=LISTED)
        if not entries:
            return []
        count = len(entries)
        if count == LISTED:
            count = self.search_count(domain)
        known = self.env["pakn.call"]._find_tickets(entries.mapped("private_number"))
        return [
            {
                "key": "call_backs",
                "model": self._name,
                "label": self.env._("Called in vain: call back"),
                "icon": "fa-phone",
                "color": "danger",
                "count": count,
                "domain": domain,
                "rows": [
                    entry._describe_desk_row(known[entry.private_number], now, clock)
                    for entry in entries
                ],
            }
        ]

    def _describe_desk_row(self, tickets, now, clock):
        """Return the row of an entry.

        :param tickets: the requests of this number
        """
        self.ensure_one()
        hours = clock.between(min(self.date_first, now), now)
        name = self.env._("Called once")
        if self.call_count > 1:
            name = self.env._("Called %s times", self.call_count)
        tried = self.env._("tried %s times", self.tries) if self.tries else ""
        return {
            "id": self.id,
            "name": name,
            "title": self.display_name,
            "icon": "fa-phone",
            "channel": self.env._("Telephone"),
            "citizen": tickets[:1].private_name or "",
            "phone": "",
            "about": tried,
            "unit": "",
            "user": self.user_id.name or "",
            "user_id": self.user_id.id,
            "secrecy": "public",
            "state": self.state,
            "time": self.env["pakn.transfer"]._get_span_format()(hours, 8),
            "color": self.env["pakn.ticket"]._judge_age(hours),
            "call": {"method": "action_dial", "label": self.env._("Call")},
        }

    # ------------------------------------------------------------
    # WHAT OPERATORS DO WITH IT
    # ------------------------------------------------------------

    def _check_right(self):
        """Check the caller's right, and lock these entries."""
        if not self.env.user.has_group(OPERATOR):
            raise AccessError(self.env._("Calls are the operators' to deal with."))
        self.check_access("read")
        self.env.cr.execute(
            SQL(
                "SELECT id FROM pakn_call_back WHERE id IN %s FOR NO KEY UPDATE",
                tuple(self.ids or [0]),
            ),
            log_exceptions=False,
        )
        self.invalidate_recordset(["state"])

    def _check_open(self):
        """Check the caller's right and that these entries are open; lock them."""
        self._check_right()
        for entry in self:
            if entry.state != "open":
                raise UserError(
                    self.env._("%s is not on the list any more.", entry.number)
                )

    def note_try(self, is_reached=False):
        """Note a call that was made past the exchange.

        :param bool is_reached: whether the person was spoken with
        """
        self._check_open()
        if is_reached not in (True, False):
            raise ValidationError(
                self.env._("Please say whether the person was reached.")
            )
        for entry in self.sudo():  # sudo: entries have no other writers
            if is_reached:
                entry._close("reached", self.env.user)
                continue
            if entry.date_next and fields.Datetime.now() < entry.date_next:
                raise UserError(
                    self.env._(
                        "The last try was at %(last)s; the next one counts from "
                        "%(next)s on.",
                        last=_show_time(self, entry.date_try),
                        next=_show_time(self, entry.date_next),
                    )
                )
            entry._count_try(self.env.user)
        self._announce_changed()
        return True

    def close(self, reason_id, note=None):
        """Take numbers off the list without having reached anybody.

        :param int reason_id: of ``pakn.call.reason``
        """
        self._check_open()
        tickets = self.env["pakn.ticket"]
        reason = tickets._browse_given("pakn.call.reason", reason_id)[:1].exists()
        if not reason:
            raise ValidationError(self.env._("Please choose the reason."))
        note = tickets._check_text(note)[:300]
        self.sudo()._close(  # sudo: entries have no other writers
            "closed",
            self.env.user,
            reason_id=reason.id,
            note=note or False,
        )
        self._announce_changed()
        return True

    def reopen(self):
        """Put numbers back on the list: what answered was a mailbox, or somebody else.

        The call counts as a try.
        """
        self._check_right()
        entries = self.sudo()  # sudo: entries have no other writers
        for entry in entries:
            if entry.state != "reached":
                raise UserError(
                    self.env._("%s was not noted as reached.", entry.number)
                )
        waiting = self.sudo().search(  # sudo: entries have no other writers
            [
                ("private_number", "in", entries.mapped("private_number")),
                ("state", "=", "open"),
            ],
            limit=1,
        )
        numbers = entries.mapped("private_number")
        if waiting or len(set(numbers)) < len(numbers):
            raise UserError(
                self.env._(
                    "%s is on the list already.", (waiting or entries[:1]).number
                )
            )
        entries.write({"state": "open", "date_closed": False, "minutes_waited": 0})
        for entry in entries:
            entry._count_try(self.env.user)
        self._announce_changed()
        return True

    def action_reopen(self):
        return self.reopen()

    def action_reached(self):
        return self.note_try(True)

    def action_not_reached(self):
        return self.note_try()

    def action_close(self):
        """Open the dialog that asks for the reason."""
        self._check_open()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Take off the list"),
            "res_model": "pakn.call.settle",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_callback_ids": [fields.Command.set(self.ids)]},
        }

    def action_dial(self):
        """Have the exchange ring the caller's telephone, then the citizen's."""
        self.ensure_one()
        self._check_open()
        return self.env["pakn.call"].dial(self.private_number)


def _show_time(records, moment):
    """Return a moment as people say it: with its day, where that is not today."""
    local = fields.Datetime.context_timestamp(records, moment)
    now = fields.Datetime.context_timestamp(records, fields.Datetime.now())
    is_today = local.date() == now.date()
    return local.strftime("%H:%M" if is_today else "%H:%M %d/%m")
