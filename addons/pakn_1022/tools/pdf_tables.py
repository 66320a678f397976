"""Tables on paper whose head stands on each page again, and whose rows are whole.

wkhtmltopdf of the distributions does neither: it cuts the rows of a table through
their lines and shows its head once. So rows are tables of their own (``.rows`` in
``document_style``), which are not cut, and the page is made until it is right: each
row bears a picture that says which one it is, the pages tell where it stands, and
where a table goes on the head is put in anew.
"""

import base64
import struct
import zlib
from collections.abc import Callable, Iterator
from copy import deepcopy
from itertools import count
from typing import NamedTuple

from lxml import etree, html

from .pdf_pictures import find_pictures

ROWS = "//table[contains(concat(' ', @class, ' '), ' rows ')][thead][tbody]"
# A head that was put in
AGAIN = "again"
# How often the page is made at most: once for each table that is on several pages
PASSES = 8
# A row's pictures are so many pixels wide, by its number; wider than what stands there
# for other ends. That at its top is one pixel high, that at its bottom two.
FIRST = 10
MARKS = ((1, "top"), (2, "bottom"))
MARK = "position: absolute; left: 2px; width: 1px; height: 1px"


class Row(NamedTuple):
    """Where a row begins and ends: pages, and points from the bottom of each."""

    first: int
    top: float
    last: int
    bottom: float


def print_tables(content: str, make: Callable[[str], bytes]) -> bytes:
    """Return the PDF of a page, its tables with a head on each page.

    :param content: HTML; tables of the class ``rows`` with head and body
    :param make: makes the PDF of HTML
    """
    root = html.document_fromstring(content)
    tables = root.xpath(ROWS)
    if not any(len(table.find("tbody")) > 1 for table in tables):
        return make(content)
    for _attempt in range(PASSES):
        pdf = make(_mark(root, tables))
        if not pdf or not _put_heads(tables, _find_rows(pdf)):
            break
    return make(_to_text(root))


def _to_text(root):
    return html.tostring(root, doctype="<!DOCTYPE html>", encoding="unicode")


def _get_rows(table):
    """Return all rows of a table as they stand on paper, heads among them."""
    return table.xpath("./thead/tr | ./tbody/tr")


def _is_head(row):
    return row.getparent().tag == "thead" or row.get("data-head") == AGAIN


def _mark(root, tables):
    """Return the page with a picture in each row that says which one it is."""
    marks = []
    cells = [row[0] for table in tables for row in _get_rows(table)]
    for number, cell in enumerate(cells):
        cell.set("data-style", cell.get("style", ""))
        cell.set("style", f"position: relative; {cell.get('style')}")
        for height, end in MARKS:
            picture = etree.SubElement(cell, "img", style=f"{MARK}; {end}: 0", alt="")
            picture.set("src", _draw(FIRST + number, height))
            marks.append(picture)
    text = _to_text(root)
    for picture in marks:
        picture.getparent().remove(picture)
    for cell in cells:
        cell.set("style", cell.attrib.pop("data-style"))
    return text


def _draw(width, height):
    """Return a white picture of so many pixels (PNG)."""

    def part(kind, data):
        length, check = len(data), zlib.crc32(kind + data)
        return struct.pack(">I", length) + kind + data + struct.pack(">I", check)

    png = b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            part(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
            part(b"IDAT", zlib.compress((b"\0" + b"\xff" * width) * height)),
            part(b"IEND", b""),
        )
    )
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def _find_rows(pdf) -> dict[int, Row]:
    """Return where each row stands, by its number."""
    ends = {height: {} for height, _end in MARKS}
    for width, height, place in find_pictures(pdf):
        if width >= FIRST and height in ends:
            ends[height][width - FIRST] = place
    above, below = ends.values()
    return {
        number: Row(above[number].page, above[number].box[3], place.page, place.box[1])
        for number, place in below.items()
        if number in above
    }


def _put_heads(tables, places: dict[int, Row]) -> bool:
    """Put heads where tables go on on another page; return whether any was missing.

    The first of them, and those that begin a page whatever stands before them: where
    others will be is told by the page made next.
    """
    numbers = count()
    lowest = min((row.bottom for row in places.values()), default=0)
    changed = False
    for table in tables:
        rows = _get_rows(table)
        found = [places.get(next(numbers)) for _row in rows]
        if changed and not _begins_page(table):
            continue
        changed = _put_into(rows, found, lowest) or changed
    return changed


def _begins_page(table):
    return bool(table.xpath("ancestor::*[contains(@class, 'appendix')]"))


def _put_into(rows, found, lowest) -> bool:
    """Put heads into a table from where one is missing; return whether one was."""
    pairs = zip(rows, found, strict=True)
    known = [(row, place) for row, place in pairs if place]
    heads = [row for row in rows if row.getparent().tag == "thead"]
    tall = sum(place.top - place.bottom for row, place in known if row in heads)
    for index, (row, place) in enumerate(known[1:], 1):
        before, stands = known[index - 1]
        if place.first == stands.last or _is_head(row):
            continue
        if _is_head(before) and before not in heads:
            # It is higher than a page: no head stands above all of it
            continue
        rest = [one for one in known[index:] if not _is_head(one[0])]
        for after, _place in known[index:]:
            if _is_head(after):
                after.getparent().remove(after)
        for begins in _break(rest, tall, place.top - lowest):
            _put_before(begins, heads)
        return True
    return False


def _break(rows, head, room) -> Iterator:
    """Give the rows with which pages begin, the first of them at once."""
    used = room + 1
    for row, place in rows:
        # One that is on two pages is higher than any
        is_whole = place.first == place.last
        height = place.top - place.bottom if is_whole else room
        if used + height > room:
            yield row
            used = head
        used += height


def _put_before(row, heads):
    for number, head in enumerate(heads):
        again = deepcopy(head)
        again.set("data-head", AGAIN)
        if not number:
            again.set("style", f"page-break-before: always; {head.get('style', '')}")
        row.addprevious(again)
