import csv
import io
from collections import defaultdict

from odoo import api, models
from odoo.tools import html2plaintext

from odoo.addons.pakn_1022.models.pakn_ticket_citizen import (
    CITIZEN_FIELDS,
    show_citizen,
)

from ..tools.plain_text import get_simple_text
from ..tools.report_html import UTC_OFFSET
from ..tools.sheet import get_head, write_row

CITIZEN_GROUPS = (
    "pakn_1022.group_operator",
    "pakn_1022.group_unit_focal",
    "pakn_1022.group_unit_head",
    "pakn_1022.group_provincial_office",
)
# What Art. 12.1 lists, in its order; with the width of a column
COLUMNS = {
    "Mã số": 16,
    "Họ và tên": 22,
    "Số điện thoại": 16,
    "Địa chỉ": 28,
    "Thời gian tiếp nhận": 17,
    "Kênh": 14,
    "Lĩnh vực": 26,
    "Địa bàn": 18,
    "Tiêu đề": 34,
    "Nội dung tiếp nhận": 60,
    "Trạng thái": 16,
    "Đơn vị xử lý": 26,
    "Thời gian xử lý": 17,
    "Nội dung xử lý": 60,
    "Kết quả của đầu mối": 40,
    "Kết quả của Thủ trưởng": 40,
    "Kết quả của UBND tỉnh": 40,
    "Trễ hạn": 9,
    "Đánh giá": 16,
    "Tệp ghi âm": 40,
}
SHEET_COLUMNS = tuple(COLUMNS.items())
MOMENTS = (4, 12)
# What people wrote, where names and numbers may stand
TEXTS = (8, 9, 13, 14, 15, 16)
# Columns of the request's table that a row is made of
READ = (
    "name",
    "date_received",
    "channel_id",
    "category_id",
    "area_id",
    "title",
    "description",
    "state",
    "unit_id",
    "date_result",
    "date_done",
    "result",
    "reject_guidance",
    "is_overdue",
    "rating_last_value",
)
GRADES = {5: "Hài lòng", 3: "Chấp nhận được", 1: "Không hài lòng"}
# What a spreadsheet would take for a formula in CSV
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class PaknTicket(models.Model):
    """The records themselves, row by row (Art. 12.1)."""

    _inherit = "pakn.ticket"

    def _get_export_rows(self):
        """Return the rows of these requests, oldest first, in the reader's rights.

        Those that the reader may not read are left out; personal data are masked where
        the reader may not know the citizen (``pakn_ticket_citizen.py``), and hidden in
        what people wrote. The values
        come from the database as they are, for making records of them takes longer
        than all else.

        :return: lists of values by :data:`COLUMNS`; moments are naive, of Gia Lai
        """
        query = self._search([("id", "in", self.ids)], order="id")
        found = _select(self, query, "id", *READ)
        tickets = self.browse([row["id"] for row in found])
        known = tickets._filter_citizen_known()
        citizens = tickets._get_export_citizens(known)
        names = {
            name: self._get_export_names(name, {row[name] for row in found})
            for name in ("channel_id", "category_id", "area_id", "unit_id")
        }
        results = self._get_export_results()
        recordings = self._get_export_recordings()
        states = dict(self._fields["state"]._description_selection(self.env))
        rows = []
        for row in found:
            levels = results[row["id"]]
            rows.append(
                [
                    row["name"],
                    *citizens[row["id"]],
                    _local(row["date_received"]),
                    names["channel_id"].get(row["channel_id"], ""),
                    names["category_id"].get(row["category_id"], ""),
                    names["area_id"].get(row["area_id"], ""),
                    row["title"] or "",
                    _plain(row["description"]),
                    states[row["state"]],
                    names["unit_id"].get(row["unit_id"], ""),
                    _local(row["date_result"] or row["date_done"]),
                    _plain(row["result"] or row["reject_guidance"]),
                    *("\n".join(levels[key]) for key in ("focal", "head", "province")),
                    "Có" if row["is_overdue"] else "",
                    GRADES.get(round(row["rating_last_value"] or 0), ""),
                    "\n".join(recordings[row["id"]]),
                ]
            )
        tickets._redact_export_rows(rows, known)
        return rows

    def _redact_export_rows(self, rows, known):
        """Hide in the texts who the citizen is, where the reader may not know them.

        :param rows: one for each of these requests, changed in place
        :param known: those whose citizen the reader may know
        """
        known = set(known._ids)
        cells = [
            (number, row, column)
            for number, row in zip(self._ids, rows, strict=True)
            if number not in known
            for column in TEXTS
            if row[column]
        ]
        hidden = self.browse([number for number, _row, _column in cells])._redact(
            [row[column] for _number, row, column in cells]
        )
        for (_number, row, column), text in zip(cells, hidden, strict=True):
            row[column] = text

    def _get_export_citizens(self, known):
        """Return ``{id: (name, phone, address)}`` as the reader may know them."""
        known = set(known._ids)
        shown = ("citizen_name", "citizen_phone", "citizen_address")
        shown = [CITIZEN_FIELDS[name] for name in shown]
        tickets_sudo = self.sudo()  # sudo: what is shown of them is decided here
        query = tickets_sudo._search([("id", "in", self.ids)])
        columns = [column for column, _mask in shown]
        return {
            row["id"]: [
                show_citizen(row[column], mask, row["id"] in known, row["secrecy"])
                or ""
                for column, mask in shown
            ]
            for row in _select(tickets_sudo, query, "id", "secrecy", *columns)
        }

    @api.model
    def _get_export_names(self, field, ids):
        records = self[field].browse(filter(None, ids))
        name = "complete_name" if field == "category_id" else "name"
        return {record.id: record[name] or "" for record in records}

    def _get_export_results(self):
        """Return ``{id: {level: [unit and what it answered]}}``, oldest first."""
        slips = self.env["pakn.transfer"]
        query = slips._search(
            [("ticket_id", "in", self.ids), ("state", "=", "answered")], order="id"
        )
        found = _select(slips, query, "ticket_id", "unit_id", "level", "result")
        units = self._get_export_names("unit_id", {row["unit_id"] for row in found})
        results = defaultdict(lambda: defaultdict(list))
        for row in found:
            text = f"{units[row['unit_id']]}: {_plain(row['result'])}"
            results[row["ticket_id"]][row["level"]].append(text)
        return results

    def _get_export_recordings(self):
        """Return ``{id: [addresses of sound files]}``."""
        recordings = defaultdict(list)
        wanted = set(self.ids)
        # sudo: ir.attachment - only that there are some; the address asks for the right
        files_sudo = self.env["ir.attachment"].sudo()
        files_sudo = files_sudo.search_fetch(
            [("pakn_ticket_ids", "in", self.ids), ("mimetype", "=like", "audio/%")],
            ["pakn_ticket_ids"],
        )
        base = files_sudo and files_sudo[0].get_base_url()
        for file_sudo in files_sudo:
            for number in wanted.intersection(file_sudo.pakn_ticket_ids.ids):
                recordings[number].append(f"{base}/web/content/{file_sudo.id}")
        return recordings


def _select(model, query, *names):
    """Return ``{column: value}`` of each record that a query of a model finds."""
    columns = [model._field_to_sql(query.table, name, query) for name in names]
    found = model.env.execute_query(query.select(*columns))
    return [dict(zip(names, row, strict=True)) for row in found]


def begin_file(file_type):
    """Return with what the file of an export begins, bytes."""
    if file_type == "xlsx":
        return get_head(SHEET_COLUMNS)
    # The mark by which Excel knows the encoding
    return ("\ufeff" + _write_csv([list(COLUMNS)])).encode()


def write_rows(file_type, rows, first):
    """Return rows as they stand in the file of an export, bytes.

    :param rows: of :meth:`PaknTicket._get_export_rows`
    :param int first: how many rows come before
    """
    if file_type == "xlsx":
        return "".join(
            write_row(SHEET_COLUMNS, MOMENTS, number, row)
            for number, row in enumerate(rows, start=first + 2)
        ).encode()
    for row in rows:
        for index in MOMENTS:
            row[index] = row[index] and row[index].strftime("%H:%M %d/%m/%Y")
    return _write_csv(rows).encode()


def _write_csv(rows):
    buffer = io.StringIO()
    csv.writer(buffer).writerows([_guard(value) for value in row] for row in rows)
    return buffer.getvalue()


def _guard(value):
    """Return a cell of CSV that no spreadsheet runs as a formula."""
    return f"'{value}" if value and value.startswith(FORMULA) else value


def _local(moment):
    return moment and moment + UTC_OFFSET


def _plain(html):
    if not html:
        return ""
    text = get_simple_text(html)
    if text is None:
        text = html2plaintext(html, include_references=False).strip()
    return text
