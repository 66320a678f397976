import base64
import io
import json

import openpyxl

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import TAGS, PaknCase

from ..tools import portal_file

ROW = {
    "Mã PAKN": "PAKN.20261125.0007",
    "Tiêu đề": "Đèn đường hỏng",
    "Nội dung": "Đèn đường trước số 12 Hùng Vương hỏng đã ba ngày.\nTối lắm.",
    "Họ và tên": "Nguyễn Văn A",
    "Số điện thoại": "0905123456",
    "Địa chỉ": "12 Hùng Vương, Pleiku",
    "Ngày gửi": "25/11/2026 08:30",
    "Trạng thái": "Đang xử lý",
}


def make_xlsx(rows):
    names = list(rows[0])
    return portal_file.write_xlsx(names, [[row[n] for n in names] for row in rows])


@tagged(*TAGS)
class TestExchange(PaknCase):
    """Art. 3.3: what people send to the national portal is handled here, once."""

    def open(self, content, user=None):
        return (
            self.env["pakn.exchange.import"]
            .with_user(user or self.operator)
            .create({"file": base64.b64encode(content), "file_name": "pakn.xlsx"})
        )

    def take_in(self, *rows, as_json=False):
        """Take in a file; return ``[(code, outcome, reason)]``."""
        content = json.dumps(rows).encode() if as_json else make_xlsx(rows)
        action = self.open(content).action_confirm()
        exchange = self.env["pakn.exchange"].browse(action["res_id"])
        return [(one.code, one.outcome, one.reason) for one in exchange.line_ids]

    def find(self, code=ROW["Mã PAKN"]):
        return self.env["pakn.ticket"].search([("national_code", "=", code)])

    def test_art3_3_a_list_comes_in_once(self):
        second = {**ROW, "Mã PAKN": "PAKN.20261125.0008", "Số điện thoại": "?"}
        self.assertIn("2 new", self.open(make_xlsx([ROW, second])).summary)
        self.assertFalse(self.find(), "looking changes nothing")
        self.assertEqual(
            [outcome for _code, outcome, _why in self.take_in(ROW, second)],
            ["new", "new"],
        )
        ticket = self.find()
        self.assertEqual(ticket.channel_id.code, "national")
        self.assertEqual(ticket.with_user(self.operator).citizen_phone, "+84905123456")
        self.assertEqual(ticket.state, "new")
        self.assertEqual(str(ticket.national_date), "2026-11-25 01:30:00")
        self.assertIn("Tối lắm", ticket.description)
        # The same list once more, and as JSON
        for as_json in (False, True):
            again = self.take_in(ROW, second, as_json=as_json)
            self.assertEqual([line[1] for line in again], ["same", "same"])
        self.assertEqual(len(self.find()), 1)

    def test_what_differs_is_listed_with_the_reason_and_not_changed(self):
        other = {**ROW, "Mã PAKN": "PAKN.20261125.0009"}
        later = {
            **ROW,
            "Mã PAKN": "PAKN.20261125.0010",
            "Ngày gửi": "25/11/2026 09:00",
        }
        self.take_in(ROW, other, later)
        before = self.find().description
        changed = {
            **ROW,
            "Nội dung": "Cống tắc.",
            "Họ và tên": "Trần B",
            "Số điện thoại": "0914222333",
            "Trạng thái": "Đã trả lời",
        }
        lines = self.take_in(changed, later)
        self.assertEqual([line[1] for line in lines], ["differs", "same", "absent"])
        for words in ("content", "name", "phone", "still open"):
            self.assertIn(words, lines[0][2])
        self.assertEqual(lines[2][0], other["Mã PAKN"])
        self.assertEqual(self.find().description, before)
        # Marks and blanks are no difference
        spaced = {**ROW, "Nội dung": ROW["Nội dung"].replace("\n", "  ").upper()}
        self.assertEqual(self.take_in(spaced, other, later)[0][1], "same")
        self.close()
        self.assertIn("give the result out", self.take_in(ROW, other, later)[0][2])

    def close(self):
        ticket = self.find().with_user(self.operator)
        ticket.category_id = self.env["pakn.category"].search([], limit=1)
        ticket.answer("<p>=1+1 Đã thay <b>bóng</b> mới.</p>")
        ticket.send_result()
        return ticket

    def test_lines_that_cannot_come_in_are_named(self):
        lines = self.take_in(
            {**ROW, "Mã PAKN": ""},
            {**ROW, "Mã PAKN": "PAKN.1", "Nội dung": ""},
            {**ROW, "Mã PAKN": "PAKN.2"},
            {**ROW, "Mã PAKN": "PAKN.2"},
            {**ROW, "Mã PAKN": "x" * 80},
        )
        self.assertEqual(
            [line[1] for line in lines], ["wrong", "wrong", "new", "wrong", "wrong"]
        )
        self.assertTrue(all(line[2] for line in lines if line[1] == "wrong"))

    def test_files_that_are_none(self):
        many = [{**ROW, "Mã PAKN": f"P.{n}"} for n in range(portal_file.MOST_LINES + 1)]
        for content in (
            b"",
            b"\xff\xfe",
            b"PK\x03\x04broken",
            b"[" * 200_000,
            b"[1, 2]",
            b"[]",
            json.dumps([{"Họ tên": "A"}]).encode(),
            json.dumps(many).encode(),
            b" " * (portal_file.MOST_BYTES + 1),
        ):
            dialog = self.open(content or b" ")
            with self.subTest(content[:20]):
                self.assertTrue(dialog.problem)
                self.assertFalse(dialog.summary)
                with self.assertRaises(ValidationError):
                    dialog.action_confirm()

    def test_art13_1_nothing_is_found_out_of_a_state_secret_by_trying(self):
        self.take_in(ROW)
        self.find()._acting().secrecy = "secret"
        other = {**ROW, "Mã PAKN": "PAKN.20261125.0009"}
        guesses = (
            ROW,
            {**ROW, "Số điện thoại": "0905999888"},
            {**ROW, "Nội dung": "Việc khác hẳn"},
            {**ROW, "Trạng thái": "Đã xử lý"},
        )
        told = [self.take_in(guess, other)[0][1:] for guess in guesses]
        self.assertEqual(set(told), {("same", False)})
        spread = [{**other, "Ngày gửi": f"{day}/11/2026 08:30"} for day in (24, 26)]
        spread[1]["Mã PAKN"] = "PAKN.20261125.0010"
        codes = [code for code, _outcome, _why in self.take_in(*spread)]
        self.assertNotIn(ROW["Mã PAKN"], codes)

    def test_a_day_that_is_none_holds_up_no_list(self):
        days = ("01/01/0001", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+07:00")
        rows = [
            {**ROW, "Mã PAKN": f"PAKN.{number}", "Ngày gửi": day}
            for number, day in enumerate(days)
        ]
        told = self.take_in(*rows, as_json=True)
        self.assertEqual([outcome for _code, outcome, _why in told], ["new"] * 3)
        self.assertFalse(any(self.find(f"PAKN.{n}").national_date for n in range(3)))
        dialog = self.env["pakn.exchange.export"].with_user(self.operator)
        for values in ({"date_to": "9999-12-31"}, {"date_from": "0001-01-01"}):
            with self.assertRaises(UserError):
                dialog.create(values).action_confirm()

    def test_what_no_database_keeps_holds_up_no_list(self):
        """Half of a pair of surrogates, of a program that cut a picture sign in two."""
        told = self.take_in(
            {**ROW, "Nội dung": "Đèn hỏng \ud83d\x00 ba hôm", "Họ tên": "An \udc00"},
            {**ROW, "Mã PAKN": "PAKN.\ud8002"},
            as_json=True,
        )
        self.assertEqual([outcome for _code, outcome, _why in told], ["new"] * 2)
        self.assertTrue(self.find("PAKN.2"))

    def test_markup_of_others_is_text(self):
        self.take_in({**ROW, "Nội dung": "<img src=x onerror=alert(1)> Đèn hỏng"})
        self.assertIn("&lt;img", self.find().description)

    def test_results_are_given_out(self):
        secret = {**ROW, "Mã PAKN": "PAKN.20261125.0011"}
        self.take_in(ROW, secret)
        ticket = self.close()
        self.find(secret["Mã PAKN"])._acting().secrecy = "confidential"
        for kind in ("xlsx", "json"):
            dialog = (
                self.env["pakn.exchange.export"]
                .with_user(self.operator)
                .create({"kind": kind})
            )
            dialog.action_confirm()
            content = base64.b64decode(dialog.with_context(bin_size=False).file)
            if kind == "json":
                [row] = json.loads(content)
                cells = list(row.values())
            else:
                book = openpyxl.load_workbook(io.BytesIO(content))
                _head, row = book.worksheets[0].iter_rows()
                self.assertEqual({cell.data_type for cell in row}, {"s"})
                cells = [cell.value for cell in row]
            self.assertEqual(cells[:3], [ROW["Mã PAKN"], ticket.name, "Đã trả lời"])
            self.assertIn("=1+1 Đã thay *bóng* mới.", cells[5])
        empty = dialog.copy({"date_from": "2020-01-01", "date_to": "2020-01-02"})
        with self.assertRaises(UserError):
            empty.action_confirm()

    def test_a_title_may_stand_above_the_headings(self):
        """As on the lists that state bodies hand out."""
        names = list(ROW)
        blank = [""] * len(names)
        content = portal_file.write_xlsx(
            ["DANH SÁCH PHẢN ÁNH, KIẾN NGHỊ", *blank[1:]],
            [["Từ 01/11/2026", *blank[1:]], blank, names, list(ROW.values())],
        )
        [row] = portal_file.read(content)
        self.assertEqual((row.number, row.code), (5, ROW["Mã PAKN"]))
        for lines in ([["Mã PAKN", "x"]], [["Tiêu đề"]] * 12 + [names], []):
            with self.assertRaises(portal_file.MissingColumns) as seen:
                portal_file.read(portal_file.write_xlsx(["Danh sách"], lines))
        self.assertEqual(len(seen.exception.names), 2)

    def test_who_may(self):
        content = make_xlsx([ROW])
        for user in (self.focal, self.monitor, self.employee):
            with self.assertRaises(AccessError):
                self.open(content, user)
            with self.assertRaises(AccessError):
                self.env["pakn.exchange.export"].with_user(user).create({})
            with self.assertRaises(AccessError):
                self.env["pakn.exchange"].with_user(user).search([])
        self.take_in(ROW)
        with self.assertRaises(AccessError):
            self.find().with_user(self.operator).national_code = "PAKN.9"

    def test_queries_do_not_grow_with_the_lines(self):
        self.take_in(*({**ROW, "Mã PAKN": f"P.{n}"} for n in range(40)))
        rows = portal_file.read(
            make_xlsx([{**ROW, "Mã PAKN": f"P.{n}"} for n in range(40)])
        )
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(6):
            self.env["pakn.exchange.import"]._compare(rows)
