"""The spreadsheet that people of the hotline come from. Nothing of Odoo.

One line is one role of one person in one unit: who answers for two units stands on two
lines. What a spreadsheet does to a number (a phone without its zero) is undone here.
"""

import codecs
import csv
import io
import re
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass

import openpyxl

from .accents import compose, strip_accents

# Lines of people, and bytes of the file: the whole province's are some hundreds
MAX_LINES, MAX_BYTES = 2000, 2 * 2**20
# Lines that may stand above the names of the columns: “DANH SÁCH …”, a date
MAX_TITLE_LINES = 10
# Empty lines after which nothing more is looked for: some are merely coloured
MAX_EMPTY_LINES = 1000
# What a role is called in the file. Several words for one, as officials write it.
ROLES = {
    "focal": ("Đầu mối", "Đầu mối đơn vị", "Đầu mối tiếp nhận"),
    "head": ("Thủ trưởng", "Thủ trưởng đơn vị"),
    "office": ("Văn phòng UBND tỉnh", "VP UBND tỉnh"),
    "monitor": ("Giám sát",),
    "operator": ("Nhân viên trực", "Trực tổng đài"),
    "cleared": ("Nhân viên trực được xem phản ánh bí mật", "Nhân viên trực (mật)"),
    "supervisor": ("Trưởng ca",),
    "manager": ("Quản trị", "Quản trị hệ thống"),
}
COLUMNS = {
    "name": ("Họ và tên", "Họ tên"),
    "login": ("Tên đăng nhập",),
    "email": ("Thư điện tử", "Email"),
    "phone": ("Điện thoại", "Số điện thoại"),
    "role": ("Vai trò",),
    "unit": ("Đơn vị", "Mã đơn vị"),
}
REQUIRED = ("name", "role")
# How files begin that are chosen by mistake. A Word file and an old Excel one begin
# alike, as does a spreadsheet with a password.
OTHERS = {
    "pdf": (b"%PDF",),
    "picture": (
        *(b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*"),
        *(b"RIFF", b"\0\0\0\x18ftyp", b"\0\0\0\x1cftyp", b"\0\0\0 ftyp"),
    ),
    "text": (b"{\\rtf",),
    "old": (b"\xd0\xcf\x11\xe0",),
    "page": (b"<",),
}
# … and which folder such files have inside when they are packed
PACKED = {"word/": "text", "ppt/": "text"}


@dataclass(frozen=True)
class Line:
    """A line as it is written; ``number`` is the spreadsheet's own."""

    number: int
    name: str
    login: str
    email: str
    phone: str
    role: str
    unit: str


class MissingColumns(ValueError):
    """The file has no column of these names.

    :ivar names: as the template has them
    """

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


class NotAList(ValueError):
    """The file is something else than a list: see :data:`OTHERS`.

    :ivar kind: a key of it
    """

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class TooLong(ValueError):
    """The file holds more than :data:`MAX_LINES` or :data:`MAX_BYTES`."""


def find_role(text: str) -> str | None:
    """Return the key in :data:`ROLES` of what somebody wrote, or ``None``."""
    wanted = _plain(text)
    for key, names in ROLES.items():
        if wanted in map(_plain, names):
            return key
    return None


def read_people(content: bytes) -> list[Line]:
    """Return the lines of an XLSX or CSV file that hold anything.

    :raise MissingColumns: none of the first lines names what is needed
    :raise NotAList: it is a document or a picture
    :raise TooLong: it is no list of a province's officials
    :raise ValueError: it is no such file
    """
    if len(content) > MAX_BYTES:
        raise TooLong
    if kind := find_other(content):
        raise NotAList(kind)
    rows = _read_xlsx(content) if content[:2] == b"PK" else _read_csv(content)
    if not rows:
        raise MissingColumns([COLUMNS[key][0] for key in COLUMNS])
    header, places = _find_header(rows)
    lines = []
    for number, row in enumerate(rows[header + 1 :], header + 2):
        values = {
            key: row[place] if place is not None and place < len(row) else ""
            for key, place in places.items()
        }
        if any(values.values()):
            lines.append(Line(number, **values))
    if len(lines) > MAX_LINES:
        raise TooLong
    return lines


def find_other(content: bytes) -> str | None:
    """Return the key in :data:`OTHERS` of a file that is no list, or ``None``."""
    if content[:2] == b"PK":
        try:
            names = zipfile.ZipFile(io.BytesIO(content)).namelist()
        except (zipfile.BadZipFile, OSError, ValueError):
            return None
        for folder, kind in PACKED.items():
            if any(name.startswith(folder) for name in names):
                return kind
        return None
    # A bitmap's beginning is two letters, which a column's name may begin with too
    is_text = b"\0" not in content[:100]
    start = content.removeprefix(codecs.BOM_UTF8).lstrip()
    for kind, beginnings in OTHERS.items():
        if start.startswith(beginnings) and not (is_text and start.startswith(b"BM")):
            return kind
    return None


def _find_header(rows: list[list[str]]) -> tuple[int, dict[str, int | None]]:
    """Return the place of the line that names the columns, and theirs in it."""
    fault = None
    for number, row in enumerate(rows[: MAX_TITLE_LINES + 1]):
        try:
            return number, _find_columns(row)
        except MissingColumns as error:
            # What lacks least is what was meant
            if fault is None or len(error.names) < len(fault.names):
                fault = error
    raise fault


def _find_columns(header: list[str]) -> dict[str, int | None]:
    plain = [_plain(text) for text in header]
    places = {
        key: next((plain.index(n) for n in map(_plain, names) if n in plain), None)
        for key, names in COLUMNS.items()
    }
    missing = [COLUMNS[key][0] for key in REQUIRED if places[key] is None]
    if places["login"] is None and places["email"] is None:
        missing.append(COLUMNS["email"][0])
    if missing:
        raise MissingColumns(missing)
    return places


def _read_xlsx(content: bytes) -> list[list[str]]:
    try:
        book = openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=True
        )
        sheet = book.worksheets[0]
        rows, filled, empty = [], 0, 0
        for row in sheet.iter_rows(max_col=20, values_only=True):
            rows.append([_to_text(value) for value in row])
            is_filled = any(rows[-1])
            filled, empty = filled + is_filled, 0 if is_filled else empty + 1
            if filled > MAX_LINES + MAX_TITLE_LINES + 1:
                raise TooLong
            if empty > MAX_EMPTY_LINES:
                break
        return rows
    # A parser's error of XML is one of syntax
    except (
        *(KeyError, IndexError, OSError, SyntaxError),
        *(zipfile.BadZipFile, zlib.error),
    ) as error:
        raise ValueError("no spreadsheet") from error


def _read_csv(content: bytes) -> list[list[str]]:
    # “Unicode text” of spreadsheets is UTF-16, and says so
    is_wide = content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    try:
        text = content.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError("not in UTF-8") from error
    if "\0" in text:
        raise ValueError("no text")
    first = "\n".join(text.split("\n", MAX_TITLE_LINES + 1)[:-1]) or text
    separator = max(",;\t", key=first.count)
    try:
        rows = csv.reader(io.StringIO(text), delimiter=separator, strict=True)
        return [[_to_text(cell) for cell in row] for row in rows]
    except csv.Error as error:
        raise ValueError("no table") from error


def _to_text(value: object) -> str:
    """Return a cell as text; a phone number that became a number gets its zero."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        text = str(value)
        return f"0{text}" if len(text) in (9, 10) else text
    text = "" if value is None else str(value)
    # What is copied from a web page may hold characters that nobody sees
    text = "".join(char for char in text if unicodedata.category(char) != "Cf")
    return compose(re.sub(r"\s+", " ", text).strip())


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", strip_accents(text)).strip(" *:").lower()
