"""The sections of the report itself (docs/reports.md). Nothing of Odoo.

Each function makes one table of what happened in a period and, where it compares, in
the one before and in the same one a year ago.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from odoo.addons.pakn_1022.tools.province import GRADES

from . import figures, wording
from .facts import Facts, Names, Ticket
from .report_html import show
from .section import SLIP, Cell, Column, Figure, Row, Section, count, make_columns

PERIODS = ("now", "previous", "last_year")
# Of what recurs, the most frequent
RECURRING_LIMIT = 10

# Period -> its facts, and period -> ids of the requests of one row
Spans = dict[str, Facts]
Found = dict[str, list[int]]


def compared(found: Found) -> dict[str, Cell]:
    """Return the cells of one row: this period, those before, the changes."""
    now = len(found["now"])
    cells: dict[str, Cell] = {name: count(found[name]) for name in PERIODS}
    for name in PERIODS[1:]:
        cells[f"{name}_change"] = figures.change(now, len(found[name]))
    return cells


def compared_columns() -> list[Column]:
    changes = {key: "change" for key in wording.COMPARED if key.endswith("_change")}
    return make_columns(wording.COMPARED, changes)


def group_received(spans: Spans, of: Callable[[Ticket], Iterable]) -> dict[Any, Found]:
    """Return ``{group: {period: ids}}`` of the requests received.

    :param of: gives the groups of a request
    """
    groups: dict[Any, Found] = defaultdict(lambda: {name: [] for name in PERIODS})
    for name, facts in spans.items():
        for ticket in facts.found["received"]:
            for group in of(facts.tickets[ticket]):
                groups[group][name].append(ticket)
    return groups


def received_table(
    key: str,
    spans: Spans,
    groups: dict[Any, Found],
    rows: Iterable[tuple[Any, str, dict[str, Any]]],
    **options: Any,
) -> Section:
    """Return a table of the requests received, with their total.

    :param rows: ``(group, label, options of the row)``
    """
    total = {name: facts.found["received"] for name, facts in spans.items()}
    made = [
        Row(group, label, compared(groups[group]), **row_options)
        for group, label, row_options in rows
    ]
    made.append(Row("total", wording.TOTAL, compared(total), bold=True))
    return Section(key, compared_columns(), made, **options)


def _shares(key: str, labels: dict[Any, str], found: dict[Any, list[int]]) -> Section:
    """Return a table of parts of one whole, with their shares and their total."""
    total = [ticket for tickets in found.values() for ticket in tickets]
    rows = [
        Row(
            part,
            label,
            {
                "count": count(found[part]),
                "share": figures.share(len(found[part]), len(total)),
            },
        )
        for part, label in labels.items()
    ]
    rows.append(
        Row(
            "total",
            wording.TOTAL,
            {"count": count(total), "share": 1.0 if total else None},
            bold=True,
        )
    )
    columns = [
        Column("count", wording.COUNT, "int"),
        Column("share", wording.SHARE, "share"),
    ]
    return Section(key, columns, rows, chart=0)


# ------------------------------------------------------------
# THE SECTIONS
# ------------------------------------------------------------


def overview(spans: Spans) -> Section:
    """What came, ended and stayed, round by round of the requests."""
    found = {name: dict(facts.found) for name, facts in spans.items()}
    for columns in found.values():
        columns["ended"] = [
            ticket for key in figures.OUTCOMES for ticket in columns[key]
        ]
    rows = [
        Row(
            key,
            label,
            compared({name: found[name][key] for name in PERIODS}),
            bold=key in ("received", "ended", "open"),
            indent=int(key in figures.OUTCOMES),
        )
        for key, label in wording.ROUNDS.items()
    ]
    return Section("overview", compared_columns(), rows)


def outcome(facts: Facts) -> Section:
    """Where each request received in the period stood at its end."""
    found = figures.get_received(facts.rounds, facts.start, facts.end)
    labels = {key: wording.ROUNDS[key] for key in (*figures.OUTCOMES, "open")}
    return _shares("outcome", labels, found)


def channels(spans: Spans, names: Names) -> Section:
    groups = group_received(spans, lambda ticket: [ticket.channel])
    rows = [(number, name, {}) for number, name in names.channels.items()]
    return received_table("channels", spans, groups, rows, chart=0)


def timeliness_cells(judged: figures.Timeliness) -> dict[str, Cell]:
    """Return what was due, and what of it was in time and late; slips."""
    return {
        "due": count(judged.due),
        "in_time": count(judged.in_time),
        "late": count(judged.late),
        "share": Figure(judged.share, judged.due),
    }


def timeliness(by_level: dict[str, figures.Timeliness]) -> Section:
    """The slips that were due in the period, each for the level that had it."""
    nothing = figures.Timeliness([], [])
    rows = [
        Row(level, label, timeliness_cells(by_level.get(level, nothing)))
        for level, label in wording.LEVELS.items()
    ]
    total = figures.get_total(by_level.values())
    rows.append(Row("total", wording.TOTAL, timeliness_cells(total), bold=True))
    columns = make_columns(wording.TIMELINESS, {"share": "share"})
    return Section(
        "timeliness", columns, rows, SLIP, label=wording.LEVEL, note=wording.JUDGED
    )


def hours(facts: Facts) -> Section:
    """Working hours to the first response and to the result, by level."""
    found = figures.get_hours(facts.slips, facts.start, facts.end)
    types = {key: "int" for key in wording.HOURS if key.endswith("count")}
    rows = []
    for level in figures.LEVELS:
        cells: dict[str, Cell] = {}
        for name, pairs in found[level].items():
            values = [value for value, _slip in pairs]
            ids = [slip for _value, slip in pairs]
            cells[f"{name}_count"] = count(ids)
            cells[f"{name}_mean"] = Figure(figures.mean(values), ids)
            cells[f"{name}_p90"] = Figure(figures.percentile(values), ids)
        rows.append(Row(level, wording.LEVELS[level], cells))
    return Section("hours", make_columns(wording.HOURS, types, "hours"), rows, SLIP)


def escalations(spans: Spans) -> Section:
    """What came to a head or the province, and how often time was extended."""
    found = {}
    for name, facts in spans.items():
        found[name] = figures.get_escalations(
            facts.slips, facts.referred, facts.start, facts.end
        )
        found[name]["extended"] = [slip for slip, _unit in facts.extensions]
    rows = [
        Row(key, label, compared({name: found[name][key] for name in PERIODS}))
        for key, label in wording.ESCALATIONS.items()
    ]
    return Section("escalations", compared_columns(), rows, SLIP)


def satisfaction(facts: Facts) -> Section:
    """The grades that were given in the period (Art. 14)."""
    found = {
        grade: [r.ticket for r in facts.ratings if round(r.grade) == grade]
        for grade in GRADES
    }
    return _shares("satisfaction", GRADES, found)


def recurring(spans: Spans, names: Names) -> Section:
    """What came up most: the same field in the same area, twice or more."""
    groups = group_received(spans, lambda ticket: [(ticket.category, ticket.area)])

    def label(group: tuple[int | None, int | None]) -> tuple[str, str]:
        category, area = group
        return (
            names.categories[category].name if category else wording.NO_FIELD,
            names.areas[area] if area else wording.NO_AREA,
        )

    most = sorted(
        (group for group, found in groups.items() if len(found["now"]) > 1),
        key=lambda group: (-len(groups[group]["now"]), *label(group)),
    )
    rows = [
        Row(
            f"{group[0] or 0}-{group[1] or 0}",
            ", ".join(label(group)),
            compared(groups[group]),
        )
        for group in most[:RECURRING_LIMIT]
    ]
    return Section("recurring", compared_columns(), rows)


# ------------------------------------------------------------
# IN WORDS
# ------------------------------------------------------------


def get_summary(sections: Iterable[Section]) -> list[str]:
    """Return the sentences that the report begins with."""
    values = {
        (section.key, str(row.key), column): figure.value
        for section in sections
        for row, column, figure in section.iter_figures()
    }

    def value(section: str, row: int | str, column: str = "now") -> float | None:
        return values[section, str(row), column]

    changed = figures.change(
        value("overview", "received"), value("overview", "received", "previous")
    )
    if changed is None:
        change = ""
    elif not changed:
        change = wording.EQUAL
    else:
        words = wording.MORE_THAN if changed > 0 else wording.LESS_THAN
        change = words.format(share=show(abs(changed), "share"))
    numbers = {key: value("overview", key) for key in wording.ROUNDS} | {
        "answered": sum(value("overview", level) for level in figures.LEVELS),
        "due": value("timeliness", "total", "due"),
        "in_time": value("timeliness", "total", "in_time"),
        "late": value("timeliness", "total", "late"),
        "rated": value("satisfaction", "total", "count"),
        "satisfied": value("satisfaction", 5, "count"),
        "acceptable": value("satisfaction", 3, "count"),
        "unsatisfied": value("satisfaction", 1, "count"),
    }
    words = {key: show(number, "int") for key, number in numbers.items()} | {
        "change": change,
        "share": show(value("timeliness", "total", "share"), "share"),
    }
    return [sentence.format(**words) for sentence in wording.SUMMARY.values()]
