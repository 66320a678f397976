from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.pakn_1022.tools.province import TIMEZONE

from ..tools import figures, periods

TREND_DAYS = 30
ANSWERED = list(figures.ANSWERED)
LEVELS = list(figures.LEVELS)
TICKETS, SLIPS = "pakn.ticket", "pakn.transfer"
# Of slips: the request is late whoever has it now (Art. 11.4)
OPEN = [("is_open", "=", True)]
OPEN_LATE = [
    *OPEN,
    "|",
    ("is_overdue", "=", True),
    "&",
    ("previous_id", "!=", False),
    ("is_rework", "=", False),
]
# Escalated, and in time with who has it now
OPEN_ESCALATED = [
    *OPEN,
    ("is_overdue", "=", False),
    ("previous_id", "!=", False),
    ("is_rework", "=", False),
]
GRADES = {"satisfied": 5, "acceptable": 3, "unsatisfied": 1}
WITHOUT_SECRETS = ("pakn_1022.group_operator", "pakn_1022.group_monitor")


class PaknDashboard(models.AbstractModel):
    """One screen for today and this month, in the rights of who looks at it.

    A fixed number of queries, each over what is open or of these weeks, so that it
    stays as quick after ten years as on the first day.
    """

    _name = "pakn.dashboard"
    _description = "Dashboard"

    @api.model
    @api.readonly
    def get_dashboard(self):
        """Return what the dashboard shows.

        Shares are between 0 and 1 or ``None``; a ``domain`` finds in ``model`` what
        the number beside it counts.

        :return: ``{"tiles": [{key, value, model, domain}], "trend": {days, received,
            answered, marks, domains}, "levels": [{key, in_time, escalated, late,
            domains}], "satisfaction": {satisfied, acceptable, unsatisfied},
            "satisfaction_domains", "units": [{id, name, due, in_time, share, answered,
            hours, open, late, domain, domains}], "scope"}``; levels and units count
            slips, each tile says what it counts. A day of the trend is what
            ``domains`` says between two ``marks`` (UTC); ``escalated`` is late at a
            level before and in time at this one. ``scope`` says which secret requests
            the caller is counted: ``all``, ``none`` or ``own``.
        """
        self = self.with_context(tz=TIMEZONE)
        today = periods.to_local_day(fields.Datetime.now())
        month, last = periods.get_period("month", today)
        marks = {
            "today": today,
            "tomorrow": today + periods.DAY,
            "month": month,
            "next_month": last + periods.DAY,
            "trend": today - timedelta(days=TREND_DAYS - 1),
        }
        marks = {
            name: fields.Datetime.to_string(periods.to_utc(day))
            for name, day in marks.items()
        }
        still_open = self._count_open()
        trend = self._get_trend(marks, today)
        satisfaction = self._get_satisfaction(marks)
        units, month = self._get_units(marks, still_open)
        return {
            "tiles": self._get_tiles(marks, trend, satisfaction, month),
            "trend": trend,
            "levels": self._get_levels(still_open),
            "satisfaction": satisfaction,
            "satisfaction_domains": self._get_satisfaction_domains(marks),
            "units": units,
            "scope": self._get_scope(),
        }

    @api.model
    def _get_scope(self):
        """Return which secret requests are among what the caller is counted."""
        user = self.env.user
        if user.has_group("pakn_1022.group_secrecy_clearance"):
            return "all"
        if any(map(user.has_group, WITHOUT_SECRETS)):
            return "none"
        return "own"

    @api.model
    def _get_tiles(self, marks, trend, satisfaction, month):
        today = [("date_received", ">=", marks["today"])]
        this_month = [("date_received", ">=", marks["month"])]
        not_ended = [("date_ended", "=", False)]
        due = [
            *OPEN,
            ("is_overdue", "=", False),
            ("date_due", ">", fields.Datetime.to_string(fields.Datetime.now())),
            ("date_due", "<", marks["tomorrow"]),
        ]
        late = [("is_late", "=", True)]
        tickets, slips = self.env[TICKETS], self.env[SLIPS]
        rated = sum(satisfaction.values())
        return [
            self._tile("today", trend["received"][-1], TICKETS, today),
            self._tile("month", tickets.search_count(this_month), TICKETS, this_month),
            self._tile("open", tickets.search_count(not_ended), TICKETS, not_ended),
            self._tile("due", slips.search_count(due), SLIPS, due),
            self._tile("late", tickets.search_count(late), TICKETS, late),
            self._tile(
                "on_time",
                figures.share(month["in_time"], month["due"]),
                SLIPS,
                self._get_judged_domain(marks),
            ),
            self._tile(
                "satisfied",
                figures.share(satisfaction["satisfied"], rated),
                TICKETS,
                [
                    ("rating_last_value", ">", 0),
                    ("date_ended", ">=", marks["month"]),
                ],
            ),
        ]

    @api.model
    def _tile(self, key, value, model, domain):
        return {"key": key, "value": value, "model": model, "domain": domain}

    @api.model
    def _get_judged_domain(self, marks):
        """Return which slips are due in this month: in time or late (``timeliness``).

        In time are those too that were answered before a deadline still to come.
        """
        return [
            ("date_judged", ">=", marks["month"]),
            ("date_judged", "<", marks["next_month"]),
        ]

    @api.model
    def _count_open(self):
        """Return ``{(unit, level): [open slips, late ones, escalated ones of these]}``.

        Late are those of late requests (Art. 11.4); of these, escalated ones are in
        time with who has them now.
        """
        found = {}
        for place, domain in enumerate((OPEN, OPEN_LATE, OPEN_ESCALATED)):
            for unit, level, count in self.env[SLIPS]._read_group(
                domain, ["unit_id", "level"], ["__count"]
            ):
                found.setdefault((unit, level), [0, 0, 0])[place] = count
        return found

    @api.model
    def _get_levels(self, still_open):
        """Return what is open with each level now, and what of it is late."""
        found = {level: {"in_time": 0, "escalated": 0, "late": 0} for level in LEVELS}
        for (_unit, level), (count, late, escalated) in still_open.items():
            found[level]["in_time"] += count - late
            found[level]["escalated"] += escalated
            found[level]["late"] += late - escalated
        in_time = [*OPEN, "!", *OPEN_LATE[1:]]
        parts = {
            "in_time": in_time,
            "escalated": OPEN_ESCALATED,
            "late": [*OPEN, ("is_overdue", "=", True)],
        }
        return [
            {
                "key": level,
                **counts,
                "domains": {
                    key: [("level", "=", level), *domain]
                    for key, domain in parts.items()
                },
            }
            for level, counts in found.items()
        ]

    @api.model
    def _get_trend(self, marks, today):
        """Return day by day what came in and what had its result."""
        days = [
            today - timedelta(days=TREND_DAYS - 1 - index)
            for index in range(TREND_DAYS)
        ]
        trend = {
            "days": [day.strftime("%d/%m") for day in days],
            "marks": [
                fields.Datetime.to_string(periods.to_utc(day))
                for day in (*days, today + periods.DAY)
            ],
            "domains": {},
        }
        for key, field, domain in (
            ("received", "date_received", []),
            ("answered", "date_ended", [("outcome", "in", ANSWERED)]),
        ):
            trend["domains"][key] = {"field": field, "domain": domain}
            counts = {
                day.date(): count
                for day, count in self.env[TICKETS]._read_group(
                    [(field, ">=", marks["trend"]), *domain],
                    [f"{field}:day"],
                    ["__count"],
                )
                if day
            }
            trend[key] = [counts.get(day, 0) for day in days]
        return trend

    @api.model
    def _get_satisfaction(self, marks):
        """Return the grades of the results of this month."""
        domain = [("date_ended", ">=", marks["month"]), ("rating_last_value", ">", 0)]
        counts = {
            round(grade): count
            for grade, count in self.env[TICKETS]._read_group(
                domain, ["rating_last_value"], ["__count"]
            )
        }
        return {key: counts.get(grade, 0) for key, grade in GRADES.items()}

    @api.model
    def _get_satisfaction_domains(self, marks):
        return {
            key: [
                ("date_ended", ">=", marks["month"]),
                ("rating_last_value", "=", grade),
            ]
            for key, grade in GRADES.items()
        }

    @api.model
    def _get_units(self, marks, still_open):
        """Return the units, the best first, and what was due of all this month.

        Ranked by the share in time, then by how much was due; those of which nothing
        was due come last, the latest of them at the end.
        """
        counts = ("due", "in_time", "answered", "open", "late")
        lines = {}
        totals = {"due": 0, "in_time": 0}

        def line(unit):
            return lines.setdefault(unit, dict.fromkeys(counts, 0) | {"hours": None})

        for unit, timeliness, count in self.env[SLIPS]._read_group(
            self._get_judged_domain(marks), ["unit_id", "timeliness"], ["__count"]
        ):
            for found in (line(unit), totals):
                found["due"] += count
                found["in_time"] += count if timeliness == "in_time" else 0
        answered = [("state", "=", "answered"), ("date_closed", ">=", marks["month"])]
        for unit, count, hours in self.env[SLIPS]._read_group(
            answered, ["unit_id"], ["__count", "result_hours:avg"]
        ):
            line(unit).update(answered=count, hours=hours)
        for (unit, _level), (count, late, _escalated) in still_open.items():
            line(unit)["open"] += count
            line(unit)["late"] += late
        parts = {
            "due": self._get_judged_domain(marks),
            "answered": answered,
            "open": OPEN,
            "late": OPEN_LATE,
        }
        units = [
            {
                "id": unit.id,
                "name": unit.name,
                **found,
                "share": figures.share(found["in_time"], found["due"]),
                "domain": [
                    ("unit_id", "=", unit.id),
                    "|",
                    *OPEN,
                    "&",
                    *answered,
                ],
                "domains": {
                    key: [("unit_id", "=", unit.id), *domain]
                    for key, domain in parts.items()
                },
            }
            for unit, found in lines.items()
        ]
        units.sort(
            key=lambda unit: (
                unit["share"] is None,
                -(unit["share"] or 0),
                -unit["due"],
                unit["late"],
                unit["name"],
            )
        )
        return units, totals
