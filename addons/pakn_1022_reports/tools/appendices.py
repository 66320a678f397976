"""The appendices of a report: by unit, field and area, and lists. Nothing of Odoo.

What quotes people, the lists of what was late and of why citizens were not satisfied,
comes with its texts: they are redacted where the requests are read.
"""

from collections import defaultdict
from collections.abc import Sequence

from odoo.addons.pakn_1022.tools.province import GRADES

from . import figures, wording
from .facts import Facts, Names
from .section import (
    SLIP,
    Cell,
    Column,
    Figure,
    Row,
    Section,
    count,
    make_columns,
)
from .sections import Spans, group_received, received_table, timeliness_cells

# What a list on paper shows at most; the figure above it says how many there are
LIST_LIMIT = 300

Pairs = list[tuple[float, int]]


def units(
    facts: Facts,
    by_unit: dict[int, dict[str, list[int]]],
    timeliness: dict[int, figures.Timeliness],
    names: Names,
) -> Section:
    """How each unit did: what it had to do, and what of its slips was in time.

    :param by_unit: unit -> column -> ids of slips, of ``figures.get_units``
    """
    hours: dict[int, Pairs] = defaultdict(list)
    for slip in facts.slips:
        if (
            slip.state == "answered"
            and slip.closed
            and facts.start <= slip.closed < facts.end
            and slip.result_hours is not None
        ):
            hours[slip.unit].append((slip.result_hours, slip.id))
    rows = [
        Row(
            unit,
            name,
            _unit_cells(
                by_unit.get(unit, {}),
                timeliness.get(unit, figures.Timeliness([], [])),
                hours[unit],
            ),
        )
        for unit, name in names.units.items()
        if unit in by_unit or unit in timeliness
    ]
    total: dict[str, list[int]] = {key: [] for key in figures.UNIT_COLUMNS}
    for columns in by_unit.values():
        for key, ids in columns.items():
            total[key].extend(ids)
    pairs = [pair for unit_pairs in hours.values() for pair in unit_pairs]
    judged = figures.get_total(timeliness.values())
    cells = _unit_cells(total, judged, pairs)
    rows.append(Row("total", wording.TOTAL, cells, bold=True))
    return Section(
        "units",
        make_columns(wording.UNITS, {"share": "share", "mean": "hours"}),
        rows,
        SLIP,
        label=wording.UNIT,
        appendix=True,
        note=wording.UNITS_NOTE,
    )


def _unit_cells(
    columns: dict[str, list[int]], judged: figures.Timeliness, pairs: Pairs
) -> dict[str, Cell]:
    """Return the cells of one unit.

    :param pairs: working hours to the result, and ids of the slips
    """
    values = [value for value, _slip in pairs]
    return {
        **{key: count(columns.get(key, [])) for key in figures.UNIT_COLUMNS},
        **timeliness_cells(judged),
        "mean": Figure(figures.mean(values), [slip for _value, slip in pairs]),
    }


def categories(spans: Spans, names: Names) -> Section:
    """What was received by field, each counted in its group too."""

    def lineage(ticket) -> list[int]:
        found, category = [], ticket.category
        while category:
            found.append(category)
            category = names.categories[category].parent
        return found or [0]

    groups = group_received(spans, lineage)
    rows = [
        (
            number,
            category.name,
            {"indent": int(bool(category.parent)), "bold": not category.parent},
        )
        for number, category in names.categories.items()
        if number in groups
    ]
    if 0 in groups:
        rows.append((0, wording.NO_FIELD, {}))
    return received_table("categories", spans, groups, rows, appendix=True)


def areas(spans: Spans, names: Names) -> Section:
    """What was received by area, the most first."""
    groups = group_received(spans, lambda ticket: [ticket.area or 0])
    found = [area for area in groups if area]
    found.sort(key=lambda area: (-len(groups[area]["now"]), names.areas[area]))
    rows = [(area, names.areas[area], {}) for area in found]
    if 0 in groups:
        rows.append((0, wording.NO_AREA, {}))
    return received_table("areas", spans, groups, rows, appendix=True)


def satisfaction_units(facts: Facts, names: Names) -> Section:
    """The grades of the results of each unit."""
    by_unit: dict[int, dict[int, list[int]]] = defaultdict(
        lambda: {grade: [] for grade in GRADES}
    )
    for rating in facts.ratings:
        by_unit[rating.unit or 0][round(rating.grade)].append(rating.ticket)
    rows = []
    for unit, name in [*names.units.items(), (0, wording.NO_UNIT)]:
        if unit not in by_unit:
            continue
        grades = by_unit[unit]
        ids = [ticket for tickets in grades.values() for ticket in tickets]
        cells: dict[str, Cell] = {str(grade): count(t) for grade, t in grades.items()}
        cells["total"] = count(ids)
        cells["share"] = figures.share(len(grades[5]), len(ids))
        rows.append(Row(unit, name, cells))
    labels = {str(grade): label for grade, label in GRADES.items()} | {
        "total": wording.TOTAL,
        "share": wording.SATISFIED_SHARE,
    }
    return Section(
        "satisfaction_units",
        make_columns(labels, {"share": "share"}),
        rows,
        label=wording.UNIT,
        appendix=True,
    )


def scores(
    criteria: Sequence[tuple[int, str, float]],
    found: dict[int, dict],
    names: Names,
) -> Section:
    """Art. 19.3: the units' points for the year, the best first.

    :param criteria: ``(id, name, weight)`` in their order
    :param found: unit -> ``{"points": {criterion id: points or None}, "total"}``
    """
    ranks = sorted({score["total"] for score in found.values()}, reverse=True)
    columns = [
        Column(f"c{number}", f"{name} ({weight:g})", "score")
        for number, name, weight in criteria
    ]
    columns += make_columns(wording.SCORES, {"total": "score"})
    rows = [
        Row(
            unit,
            names.units[unit],
            {f"c{number}": points for number, points in score["points"].items()}
            | {"total": score["total"], "rank": ranks.index(score["total"]) + 1},
        )
        for unit, score in sorted(
            found.items(), key=lambda item: (-item[1]["total"], names.units[item[0]])
        )
    ]
    return Section("scores", columns, rows, label=wording.UNIT, appendix=True)


def record_list(
    key: str,
    labels: dict[str, str],
    rows: list[Row],
    total: int,
    types: dict[str, str] | None = None,
) -> Section:
    """Return a section that lists records by their codes; it counts nothing.

    :param labels: ``{column: label}``; the column ``code`` is the rows' label
    :param total: how many there are, of which ``rows`` are the first
    """
    more = total - len(rows)
    columns = {column: text for column, text in labels.items() if column != "code"}
    return Section(
        key,
        make_columns(columns, types, "text"),
        rows,
        label=labels["code"],
        appendix=True,
        numbered=True,
        note=wording.MORE.format(count=more) if more else None,
    )
