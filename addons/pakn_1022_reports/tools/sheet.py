"""A workbook of one long sheet, whose rows are made in parts. Nothing of Odoo.

``xlsxwriter`` makes everything around the rows. The rows are written here: it cannot
go on with a sheet that another process has begun, and takes ten times as long.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache, lru_cache
from typing import IO, NamedTuple

FONT = {"font_name": "Times New Roman", "font_size": 11, "valign": "top"}
SHEET = "xl/worksheets/sheet1.xml"
# The rows of a sheet stand before it
END_OF_ROWS = b"</sheetData>"
# A cell of a spreadsheet holds no more
CELL_LIMIT = 32767
FIRST_DAY = datetime(1899, 12, 30)
# What XML cannot hold is written as _x0007_, and what looks like that is told apart
_ESCAPED = re.compile(r"(_x[0-9a-fA-F]{4}_)")
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_SPECIAL = re.compile("[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_x")

# (name, width) of each column, 26 at most
Columns = tuple[tuple[str, int], ...]


class Frame(NamedTuple):
    """The files of a workbook whose sheet has no row but its head.

    ``text`` and ``moment`` are the numbers of the formats of its cells.
    """

    files: dict[str, bytes]
    text: int
    moment: int


@lru_cache(4)
def _make_frame(columns: Columns, moments: Sequence[int], rows: int) -> Frame:
    """Return what stands around so many rows."""
    # The library is large, and most processes never make a workbook
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"constant_memory": True})
    sheet = book.add_worksheet("Dữ liệu")
    head = book.add_format(
        {**FONT, "valign": "bottom", "bold": True, "bg_color": "#E8F0F8", "border": 1}
    )
    text = book.add_format(FONT)
    moment = book.add_format({**FONT, "num_format": "hh:mm dd/mm/yyyy"})
    for index, (name, width) in enumerate(columns):
        sheet.set_column(index, index, width, moment if index in moments else text)
        sheet.write_string(0, index, name, head)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(0)
    sheet.autofilter(0, 0, max(rows, 1), len(columns) - 1)
    # How far it reaches, which it cannot know
    sheet.dim_rowmax = rows
    book.close()
    with zipfile.ZipFile(buffer) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    return Frame(files, text.xf_index, moment.xf_index)


@cache
def _get_cells(
    columns: Columns, moments: Sequence[int]
) -> list[tuple[str, str, str, bool]]:
    """Return of each column what stands before, in and after a cell, and its kind."""
    _files, text, moment = _make_frame(columns, moments, 0)
    cells = []
    for index in range(len(columns)):
        begin = f'<c r="{chr(ord("A") + index)}'
        if index in moments:
            cells.append((begin, f'" s="{moment}"><v>', "</v></c>", True))
        else:
            middle = f'" s="{text}" t="inlineStr"><is><t xml:space="preserve">'
            cells.append((begin, middle, "</t></is></c>", False))
    return cells


def make_rows(
    columns: Columns,
    moments: Sequence[int],
    rows: Iterable[Sequence[str | datetime | None]],
    first: int,
) -> bytes:
    """Return rows of the sheet, XML.

    :param moments: indexes of the columns that hold naive datetimes of Gia Lai; all
        others hold strings; what is empty gets no cell
    :param first: how many rows come before, not counting the head
    """
    cells = _get_cells(columns, moments)
    parts = []
    for number, row in enumerate(rows, start=first + 2):
        parts.append(f'<row r="{number}">')
        for value, (before, middle, after, is_moment) in zip(row, cells, strict=True):
            if not value:
                continue
            # Never as a formula or a link, whatever a citizen has written
            if is_moment:
                since = value.replace(microsecond=0) - FIRST_DAY
                value = f"{since.days + since.seconds / 86400:.16g}"
            else:
                value = _escape(value[:CELL_LIMIT])
            parts.append(f"{before}{number}{middle}{value}{after}")
        parts.append("</row>")
    return "".join(parts).encode()


def write_workbook(
    file: IO[bytes],
    columns: Columns,
    moments: Sequence[int],
    rows: int,
    parts: Iterable[bytes],
) -> None:
    """Write the workbook; no more of it is in memory than a part.

    :param rows: how many there are
    :param parts: all of them, of :func:`make_rows`
    """
    files = dict(_make_frame(columns, moments, rows).files)
    before, end, after = files.pop(SHEET).partition(END_OF_ROWS)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        with archive.open(SHEET, "w") as sheet:
            sheet.write(before)
            for part in parts:
                sheet.write(part)
            sheet.write(end + after)


def _escape(text: str) -> str:
    if not _SPECIAL.search(text):
        return text
    text = _ESCAPED.sub(r"_x005F\1", text)
    text = _UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
