"""Files that are exchanged with the national complaint portal. Nothing of Odoo.

Its interface is not public, its lists can be taken out as XLSX; a partner may hand over
the same as JSON, a list of objects. Columns are found by their headings, whatever their
order, with or without accents.
"""

import io
import json
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import openpyxl
import xlsxwriter

from odoo.addons.pakn_1022.tools.accents import compose, strip_accents
from odoo.addons.pakn_1022.tools.storable import make_storable

MOST_LINES = 2000
# Above the headings a list may have a title, who made it, and when
MOST_TITLES = 10
# Bytes of the file, and of what a spreadsheet holds once it is unpacked
MOST_BYTES, MOST_UNPACKED = 5 * 2**20, 60 * 2**20
COLUMNS = {
    "code": ("Mã PAKN", "Mã phản ánh", "Mã phản ánh kiến nghị", "Mã số", "code"),
    "title": ("Tiêu đề", "title"),
    "content": ("Nội dung", "Nội dung phản ánh", "Nội dung PAKN", "content"),
    "name": ("Họ và tên", "Họ tên", "Người gửi", "Người phản ánh", "name"),
    "phone": ("Số điện thoại", "Điện thoại", "phone"),
    "email": ("Email", "Thư điện tử"),
    "address": ("Địa chỉ", "address"),
    "date": ("Ngày gửi", "Ngày tiếp nhận", "Thời gian gửi", "date"),
    "state": ("Trạng thái", "Tình trạng", "state"),
}
REQUIRED = ("code", "content")
# How the portal says that a matter is closed there
CLOSED = ("da xu ly", "da tra loi", "hoan thanh", "tu choi", "da dong", "da cong khai")
_MARKS = re.compile(r"[^\w]+")


@dataclass(frozen=True)
class Row:
    """A line of the file; ``number`` is the spreadsheet's own, from 2 on.

    ``date`` is naive, by the clock of Gia Lai, None where none can be read.
    """

    number: int
    code: str
    title: str
    content: str
    name: str
    phone: str
    email: str
    address: str
    date: datetime | None
    state: str

    @property
    def is_closed(self) -> bool:
        """Whether the portal says that the matter is closed."""
        state = _plain(self.state)
        return any(words in state for words in CLOSED)


class MissingColumns(ValueError):
    """``names``: headings that the file lacks."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


class TooLong(ValueError):
    """The file holds more than :data:`MOST_LINES` or :data:`MOST_BYTES`."""


def read(content: bytes) -> list[Row]:
    """Return the lines of an XLSX or JSON file that hold anything.

    :raise MissingColumns: its headings do not name what is needed
    :raise TooLong: see there
    :raise ValueError: it is no such file
    """
    if len(content) > MOST_BYTES:
        raise TooLong
    rows = _read_xlsx(content) if content[:2] == b"PK" else _read_json(content)
    if len(rows) > MOST_LINES + MOST_TITLES + 1:
        raise TooLong
    head, places = _find_head(rows)
    if len(rows) - head > MOST_LINES + 1:
        raise TooLong
    found = []
    for number, row in enumerate(rows[head + 1 :], head + 2):
        values = {
            name: row[place] if place is not None and place < len(row) else None
            for name, place in places.items()
        }
        moment = values.pop("date")
        texts = {name: _to_text(value, name) for name, value in values.items()}
        if any(texts.values()):
            found.append(Row(number, date=parse_moment(moment), **texts))
    return found


def _find_head(rows: Sequence[Sequence]) -> tuple[int, dict[str, int | None]]:
    """Return which line holds the headings, from 0 on, and the places of the columns.

    :raise MissingColumns: none of the first does; what the best of them lacks
    """
    wrong = None
    for number, row in enumerate(rows[: MOST_TITLES + 1] or [[]]):
        try:
            return number, _find_columns(row)
        except MissingColumns as error:
            if wrong is None or len(error.names) < len(wrong.names):
                wrong = error
    raise wrong


def _find_columns(header: Sequence) -> dict[str, int | None]:
    plain = [_plain(_to_text(one)) for one in header]
    places = {
        name: next((plain.index(w) for w in map(_plain, words) if w in plain), None)
        for name, words in COLUMNS.items()
    }
    missing = [COLUMNS[name][0] for name in REQUIRED if places[name] is None]
    if missing:
        raise MissingColumns(missing)
    return places


def _read_xlsx(content: bytes) -> list[list]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(one.file_size for one in archive.infolist()) > MOST_UNPACKED:
                raise TooLong
        book = openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=True
        )
        rows = []
        for row in book.worksheets[0].iter_rows(max_col=40, values_only=True):
            rows.append(list(row))
            if len(rows) > MOST_LINES + MOST_TITLES + 1:
                raise TooLong
        return rows
    except TooLong:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a broken file breaks in there
        raise ValueError("no spreadsheet") from error


def _read_json(content: bytes) -> list[list]:
    try:
        objects = json.loads(content)
    except RecursionError as error:
        raise ValueError("too deep") from error
    if isinstance(objects, dict):
        objects = next((v for v in objects.values() if isinstance(v, list)), [])
    if not isinstance(objects, list) or not all(isinstance(o, dict) for o in objects):
        raise ValueError("no list")
    names = list(dict.fromkeys(name for one in objects for name in one))[:40]
    return [names, *([one.get(name) for name in names] for one in objects)]


def _to_text(value: object, column: str = "") -> str:
    """Return a cell as text; a phone that became a number gets its zero again."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if value is None or isinstance(value, (bool, dict, list)):
        return ""
    text = compose(make_storable(str(value).replace("\r\n", "\n"))).strip()
    if column != "content":
        text = re.sub(r"\s+", " ", text)[:300]
    if column == "phone" and isinstance(value, int) and len(text) in (9, 10):
        return f"0{text}"
    return text[:20_000]


def parse_moment(value: object) -> datetime | None:
    """Return the moment of a cell: a date, ``31/12/2026 08:00`` or ISO 8601.

    None for what is none, as the year 1 or 9999 by which programs say so.
    """
    try:
        moment = _read_moment(value)
    except OverflowError:
        return None
    return moment if moment and 2000 <= moment.year < 2100 else None


def _read_moment(value):
    if isinstance(value, datetime):
        return value.replace(tzinfo=None, microsecond=0)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    text = str(value or "").strip()
    for form in ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%H:%M %d/%m/%Y", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    if moment.tzinfo:
        # To the clock of Gia Lai
        moment = (moment - moment.utcoffset() + timedelta(hours=7)).replace(tzinfo=None)
    return moment.replace(microsecond=0)


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", strip_accents(text)).strip(" *:").lower()


def is_same_text(one: str, other: str) -> bool:
    """Return whether two texts say the same, whatever their marks and blanks."""
    return _MARKS.sub("", _plain(one)) == _MARKS.sub("", _plain(other))


def write_xlsx(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a spreadsheet of texts; none of them becomes a formula or a link."""
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet("PAKN")
        bold = book.add_format({"bold": True, "text_wrap": True})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        sheet.write_row(0, 0, header, bold)
        for number, row in enumerate(rows, 1):
            for place, text in enumerate(row):
                sheet.write_string(number, place, text, wrap)
        sheet.set_column(0, len(header) - 1, 22)
        sheet.freeze_panes(1, 0)
    return out.getvalue()


def write_json(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return the same as a list of objects."""
    objects = [dict(zip(header, row, strict=True)) for row in rows]
    return json.dumps(objects, ensure_ascii=False, indent=1).encode()
