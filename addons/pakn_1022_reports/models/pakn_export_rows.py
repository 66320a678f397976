import ast
import csv
import io
from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import html2plaintext

from ..tools.report_html import show

BATCH = 500
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
MOMENTS = (4, 12)
# A cell of a spreadsheet holds no more
CELL_LIMIT = 32767
# What a spreadsheet would take for a formula in CSV
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class PaknTicket(models.Model):
    """The records themselves, row by row (Art. 12.1)."""

    _inherit = "pakn.ticket"

    @api.model
    def _iter_export_rows(self, domain):
        """Yield the rows of an export in the reader's rights, oldest first.

        In batches that are forgotten one after the other, so that memory does not
        grow with the number of requests. Personal data are masked where the reader
        may not know the citizen (``pakn_ticket_citizen.py``).

        :param list domain: of ``pakn.ticket``
        :return: lists of values by :data:`COLUMNS`; moments are naive UTC datetimes
        """
        last = 0
        while True:
            tickets = self.search([*domain, ("id", ">", last)], order="id", limit=BATCH)
            if not tickets:
                return
            last = tickets.ids[-1]
            yield from tickets._get_export_rows()
            self.env.invalidate_all()

    def _get_export_rows(self):
        results = defaultdict(lambda: defaultdict(list))
        slips = self.env["pakn.transfer"].search_fetch(
            [("ticket_id", "in", self.ids), ("state", "=", "answered")],
            ["ticket_id", "unit_id", "level", "result"],
            order="id",
        )
        for slip in slips:
            results[slip.ticket_id.id][slip.level].append(
                f"{slip.unit_id.name}: {_plain(slip.result)}"
            )
        recordings = defaultdict(list)
        base = self.browse().get_base_url()
        for ticket in self:
            for file in ticket.attachment_ids:
                if (file.mimetype or "").startswith("audio/"):
                    recordings[ticket.id].append(f"{base}/web/content/{file.id}")
        states = dict(self._fields["state"]._description_selection(self.env))
        grades = {5: "Hài lòng", 3: "Chấp nhận được", 1: "Không hài lòng"}
        for ticket in self:
            levels = results[ticket.id]
            yield [
                ticket.name,
                ticket.citizen_name or "",
                ticket.citizen_phone or "",
                ticket.citizen_address or "",
                ticket.date_received,
                ticket.channel_id.name or "",
                ticket.category_id.complete_name or "",
                ticket.area_id.name or "",
                ticket.title or "",
                _plain(ticket.description),
                states[ticket.state],
                ticket.unit_id.name or "",
                ticket.date_result or ticket.date_done or None,
                _plain(ticket.result or ticket.reject_guidance),
                *("\n".join(levels[key]) for key in ("focal", "head", "province")),
                "Có" if ticket.is_overdue else "",
                grades.get(round(ticket.rating_last_value), ""),
                "\n".join(recordings[ticket.id]),
            ]


class PaknExportLog(models.Model):
    """How the file of an export is made."""

    _inherit = "pakn.export.log"

    def _iter_rows(self):
        """Yield the rows of this export, in the rights of who asked for it."""
        self.ensure_one()
        tickets = self.env["pakn.ticket"].with_user(self.user_id)
        tickets = tickets.with_context(lang="vi_VN", prefetch_fields=True)
        return tickets._iter_export_rows(ast.literal_eval(self.domain))

    def _write_xlsx(self, file):
        """Write this export into a binary file; rows go to disk as they come."""
        import xlsxwriter

        book = xlsxwriter.Workbook(file, {"constant_memory": True})
        sheet = book.add_worksheet("Dữ liệu")
        font = {"font_name": "Times New Roman", "font_size": 11}
        head = book.add_format(
            {**font, "bold": True, "bg_color": "#E8F0F8", "border": 1}
        )
        text = book.add_format({**font, "valign": "top"})
        moment = book.add_format(
            {**font, "valign": "top", "num_format": "hh:mm dd/mm/yyyy"}
        )
        for index, width in enumerate(COLUMNS.values()):
            sheet.set_column(index, index, width)
        sheet.freeze_panes(1, 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.repeat_rows(0)
        for index, name in enumerate(COLUMNS):
            sheet.write_string(0, index, name, head)
        number = 0
        local = self.with_context(tz="Asia/Ho_Chi_Minh")
        for number, row in enumerate(self._iter_rows(), start=1):
            for index, value in enumerate(row):
                if not value:
                    continue
                if index in MOMENTS:
                    value = fields.Datetime.context_timestamp(local, value)
                    sheet.write_datetime(
                        number, index, value.replace(tzinfo=None), moment
                    )
                else:
                    # Never as a formula or a link, whatever a citizen has written
                    sheet.write_string(number, index, value[:CELL_LIMIT], text)
        sheet.autofilter(0, 0, number, len(COLUMNS) - 1)
        book.close()

    def _iter_csv(self):
        """Yield this export as CSV, bytes, a batch at a time."""
        buffer = io.StringIO()
        writer = csv.writer(buffer)
        # The mark by which Excel knows the encoding
        buffer.write("\ufeff")
        writer.writerow(COLUMNS)
        for number, row in enumerate(self._iter_rows(), start=1):
            writer.writerow(
                _guard(
                    show(fields.Datetime.to_string(value), "datetime")
                    if index in MOMENTS and value
                    else value or ""
                )
                for index, value in enumerate(row)
            )
            if not number % BATCH:
                yield buffer.getvalue().encode()
                buffer.seek(0)
                buffer.truncate()
        yield buffer.getvalue().encode()


def _plain(html):
    return html2plaintext(html, include_references=False).strip() if html else ""


def _guard(value):
    """Return a cell of CSV that no spreadsheet runs as a formula."""
    return f"'{value}" if value.startswith(FORMULA) else value
