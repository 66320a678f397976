"""Print the rows of measurements as one table: table.py FILE.json …"""

import json
import sys
from pathlib import Path

from bench.measuring import HEADS, Row, describe


def load(paths: list[str]) -> list[Row]:
    """Return the rows of the files, what belongs together beside one another."""
    rows = [Row(**row) for path in paths for row in json.loads(Path(path).read_text())]
    first = {}
    for number, row in enumerate(rows):
        first.setdefault((row.case, row.size), number)
    return sorted(rows, key=lambda row: first[row.case, row.size])


def print_table(rows: list[Row]) -> None:
    cells = [HEADS, *map(describe, rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    cells.insert(1, tuple("-" * width for width in widths))
    for line in cells:
        print(
            "| "
            + " | ".join(c.ljust(w) for c, w in zip(line, widths, strict=True))
            + " |"
        )


if __name__ == "__main__":
    print_table(load(sys.argv[1:]))
