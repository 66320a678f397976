"""Figures as they stand on paper, and bars beside them. Nothing of Odoo."""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from html import escape
from typing import Any

from odoo.addons.pakn_1022.tools.province import to_local

NOTHING = "–"
BRAND = "#0b5cad"


def number(value: float, digits: int = 0) -> str:
    """Return a number as Vietnamese is written: ``1.234,5``."""
    # Half up, as a spreadsheet rounds; a float's own way gives 31,2 for 31.25
    step = Decimal(1).scaleb(-digits)
    text = f"{Decimal(repr(value)).quantize(step, ROUND_HALF_UP):,}"
    return text.replace(",", " ").replace(".", ",").replace(" ", ".")


def show(value: float | str | None, kind: str) -> str:
    """Return a value of a section as text; ``kind`` is one of ``section.TYPES``."""
    if value is None or value is False:
        return NOTHING if kind != "text" else ""
    if kind == "int":
        return number(value)
    if kind == "share":
        return number(value * 100, 1) + "%"
    if kind == "change":
        sign = "+" if value > 0 else "−" if value < 0 else ""
        return sign + number(abs(value) * 100, 1) + "%"
    if kind == "hours":
        return number(value, 1)
    if kind == "score":
        return number(value, 2)
    if kind == "datetime":
        moment = to_local(datetime.fromisoformat(value))
        return moment.strftime("%H:%M %d/%m/%Y")
    return str(value)


def make_chart(section: dict[str, Any], width: int = 620) -> str:
    """Return a section's column as bars, an SVG text, or ``""`` if all are zero."""
    column = section["chart"]
    bars = [
        (row["label"], row["values"][column] or 0)
        for row in section["rows"]
        if row["key"] != "total"
    ]
    highest = max((value for _label, value in bars), default=0)
    if not highest:
        return ""
    height, left, step = 22 * len(bars) + 6, 230, 22
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}">'
    ]
    for index, (label, value) in enumerate(bars):
        top = 3 + index * step
        length = (width - left - 60) * value / highest
        parts.append(
            f'<text x="{left - 8}" y="{top + 13}" text-anchor="end" font-size="12"'
            f' font-family="Times New Roman, Liberation Serif, serif">'
            f"{escape(label)}</text>"
            f'<rect x="{left}" y="{top}" width="{max(length, 1):.1f}" height="16"'
            f' fill="{BRAND}"/>'
            f'<text x="{left + length + 6:.1f}" y="{top + 13}" font-size="12"'
            f' font-family="Times New Roman, Liberation Serif, serif">'
            f"{number(value)}</text>"
        )
    parts.append("</svg>")
    return "".join(parts)
