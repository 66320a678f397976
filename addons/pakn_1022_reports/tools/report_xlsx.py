"""The report as a workbook, laid out as Decree 30/2020/ND-CP asks. Nothing of Odoo.

The first sheet is the document, upright; each appendix is a sheet across. Numbers are
numbers and moments are moments of Gia Lai, so that one can go on counting with them.
"""

from datetime import datetime
from io import BytesIO
from math import ceil
from typing import Any

from odoo.addons.pakn_1022.tools.province import to_local

from . import wording

BRAND, GRID, SHADE = "#0B5CAD", "#7F7F7F", "#E8F0F8"
FONT = "Times New Roman"
MARGIN = {"left": 1.18, "right": 0.59, "top": 0.79, "bottom": 0.79}
NUMBER_FORMATS = {
    "int": "#,##0",
    "share": "0.0%",
    "change": "+0.0%;-0.0%;0.0%",
    "hours": "#,##0.0",
    "score": "0.00",
    "datetime": "hh:mm dd/mm/yyyy",
    "text": "@",
}
# Columns of the document: number, label and up to six figures
LABEL_COLUMN, FIGURES, LAST_COLUMN = 1, 2, 7
ROW_PIXELS = 20
SHEETS = {
    "units": "Đơn vị",
    "categories": "Lĩnh vực",
    "areas": "Địa bàn",
    "satisfaction_units": "Hài lòng",
    "reasons": "Không hài lòng",
    "late": "Trễ hạn",
    "scores": "Chấm điểm",
}
WIDTHS = {"text": 22, "datetime": 17}
TEXT_WIDTHS = {"title": 52, "reason": 70, "unit": 30, "level": 12}


# What stands around the figures, of pakn.report._get_letter, and Section.as_dict
Letter = dict[str, Any]
Section = dict[str, Any]


def make_xlsx(letter: Letter, content: dict[str, Any]) -> bytes:
    """Return the workbook, bytes.

    :param dict content: of ``pakn.report``
    """
    # The library is large, and most processes never make a workbook
    import xlsxwriter

    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "remove_timezone": True})
    book.set_properties(
        {"title": letter["subject"], "company": letter["office"], "author": ""}
    )
    book.formats[0].set_font_name(FONT)
    book.formats[0].set_font_size(12)
    writer = _Writer(book)
    sections = content["sections"]
    writer.write_document(
        letter,
        content.get("summary", []),
        [section for section in sections if not section["appendix"]],
    )
    appendices = [s for s in sections if s["appendix"] and s["rows"]]
    for index, section in enumerate(appendices, start=1):
        writer.write_appendix(index, section)
    book.close()
    return buffer.getvalue()


class _Writer:
    def __init__(self, book: Any) -> None:
        self.book, self._formats = book, {}

    def style(self, **options: Any) -> Any:
        """Return a format, made once."""
        key = tuple(sorted(options.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format(
                {"font_name": FONT, "font_size": 12, "valign": "vcenter", **options}
            )
        return self._formats[key]

    def cell(self, kind: str = "text", **options: Any) -> Any:
        """Return the format of a cell of a table."""
        align = {"text": "left", "datetime": "center"}.get(kind, "right")
        return self.style(
            **{
                "border": 1,
                "border_color": GRID,
                "align": align,
                "num_format": NUMBER_FORMATS[kind],
                "text_wrap": kind == "text",
                **options,
            }
        )

    # ------------------------------------------------------------
    # THE DOCUMENT
    # ------------------------------------------------------------

    def write_document(
        self, letter: Letter, summary: list[str], sections: list[Section]
    ) -> None:
        self.sheet = sheet = self.book.add_worksheet("Báo cáo")
        sheet.set_portrait()
        sheet.set_paper(9)
        sheet.set_margins(**MARGIN)
        sheet.fit_to_pages(1, 0)
        sheet.center_horizontally()
        sheet.set_header("&C&P", {"margin": 0.4})
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 5)
        sheet.set_column(1, 1, 40)
        sheet.set_column(FIGURES, LAST_COLUMN, 11)
        self.row = 0
        self._write_head(letter)
        self._text(letter["basis"], indent=1)
        for sentence in summary:
            self._text(f"- {sentence}", indent=1)
        for index, section in enumerate(sections, start=1):
            self._write_section(_roman(index), section)
        if letter["remarks"]:
            self._title(f"{_roman(len(sections) + 1)}. {wording.REMARKS}")
            for text in letter["remarks"]:
                self._text(text, indent=1)
        self._write_foot(letter)
        sheet.print_area(0, 0, self.row, LAST_COLUMN)

    def _halves(
        self, left: str, right: str, left_style: dict, right_style: dict
    ) -> None:
        """Write a line of the head: the office on the left, the nation on the right."""
        self.sheet.merge_range(
            self.row, 0, self.row, LABEL_COLUMN, left, self.style(**left_style)
        )
        self.sheet.merge_range(
            self.row, FIGURES, self.row, LAST_COLUMN, right, self.style(**right_style)
        )
        self.row += 1

    def _write_head(self, letter: Letter) -> None:
        center = {"align": "center", "text_wrap": True}
        bold = {**center, "bold": True}
        self._halves(letter["parent_office"], wording.NATION, center, bold)
        self._halves(letter["office"], wording.MOTTO, bold, {**bold, "font_size": 13})
        self.sheet.set_row(self.row - 1, 20)
        self.sheet.set_row(self.row, 6)
        self._halves("", "", {}, {})
        # The lines under the office and the motto
        self._rule(self.row - 1, 0.35, 0.30, LABEL_COLUMN)
        self._rule(self.row - 1, 0.2, 0.6, FIGURES)
        self._halves(letter["number"], letter["place"], center, {**center, "italic": 1})
        self.row += 1
        if letter["draft"]:
            self._across(letter["draft"], bold=True, font_color="#C00000")
        self._across(wording.TITLE, bold=True, font_size=16)
        self._across(letter["subject"], bold=True, font_size=14)
        if letter["of"]:
            self._across(letter["of"], bold=True, font_size=13)
        self._across(letter["span"], italic=True)
        self.row += 1
        self._across(f"{wording.DEAR}{letter['addressee']}")
        self.row += 1

    def _rule(self, row: int, start: float, length: float, column: int) -> None:
        width = 290 if column == LABEL_COLUMN else 82 * (LAST_COLUMN - FIGURES + 1)
        self.sheet.insert_textbox(
            row,
            column if column == FIGURES else 0,
            "",
            {
                "width": int(width * length),
                "height": 1,
                "x_offset": int(width * start),
                "y_offset": 1,
                "line": {"none": True},
                "fill": {"color": "black"},
                "object_position": 2,
            },
        )

    def _across(self, text: str, **options: Any) -> None:
        self.sheet.merge_range(
            self.row,
            0,
            self.row,
            LAST_COLUMN,
            text,
            self.style(align="center", text_wrap=True, **options),
        )
        self.sheet.set_row(self.row, max(options.get("font_size", 12) * 1.6, 18))
        self.row += 1

    def _text(self, text: str, **options: Any) -> None:
        """Write a paragraph; merged cells do not grow by themselves."""
        self.sheet.merge_range(
            self.row,
            0,
            self.row,
            LAST_COLUMN,
            text,
            self.style(align="justify", text_wrap=True, **options),
        )
        self.sheet.set_row(self.row, 17 * ceil(len(text) / 112))
        self.row += 1

    def _title(self, text: str) -> None:
        self.row += 1
        self.sheet.merge_range(
            self.row, 0, self.row, LAST_COLUMN, text, self.style(bold=True)
        )
        self.sheet.set_row(self.row, 20)
        self.row += 1

    def _write_section(self, number: str, section: Section) -> None:
        self._title(f"{number}. {section['title'].upper()}")
        if not section["rows"]:
            self._text(wording.NO_DATA, italic=True, indent=1)
            return
        # Figures stand on the right, the label has what they leave
        offset = LAST_COLUMN + 1 - len(section["columns"])
        height = 34 if len(section["columns"]) < 6 else 50
        first, last = self._write_table(section, offset, height)
        if section["note"]:
            self._text(section["note"], italic=True)
        if section["chart"] is not None:
            self._write_chart(section, first, last, offset + section["chart"])

    def _write_label(self, last: int, text: str, style: Any) -> None:
        if last > LABEL_COLUMN:
            self.sheet.merge_range(self.row, LABEL_COLUMN, self.row, last, text, style)
        else:
            self.sheet.write_string(self.row, LABEL_COLUMN, text, style)

    def _write_table(
        self, section: Section, offset: int, head_height: int = 34
    ) -> tuple[int, int]:
        """Write a table at the row at hand; return its first and last row of data.

        :param int offset: column of the first figure
        """
        sheet, room = self.sheet, 40 + 11 * (offset - FIGURES)
        head = self.style(
            bold=True,
            border=1,
            border_color=GRID,
            bg_color=SHADE,
            align="center",
            text_wrap=True,
            font_size=11,
        )
        sheet.write(self.row, 0, "TT", head)
        self._write_label(offset - 1, section["label"], head)
        for index, column in enumerate(section["columns"]):
            sheet.write(self.row, offset + index, column["label"], head)
        sheet.set_row(self.row, head_height)
        self.row += 1
        first, number = self.row, 0
        for row in section["rows"]:
            bold = {"bold": True} if row["bold"] else {}
            number += not row["indent"] and row["key"] != "total"
            shown = "" if row["indent"] or row["key"] == "total" else number
            sheet.write(self.row, 0, shown, self.cell("int", **bold, align="center"))
            self._write_label(
                offset - 1,
                row["label"] or "",
                self.cell("text", indent=row["indent"], **bold),
            )
            texts = [
                (row["label"] or "", room),
                *(
                    (value or "", TEXT_WIDTHS.get(column["key"], WIDTHS["text"]))
                    for value, column in zip(
                        row["values"], section["columns"], strict=True
                    )
                    if column["type"] == "text"
                ),
            ]
            lines = max(ceil(len(text) / width) for text, width in texts)
            sheet.set_row(self.row, 17 * max(lines, 1))
            for index, column in enumerate(section["columns"]):
                self._write_value(
                    self.row, offset + index, row["values"][index], column["type"], bold
                )
            self.row += 1
        return first, self.row - 1

    def _write_value(
        self, row: int, column: int, value: Any, kind: str, options: dict
    ) -> None:
        style = self.cell(kind, **options)
        if value is None:
            # An empty cell: a dash would keep a column from being counted with
            self.sheet.write_blank(row, column, None, style)
        elif kind == "datetime":
            moment = to_local(datetime.fromisoformat(value))
            self.sheet.write_datetime(row, column, moment, style)
        elif kind == "text":
            # Never as a formula, whatever somebody has written
            self.sheet.write_string(row, column, value, style)
        else:
            self.sheet.write_number(row, column, value, style)

    def _write_chart(
        self, section: Section, first: int, last: int, column: int
    ) -> None:
        if section["rows"][-1]["key"] == "total":
            last -= 1
        if not any(row["values"][section["chart"]] for row in section["rows"]):
            return
        name = self.sheet.get_name()
        chart = self.book.add_chart({"type": "bar"})
        chart.add_series(
            {
                "categories": [name, first, LABEL_COLUMN, last, LABEL_COLUMN],
                "values": [name, first, column, last, column],
                "fill": {"color": BRAND},
                "gap": 40,
                "data_labels": {"value": True, "font": {"name": FONT, "size": 10}},
            }
        )
        font = {"name": FONT, "size": 10}
        chart.set_legend({"none": True})
        chart.set_title({"none": True})
        chart.set_y_axis({"reverse": True, "num_font": font})
        chart.set_x_axis(
            {"visible": False, "major_gridlines": {"visible": False}, "num_font": font}
        )
        chart.set_chartarea({"border": {"none": True}})
        rows = last - first + 3
        chart.set_size({"width": 800, "height": rows * ROW_PIXELS - 8})
        self.row += 1
        self.sheet.insert_chart(self.row, 0, chart, {"x_offset": 12, "y_offset": 4})
        self.row += rows

    def _write_foot(self, letter: Letter) -> None:
        self.row += 1
        bold = {"bold": True}
        self.sheet.merge_range(
            self.row,
            0,
            self.row,
            LABEL_COLUMN,
            wording.RECEIVERS,
            self.style(bold=True, italic=True),
        )
        self.sheet.merge_range(
            self.row,
            FIGURES,
            self.row,
            LAST_COLUMN,
            letter["signer_title"],
            self.style(align="center", **bold),
        )
        self.row += 1
        lines = [f"- {name}" for name in letter["receivers"]]
        for index in range(max(len(lines), 5)):
            if index < len(lines):
                self.sheet.merge_range(
                    self.row,
                    0,
                    self.row,
                    LABEL_COLUMN,
                    lines[index],
                    self.style(font_size=11),
                )
            self.row += 1
        self.sheet.merge_range(
            self.row,
            FIGURES,
            self.row,
            LAST_COLUMN,
            letter["signer_name"] or "",
            self.style(align="center", **bold),
        )

    # ------------------------------------------------------------
    # APPENDICES
    # ------------------------------------------------------------

    def write_appendix(self, index: int, section: Section) -> None:
        # Of other addons by their title; a spreadsheet takes 31 characters
        name = SHEETS.get(section["key"], section["title"])
        self.sheet = sheet = self.book.add_worksheet(f"PL{index} {name}"[:31])
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.79, right=0.59, top=0.79, bottom=0.59)
        sheet.fit_to_pages(1, 0)
        sheet.set_header("&C&P", {"margin": 0.4})
        sheet.hide_gridlines(2)
        columns = section["columns"]
        last = LABEL_COLUMN + len(columns)
        sheet.set_column(0, 0, 5)
        sheet.set_column(1, 1, 18 if section.get("numbered") else 44)
        for position, column in enumerate(columns):
            width = WIDTHS.get(column["type"], 12)
            width = TEXT_WIDTHS.get(column["key"], width)
            sheet.set_column(FIGURES + position, FIGURES + position, width)
        self.row = 0
        for text, options in (
            (f"{wording.APPENDIX} {index}", {"font_size": 13}),
            (section["title"].upper(), {"font_size": 13}),
        ):
            sheet.merge_range(
                self.row,
                0,
                self.row,
                last,
                text,
                self.style(bold=True, align="center", **options),
            )
            sheet.set_row(self.row, 20)
            self.row += 1
        self.row += 1
        head = self.row
        _first, end = self._write_table(section, FIGURES, head_height=50)
        sheet.freeze_panes(head + 1, FIGURES)
        sheet.repeat_rows(head)
        if section["rows"][-1]["key"] == "total":
            end -= 1
        sheet.autofilter(head, 0, end, last)
        if section["note"]:
            self.row += 1
            sheet.merge_range(
                self.row,
                0,
                self.row,
                last,
                section["note"],
                self.style(italic=True, text_wrap=True, font_size=11),
            )
            sheet.set_row(self.row, 34)


def _roman(number: int) -> str:
    """Return a number up to 39 in Roman digits."""
    tens, ones = divmod(number, 10)
    digits = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
    return "X" * tens + digits[ones]
