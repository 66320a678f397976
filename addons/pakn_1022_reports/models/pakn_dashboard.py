from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.pakn_1022.tools.province import TIMEZONE

from ..tools import figures, periods

TREND_DAYS = 30
ANSWERED = list(figures.ANSWERED)
LEVELS = list(figures.LEVELS)
OPEN = [("date_closed", "=", False)]
TICKETS, SLIPS = "pakn.ticket", "pakn.transfer"


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
            answered}, "levels": [{key, in_time, late, domain}], "satisfaction":
            {satisfied, acceptable, unsatisfied}, "units": [{id, name, answered,
            in_time, open, late, share, hours, domain}]}``
        """
        self = self.with_context(tz=TIMEZONE)
        today = periods.to_local_day(fields.Datetime.now())
        marks = {
            "today": today,
            "tomorrow": today + periods.DAY,
            "month": today.replace(day=1),
            "trend": today - timedelta(days=TREND_DAYS - 1),
        }
        marks = {
            name: fields.Datetime.to_string(periods.to_utc(day))
            for name, day in marks.items()
        }
        levels = self._get_levels()
        trend = self._get_trend(marks, today)
        satisfaction = self._get_satisfaction(marks)
        units, month = self._get_units(marks)
        return {
            "tiles": self._get_tiles(marks, trend, satisfaction, month),
            "trend": trend,
            "levels": levels,
            "satisfaction": satisfaction,
            "units": units,
        }

    @api.model
    def _get_tiles(self, marks, trend, satisfaction, month):
        today = [("date_received", ">=", marks["today"])]
        this_month = [("date_received", ">=", marks["month"])]
        not_ended = [("date_ended", "=", False)]
        due = [
            ("is_open", "=", True),
            ("is_overdue", "=", False),
            ("date_due", "<", marks["tomorrow"]),
        ]
        # Art. 11.4: whose slip was let expire, wherever it lies now
        late = [("date_ended", "=", False), ("is_overdue", "=", True)]
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
                figures.share(month["in_time"], month["answered"]),
                SLIPS,
                [("state", "=", "answered"), ("date_closed", ">=", marks["month"])],
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
    def _count_slips(self, domain, by, *aggregates):
        """Yield ``(group, is late, count, …)`` of slips.

        Late is one that was let expire, and one that carries on such a slip.
        """
        for group, overdue, first, *values in self.env[SLIPS]._read_group(
            domain, [by, "is_overdue", "is_first"], ["__count", *aggregates]
        ):
            yield group, overdue or not first, *values

    @api.model
    def _get_levels(self):
        """Return what is open with each level now, and what of it is late."""
        found = {level: {"in_time": 0, "late": 0} for level in LEVELS}
        for level, late, count in self._count_slips(OPEN, "level"):
            found[level]["late" if late else "in_time"] += count
        return [
            {
                "key": level,
                **counts,
                "domain": [*OPEN, ("level", "=", level)],
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
        trend = {"days": [day.strftime("%d/%m") for day in days]}
        for key, field, domain in (
            ("received", "date_received", []),
            ("answered", "date_ended", [("outcome", "in", ANSWERED)]),
        ):
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
        since = ("date_ended", ">=", marks["month"])
        return {
            key: self.env[TICKETS].search_count(
                [since, ("rating_last_value", "=", grade)]
            )
            for key, grade in (("satisfied", 5), ("acceptable", 3), ("unsatisfied", 1))
        }

    @api.model
    def _get_units(self, marks):
        """Return the units, the best first, and what all answered this month.

        Ranked by the share answered in time, then by how much they answered; those
        that answered nothing come last, the latest of them at the end.
        """
        lines = {}
        totals = {"answered": 0, "in_time": 0}

        def line(unit):
            return lines.setdefault(
                unit,
                {"answered": 0, "in_time": 0, "open": 0, "late": 0, "hours": None},
            )

        answered = [("state", "=", "answered"), ("date_closed", ">=", marks["month"])]
        for unit, late, count, hours in self._count_slips(
            answered, "unit_id", "result_hours:sum"
        ):
            counts = line(unit)
            counts["answered"] += count
            counts["hours"] = (counts["hours"] or 0) + (hours or 0)
            totals["answered"] += count
            if not late:
                counts["in_time"] += count
                totals["in_time"] += count
        for unit, late, count in self._count_slips(OPEN, "unit_id"):
            line(unit)["open"] += count
            if late:
                line(unit)["late"] += count
        units = []
        for unit, counts in lines.items():
            answered = counts["answered"]
            units.append(
                {
                    "id": unit.id,
                    "name": unit.name,
                    **counts,
                    "hours": counts["hours"] / answered if answered else None,
                    "share": figures.share(counts["in_time"], answered),
                    "domain": [
                        ("unit_id", "=", unit.id),
                        "|",
                        ("is_open", "=", True),
                        "&",
                        ("state", "=", "answered"),
                        ("date_closed", ">=", marks["month"]),
                    ],
                }
            )
        units.sort(
            key=lambda unit: (
                unit["share"] is None,
                -(unit["share"] or 0),
                -unit["answered"],
                unit["late"],
                unit["name"],
            )
        )
        return units, totals
