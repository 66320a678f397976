from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.pakn_1022.tools.province import TIMEZONE, to_local, to_utc

from ..tools.disclosure import Protected, get_share

MEASURES = ("received", "answered", "refused", "on_time", "overdue")
GRADES = ("satisfied", "acceptable", "unsatisfied")
COUNTED = (*MEASURES, "rated", *GRADES)
# Name of a share -> what it is a part of what; "judged" is not shown itself
SHARES = {
    "on_time_share": ("on_time", "judged"),
    "satisfied_share": ("satisfied", "rated"),
}
MONTHS = 12
# The present one among them
YEARS = 5


class PaknStatistics(models.Model):
    """What the public reads in numbers: counts of the last twelve months.

    Made every night from all requests that are no state secret; what is kept is what
    is shown, protected so that no count below 5 can be told (``tools/disclosure.py``).
    Cancelled requests (test calls, duplicates) are none. "Answered" are those with a
    result that was sent; refused ones (Art. 8) are counted by themselves, and are
    neither in time nor late.
    """

    _name = "pakn.statistics"
    _description = "Public statistics"
    _order = "date desc, id desc"
    _rec_name = "date"

    date = fields.Datetime(required=True, readonly=True)
    data = fields.Json(required=True, readonly=True)

    @api.model
    def _get_last(self):
        """Return the last statistics, in sudo; none before the first night."""
        return self.sudo().search([], limit=1)  # sudo: made to be public

    @api.model
    def _cron_count(self):
        self._count()

    @api.model
    def _count(self):
        """Count anew and forget what was counted before; return the record."""
        now = fields.Datetime.now()
        first = to_local(now).date().replace(day=1) - relativedelta(months=MONTHS - 1)
        months = [first + relativedelta(months=n) for n in range(MONTHS)]
        data = self._prepare_data(*self._read(first), months)
        before = self.search([], limit=1000)
        statistics = self.create({"date": now, "data": data})
        before.unlink()
        return statistics

    @api.model
    def _read(self, first):
        """Return counts of the period by month, field and unit, and by area; of years.

        :return: three lists of dicts, one query each
        """
        self.env.flush_all()
        start = to_utc(fields.Datetime.to_datetime(first))
        year = first.replace(month=1, day=1) - relativedelta(years=YEARS - 2)
        local = SQL("t.date_received AT TIME ZONE 'UTC' AT TIME ZONE %s", TIMEZONE)
        month = SQL(
            """to_char(%s, 'YYYY-MM') AS month,
               split_part(c.parent_path, '/', 1)::int AS category,
               t.unit_id AS unit""",
            local,
        )
        return (
            self._read_by(month, SQL("1, 2, 3"), start),
            self._read_by(SQL("t.area_id AS area"), SQL("1"), start),
            self._read_by(
                SQL("to_char(%s, 'YYYY') AS year", local),
                SQL("1"),
                to_utc(fields.Datetime.to_datetime(year)),
            ),
        )

    @api.model
    def _read_by(self, keys, groups, start):
        """Return the counts of what was received since ``start`` (UTC)."""
        now = fields.Datetime.now()
        return self.env.execute_query_dict(
            SQL(
                """SELECT %s,
                          count(*) AS received,
                          count(*) FILTER (WHERE t.state = 'done') AS answered,
                          count(*) FILTER (WHERE t.state = 'rejected') AS refused,
                          count(*) FILTER (WHERE t.state = 'done'
                              AND t.is_overdue IS NOT TRUE) AS on_time,
                          count(*) FILTER (WHERE t.state = 'done'
                              AND t.is_overdue IS TRUE) AS late_answered,
                          count(*) FILTER (WHERE t.state NOT IN ('done', 'rejected')
                              AND (t.is_overdue OR t.date_due <= %s)) AS late_open,
                          count(*) FILTER (WHERE t.rating_last_value = 5) AS satisfied,
                          count(*) FILTER (WHERE t.rating_last_value = 3) AS acceptable,
                          count(*) FILTER (WHERE t.rating_last_value = 1)
                              AS unsatisfied
                     FROM pakn_ticket t
                     LEFT JOIN pakn_category c ON c.id = t.category_id
                    WHERE t.date_received >= %s AND t.date_received <= %s
                      AND t.secrecy != 'secret' AND t.state != 'cancelled'
                    GROUP BY %s""",
                keys,
                now,
                start,
                now,
                groups,
            )
        )

    @api.model
    def _prepare_data(self, rows, area_rows, year_rows, months):
        """Return the numbers as they are shown.

        ``{"total": {measure: number}, "months", "categories", "units", "areas",
        "years": [{"id", "name", measure: number}], "cells": [[number of each month] of
        each field]}``;
        a number is None for "<5" and False where it is left out. Shares beside them are
        texts (``89``, ``>97``, ``<12``), None where they would say nothing.
        """
        month_keys = [month.strftime("%Y-%m") for month in months]
        # Those that are of use no more count where there are requests of them.
        all_categories = self.env["pakn.category"].with_context(active_test=False)
        used = [row["category"] for row in rows if row["category"]]
        categories = all_categories.search(
            [("parent_id", "=", False), "|", ("active", "=", True), ("id", "in", used)],
            limit=100,
        )
        unit_ids = {row["unit"] for row in rows if row["unit"]}
        units = self.env["pakn.unit"].browse(unit_ids).exists().sorted("name")
        areas = self._get_areas(area_rows)
        year_keys = sorted({row["year"] for row in year_rows}, reverse=True)
        axes = {
            "month": month_keys,
            "category": [*categories.ids, None],
            "unit": [*units.ids, None],
            "area": [*areas.ids, None],
        }
        data = {
            "months": [{"id": key} for key in month_keys],
            "categories": [
                {"id": c.id, "name": c.name, "code": c.code} for c in categories
            ],
            "units": [{"id": u.id, "name": u.name, "code": u.code} for u in units],
            "areas": [
                {
                    "id": area.id,
                    "name": area.name,
                    "code": area.code,
                    "place": area.latitude and [area.latitude, area.longitude],
                }
                for area in areas
            ],
            "years": [{"id": key} for key in year_keys],
            "total": {},
        }
        names = {
            "month": "months",
            "category": "categories",
            "unit": "units",
            "area": "areas",
            "year": "years",
        }
        counts = self._add_up(rows, area_rows, axes)
        years = self._add_years(counts, year_rows, month_keys)
        shown = self._protect(counts, axes, years)
        places = [(data["total"], "total", None)]
        for axis, name in names.items():
            places += [(line, axis, line["id"]) for line in data[name]]
        for line, axis, key in places:
            for measure in COUNTED:
                line[measure] = shown[measure, axis, key]
            for name, (part, whole) in SHARES.items():
                sides = (shown.get((side, axis, key)) for side in (part, whole))
                is_left_out = any(side is False for side in sides)
                share = get_share(counts[part, axis, key], counts[whole, axis, key])
                line[name] = None
                if share and not is_left_out:
                    line[name] = "{}{}".format(*share)
        data["cells"] = [
            [shown["received", "cell", (category.id, month)] for month in month_keys]
            for category in categories
        ]
        return data

    @api.model
    def _get_areas(self, area_rows):
        """Return the wards and communes, with those of before that have requests."""
        used = [row["area"] for row in area_rows if row["area"]]
        areas = self.env["pakn.area"].with_context(active_test=False)
        domain = Domain("id", "in", used) | (
            Domain("active", "=", True) & Domain("kind", "in", ("ward", "commune"))
        )
        return areas.search(domain, order="name, id", limit=1000)

    @api.model
    def _finish(self, row):
        """Add to the counts of a row those that are made of others."""
        row["rated"] = sum(row[grade] for grade in GRADES)
        # Art. 11.4: what is late and still open is late
        row["overdue"] = row["late_answered"] + row["late_open"]
        row["judged"] = row["on_time"] + row["overdue"]

    @api.model
    def _add_up(self, rows, area_rows, axes):
        """Return ``{(measure, axis, key): number}``, the true ones."""
        counts = {}
        measures = (*COUNTED, "judged")
        for measure in measures:
            counts[measure, "total", None] = 0
            for axis, keys in axes.items():
                counts.update({(measure, axis, key): 0 for key in keys})
        cells = [(c, m) for c in axes["category"] for m in axes["month"]]
        counts.update({("received", "cell", cell): 0 for cell in cells})
        for row in area_rows:
            self._finish(row)
            for measure in measures:
                counts[measure, "area", row["area"]] += row[measure]
        for row in rows:
            self._finish(row)
            for measure in measures:
                count = row[measure]
                counts[measure, "total", None] += count
                for axis in ("month", "category", "unit"):
                    counts[measure, axis, row[axis]] += count
            counts["received", "cell", (row["category"], row["month"])] += row[
                "received"
            ]
        return counts

    @api.model
    def _add_years(self, counts, year_rows, months):
        """Add the counts of years, and what of each lies before the months shown.

        :return: ``{year: [(axis, key) of what it is the sum of]}`` of those of which
            months are shown
        """
        parts = {}
        for row in year_rows:
            self._finish(row)
            year = row["year"]
            shown = [month for month in months if month.startswith(year)]
            if shown:
                parts[year] = [("month", month) for month in shown]
            if shown and year != months[-1][:4]:
                parts[year].append(("before", year))
            for measure in (*COUNTED, "judged"):
                counts[measure, "year", year] = row[measure]
                counts[measure, "before", year] = row[measure] - sum(
                    counts[measure, "month", month] for month in shown
                )
        return parts

    @api.model
    def _protect(self, counts, axes, years):
        """Return what may be shown of each count, whichever sums hold among them."""
        counts = {key: count for key, count in counts.items() if key[0] != "judged"}
        sums = []
        places = [("total", None)]
        for axis, keys in axes.items():
            places += [(axis, key) for key in keys]
            for measure in COUNTED:
                sums.append(
                    ((measure, "total", None), [(measure, axis, key) for key in keys])
                )
        places += [key[1:] for key in counts if key[:2] == ("received", "year")]
        for year, parts in years.items():
            for measure in COUNTED:
                sums.append(
                    ((measure, "year", year), [(measure, *part) for part in parts])
                )
        for place in places:
            sums.append((("rated", *place), [(grade, *place) for grade in GRADES]))
        for category in axes["category"]:
            sums.append(
                (
                    ("received", "category", category),
                    [("received", "cell", (category, m)) for m in axes["month"]],
                )
            )
        for month in axes["month"]:
            sums.append(
                (
                    ("received", "month", month),
                    [("received", "cell", (c, month)) for c in axes["category"]],
                )
            )
        return Protected(counts, sums).get()
