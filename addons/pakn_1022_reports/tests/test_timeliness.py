from collections import defaultdict
from io import BytesIO

import openpyxl

from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import TAGS
from odoo.addons.pakn_1022.tools.province import TIMEZONE, to_local

from ..tools import export_file, wording
from .common import ReportCase

# Place among the values of a row of the report's table
PLACES = {key: place for place, key in enumerate(wording.UNITS)}
PERIODS = {"11": ("2031-11-01", "2031-11-30"), "12": ("2031-12-01", "2031-12-31")}


@tagged(*TAGS)
class TestTimeliness(ReportCase):
    """Art. 11.4: what is late and what is in time, the same on every screen.

    ``data/slips.csv`` says of each slip, in the order in which they came: its unit, its
    level, the month in which it counts and as what. ``11 in_time, 12 late`` is one that
    was in time as November ended and became late after it. ``late`` says of the request
    whether it was late once or is so now. Here it is asked at the end of November and
    on 10 December at 08:00.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = cls.read_rows("slips.csv")
        cls.acts = cls.read_acts("slips.csv")

    def setUp(self):
        super().setUp()
        self.tickets, self.done_until = {}, ""
        self.codes = {unit: code for code, unit in self.units.items()}

    def play_until(self, moment):
        acts = [act for act in self.acts if self.done_until < act[0] <= moment]
        self.perform(acts, self.tickets)
        self.done_until = moment
        self.set_clock(moment)
        self.env.invalidate_all()
        self.env["pakn.report.analysis"]._cron_refresh()

    def get_verdicts(self):
        """Return ``[(row, unit code, level, [(month, verdict)])]``, slip by slip."""
        found = []
        for row in self.rows:
            for slip in row["slips"].split(" | "):
                unit, level, *verdicts = slip.split(" ", 2)
                verdicts = [
                    tuple(verdict.split())
                    for text in verdicts
                    for verdict in text.split(", ")
                ]
                found.append((row, unit, level, verdicts))
        return found

    def get_right(self, month, by, now=False):
        """Return ``{unit or level: (due, in time)}`` of a month by the table.

        :param bool now: by what has become of the slips since
        """
        counts = defaultdict(lambda: [0, 0])
        for _row, unit, level, verdicts in self.get_verdicts():
            for when, verdict in verdicts[-1:] if now else verdicts:
                if when == month:
                    group = counts[unit if by == "unit" else level]
                    group[0] += 1
                    group[1] += verdict == "in_time"
        return {group: tuple(numbers) for group, numbers in counts.items()}

    def assertShares(self, found, right, where):
        """Check ``{group: (due, in time, share)}``, leaving out what had nothing."""
        found = {group: numbers for group, numbers in found.items() if numbers[0]}
        with self.subTest(where):
            self.assertEqual({g: n[:2] for g, n in found.items()}, right)
            for group, (due, in_time) in right.items():
                self.assertAlmostEqual(found[group][2], in_time / due, 6, group)

    # ------------------------------------------------------------
    # WHERE THE NUMBERS ARE SHOWN
    # ------------------------------------------------------------

    def get_units_of(self, rows):
        """Return the units' numbers of rows ``{name: values}`` of a report."""
        places = [PLACES[key] for key in ("due", "in_time", "share")]
        return {
            code: tuple(rows[unit.name][place] for place in places)
            for code, unit in self.units.items()
            if unit.name in rows
        }

    def check_report(self, month):
        right = self.get_right(month, "unit")
        # The same days as the month, of which there may be one report alone
        report = self.make_report(*PERIODS[month], kind="free")
        screen = report.get_screen()["content"]["sections"]
        [units] = [section for section in screen if section["key"] == "units"]
        rows = {row["label"]: row["values"] for row in units["rows"]}
        self.assertShares(self.get_units_of(rows), right, f"screen, {month}")
        book = openpyxl.load_workbook(BytesIO(report._get_xlsx()))
        rows = {
            row[1]: row[2:] for row in book["PL1 Đơn vị"].iter_rows(values_only=True)
        }
        self.assertShares(self.get_units_of(rows), right, f"XLSX, {month}")
        levels = self.table(report, "timeliness")
        found = {
            level: (levels[name][0], levels[name][1], levels[name][3])
            for level, name in wording.LEVELS.items()
        }
        self.assertShares(found, self.get_right(month, "level"), f"levels, {month}")
        due, in_time, late, share = levels[wording.TOTAL]
        self.assertEqual(due, sum(number for number, _in_time in right.values()))
        self.assertEqual(in_time, sum(number for _due, number in right.values()))
        self.assertEqual((late, share), (due - in_time, in_time / due))
        summary = report.content["summary"][2]
        self.assertIn(f"{due} phiếu chuyển đến hạn: đúng hạn {in_time}", summary)
        # Each number opens the slips that it counts
        for code, (number, in_time) in right.items():
            for column, wanted in (("due", number), ("in_time", in_time)):
                opened = self.counted(report, "units", self.units[code].id, column)
                self.assertEqual(len(opened), wanted)
                self.assertFalse(opened.unit_id - self.units[code])

    def check_pivot(self, month, now):
        model = self.env["pakn.report.transfer"].with_user(self.manager)
        for by in ("unit_id", "level"):
            found = {}
            for group, moment, due, in_time, share in model.with_context(
                tz=TIMEZONE
            )._read_group(
                [
                    ("ticket_id", "in", [t.id for t in self.tickets.values()]),
                    ("timeliness", "!=", False),
                ],
                [by, "date_judged:month"],
                ["due_count:sum", "in_time_count:sum", "on_time_share:avg"],
            ):
                if f"{moment:%m}" == month:
                    group = self.codes[group] if by == "unit_id" else group
                    found[group] = (due, in_time, share / 100)
            right = self.get_right(month, by.removesuffix("_id"), now)
            self.assertShares(found, right, f"pivot by {by}, {month}")

    def check_dashboard(self, month):
        board = self.env["pakn.dashboard"].with_user(self.manager).get_dashboard()
        units = {unit["id"]: unit for unit in board["units"]}
        found = {
            code: tuple(units[unit.id][key] for key in ("due", "in_time", "share"))
            for code, unit in self.units.items()
            if unit.id in units
        }
        right = self.get_right(month, "unit")
        self.assertShares(found, right, f"dashboard, {month}")
        [tile] = [tile for tile in board["tiles"] if tile["key"] == "on_time"]
        due, in_time = (sum(numbers) for numbers in zip(*right.values(), strict=True))
        self.assertAlmostEqual(tile["value"], in_time / due)
        slips = self.env[tile["model"]].with_user(self.manager)
        self.assertEqual(slips.search_count(tile["domain"]), due)

    # ------------------------------------------------------------
    # ASKED
    # ------------------------------------------------------------

    def test_art11_4_every_screen_says_the_same(self):
        self.play_until("2031-11-30 23:30")
        self.check_report("11")
        self.check_dashboard("11")
        # Of that one nobody knows yet that it will be late
        self.check_pivot("11", now=False)

        self.play_until("2031-12-10 08:00")
        self.check_slips()
        self.check_report("12")
        self.check_dashboard("12")
        self.check_pivot("12", now=True)
        # Of November as it stood, and as it is seen now
        self.check_report("11")
        self.check_pivot("11", now=True)
        self.check_requests()
        self.check_open_slips()

    def check_slips(self):
        """The facts on the slips themselves, each against its line of the table."""
        rights = self.get_verdicts()
        for number, ticket in self.tickets.items():
            right = [
                (unit, level, *(verdicts[-1] if verdicts else (None, None)))
                for row, unit, level, verdicts in rights
                if row["number"] == str(number)
            ]
            found = [
                (
                    self.codes[slip.unit_id],
                    slip.level,
                    f"{to_local(slip.date_judged):%m}" if slip.date_judged else None,
                    slip.timeliness or None,
                )
                for slip in ticket.sudo().transfer_ids.sorted("id")
            ]
            with self.subTest(self.rows[number - 1]["about"]):
                self.assertEqual(found, right)

    def check_requests(self):
        """Requests: late now or once, on the boards, in an export and in the pivot."""
        lates = {number: row["late"] for number, row in enumerate(self.rows, start=1)}
        late_now = {n for n, late in lates.items() if late == "now"}
        were_late = {n for n, late in lates.items() if late}
        numbers = {ticket.id: number for number, ticket in self.tickets.items()}
        requests = self.env["pakn.ticket"].with_user(self.manager)

        def find(domain):
            found = requests.search([*domain, ("id", "in", list(numbers))])
            return {numbers[ticket.id] for ticket in found}

        dashboard = self.env["pakn.dashboard"].with_user(self.manager).get_dashboard()
        board = self.env["pakn.transfer"].with_user(self.manager).get_clock_board()
        for where, shown in (("dashboard", dashboard), ("board", board)):
            tiles = {tile["key"]: tile for tile in shown["tiles"]}
            with self.subTest(where):
                self.assertEqual(find(tiles["late"]["domain"]), late_now)
                self.assertEqual(find(tiles["open"]["domain"]), late_now | {24})
        self.assertEqual(find([("was_overdue", "=", True)]), were_late)
        analysis = self.env["pakn.report.ticket"].with_user(self.manager)
        analysis = analysis.search([("id", "in", list(numbers))])
        for count, right in (("late_count", were_late), ("late_now_count", late_now)):
            found = {numbers[row.id] for row in analysis if row[count]}
            self.assertEqual(found, right, count)
        rows = self.env["pakn.export.rows"]._get_rows(requests.browse(numbers))
        columns = [name for name, _width in export_file.COLUMNS]
        code, late = columns.index("Mã số"), columns.index("Trễ hạn")
        names = {ticket.name: number for number, ticket in self.tickets.items()}
        exported = {names[row[code]] for row in rows if row[late]}
        self.assertEqual(exported, were_late)

    def check_open_slips(self):
        """Slips: open, of them late, and due today."""
        board = self.env["pakn.dashboard"].with_user(self.manager).get_dashboard()
        tiles = {tile["key"]: tile for tile in board["tiles"]}
        slips = self.env["pakn.transfer"].with_user(self.manager)
        due = slips.search(
            [
                *tiles["due"]["domain"],
                ("ticket_id", "in", [ticket.id for ticket in self.tickets.values()]),
            ]
        )
        self.assertEqual(
            {slip.ticket_id.id for slip in due},
            {self.tickets[24].id, self.tickets[25].id},
        )
        units = {unit["id"]: unit for unit in board["units"]}
        report = self.make_report(*PERIODS["12"], kind="free")
        table = self.table(report, "units")
        analysis = self.env["pakn.report.transfer"].with_user(self.manager)
        # One with the focal point, one with the head; one with the province
        for code, in_time, late in (("A", 1, 1), ("P", 0, 1)):
            unit = self.units[code]
            outcomes = dict(
                analysis._read_group(
                    [("unit_id", "=", unit.id), ("date_closed", "=", False)],
                    ["outcome"],
                    ["slip_count:sum"],
                )
            )
            with self.subTest(code):
                found = units[unit.id]
                self.assertEqual((found["open"], found["late"]), (in_time + late, late))
                values = [
                    table[unit.name][PLACES[key]]
                    for key in ("open_in_time", "open_late")
                ]
                self.assertEqual(values, [in_time, late])
                self.assertEqual(outcomes.get("open_in_time", 0), in_time)
                self.assertEqual(outcomes.get("open_late", 0), late)
