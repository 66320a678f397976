import functools
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import html2plaintext

from ..tools.assign import assign
from ..tools.province import to_local
from ..tools.span import split_span

# Working hours before its end from which a slip is urgent
HOURS_SOON = 2
# What a slip that is just handed out has not got yet
LATER = {
    "date_promised",
    "date_extended",
    "date_first",
    "date_responded",
    "date_closed",
}


class PaknTransferDue(models.AbstractModel):
    """When a slip is due, and how much of its time is left (Art. 10.5, 11).

    A room of ``pakn.transfer``. ``date_due`` is always the moment that counts now: the
    deadline, then the appointment, then the extension.
    """

    _name = "pakn.transfer.due"
    _description = "Deadlines of a slip"
    _inherit = "pakn.act.mixin"

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
    due_state = fields.Selection(
        [("ok", "In time"), ("soon", "Due soon"), ("late", "Late")],
        string="Urgency",
        compute="_compute_due",
        search="_search_due_state",
    )
    due_text = fields.Char(string="Time left", compute="_compute_due")
    used_text = fields.Char(string="Time used", compute="_compute_used_text")
    # sudo: who is to answer in place of another is told of that one's time
    risen_text = fields.Char(
        string="Why it is here", compute="_compute_risen_text", compute_sudo=True
    )

    @api.depends(
        *("previous_id.date_due", "previous_id.is_overdue"),
        *("round", "is_held", "ticket_id.round"),
    )
    def _compute_risen_text(self):
        """Say why a slip is where it is, to those who are to answer now.

        Who let it expire (Art. 11.2); and of a request that was taken up again, why,
        and what was answered before (Art. 14): the same answer would not do.
        """
        levels = dict(self._fields["level"]._description_selection(self.env))
        reopened = self._get_reopened()
        for slip in self:
            before = slip.previous_id
            risen = before.is_overdue and self.env._(
                "%(level)s of %(unit)s did not answer by %(date)s.",
                level=levels[before.level],
                unit=before.unit_id.name,
                date=to_local(before.date_due).strftime("%H:%M %d/%m/%Y"),
            )
            slip.risen_text = " ".join(filter(None, (reopened.get(slip), risen)))

    def _get_reopened(self):
        """Return ``{slip: why its request was taken up again, and what was said}``.

        Of slips in a later round, to units that may read the request.
        """
        slips = self.filtered(lambda slip: slip.round > 1 and slip.is_held)
        if not slips:
            return {}
        events = self.env["pakn.event"].search(
            [("ticket_id", "in", slips.ticket_id.ids), ("kind", "=", "reopened")]
        )
        by_round = {
            (event.ticket_id, (event.payload or {}).get("round")): event
            for event in events
        }
        texts = {}
        for slip in slips:
            event = by_round.get((slip.ticket_id, slip.round))
            if not event:
                continue
            reason = event.note or "…"
            result = html2plaintext((event.payload or {}).get("result") or "")
            if result := " ".join(result.split()):
                texts[slip] = self.env._(
                    "Taken up again: %(reason)s (answered before: “%(result)s”).",
                    reason=reason,
                    result=result,
                )
            else:
                texts[slip] = self.env._("Taken up again: %s.", reason)
        return texts

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
        get_first = self._get_first_reminder()
        for slip in self:
            end = slip.date_extended or slip.date_promised
            if end:
                slip.date_reminder = end - timedelta(hours=hours)
            else:
                slip.date_reminder = get_first(
                    slip.unit_id, slip.date_sent, slip.date_deadline
                )

    @api.model
    def _get_first_reminder(self):
        """Return a function of when the time to answer is used for the most part.

        Of a unit, and of when a slip was sent and is due; for many slips at once.
        """
        share = self._get_setting("reminder_share", 75.0) / 100

        @functools.cache
        def get(unit, date_sent, date_deadline):
            clock = unit._get_calendar()._get_working_time()
            granted = clock.between(date_sent, date_deadline)
            return clock.add(date_sent, granted * share)

        return get

    def _add_precomputed_values(self, vals_list):
        """Fill in what is known of slips that are just handed out.

        Odoo would make a record in memory of each to compute the same: a seventh of
        what it costs the clock to hand on a thousand.
        """
        self._fill_handed_out(
            [
                vals
                for vals in vals_list
                if vals["state"] == "sent" and not vals.keys() & LATER
            ]
        )
        return super()._add_precomputed_values(vals_list)

    @api.model
    def _fill_handed_out(self, vals_list):
        """Put into the values of slips what else is computed, of any addon."""
        get_reminder = self._get_first_reminder()
        for vals in vals_list:
            unit = self.env["pakn.unit"].browse(vals["unit_id"])
            previous = self.browse(vals.get("previous_id") or ())
            sent, due = vals["date_sent"], vals["date_deadline"]
            vals.update(
                is_open=True,
                is_held=True,
                is_first=previous.unit_id != unit,
                date_due=due,
                date_reminder=get_reminder(unit, sent, due),
            )

    @api.depends("date_due", "is_open")
    def _compute_due(self):
        """Say in words how much working time is left, or how long it is late.

        What is left is counted in working hours, eight of them to a day, as Art. 11
        grants it; what is late in hours of the wall clock, as the citizen waits.
        """
        now = fields.Datetime.now()
        clocks = self.unit_id._get_working_times()
        format_span = self._get_span_format()
        # Looked up once for a whole list
        late_text, left_text = self.env._("%s late"), self.env._("%s of work left")

        def judge(slip):
            due = slip.is_open and slip.date_due
            if not due:
                return False, False
            if due <= now:
                late = (now - due).total_seconds() / 3600
                return "late", late_text % format_span(late, 24)
            left = clocks[slip.unit_id].between(now, due)
            state = "soon" if left <= HOURS_SOON else "ok"
            return state, left_text % format_span(left, 8)

        judged = [judge(slip) for slip in self]
        assign(self, "due_state", [state for state, _text in judged])
        assign(self, "due_text", [text for _state, text in judged])

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
    def _get_soon_domain(self, now, unit="unit_id"):
        """Return what has :data:`HOURS_SOON` of its unit's work left, of what is due.

        :param str unit: path to the unit; slips and requests have the same ``date_due``
        """
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
        field = f"{unit}.resource_calendar_id"
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
        clocks = self.unit_id._get_working_times()
        format_span = self._get_span_format()
        used_text = self.env._("%(used)s of %(granted)s of work")

        def say(slip):
            end = now if slip.is_open else slip.date_responded
            if not end or not slip.date_due:
                return False
            clock = clocks[slip.unit_id]
            used = clock.between(slip.date_sent, end)
            granted = clock.between(slip.date_sent, slip.date_due)
            return used_text % {
                "used": format_span(used, 8),
                "granted": format_span(granted, 8),
            }

        assign(self, "used_text", [say(slip) for slip in self])

    @api.model
    def _get_span_format(self):
        """Return ``format(hours, hours_per_day)``, which says days and hours, or hours
        and minutes; its words are looked up once for a whole list."""
        long = self.env._("%(days)s d %(hours)s h")
        whole = self.env._("%(days)s d")
        short = self.env._("%(hours)s h %(minutes)s min")
        brief = self.env._("%(minutes)s min")

        def format_span(hours, hours_per_day):
            days, hours, minutes = split_span(hours, hours_per_day)
            if days:
                text = long if hours else whole
            else:
                text = short if hours else brief
            return text % {"days": days, "hours": hours, "minutes": minutes}

        return format_span
