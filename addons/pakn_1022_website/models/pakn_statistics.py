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
# Name of a table -> what its lines are about
TABLES = {"categories": "category", "units": "unit", "areas": "area"}
MONTHS = 12
# The present one among them
YEARS = 5
# A place is what a line is about, (axis, key, year of its table); this one is the whole
# of the last twelve months
TOTAL = ("total", None, None)


class PaknStatistics(models.Model):
    """What the public reads in numbers: the last twelve months, and years before.

    Made every night from all requests that are no state secret; what is kept is what
    is shown, protected so that no count below 5 can be told (``tools/disclosure.py``),
    all tables together. Cancelled requests (test calls, duplicates) are none.
    "Answered" are those with a result that was sent; refused ones (Art. 8) are counted
    by themselves, and are neither in time nor late.

    One record is the first page, each other one a year that has ended. What a year has
    beside the twelve months must not tell a single month of a unit or ward. So the
    present year has no tables, and the last one has them from February on: in January
    it differs from the twelve months by the January before, and little else.
    """

    _name = "pakn.statistics"
    _description = "Public statistics"
    _order = "date desc, id desc"
    _rec_name = "date"

    date = fields.Datetime(required=True, readonly=True)
    year = fields.Char(
        readonly=True,
        help="One that has ended, whose tables these are; empty of the last twelve "
        "months.",
    )
    data = fields.Json(required=True, readonly=True)

    @api.model
    def _get_last(self, year=None):
        """Return the last statistics, in sudo; none before the first night.

        :param str year: of this year; None for the last twelve months
        """
        # sudo: made to be public
        return self.sudo().search([("year", "=", year or False)], limit=1)

    @api.model
    def _cron_count(self):
        self._count()

    @api.model
    def _count(self):
        """Count anew and forget what was counted before; return the first page."""
        now = fields.Datetime.now()
        first = to_local(now).date().replace(day=1) - relativedelta(months=MONTHS - 1)
        months = [first + relativedelta(months=n) for n in range(MONTHS)]
        pages = self._prepare_pages(*self._read(first), months)
        before = self.search([], limit=1000)
        statistics = self.create(
            [{"date": now, "year": year, "data": data} for year, data in pages.items()]
        )
        before.unlink()
        return statistics[:1]

    @api.model
    def _read(self, first):
        """Return counts of the period by month, field and unit, and by area; of years.

        :return: four lists of dicts, one query each; the years' by field and unit, and
            by area, too
        """
        self.env.flush_all()
        start = to_utc(fields.Datetime.to_datetime(first))
        year = first.replace(month=1, day=1) - relativedelta(years=YEARS - 2)
        start_years = to_utc(fields.Datetime.to_datetime(year))
        local = SQL("t.date_received AT TIME ZONE 'UTC' AT TIME ZONE %s", TIMEZONE)
        month = SQL("to_char(%s, 'YYYY-MM') AS month", local)
        year = SQL("to_char(%s, 'YYYY') AS year", local)
        holder = SQL(
            "split_part(c.parent_path, '/', 1)::int AS category, t.unit_id AS unit"
        )
        area = SQL("t.area_id AS area")
        return (
            self._read_by(SQL("%s, %s", month, holder), SQL("1, 2, 3"), start),
            self._read_by(area, SQL("1"), start),
            self._read_by(SQL("%s, %s", year, holder), SQL("1, 2, 3"), start_years),
            self._read_by(SQL("%s, %s", year, area), SQL("1, 2"), start_years),
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
    def _prepare_pages(self, rows, area_rows, year_rows, year_area_rows, months):
        """Return the numbers as they are shown, ``{None: first page, year: tables}``.

        The first page is ``{"total": {measure: number}, "months", "categories",
        "units", "areas", "years": [{"id", "name", measure: number}], "cells": [[number
        of each month] of each field], "ended_years": [year]}``, that of a year has
        ``year``, ``total`` and the three tables. A number is None for "<5" and False
        where it is left out. Shares beside them are texts (``89``, ``>97``, ``<12``),
        None where they would say nothing.

        :param rows: as of :meth:`_read`, and the next three
        :param months: first days of those of the first page
        """
        for row in (*rows, *area_rows, *year_rows, *year_area_rows):
            self._finish(row)
        months = [month.strftime("%Y-%m") for month in months]
        years = sorted({row["year"] for row in year_rows}, reverse=True)
        ended = [year for year in years if year < months[-2][:4]]
        periods = {None: (rows, area_rows)} | {
            year: tuple(
                [row for row in lines if row["year"] == year]
                for lines in (year_rows, year_area_rows)
            )
            for year in ended
        }
        records = {
            period: self._get_records(*lines) for period, lines in periods.items()
        }
        counts, sums = {}, []
        self._add_months(counts, sums, rows, months, records[None]["categories"])
        self._add_years(counts, sums, year_rows, months)
        for period, lines in periods.items():
            self._add_tables(counts, sums, period, *lines, records[period])
        shown = self._protect(counts, sums)

        def line(*place):
            return {
                **{measure: shown[measure, place] for measure in COUNTED},
                **{
                    name: self._get_shown_share(counts, shown, place, *sides)
                    for name, sides in SHARES.items()
                },
            }

        pages = {
            period: {
                "total": line(*get_whole(period)),
                **{
                    name: [
                        self._prepare_place(record) | line(axis, record.id, period)
                        for record in records[period][name]
                    ]
                    for name, axis in TABLES.items()
                },
            }
            for period in periods
        }
        for year in ended:
            pages[year]["year"] = year
        pages[None] |= {
            "months": [{"id": key, **line("month", key, None)} for key in months],
            "years": [{"id": key, **line("year", key, None)} for key in years],
            "cells": [
                [
                    shown["received", ("cell", (category.id, month), None)]
                    for month in months
                ]
                for category in records[None]["categories"]
            ],
            "ended_years": ended,
        }
        return pages

    # ------------------------------------------------------------
    # WHAT TABLES HAVE LINES OF
    # ------------------------------------------------------------

    @api.model
    def _get_records(self, rows, area_rows):
        """Return what tables of these rows have lines of, ``{table: records}``.

        Fields, wards and communes of use, and those of no use any more that have some.
        """

        def used(key, lines):
            return list({row[key] for row in lines if row[key]})

        categories = self.env["pakn.category"].with_context(active_test=False)
        areas = self.env["pakn.area"].with_context(active_test=False)
        of_use = Domain("active", "=", True)
        return {
            "categories": categories.search(
                Domain("parent_id", "=", False)
                & (of_use | Domain("id", "in", used("category", rows))),
                limit=100,
            ),
            "units": self.env["pakn.unit"].browse(used("unit", rows)).sorted("name"),
            "areas": areas.search(
                Domain("id", "in", used("area", area_rows))
                | (of_use & Domain("kind", "in", ("ward", "commune"))),
                order="name, id",
                limit=1000,
            ),
        }

    @api.model
    def _prepare_place(self, record):
        place = {"id": record.id, "name": record.name, "code": record.code}
        if record._name == "pakn.area":
            place["place"] = record.latitude and [record.latitude, record.longitude]
        return place

    # ------------------------------------------------------------
    # TRUE COUNTS, {(measure, place): number}, AND SUMS THAT HOLD AMONG THEM
    # ------------------------------------------------------------

    @api.model
    def _finish(self, row):
        """Add to the counts of a row those that are made of others."""
        row["rated"] = sum(row[grade] for grade in GRADES)
        # Art. 11.4: what is late and still open is late
        row["overdue"] = row["late_answered"] + row["late_open"]
        row["judged"] = row["on_time"] + row["overdue"]

    @api.model
    def _add(self, counts, place, row=None):
        for measure in (*COUNTED, "judged"):
            count = row[measure] if row else 0
            counts[measure, place] = counts.get((measure, place), 0) + count

    @api.model
    def _add_months(self, counts, sums, rows, months, categories):
        """Add the whole of the first page, its months and those of each field."""
        self._add(counts, TOTAL)
        categories = [*categories.ids, None]
        of_months = [("month", month, None) for month in months]
        for place in of_months:
            self._add(counts, place)
        cells = {
            (category, month): ("received", ("cell", (category, month), None))
            for category in categories
            for month in months
        }
        counts.update(dict.fromkeys(cells.values(), 0))
        for row in rows:
            self._add(counts, TOTAL, row)
            self._add(counts, ("month", row["month"], None), row)
            counts[cells[row["category"], row["month"]]] += row["received"]
        self._add_sums(sums, TOTAL, of_months)
        sums += [
            (
                ("received", ("category", category, None)),
                [cells[category, month] for month in months],
            )
            for category in categories
        ]
        sums += [
            (
                ("received", ("month", month, None)),
                [cells[category, month] for category in categories],
            )
            for month in months
        ]

    @api.model
    def _add_years(self, counts, sums, year_rows, months):
        """Add the years, and what of each lies before the months shown."""
        for row in year_rows:
            self._add(counts, ("year", row["year"], None), row)
        for year in {row["year"] for row in year_rows}:
            place = ("year", year, None)
            parts = [("month", month, None) for month in months if month[:4] == year]
            if not parts:
                continue
            if year != months[-1][:4]:
                before = ("before", year, None)
                for measure in (*COUNTED, "judged"):
                    counts[measure, before] = counts[measure, place] - sum(
                        counts[measure, part] for part in parts
                    )
                parts.append(before)
            self._add_sums(sums, place, parts)

    @api.model
    def _add_tables(self, counts, sums, period, rows, area_rows, records):
        """Add the lines of the tables of the first page (None) or of a year."""
        for name, axis in TABLES.items():
            places = [(axis, key, period) for key in (*records[name].ids, None)]
            for place in places:
                self._add(counts, place)
            for row in area_rows if axis == "area" else rows:
                self._add(counts, (axis, row[axis], period), row)
            self._add_sums(sums, get_whole(period), places)

    @api.model
    def _add_sums(self, sums, whole, parts):
        sums += [
            ((measure, whole), [(measure, part) for part in parts])
            for measure in COUNTED
        ]

    # ------------------------------------------------------------
    # WHAT IS SHOWN OF THEM
    # ------------------------------------------------------------

    @api.model
    def _protect(self, counts, sums):
        """Return what may be shown of each count, whichever sums hold among them."""
        places = [place for measure, place in counts if measure == "rated"]
        grades = [
            (("rated", place), [(grade, place) for grade in GRADES]) for place in places
        ]
        counts = {key: count for key, count in counts.items() if key[0] != "judged"}
        return Protected(counts, sums + grades).get()

    @api.model
    def _get_shown_share(self, counts, shown, place, part, whole):
        """Return a share as text, None where a side is left out or it says nothing."""
        if any(shown.get((side, place)) is False for side in (part, whole)):
            return None
        share = get_share(counts[part, place], counts[whole, place])
        return "{}{}".format(*share) if share else None


def get_whole(period):
    """Return the place whose parts are the lines of the tables of a period."""
    return ("year", period, None) if period else TOTAL
