import io
import unittest

import openpyxl

from odoo.tests import tagged

from odoo.addons.pakn_1022_call.tests.common import TAGS, CallCase
from odoo.addons.pakn_1022_call.tests.test_figures import MEASURES, OVER, make_calls
from odoo.addons.pakn_1022_call.tools.call_facts import ANSWERED, ENDED, CallEvent

from ..tools.call_sections import make_sections

NOTHING = dict.fromkeys(("calls", "answered", "in_time", "reached"), 0)
NOTHING |= dict.fromkeys(("wait", "wait_90", "talk", "talk_90"))


class TestSections(unittest.TestCase):
    def test_a_period_without_calls_has_no_shares(self):
        calls, times = make_sections({"now": dict(NOTHING)})
        [row] = calls.as_dict()["rows"]
        self.assertEqual(row["values"], [0, 0, 0, None, None, 0])
        self.assertEqual(times.as_dict()["rows"][0]["values"], [None] * 4)


@tagged(*TAGS)
class TestCallsInReport(CallCase):
    """Art. 12, 21: the telephone in the report of the whole hotline."""

    def call(self, call_id, wait, talk, number):
        self.ring(call_id, number=number)
        self.tell(
            CallEvent(call_id, ANSWERED, self.at(wait), "901"),
            CallEvent(call_id, ENDED, self.at(wait + talk)),
        )

    def make_report(self, **values):
        report = (
            self.env["pakn.report"]
            .with_user(self.manager)
            .create(
                {
                    "kind": "month",
                    "date_from": "2026-03-01",
                    "date_to": "2026-03-31",
                    **values,
                }
            )
        )
        report.action_count()
        return {
            section["key"]: {row["key"]: row["values"] for row in section["rows"]}
            for section in report.content["sections"]
        }

    def test_art12_calls_of_the_month_and_of_the_one_before(self):
        self.set_clock("2026-02-10 09:00")
        self.call("feb", 5, 10, "0905000001")
        self.set_clock("2026-03-10 09:00")
        for number, (wait, talk) in enumerate(((5, 60), (10, 120), (15, 30), (40, 90))):
            self.call(f"a{number}", wait, talk, f"090500001{number}")
        self.lost("m1", number="0905000021")
        self.lost("m2", number="0905000021")
        self.lost("m3", number="0905000022", gone=True)
        self.answered("back", number="0905000021", direction="out")
        self.set_clock("2026-04-02 09:00")
        self.call("apr", 5, 10, "0905000002")
        found = self.make_report()
        # in, answered, missed, share, within 20 seconds, reached
        self.assertEqual(found["calls"]["now"], [7, 4, 3, 4 / 7, 3 / 7, 1])
        self.assertEqual(found["calls"]["previous"], [1, 1, 0, 1.0, 1.0, 0])
        self.assertEqual(found["calls"]["last_year"], [0, 0, 0, None, None, 0])
        self.assertEqual(found["call_times"]["now"][2:], [75, 120])
        self.assertEqual(found["call_times"]["previous"], [5, 5, 10, 10])

    def test_art12_the_pivot_of_calls_says_the_same_as_the_report(self):
        self.set_clock("2026-04-02 09:00")
        events, facts = make_calls()
        self.tell(*events)
        found = self.make_report()
        [row] = self.calls.with_user(self.monitor)._read_group(
            [
                *OVER,
                ("date_ring", ">=", "2026-02-28 17:00:00"),
                ("date_ring", "<", "2026-03-31 17:00:00"),
            ],
            [],
            ["__count", *MEASURES],
        )
        self.assertEqual(row[0], len(facts))
        self.assertEqual(found["calls"]["now"][0], len(facts))
        self.assertEqual(
            found["call_times"]["now"], [round(float(number)) for number in row[1:]]
        )

    def test_art12_calls_by_hour_and_by_telephone(self):
        self.set_clock("2026-03-10 09:00")
        self.call("a", 5, 60, "0905000011")
        self.call("b", 40, 120, "0905000012")
        self.set_clock("2026-03-11 14:00")
        self.call("c", 10, 30, "0905000013")
        self.ring("d", number="0905000014", extension="902")
        self.tell(
            CallEvent("d", ANSWERED, self.at(7), "902"),
            CallEvent("d", ANSWERED, self.at(30), "901"),
            CallEvent("d", ENDED, self.at(67)),
        )
        self.ring("e", number="0905000015", extension="902")
        self.tell(
            CallEvent("e", ANSWERED, self.at(12), "902"),
            CallEvent("e", ENDED, self.at(22)),
        )
        self.lost("lost", number="0905000021")
        self.set_clock("2026-04-02 09:00")
        found = self.make_report()
        # in, answered, missed, within 20 seconds, reached; wait and talk, mean and 90 %
        whole = [6, 5, 1, 4 / 6, 0, 18, 40, 56, 120]
        self.assertEqual(
            found["calls_by_hour"],
            {
                "9": [2, 2, 0, 0.5, 0, 23, 40, 90, 120],
                "14": [4, 3, 1, 0.75, 0, 15, 31, 33, 60],
                "total": whole,
            },
        )
        # One that was handed on counts for who spoke last
        self.assertEqual(
            found["calls_by_telephone"],
            {
                "901": [4, 4, 0, 0.75, 0, 16, 40, 68, 120],
                "902": [1, 1, 0, 1.0, 0, 12, 12, 10, 10],
                "nobody": [1, 0, 1, 0.0, 0, 31, 31, None, None],
                "total": whole,
            },
        )
        # On paper and as a workbook too, after the report's own appendices; no names
        report = self.env["pakn.report"].search([], order="id desc", limit=1)
        book = openpyxl.load_workbook(io.BytesIO(report._get_xlsx()))
        self.assertIn("Cuộc gọi theo giờ", book.sheetnames[-2])
        self.assertIn("Cuộc gọi theo máy trực", book.sheetnames[-1])
        self.assertNotIn(self.operator.name, str(report.content))
        self.assertTrue(report._get_pdf().startswith(b"%PDF"))

    def test_a_period_without_calls_has_no_appendices_of_them(self):
        self.set_clock("2026-04-02 09:00")
        found = self.make_report()
        self.assertIn("calls", found)
        self.assertFalse({"calls_by_hour", "calls_by_telephone"} & found.keys())

    def test_a_unit_and_a_field_have_no_calls(self):
        found = self.make_report(scope="unit", unit_id=self.unit.id)
        self.assertFalse({"calls", "calls_by_hour"} & found.keys())
        self.assertIn("overview", found)
