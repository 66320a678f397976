from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
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
        rows = self._read(first)
        before = self.search([], limit=1000)
        statistics = self.create(
            {"date": now, "data": self._prepare_data(rows, months)}
        )
        before.unlink()
        return statistics

    @api.model
    def _read(self, first):
        """Return counts by month, field and unit: one query over the period."""
        self.env.flush_all()
        start = to_utc(fields.Datetime.to_datetime(first))
        return self.env.execute_query_dict(
            SQL(
                """SELECT to_char(
                              t.date_received AT TIME ZONE 'UTC' AT TIME ZONE %s,
                              'YYYY-MM'
                          ) AS month,
                          split_part(c.parent_path, '/', 1)::int AS category,
                          t.unit_id AS unit,
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
                    GROUP BY 1, 2, 3""",
                TIMEZONE,
                fields.Datetime.now(),
                start,
                fields.Datetime.now(),
            )
        )

    @api.model
    def _prepare_data(self, rows, months):
        """Return the numbers as they are shown.

        ``{"total": {measure: number}, "months", "categories", "units": [{"id",
        "name", measure: number}], "cells": [[number of each month] of each field]}``;
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
        axes = {
            "month": month_keys,
            "category": [*categories.ids, None],
            "unit": [*units.ids, None],
        }
        data = {
            "months": [{"id": key} for key in month_keys],
            "categories": [
                {"id": c.id, "name": c.name, "code": c.code} for c in categories
            ],
            "units": [{"id": u.id, "name": u.name, "code": u.code} for u in units],
            "total": {},
        }
        names = {"month": "months", "category": "categories", "unit": "units"}
        counts = self._add_up(rows, axes)
        shown = self._protect(counts, axes)
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
    def _add_up(self, rows, axes):
        """Return ``{(measure, axis, key): number}``, the true ones."""
        counts = {}
        measures = (*COUNTED, "judged")
        for measure in measures:
            counts[measure, "total", None] = 0
            for axis, keys in axes.items():
                counts.update({(measure, axis, key): 0 for key in keys})
        cells = [(c, m) for c in axes["category"] for m in axes["month"]]
        counts.update({("received", "cell", cell): 0 for cell in cells})
        for row in rows:
            row["rated"] = sum(row[grade] for grade in GRADES)
            # Art. 11.4: what is late and still open is late
            row["overdue"] = row["late_answered"] + row["late_open"]
            row["judged"] = row["on_time"] + row["overdue"]
            for measure in measures:
                count = row[measure]
                counts[measure, "total", None] += count
                for axis in axes:
                    counts[measure, axis, row[axis]] += count
            counts["received", "cell", (row["category"], row["month"])] += row[
                "received"
            ]
        return counts

    @api.model
    def _protect(self, counts, axes):
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
