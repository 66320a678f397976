"""How the rows of an export stand in its file, CSV or XLSX. Nothing of Odoo."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime

from .sheet import make_rows

# What Art. 12.1 lists, in its order; with the width of a column
COLUMNS = (
    ("Mã số", 16),
    ("Họ và tên", 22),
    ("Số điện thoại", 16),
    ("Địa chỉ", 28),
    ("Thời gian tiếp nhận", 17),
    ("Kênh", 14),
    ("Lĩnh vực", 26),
    ("Địa bàn", 18),
    ("Tiêu đề", 34),
    ("Nội dung tiếp nhận", 60),
    ("Trạng thái", 16),
    ("Đơn vị xử lý", 26),
    ("Thời gian xử lý", 17),
    ("Nội dung xử lý", 60),
    ("Kết quả của đầu mối", 40),
    ("Kết quả của Thủ trưởng", 40),
    ("Kết quả của UBND tỉnh", 40),
    ("Trễ hạn", 9),
    ("Đánh giá", 16),
    ("Tệp ghi âm", 40),
)
MOMENTS = (4, 12)
# What people wrote, where names and numbers may stand
TEXTS = (8, 9, 13, 14, 15, 16)
# What a spreadsheet would take for a formula in CSV
FORMULA = ("=", "+", "-", "@", "\t", "\r")

# By COLUMNS; moments are naive, of Gia Lai
Row = list[str | datetime | None]


def begin_file(file_type: str) -> bytes:
    """Return with what the rows of a file begin."""
    if file_type == "xlsx":
        return b""
    # The mark by which Excel knows the encoding
    return ("\ufeff" + _write_csv([[name for name, _width in COLUMNS]])).encode()


def write_rows(file_type: str, rows: list[Row], first: int) -> bytes:
    """Return rows as they stand in the file of an export.

    :param first: how many rows come before
    """
    if file_type == "xlsx":
        return make_rows(COLUMNS, MOMENTS, rows, first)
    for row in rows:
        for index in MOMENTS:
            row[index] = row[index] and row[index].strftime("%H:%M %d/%m/%Y")
    return _write_csv(rows).encode()


def _write_csv(rows: Iterable[Row]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerows([_guard(value) for value in row] for row in rows)
    return buffer.getvalue()


def _guard(value: str | None) -> str | None:
    """Return a cell of CSV that no spreadsheet runs as a formula."""
    return f"'{value}" if value and value.startswith(FORMULA) else value
