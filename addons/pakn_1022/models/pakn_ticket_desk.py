from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ..tools import acts, province
from ..tools.assign import assign
from ..tools.phone import format_phone
from .pakn_notice_news import CHANGED

OPERATOR = "pakn_1022.group_operator"
SUPERVISOR = "pakn_1022.group_supervisor"
LOOKING = "pakn_1022.looking"

# Rows of a section; the rest is one key away in its list
LISTED = 8
# Working hours from which what nobody has handled is yellow, then red
HOURS_WAITING, HOURS_LONG = 0.5, 1.0
# Working hours ahead in which an appointment is said to end
HOURS_AHEAD = 8

# Figure -> kinds of acts on record
FIGURES = {
    "received": ["received"],
    "transferred": ["transferred", "referred"],
    "instant": ["answered"],
    "sent": ["sent"],
}


class PaknTicketDesk(models.AbstractModel):
    """The operator's desk: what waits now, in the order it should be done (Art. 20.3).

    A room of ``pakn.ticket``. Each number counts what its ``domain`` finds; a request
    stands in every section in which something is to be done with it.
    """

    _name = "pakn.ticket.desk"
    _description = "Desk of the operator"

    age_state = fields.Selection(
        [("ok", "Just come"), ("soon", "Waiting"), ("late", "Waiting for long")],
        string="Age",
        compute="_compute_age",
        help="Of what no unit has yet, by working hours since it was received.",
    )
    age_text = fields.Char(string="Waits for", compute="_compute_age")

    @api.depends("state", "date_received")
    def _compute_age(self):
        """Say how long a new request has waited, in working hours (Art. 20.3)."""
        new = self.filtered(lambda ticket: ticket.state == "new")
        (self - new).age_state = (self - new).age_text = False
        if not new:
            return
        clock, now = self._get_desk_clock(), fields.Datetime.now()
        format_span = self.env["pakn.transfer"]._get_span_format()
        ages = [clock.between(min(ticket.date_received, now), now) for ticket in new]
        assign(new, "age_state", [self._judge_age(hours) for hours in ages])
        assign(new, "age_text", [format_span(hours, 8) for hours in ages])

    @api.model
    def _judge_age(self, hours):
        if hours < HOURS_WAITING:
            return "ok"
        return "soon" if hours < HOURS_LONG else "late"

    @api.model
    def _get_desk_clock(self):
        # Known without asking the database, as lists and boards need it too
        number = self.env["ir.model.data"]._xmlid_to_res_id(
            "pakn_1022.resource_calendar_pakn"
        )
        return self.env["resource.calendar"].browse(number)._get_working_time()

    # ------------------------------------------------------------
    # THE DESK
    # ------------------------------------------------------------

    @api.model
    def get_desk(self, whose="mine"):
        """Return what waits for the caller, and what the caller has done.

        The number of queries does not grow with the number of requests.

        :param str whose: ``mine``: the caller's and what nobody has taken; ``all``
        :return: ``{"sections": [{key, count, domain, rows: [row]}], "figures":
            {"today"|"week": {key: {count, domain}}, "waiting": {count, domain}},
            "is_supervisor": bool, "operators": [{id, name, count, away}]}``; a
            ``row`` has ``id, name, title, icon, channel, phone, citizen, about, unit,
            user, user_id, secrecy, state, time, color, due``; ``time`` is in words,
            ``color`` ``ok``, ``soon``, ``late`` or ``False``. Sections of addons come
            first, see :meth:`_get_more_desk_sections`
        :raise AccessError: no operator
        """
        if not self._is_operator():
            raise AccessError(self.env._("The desk is for operators of the hotline."))
        now, clock = fields.Datetime.now(), self._get_desk_clock()
        scope = Domain.TRUE
        if whose != "all":
            scope = Domain("user_id", "in", [self.env.uid, False])
        sections, found = [], self.browse()
        for key, domain, order in self._get_desk_sections(now, clock):
            domain &= scope
            tickets = self.search(domain, order=order, limit=LISTED)
            count = len(tickets)
            if count == LISTED:
                count = self.search_count(domain)
            found |= tickets
            sections.append((key, domain, count, tickets))
        found._prepare_desk_rows()
        is_supervisor = self.env.user.has_group(SUPERVISOR)
        return {
            "sections": [
                *self._get_more_desk_sections(now, clock),
                *(
                    {
                        "key": key,
                        "count": count,
                        "domain": list(domain),
                        "rows": [
                            # The very records that were fetched together
                            ticket._describe_desk_row(key, now, clock)
                            for ticket in tickets.with_prefetch(found._prefetch_ids)
                        ],
                    }
                    for key, domain, count, tickets in sections
                ),
            ],
            "figures": self._get_own_figures(now),
            "is_supervisor": is_supervisor,
            "operators": self._get_operators_at_desk() if is_supervisor else [],
        }

    @api.model
    def _get_desk_sections(self, now, clock):
        """Return ``[(key, domain, order)]`` in the order they should be done.

        Calls first, for a person waits by the telephone; then what nobody has handled,
        what citizens wrote, results; then what lies with units.
        """
        # By name, for a browser to open what is counted
        late = Domain("is_late", "=", True)
        new = Domain("state", "=", "new")
        handled = Domain("transfer_ids", "!=", False) | Domain("round", ">", 1)
        ahead = fields.Datetime.to_string(clock.add(now, HOURS_AHEAD))
        return [
            ("calls", Domain("is_unreached", "=", True), "date_received, id"),
            ("new", new & ~handled, "date_received, id"),
            (
                "messages",
                Domain("has_new_reply", "=", True),
                "date_new_reply asc nulls first, id",
            ),
            ("results", Domain("state", "=", "answered"), "date_result, id"),
            ("returned", new & handled, "date_received, id"),
            (
                "appointments",
                Domain("state", "=", "scheduled")
                & Domain("date_due", "<=", ahead)
                & Domain("is_late", "=", False),
                "date_due, id",
            ),
            ("overdue", late, "date_overdue asc nulls last, date_due, id"),
        ]

    @api.model
    def _get_more_desk_sections(self, now, clock):
        """Return sections of what waits and is no request, if something does; a hook.

        As in :meth:`get_desk`, and further ``model``, ``label``, ``icon`` and ``color``
        (of Bootstrap); each row has a ``call``: the name and the label of a method of
        the model without arguments.
        """
        return []

    def _prepare_desk_rows(self):
        """Read what the rows show in as many queries for one as for all."""
        self.fetch(
            [
                *("name", "title", "state", "round", "secrecy", "date_received"),
                *("date_result", "date_new_reply", "date_due", "is_overdue"),
                *("date_overdue", "date_ended", "channel_id", "category_id"),
                *("area_id", "unit_id", "user_id", "open_transfer_id"),
                *("private_name", "private_phone", "private_address", "private_email"),
            ]
        )

    def _describe_desk_row(self, section, now, clock):
        self.ensure_one()
        time_text, color = self._get_desk_time(section, now, clock)
        return {
            "id": self.id,
            "name": self.name,
            "title": self.title,
            "icon": self.channel_id.icon or "fa-inbox",
            "channel": self.channel_id.name,
            "citizen": self.citizen_name or "",
            "phone": format_phone(self.citizen_phone),
            "about": " · ".join(
                filter(None, (self.category_id.name, self.area_id.name))
            ),
            "unit": self.unit_id.name or "",
            "user": self.user_id.name or "",
            "user_id": self.user_id.id,
            "secrecy": self.secrecy,
            "state": self.state,
            "time": time_text,
            "color": color,
        }

    def _get_desk_time(self, section, now, clock):
        """Return in words how long it has waited or has left, and the colour."""
        if section in ("appointments", "overdue"):
            return self.due_text or "", self.due_state
        format_span = self.env["pakn.transfer"]._get_span_format()
        if section == "results":
            # What counts here is how long the citizen has waited, by the wall clock
            hours = (now - self.date_received).total_seconds() / 3600
            waited = self.env._("citizen waits for %s", format_span(max(hours, 0), 24))
            since = self.date_result or now
        else:
            since = self.date_received
            if section == "messages":
                since = self.date_new_reply or since
            waited = None
        hours = clock.between(min(since, now), now)
        return waited or format_span(hours, 8), self._judge_age(hours)

    @api.model
    def _get_own_figures(self, now):
        """Return what the caller did today and this week, and what is open still.

        By the record of acts (Art. 9), each request once, but for what the caller took
        back; days are the province's.
        """
        today = province.to_local(now).date()
        days = {"week": today - timedelta(days=today.weekday()), "today": today}
        figures, taken = {}, None
        for period, day in days.items():
            start = fields.Datetime.to_string(
                province.to_utc(datetime.combine(day, time.min))
            )
            own = [("user_id", "=", self.env.uid), ("date", ">=", start)]
            if taken is None:
                taken = self.env["pakn.event"]._find_taken_back(own)
            own.append(("id", "not in", taken.ids))
            kinds = [kind for group in FIGURES.values() for kind in group]
            counts = dict(
                self.env["pakn.event"]._read_group(
                    [*own, ("kind", "in", kinds)],
                    ["kind"],
                    ["ticket_id:count_distinct"],
                )
            )
            figures[period] = {
                key: {
                    "count": sum(counts.get(kind, 0) for kind in group),
                    "domain": [("event_ids", "any", [*own, ("kind", "in", group)])],
                }
                for key, group in FIGURES.items()
            }
        waiting = [("user_id", "=", self.env.uid), ("date_closed", "=", False)]
        figures["waiting"] = {"count": self.search_count(waiting), "domain": waiting}
        return figures

    @api.model
    def _get_operators_at_desk(self):
        """Return whom a supervisor may hand requests to: who has least first.

        Those who are away come last, with the day. Who administers is offered to
        nobody but to themselves, to take one.
        """
        users = self.env["res.users"]._get_operators() | self.env.user
        rows = [
            {"id": user.id, "name": user.name, "count": count, "away": away}
            for user, (count, away) in self._get_loads(users).items()
        ]
        return sorted(rows, key=lambda r: (bool(r["away"]), r["count"], r["name"]))

    @api.model
    def _get_loads(self, users):
        """Return ``{operator: (number of open requests, until when away or False)}``.

        The second is in words; the first counts what the caller may read.
        """
        counts = dict(
            self._read_group(
                [("user_id", "in", users.ids), ("date_closed", "=", False)],
                ["user_id"],
                ["__count"],
            )
        )
        present = users._filter_present()
        return {
            user: (
                counts.get(user, 0),
                False
                if user in present
                else self.env._(
                    "away until %s", format_date(self.env, user.pakn_away_until)
                ),
            )
            for user in users
        }

    # ------------------------------------------------------------
    # WHO TAKES IT
    # ------------------------------------------------------------

    def take(self):
        """Take requests that nobody has taken yet; on record as a correction.

        :raise AccessError: no operator
        :raise UserError: somebody else was faster, or it is closed
        """
        self._check_operator()
        self._lock()
        for ticket in self:
            ticket._check_can_be_given()
            if ticket.user_id and ticket.user_id != self.env.user:
                raise UserError(
                    self.env._(
                        "%(name)s has taken %(code)s already.",
                        name=ticket.user_id.name,
                        code=ticket.name,
                    )
                )
        self.filtered(lambda t: not t.user_id).write({"user_id": self.env.uid})
        self._announce_changed()
        return True

    def hand_out(self, user_id):
        """Give requests to an operator, who is told at once (Art. 15.2).

        :param int user_id: of ``res.users``
        :raise AccessError: no supervisor
        :raise ValidationError: the other one is no operator
        """
        self._start("hand_out")
        user = self._browse_given("res.users", user_id)[:1].exists()
        self._check_may_be_handed(user)
        self.filtered(lambda ticket: ticket.user_id != user).write({"user_id": user.id})
        self._announce_changed()
        return True

    def _check_may_be_handed(self, user):
        """Check that somebody may be given these requests.

        :raise ValidationError: no operator, or one who may not know of a secret
        """
        if not user or not user.active or not user.has_group(OPERATOR):
            raise ValidationError(
                self.env._("Choose an operator, who may work on requests.")
            )
        for ticket in self - self._filter_known_to(user):
            raise ValidationError(
                self.env._(
                    "%(name)s may not know of %(code)s.",
                    name=user.name,
                    code=ticket.name,
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Tell whom a colleague takes a request in for (Art. 15.2)."""
        tickets = super().create(vals_list)
        if self.env.su:
            return tickets
        others = tickets.filtered(lambda t: t.user_id and t.user_id != self.env.user)
        for user, handed in others.grouped("user_id").items():
            handed._check_may_be_handed(user)
            self.env["pakn.notice"]._tell_handed(handed, user, user.browse())
        return tickets

    def write(self, vals):
        """Tell whoever is given requests, whichever way it is done (Art. 15.2).

        By the operation, on the form, or with a card that is drawn to somebody.
        """
        if self.env.su or "user_id" not in vals:
            return super().write(vals)
        user = self._browse_given("res.users", vals["user_id"] or [])[:1].exists()
        handed = self.filtered(lambda ticket: ticket.user_id != user)
        former = handed.user_id
        if user and user != self.env.user:
            for ticket in handed:
                ticket._check_can_be_given()
            handed._check_may_be_handed(user)
        result = super().write(vals)
        if former or user != self.env.user:
            self.env["pakn.notice"]._tell_handed(handed, user, former)
        return result

    def _filter_known_to(self, user):
        """Return those that an operator may know of; a secret is not everybody's."""
        secret = self.filtered(lambda ticket: ticket.secrecy == "secret")
        known = secret.with_user(user)._filtered_access("write").with_env(self.env)
        return self - (secret - known)

    def _share_out(self, users):
        """Share these requests out evenly, in their order.

        Numbers differ by one at most, but for secrets that not everybody may know of;
        whoever is named first gets what is over.

        :return: ``{operator: requests}`` of those that somebody may have
        """
        known = {user: set(self._filter_known_to(user)._ids) for user in users}
        shares = {user: [] for user in users}
        # Secrets first: fewer may have them
        for ticket in self.sorted(lambda ticket: ticket.secrecy != "secret"):
            able = [user for user in users if ticket.id in known[user]]
            if able:
                shares[min(able, key=lambda user: len(shares[user]))].append(ticket.id)
        return {user: self.browse(ids) for user, ids in shares.items()}

    def _check_can_be_given(self):
        if self.state in acts.CLOSED:
            raise UserError(
                self.env._("%s is closed: nobody has to take it.", self.name)
            )

    def _announce_changed(self):
        self.env.ref(OPERATOR)._bus_send(CHANGED, {"ids": self.ids})

    # ------------------------------------------------------------
    # WHO LOOKS AT IT
    # ------------------------------------------------------------

    def look(self, is_here=True):
        """Tell the other operators that the caller looks at this request, or left it.

        Nothing is stored: browsers say it again while the request is open, and forget
        whoever does not.

        :param bool is_here: ``False`` when the caller leaves it
        :raise AccessError: the caller may not work on it
        """
        self.ensure_one()
        self._check_operator()
        group = "group_secrecy_clearance" if self.secrecy == "secret" else None
        audience = self.env.ref(f"pakn_1022.{group}" if group else OPERATOR)
        audience._bus_send(
            LOOKING,
            {
                "ticket_id": self.id,
                "user_id": self.env.uid,
                "name": self.env.user.name,
                "is_here": bool(is_here),
            },
        )
        return True
