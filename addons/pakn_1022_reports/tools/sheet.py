"""A workbook of one long sheet, made in pieces (``pieces.py``). Nothing of Odoo.

``xlsxwriter`` makes everything around the rows, and the rows are put where it would
have put its own.
"""

import io
import re
import zipfile
from datetime import datetime
from functools import cache, lru_cache

from .pieces import Piece, zip_file

FONT = {"font_name": "Times New Roman", "font_size": 11, "valign": "top"}
SHEET = "xl/worksheets/sheet1.xml"
# A cell of a spreadsheet holds no more
CELL_LIMIT = 32767
FIRST_DAY = datetime(1899, 12, 30)
# What XML cannot hold is written as _x0007_, and what looks like that is told apart
_ESCAPED = re.compile(r"(_x[0-9a-fA-F]{4}_)")
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_SPECIAL = re.compile("[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_x")


@lru_cache(4)
def _make_frame(columns, rows):
    """Return ``(other entries, head, tail, style of text, style of moments)``.

    Head and tail are what stands before and after the rows of the sheet.

    :param tuple columns: ``(name, width)``
    :param int rows: how many there are below the names
    """
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
    for index, (_name, width) in enumerate(columns):
        sheet.set_column(index, index, width)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(0)
    for index, (name, _width) in enumerate(columns):
        sheet.write_string(0, index, name, head)
    # Where the rows belong, and the numbers by which they name their formats
    sheet.write_blank(1, 0, None, text)
    sheet.write_blank(1, 1, None, moment)
    sheet.autofilter(0, 0, max(rows, 1), len(columns) - 1)
    book.close()
    with zipfile.ZipFile(buffer) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    xml = entries.pop(SHEET).decode()
    # How far the sheet reaches is known at its end only, and may be left out
    xml = re.sub(r"<dimension [^>]*/>", "", xml)
    before, row, after = re.split(r'(<row r="2".*?</row>)', xml)
    styles = [int(number) for number in re.findall(r' s="(\d+)"', row)]
    return entries, before.encode(), after.encode(), *styles


def get_head(columns):
    """Return the sheet up to its first row, bytes."""
    return _make_frame(columns, 0)[1]


@cache
def _get_cells(columns, moments):
    """Return of each column what stands before and after a value of its cells."""
    *_frame, text, moment = _make_frame(columns, 0)
    cells = []
    for index in range(len(columns)):
        letter = chr(ord("A") + index)
        if index in moments:
            cells.append((f'<c r="{letter}', f'" s="{moment}"><v>', "</v></c>"))
        else:
            cells.append(
                (
                    f'<c r="{letter}',
                    f'" s="{text}" t="inlineStr"><is><t xml:space="preserve">',
                    "</t></is></c>",
                )
            )
    return cells


def write_row(columns, moments, number, values):
    """Return a row of the sheet, XML.

    :param tuple columns: at most 26
    :param moments: indexes of the columns that hold moments: naive datetimes of Gia Lai
    :param int number: of the row in the sheet; the first one after the head is 2
    :param list values: strings and moments; what is empty gets no cell
    """
    parts = [f'<row r="{number}">']
    for index, (before, middle, after) in enumerate(_get_cells(columns, moments)):
        value = values[index]
        if not value:
            continue
        # Never as a formula or a link, whatever a citizen has written
        if index in moments:
            since = value.replace(microsecond=0) - FIRST_DAY
            value = f"{since.days + since.seconds / 86400:.16g}"
        else:
            value = _escape(value[:CELL_LIMIT])
        parts.append(f"{before}{number}{middle}{value}{after}")
    parts.append("</row>")
    return "".join(parts)


def make_workbook(columns, rows, pieces, size, compressed, crc):
    """Return ``(length, chunks)`` of the workbook around a sheet's pieces.

    :param int rows: how many the pieces hold
    :param pieces: iterable of compressed bytes, the first begun with :func:`get_head`
    :param int size: bytes that were written into all pieces
    :param int compressed: bytes that all pieces have
    :param int crc: the CRC-32 of all that was written
    """
    entries, _head, tail, *_styles = _make_frame(columns, rows)
    last = Piece(crc)
    last.add(tail)
    ending = last.close()

    def sheet():
        yield from pieces
        yield ending

    packed = []
    for name, content in entries.items():
        piece = Piece()
        piece.add(content)
        data = piece.close()
        packed.append((name, piece.crc, piece.size, len(data), [data]))
    packed.append(
        (SHEET, last.crc, size + last.size, compressed + len(ending), sheet())
    )
    return zip_file(packed)


def _escape(text):
    if not _SPECIAL.search(text):
        return text
    text = _ESCAPED.sub(r"_x005F\1", text)
    text = _UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
