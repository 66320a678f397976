from collections import defaultdict

from odoo import fields, models

from ..tools import figures, wording
from ..tools.report_html import show

PERIODS = ("now", "previous", "last_year")
TICKET, SLIP = "pakn.ticket", "pakn.transfer"
# What a list on paper shows at most; the figure above it says how many there are
LIST_LIMIT = 300
RECURRING_LIMIT = 10
INT_COLUMNS = {
    "now": "int",
    "previous": "int",
    "previous_change": "change",
    "last_year": "int",
    "last_year_change": "change",
}


class PaknReport(models.Model):
    """The sections of a report: tables of figures, each with the ids it counts.

    A section is a dictionary that paper, spreadsheet and screen are all made of::

        {"key", "title", "appendix": bool,
         "columns": [{"key", "label", "type"}],
         "rows": [{"key", "label", "indent", "bold", "values": [...]}],
         "chart": index of the column to draw, or None, "note": str or None}

    Types: ``int``, ``share`` and ``change`` (0.5 is 50 %), ``hours``, ``score``,
    ``text``, ``datetime`` (ISO, UTC). ``None`` is nothing to count.
    """

    _inherit = "pakn.report"

    def _make_content(self):
        """Count everything anew.

        :return: ``(content, cells)``: what is shown, and ``{(section, row, column):
            (value, ids, model)}``
        """
        self.ensure_one()
        # sudo: the figures of a scope are complete whoever asks for them; who may
        # ask for which scope is a matter of the rules on reports
        self = self.sudo().with_context(lang="vi_VN", active_test=True)
        bounds = self._get_bounds()
        # The year before is the same year of a year's report, so read once
        read = {
            span: self._get_facts(*span, compared=span != bounds["now"])
            for span in set(bounds.values())
        }
        facts = {name: read[span] for name, span in bounds.items()}
        now = facts["now"]
        matters = figures.get_matters(now.slips, now.end)
        units = figures.get_units(matters, now.start, now.end)
        names = self._get_unit_names(units, now)
        cells = {}
        sections = [
            self._section_overview(cells, facts),
            self._section_outcome(cells, now),
            self._section_channels(cells, facts),
            self._section_hours(cells, now),
            self._section_escalations(cells, facts),
            self._section_satisfaction(cells, now),
            self._section_recurring(cells, facts),
            self._section_units(cells, now, units, names),
            self._section_categories(cells, facts),
            self._section_areas(cells, facts),
            self._section_satisfaction_units(cells, now, names),
            self._section_reasons(now, names),
            self._section_late(now, matters),
        ]
        if self.kind == "year":
            sections.append(self._section_scores(cells, units, now, names))
        return {"summary": self._get_summary(cells), "sections": sections}, cells

    # ------------------------------------------------------------
    # MAKING TABLES
    # ------------------------------------------------------------

    def _make_table(self, cells, key, columns, rows, model=TICKET, **options):
        """Return a section, and note its figures in ``cells``.

        :param dict columns: ``{key: (label, type)}``
        :param list rows: ``(key, label, {column: value or (value, ids)}, options)``
        """
        made = []
        for row, label, figures_of_row, row_options in rows:
            values = []
            for column in columns:
                value = figures_of_row.get(column)
                if isinstance(value, tuple):
                    value, ids = value
                    cells[key, str(row), column] = (value, ids, model)
                values.append(value)
            made.append({"key": str(row), "label": label, "values": values})
            made[-1] |= {"indent": 0, "bold": False} | row_options
        return {
            "key": key,
            "title": wording.SECTIONS[key],
            "columns": [
                {"key": column, "label": label, "type": kind}
                for column, (label, kind) in columns.items()
            ],
            "rows": made,
            "label": wording.LABEL,
            "appendix": False,
            "chart": None,
            "note": None,
            **options,
        }

    def _compared(self, found):
        """Return the figures of one row: this period, those before, the changes.

        :param dict found: period -> ids
        """
        now = len(found["now"])
        row = {name: (len(found[name]), found[name]) for name in PERIODS}
        for name in PERIODS[1:]:
            row[f"{name}_change"] = figures.change(now, len(found[name]))
        return row

    def _compared_columns(self):
        return {
            key: (label, INT_COLUMNS[key]) for key, label in wording.COMPARED.items()
        }

    def _group_received(self, facts, of):
        """Return ``{group: {period: ids}}`` of the requests received.

        :param of: gives the groups of a request, from its dictionary
        """
        groups = defaultdict(lambda: {name: [] for name in PERIODS})
        for name, fact in facts.items():
            for ticket in fact.found["received"]:
                for group in of(fact.tickets[ticket]):
                    groups[group][name].append(ticket)
        return groups

    def _counted_table(self, cells, key, facts, groups, rows, **options):
        """Return a table of the requests received, with their total."""
        total = {name: fact.found["received"] for name, fact in facts.items()}
        rows = [
            (row, label, self._compared(groups[row]), row_options)
            for row, label, row_options in rows
        ]
        rows.append(("total", wording.TOTAL, self._compared(total), {"bold": True}))
        return self._make_table(
            cells, key, self._compared_columns(), rows, chart=0, **options
        )

    def _get_unit_names(self, units, facts):
        """Return ``{id: name}`` of the units that occur, in their order."""
        ids = set(units) | {rating["unit"] for rating in facts.ratings}
        records = self.env["pakn.unit"].with_context(active_test=False)
        records = records.search([("id", "in", [number for number in ids if number])])
        return {unit.id: unit.name for unit in records}

    # ------------------------------------------------------------
    # THE REPORT
    # ------------------------------------------------------------

    def _section_overview(self, cells, facts):
        found = {name: dict(fact.found) for name, fact in facts.items()}
        for columns in found.values():
            columns["ended"] = [
                ticket for key in figures.OUTCOMES for ticket in columns[key]
            ]
        rows = [
            (
                key,
                label,
                self._compared({name: found[name][key] for name in PERIODS}),
                {
                    "bold": key in ("received", "ended", "open"),
                    "indent": int(key in figures.OUTCOMES),
                },
            )
            for key, label in wording.ROUNDS.items()
        ]
        return self._make_table(cells, "overview", self._compared_columns(), rows)

    def _section_outcome(self, cells, facts):
        found = figures.get_received(facts.rounds, facts.start, facts.end)
        total = [ticket for tickets in found.values() for ticket in tickets]
        rows = [
            (
                key,
                wording.ROUNDS[key],
                {
                    "count": (len(found[key]), found[key]),
                    "share": figures.share(len(found[key]), len(total)),
                },
                {},
            )
            for key in (*figures.OUTCOMES, "open")
        ]
        rows.append(
            (
                "total",
                wording.TOTAL,
                {"count": (len(total), total), "share": 1.0 if total else None},
                {"bold": True},
            )
        )
        columns = {"count": (wording.COUNT, "int"), "share": (wording.SHARE, "share")}
        return self._make_table(cells, "outcome", columns, rows, chart=0)

    def _section_channels(self, cells, facts):
        groups = self._group_received(facts, lambda ticket: [ticket["channel"]])
        channels = self.env["pakn.channel"].with_context(active_test=False)
        channels = channels.with_context(lang="vi_VN").search([], limit=None)
        rows = [(c.id, c.name, {}) for c in channels if c.active or c.id in groups]
        return self._counted_table(cells, "channels", facts, groups, rows)

    def _section_hours(self, cells, facts):
        found = figures.get_hours(facts.slips, facts.start, facts.end)
        columns = {
            key: (label, "int" if key.endswith("count") else "hours")
            for key, label in wording.HOURS.items()
        }
        rows = []
        for level in figures.LEVELS:
            row = {}
            for name, pairs in found[level].items():
                hours = [value for value, _slip in pairs]
                ids = [slip for _value, slip in pairs]
                row[f"{name}_count"] = (len(ids), ids)
                row[f"{name}_mean"] = (figures.mean(hours), ids)
                row[f"{name}_p90"] = (figures.percentile(hours), ids)
            rows.append((level, wording.LEVELS[level], row, {}))
        return self._make_table(cells, "hours", columns, rows, SLIP)

    def _section_escalations(self, cells, facts):
        found = {}
        for name, fact in facts.items():
            found[name] = figures.get_escalations(
                fact.slips, fact.referred, fact.start, fact.end
            )
            found[name]["extended"] = [slip for slip, _unit in fact.extensions]
        rows = [
            (
                key,
                label,
                self._compared({name: found[name][key] for name in PERIODS}),
                {},
            )
            for key, label in wording.ESCALATIONS.items()
        ]
        return self._make_table(
            cells, "escalations", self._compared_columns(), rows, SLIP
        )

    def _section_satisfaction(self, cells, facts):
        by_grade = {
            grade: [r["ticket"] for r in facts.ratings if round(r["grade"]) == grade]
            for grade in wording.GRADES
        }
        total = [ticket for tickets in by_grade.values() for ticket in tickets]
        rows = [
            (
                grade,
                label,
                {
                    "count": (len(by_grade[grade]), by_grade[grade]),
                    "share": figures.share(len(by_grade[grade]), len(total)),
                },
                {},
            )
            for grade, label in wording.GRADES.items()
        ]
        rows.append(
            (
                "total",
                wording.TOTAL,
                {"count": (len(total), total), "share": 1.0 if total else None},
                {"bold": True},
            )
        )
        columns = {"count": (wording.COUNT, "int"), "share": (wording.SHARE, "share")}
        return self._make_table(cells, "satisfaction", columns, rows, chart=0)

    def _section_recurring(self, cells, facts):
        """What came up most: the same field in the same area, twice or more."""
        groups = self._group_received(
            facts, lambda ticket: [(ticket["category"], ticket["area"])]
        )
        # Read at once
        categories = self.env["pakn.category"].browse(
            {category for category, _area in groups if category}
        )
        areas = self.env["pakn.area"].browse({area for _c, area in groups if area})
        category_names = {category.id: category.name for category in categories}
        area_names = {area.id: area.name for area in areas}
        most = sorted(
            (key for key, found in groups.items() if len(found["now"]) > 1),
            key=lambda key: (
                -len(groups[key]["now"]),
                category_names.get(key[0], ""),
                area_names.get(key[1], ""),
            ),
        )
        rows = [
            (
                f"{category or 0}-{area or 0}",
                f"{category_names.get(category, wording.NO_FIELD)}, "
                f"{area_names.get(area, wording.NO_AREA)}",
                self._compared(groups[category, area]),
                {},
            )
            for category, area in most[:RECURRING_LIMIT]
        ]
        return self._make_table(cells, "recurring", self._compared_columns(), rows)

    # ------------------------------------------------------------
    # ITS APPENDICES
    # ------------------------------------------------------------

    def _section_units(self, cells, facts, units, names):
        hours = defaultdict(list)
        for slip in facts.slips:
            if (
                slip.state == "answered"
                and facts.start <= slip.closed < facts.end
                and slip.result_hours is not None
            ):
                hours[slip.unit].append((slip.result_hours, slip.id))

        def make(columns, pairs):
            row = {key: (len(ids), ids) for key, ids in columns.items()}
            counts = {key: len(ids) for key, ids in columns.items()}
            judged = [
                slip
                for key in ("answered_in_time", "answered_late", "open_late")
                for slip in columns[key]
            ]
            judged += columns["passed_on"]
            row["share"] = (figures.on_time_share(counts), judged)
            values = [value for value, _slip in pairs]
            row["mean"] = (figures.mean(values), [slip for _value, slip in pairs])
            return row

        rows = [
            (unit, name, make(units[unit], hours[unit]), {})
            for unit, name in names.items()
            if unit in units
        ]
        total = {key: [] for key in figures.UNIT_COLUMNS}
        for columns in units.values():
            for key, ids in columns.items():
                total[key].extend(ids)
        pairs = [pair for unit_pairs in hours.values() for pair in unit_pairs]
        rows.append(("total", wording.TOTAL, make(total, pairs), {"bold": True}))
        types = {"share": "share", "mean": "hours"}
        columns = {
            key: (label, types.get(key, "int")) for key, label in wording.UNITS.items()
        }
        return self._make_table(
            cells,
            "units",
            columns,
            rows,
            SLIP,
            label=wording.UNIT,
            appendix=True,
            note=wording.UNITS_NOTE,
        )

    def _section_categories(self, cells, facts):
        categories = self.env["pakn.category"].with_context(active_test=False)
        categories = categories.search([], limit=None)
        parents = {c.id: c.parent_id.id for c in categories}

        def lineage(ticket):
            found, category = [], ticket["category"]
            while category:
                found.append(category)
                category = parents.get(category)
            return found or [0]

        groups = self._group_received(facts, lineage)
        rows = [
            (
                category.id,
                category.name,
                {
                    "indent": int(bool(category.parent_id)),
                    "bold": not category.parent_id,
                },
            )
            for category in categories.sorted(_order_of)
            if category.id in groups
        ]
        if 0 in groups:
            rows.append((0, wording.NO_FIELD, {}))
        table = self._counted_table(
            cells, "categories", facts, groups, rows, appendix=True
        )
        return table | {"chart": None}

    def _section_areas(self, cells, facts):
        groups = self._group_received(facts, lambda ticket: [ticket["area"] or 0])
        areas = self.env["pakn.area"].with_context(active_test=False)
        areas = areas.search([("id", "in", [area for area in groups if area])])
        rows = [
            (area.id, area.name, {})
            for area in areas.sorted(
                lambda area: (-len(groups[area.id]["now"]), area.name)
            )
        ]
        if 0 in groups:
            rows.append((0, wording.NO_AREA, {}))
        table = self._counted_table(cells, "areas", facts, groups, rows, appendix=True)
        return table | {"chart": None}

    def _section_satisfaction_units(self, cells, facts, names):
        by_unit = defaultdict(lambda: {grade: [] for grade in wording.GRADES})
        for rating in facts.ratings:
            by_unit[rating["unit"] or 0][round(rating["grade"])].append(
                rating["ticket"]
            )
        columns = {
            str(grade): (label, "int") for grade, label in wording.GRADES.items()
        }
        columns |= {
            "total": (wording.TOTAL, "int"),
            "share": (wording.SATISFIED_SHARE, "share"),
        }
        rows = []
        for unit, name in [*names.items(), (0, wording.NO_UNIT)]:
            if unit not in by_unit:
                continue
            grades = by_unit[unit]
            ids = [ticket for tickets in grades.values() for ticket in tickets]
            row = {str(grade): (len(t), t) for grade, t in grades.items()}
            row["total"] = (len(ids), ids)
            row["share"] = figures.share(len(grades[5]), len(ids))
            rows.append((unit, name, row, {}))
        return self._make_table(
            cells,
            "satisfaction_units",
            columns,
            rows,
            label=wording.UNIT,
            appendix=True,
        )

    def _section_reasons(self, facts, names):
        """Why citizens were not satisfied; of secret requests nothing is quoted."""
        found = [r for r in facts.ratings if round(r["grade"]) == 1]
        shown = found[:LIST_LIMIT]
        tickets = self.env[TICKET].browse(rating["ticket"] for rating in shown)
        reasons = tickets._redact([rating["reason"] for rating in shown])
        rows = [
            (
                rating["ticket"],
                rating["code"],
                {
                    "unit": names.get(rating["unit"], wording.NO_UNIT),
                    "reason": wording.SECRET if rating["secret"] else reason,
                },
                {"open": [TICKET, rating["ticket"]]},
            )
            for rating, reason in zip(shown, reasons, strict=True)
        ]
        columns = {
            key: (label, "text")
            for key, label in wording.REASONS.items()
            if key != "code"
        }
        return self._list("reasons", columns, rows, len(found), wording.REASONS["code"])

    def _section_late(self, facts, matters):
        """Art. 11.4: what was answered late in the period, or was late at its end."""
        found = [
            matter
            for matter in matters
            if matter.late_since is not None
            and matter.state in ("open", "answered", "expired")
            and (matter.state == "open" or matter.slip.closed >= facts.start)
        ]
        found.sort(key=lambda matter: (matter.late_since, matter.slip.id))
        shown = found[:LIST_LIMIT]
        # The due moment of a matter that began long ago stands on its first slip
        slips = self.env[SLIP].sudo().browse([m.slip.id for m in shown])
        slips.fetch(["ticket_id", "unit_id", "level", "previous_id"])
        # One for each slip, be it of the same request
        tickets = slips.ticket_id.browse(slip.ticket_id.id for slip in slips)
        tickets.fetch(["name", "title", "secrecy"])
        titles = tickets._redact([ticket.title for ticket in tickets])
        rows = []
        for matter, slip, title in zip(shown, slips, titles, strict=True):
            ticket, first = slip.ticket_id, slip
            while not first.is_first and first.previous_id:
                first = first.previous_id
            due = first.date_overdue or first.date_due
            answered = matter.state == "answered"
            end = matter.slip.closed if matter.state != "open" else facts.end
            rows.append(
                (
                    slip.id,
                    ticket.name,
                    {
                        "title": wording.SECRET
                        if ticket.secrecy == "secret"
                        else title,
                        "unit": slip.unit_id.name,
                        "level": wording.SHORT_LEVELS[slip.level],
                        "received": fields.Datetime.to_string(first.date_sent),
                        "due": fields.Datetime.to_string(due),
                        "closed": fields.Datetime.to_string(end) if answered else None,
                        "hours": max((end - due).total_seconds() / 3600, 0),
                    },
                    {"open": [SLIP, slip.id]},
                )
            )
        types = {
            "received": "datetime",
            "due": "datetime",
            "closed": "datetime",
            "hours": "hours",
        }
        columns = {
            key: (label, types.get(key, "text"))
            for key, label in wording.LATE.items()
            if key != "code"
        }
        return self._list("late", columns, rows, len(found), wording.LATE["code"])

    def _list(self, key, columns, rows, total, label):
        """Return a section that lists records; it counts nothing."""
        more = total - len(rows)
        return self._make_table(
            {},
            key,
            columns,
            rows,
            label=label,
            appendix=True,
            note=wording.MORE.format(count=more) if more else None,
        ) | {"numbered": True}

    def _section_scores(self, cells, units, facts, names):
        """Art. 19.3: the units' points for the year, by the criteria and weights."""
        criteria = self.env["pakn.report.criterion"].search([("active", "=", True)])
        scores = criteria._get_scores(units, facts)
        ranks = sorted({score["total"] for score in scores.values()}, reverse=True)
        columns = {f"c{c.id}": (f"{c.name} ({c.weight:g})", "score") for c in criteria}
        columns |= {
            "total": (wording.SCORES["total"], "score"),
            "rank": (wording.SCORES["rank"], "int"),
        }
        rows = [
            (
                unit,
                names[unit],
                {f"c{c}": points for c, points in score["points"].items()}
                | {"total": score["total"], "rank": ranks.index(score["total"]) + 1},
                {},
            )
            for unit, score in sorted(
                scores.items(), key=lambda item: (-item[1]["total"], names[item[0]])
            )
        ]
        return self._make_table(
            cells, "scores", columns, rows, label=wording.UNIT, appendix=True
        )

    # ------------------------------------------------------------
    # IN WORDS
    # ------------------------------------------------------------

    def _get_summary(self, cells):
        """Return the sentences that the report begins with."""

        def value(section, row, column="now"):
            return cells[section, str(row), column][0]

        def number(found):
            return show(found, "int")

        def percent(found):
            return show(found, "share")

        now, before = (
            value("overview", "received", column) for column in ("now", "previous")
        )
        changed = figures.change(now, before)
        if changed is None:
            change = ""
        elif not changed:
            change = wording.EQUAL
        else:
            words = wording.MORE_THAN if changed > 0 else wording.LESS_THAN
            change = words.format(share=percent(abs(changed)))
        rated = value("satisfaction", "total", "count")
        values = {key: number(value("overview", key)) for key in wording.ROUNDS} | {
            "change": change,
            "answered": number(
                sum(value("overview", level) for level in figures.LEVELS)
            ),
            "in_time": number(value("units", "total", "answered_in_time")),
            "late": number(value("units", "total", "answered_late")),
            "share": percent(value("units", "total", "share")),
            "rated": number(rated),
            "satisfied": number(value("satisfaction", 5, "count")),
            "acceptable": number(value("satisfaction", 3, "count")),
            "unsatisfied": number(value("satisfaction", 1, "count")),
        }
        return [sentence.format(**values) for _key, sentence in wording.SUMMARY]


def _order_of(category):
    """Return where a field stands: after its group, in the order of its kind."""
    lineage = []
    while category:
        lineage.insert(0, (category.sequence, category.code, category.id))
        category = category.parent_id
    return lineage
