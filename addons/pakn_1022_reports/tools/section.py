"""A section of a report: one table of figures, each with the ids it counts.

Nothing of Odoo. Paper, spreadsheet and screen are all made of :meth:`Section.as_dict`,
which JSON can hold.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from . import wording

TICKET, SLIP = "pakn.ticket", "pakn.transfer"


class Figure(NamedTuple):
    """A number and the records it counts, of the section's ``model``."""

    value: float | None
    ids: list[int]


# What stands in a cell: a figure that can be opened, or a mere value
Cell = Figure | float | str | None
# How a cell is shown: ``share`` and ``change`` (0.5 is 50 %), ``datetime`` (ISO, UTC)
TYPES = ("int", "share", "change", "hours", "score", "text", "datetime")


class Column(NamedTuple):
    """A column; ``type`` is one of :data:`TYPES`."""

    key: str
    label: str
    type: str


@dataclass
class Row:
    """A line of a table; a column that ``cells`` does not name is empty."""

    key: int | str
    label: str
    cells: dict[str, Cell]
    indent: int = 0
    bold: bool = False
    # The record that its label opens: (model, id)
    open: tuple[str, int] | None = None


@dataclass
class Section:
    """A table; what is an ``appendix`` stands on pages of its own, across.

    ``chart`` is the index of the column to draw; in a ``numbered`` one each row is a
    record, named by its code. ``title`` is that of the key, for keys of this addon.
    """

    key: str
    columns: list[Column]
    rows: list[Row]
    model: str = TICKET
    label: str = wording.LABEL
    appendix: bool = False
    numbered: bool = False
    chart: int | None = None
    note: str | None = None
    title: str = ""

    def __post_init__(self) -> None:
        self.title = self.title or wording.SECTIONS[self.key]

    def iter_figures(self) -> Iterator[tuple[Row, str, Figure]]:
        """Yield ``(row, key of the column, figure)`` of all that can be opened."""
        for row in self.rows:
            for column in self.columns:
                cell = row.cells.get(column.key)
                if isinstance(cell, Figure):
                    yield row, column.key, cell

    def as_dict(self) -> dict[str, Any]:
        """Return what is shown, as JSON holds it.

        :return: ``{"key", "title", "label", "appendix", "numbered", "chart", "note",
            "columns": [{"key", "label", "type"}],
            "rows": [{"key", "label", "indent", "bold", "open", "values": [...]}]}``
        """
        return {
            "key": self.key,
            "title": self.title,
            "label": self.label,
            "appendix": self.appendix,
            "numbered": self.numbered,
            "chart": self.chart,
            "note": self.note,
            "columns": [column._asdict() for column in self.columns],
            "rows": [
                {
                    "key": str(row.key),
                    "label": row.label,
                    "indent": row.indent,
                    "bold": row.bold,
                    "open": row.open and list(row.open),
                    "values": [
                        cell.value if isinstance(cell, Figure) else cell
                        for cell in (row.cells.get(c.key) for c in self.columns)
                    ],
                }
                for row in self.rows
            ],
        }


def make_columns(
    labels: dict[str, str], types: dict[str, str] | None = None, default: str = "int"
) -> list[Column]:
    """Return columns by ``{key: label}``, of the types named or of ``default``."""
    types = types or {}
    return [
        Column(key, label, types.get(key, default)) for key, label in labels.items()
    ]


def count(ids: list[int]) -> Figure:
    """Return the figure that counts these records."""
    return Figure(len(ids), ids)
