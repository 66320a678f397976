from io import BytesIO

import openpyxl

from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from ..tools.report_html import show
from .common import ReportCase, read_pdf

# Worked out by hand from data/march.csv; docs/reports.md tells the rules. What is
# compared: this month, February, by how much more, March of the year before, and by
# how much more than then. Nothing before: no change to be told.
COMPARED = {
    "overview": {
        "Kỳ trước chuyển sang": [2, 0, None, 0, None],
        "Tiếp nhận mới": [56, 2, 27.0, 1, 55.0],
        "Mở lại theo phản hồi của người dân": [2, 0, None, 0, None],
        "Đã có kết quả, trong đó:": [55, 0, None, 1, 54.0],
        "Không tiếp nhận (Điều 8)": [4, 0, None, 0, None],
        "Tổng đài trả lời ngay": [6, 0, None, 1, 5.0],
        "Đầu mối đơn vị trả lời": [35, 0, None, 0, None],
        "Thủ trưởng đơn vị trả lời": [3, 0, None, 0, None],
        "Văn phòng UBND tỉnh trả lời": [4, 0, None, 0, None],
        "Rút, gọi thử hoặc trùng": [3, 0, None, 0, None],
        "Còn đang xử lý cuối kỳ": [5, 2, 1.5, 0, None],
    },
    "channels": {
        "Điện thoại": [31, 1, 30.0, 0, None],
        "Trang thông tin điện tử": [10, 1, 9.0, 0, None],
        "Thư điện tử": [3, 0, None, 0, None],
        "Zalo": [4, 0, None, 1, 3.0],
        "Facebook": [3, 0, None, 0, None],
        "Ứng dụng di động": [2, 0, None, 0, None],
        "Khác": [3, 0, None, 0, None],
        "Tổng cộng": [56, 2, 27.0, 1, 55.0],
    },
    "escalations": {
        "Chuyển Thủ trưởng đơn vị do đầu mối quá hạn": [7, 0, None, 0, None],
        "Chuyển UBND tỉnh do đơn vị quá hạn": [5, 0, None, 0, None],
        "Trình Văn phòng UBND tỉnh phân công (khoản 4.2 Điều 10)": [
            *[0, 0, None, 0, None]
        ],
        "Lượt gia hạn (khoản 3 Điều 11)": [2, 0, None, 0, None],
    },
    "recurring": {
        "Lĩnh vực T1, Xã X": [29, 2, 13.5, 0, None],
        "Lĩnh vực T2, Xã Y": [12, 0, None, 0, None],
        "Lĩnh vực T1, Xã Y": [6, 0, None, 0, None],
        "Lĩnh vực U1, Xã Y": [6, 0, None, 1, 5.0],
        "Lĩnh vực T2, Xã X": [2, 0, None, 0, None],
    },
    "categories": {
        "Nhóm T": [50, 2, 24.0, 0, None],
        "Lĩnh vực T1": [35, 2, 16.5, 0, None],
        "Lĩnh vực T2": [15, 0, None, 0, None],
        "Nhóm U": [6, 0, None, 1, 5.0],
        "Lĩnh vực U1": [6, 0, None, 1, 5.0],
        "Tổng cộng": [56, 2, 27.0, 1, 55.0],
    },
    "areas": {
        "Xã X": [31, 2, 14.5, 0, None],
        "Xã Y": [24, 0, None, 1, 23.0],
        "(không rõ địa bàn)": [1, 0, None, 0, None],
        "Tổng cộng": [56, 2, 27.0, 1, 55.0],
    },
}
OTHERS = {
    "outcome": {
        "Không tiếp nhận (Điều 8)": [4, 4 / 56],
        "Tổng đài trả lời ngay": [6, 6 / 56],
        "Đầu mối đơn vị trả lời": [31, 31 / 56],
        "Thủ trưởng đơn vị trả lời": [3, 3 / 56],
        "Văn phòng UBND tỉnh trả lời": [4, 4 / 56],
        "Rút, gọi thử hoặc trùng": [3, 3 / 56],
        "Còn đang xử lý cuối kỳ": [5, 5 / 56],
        "Tổng cộng": [56, 1.0],
    },
    # First response: how many, mean, 90 % within; then the result
    "hours": {
        "Đầu mối tiếp nhận": [41, 80 / 41, 3.0, 38, 400 / 38, 62.0],
        "Thủ trưởng đơn vị": [3, 2.0, 2.0, 3, 2.0, 2.0],
        "Văn phòng UBND tỉnh": [4, 2.5, 4.0, 4, 2.5, 4.0],
    },
    "satisfaction": {
        "Hài lòng": [9, 9 / 15],
        "Chấp nhận được": [2, 2 / 15],
        "Không hài lòng": [4, 4 / 15],
        "Tổng cộng": [15, 1.0],
    },
    # Slips due, in time, late, share
    "timeliness": {
        "Đầu mối tiếp nhận": [47, 38, 9, 38 / 47],
        "Thủ trưởng đơn vị": [6, 3, 3, 0.5],
        "Văn phòng UBND tỉnh": [4, 4, 0, 1.0],
        "Tổng cộng": [57, 45, 12, 45 / 57],
    },
    # Carried, received, answered, open in time, open late, returned, passed on,
    # withdrawn; slips due, in time, share; mean of working hours
    "units": {
        "Sở Thử nghiệm": [1, 37, 27, 2, 1, 3, 3, 2, 37, 27, 27 / 37, 380 / 27],
        "Trung tâm Thử nghiệm": [0, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1.0, 1.0],
        "Sở Khác": [0, 15, 13, 0, 0, 0, 2, 0, 15, 13, 13 / 15, 25 / 13],
        "PROVINCE": [0, 5, 4, 0, 1, 0, 0, 0, 4, 4, 1.0, 2.5],
        "Tổng cộng": [1, 58, 45, 2, 2, 3, 5, 2, 57, 45, 45 / 57, 416 / 45],
    },
    "satisfaction_units": {
        "Sở Thử nghiệm": [7, 2, 4, 13, 7 / 13],
        "Tổng đài 1022 (trả lời ngay)": [2, 0, 0, 2, 1.0],
    },
}


@tagged(*TAGS)
class TestMonth(ReportCase):
    """Art. 12, 21: every figure of a month, against what was worked out by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tickets = cls.play()
        OTHERS["units"][cls.office.name] = OTHERS["units"].pop(
            "PROVINCE", OTHERS["units"].get(cls.office.name)
        )

    def setUp(self):
        super().setUp()
        self.set_clock("2031-04-02 08:00")
        self.report = self.make_report()

    def assertFigures(self, found, expected, section):
        self.assertEqual(set(found), set(expected), section)
        for label, values in expected.items():
            for value, wanted in zip(found[label], values, strict=True):
                if wanted is None or value is None:
                    self.assertEqual(value, wanted, f"{section}, {label}")
                else:
                    self.assertAlmostEqual(
                        value, wanted, 6, f"{section}, {label}: {found[label]}"
                    )

    def test_art21_every_figure_in_the_model(self):
        for section, expected in (COMPARED | OTHERS).items():
            with self.subTest(section):
                self.assertFigures(self.table(self.report, section), expected, section)

    def test_art12_each_figure_opens_what_it_counts(self):
        lines = self.report.line_ids
        self.assertGreater(len(lines), 200)
        for line in lines:
            found = self.env[line.counted_model].with_user(self.manager)
            found = found.search_count([("pakn_report_line_id", "=", line.id)])
            with self.subTest(line.name, column=line.column):
                self.assertEqual(found, line.counted)
        kinds = {
            (section["key"], column["key"]): column["type"]
            for section in self.report.content["sections"]
            for column in section["columns"]
        }
        for line in lines:
            if kinds[line.section, line.column] == "int":
                # Reopened ones end twice
                reopened = line.row in ("ended", "focal") and line.section == "overview"
                self.assertEqual(
                    line.value,
                    line.counted + (2 if reopened and line.column == "now" else 0),
                    f"{line.section}.{line.row}.{line.column}",
                )

    def test_art11_4_list_of_the_late(self):
        late = self.table(self.report, "late")
        numbers = (26, 27, 28, 29, 30, 31, 32, 53, 54)
        self.assertEqual(set(late), {self.tickets[n].name for n in numbers})
        title, unit, level, received, due, closed, hours = late[self.tickets[26].name]
        self.assertEqual(title, "Việc số 26, gọi ***")
        self.assertEqual((unit, level), ("Sở Thử nghiệm", "Thủ trưởng"))
        self.assertEqual(received, "2031-03-10 01:00:00")
        self.assertEqual(due, "2031-03-11 01:00:00")
        self.assertEqual(closed, "2031-03-11 03:05:00")
        self.assertAlmostEqual(hours, 2 + 5 / 60)
        # Open at the end of the month: late from Monday 08:00 to midnight
        title, _unit, _level, _received, _due, closed, hours = late[
            self.tickets[54].name
        ]
        self.assertEqual((title, closed, hours), ("(nội dung mật)", None, 16.0))

    def test_art14_reasons_without_numbers_of_phones(self):
        reasons = self.table(self.report, "reasons")
        self.assertEqual(set(reasons), {self.tickets[n].name for n in (9, 10, 26, 49)})
        for values in reasons.values():
            self.assertEqual(values, ["Sở Thử nghiệm", "Chưa sửa, gọi lại ***"])

    def test_art21_every_figure_in_the_workbook(self):
        book = openpyxl.load_workbook(BytesIO(self.report._get_xlsx()))
        sheets = {
            "units": "PL1 Đơn vị",
            "categories": "PL2 Lĩnh vực",
            "areas": "PL3 Địa bàn",
            "satisfaction_units": "PL4 Hài lòng",
        }
        titles = {s["key"]: s["title"] for s in self.report.content["sections"]}
        for key, expected in (COMPARED | OTHERS).items():
            rows = list(book[sheets.get(key, "Báo cáo")].iter_rows(values_only=True))
            [start] = [
                index
                for index, row in enumerate(rows)
                if str(row[0] or "").upper().endswith(titles[key].upper())
            ]
            found = {}
            for row in rows[start + 1 :]:
                if row[1] in expected and row[1] not in found:
                    # In the document figures stand on the right
                    width = len(expected[row[1]])
                    begin = 2 if key in sheets else 8 - width
                    found[row[1]] = list(row[begin : begin + width])
            with self.subTest(key):
                self.assertFigures(found, expected, key)

    def test_workbook_is_a_document_that_counts(self):
        book = openpyxl.load_workbook(BytesIO(self.report._get_xlsx()))
        sheet = book["Báo cáo"]
        texts = [
            cell.value
            for row in sheet.iter_rows()
            for cell in row
            if isinstance(cell.value, str)
        ]
        for text in (
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "Độc lập - Tự do - Hạnh phúc",
            "DỰ THẢO",
            "BÁO CÁO",
            "Nơi nhận:",
            "Kính gửi: Ủy ban nhân dân tỉnh Gia Lai",
        ):
            self.assertIn(text, texts)
        self.assertEqual(sheet.page_setup.paperSize, 9)
        self.assertEqual(sheet.page_setup.orientation, "portrait")
        self.assertEqual(len(sheet._charts), 3)
        late = book["PL6 Trễ hạn"]
        self.assertEqual(late.freeze_panes, "C5")
        self.assertEqual(late.page_setup.orientation, "landscape")
        self.assertTrue(late["F5"].is_date)
        # No citizen in it
        whole = "\n".join(
            str(cell)
            for sheet in book
            for row in sheet.iter_rows(values_only=True)
            for cell in row
        )
        self.assertNotIn("Bí Mật", whole)
        self.assertNotIn("0905", whole)

    def test_art21_every_figure_in_the_pdf(self):
        # Labels may be broken over lines; the numbers of a row stand in one
        text = read_pdf(self.report._get_pdf())
        self.assertNotIn("Bí Mật", text)
        self.assertNotIn("0905", text)
        for words in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Nơi nhận:", "Phụ lục 1"):
            self.assertIn(words, text)
        lines = [line.split() for line in text.splitlines()]
        for section in self.report.content["sections"]:
            if section["key"] not in COMPARED | OTHERS:
                continue
            for row in section["rows"]:
                numbers = [
                    show(value, column["type"])
                    for value, column in zip(
                        row["values"], section["columns"], strict=True
                    )
                ]
                with self.subTest(section["key"], row=row["label"]):
                    self.assertTrue(
                        any(line[-len(numbers) :] == numbers for line in lines),
                        f"{numbers}",
                    )
