import math
import random
from datetime import datetime, timedelta
from itertools import product

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.pakn_1022.tools.province import ZONE

from ..tools.call_facts import ANSWERED, ENDED, RINGING, CallEvent
from .common import TAGS, CallCase

MEASURES = [
    "seconds_waited:avg",
    "wait_90:ninetieth",
    "seconds_talked:avg",
    "talk_90:ninetieth",
]
OVER = [("direction", "=", "in"), ("state", "in", ("done", "missed", "abandoned"))]


def measure(lengths):
    """Return ``(mean, 90 % by the nearest rank)`` of lengths, worked out by hand."""
    ranked = sorted(length for length in lengths if length is not None)
    if not ranked:
        return False, False
    return sum(ranked) / len(ranked), ranked[math.ceil(0.9 * len(ranked)) - 1]


def make_calls(days=(2, 3, 10), hours=(8, 9, 14)):
    """Return events of calls, and ``[(day, hour, extension, waited, talked)]``."""
    dice = random.Random(90)
    events, facts = [], []
    for day, hour, extension in product(days, hours, ("901", "902")):
        for _nth in range(dice.randrange(3, 14)):
            ring = datetime(2026, 3, day, hour, dice.randrange(50), tzinfo=ZONE)
            wait, talk = dice.randrange(1, 90), dice.randrange(5, 600)
            call_id = f"f{len(facts)}"
            texts = (("direction", "in"), ("caller", f"09051{len(facts):05}"))
            events.append(CallEvent(call_id, RINGING, ring, texts=texts))
            end = ring + timedelta(seconds=wait)
            if is_answered := dice.random() < 0.8:
                events.append(CallEvent(call_id, ANSWERED, end, extension))
                end += timedelta(seconds=talk)
            events.append(CallEvent(call_id, ENDED, end))
            # Nobody has answered who did not
            facts.append((day, hour, extension, wait, talk) if is_answered
                         else (day, hour, "", wait, None))  # fmt: skip
    return events, facts


@tagged(*TAGS)
class TestFigures(CallCase):
    """What 90 of 100 callers get is the group's own, whatever calls are grouped by."""

    def setUp(self):
        super().setUp()
        self.set_clock("2026-03-12 08:00")
        events, self.facts = make_calls()
        self.tell(*events)
        # Not over, and to the outside: not among those
        self.ring("open")
        self.answered("out", direction="out")
        self.users = {"901": self.operator, "902": self.colleague}

    def check(self, groupby, get_key, user=None):
        """Compare each group with what is worked out of the calls in Python."""
        expected = {}
        for fact in self.facts:
            expected.setdefault(get_key(*fact), []).append(fact)
        calls = self.calls.with_user(user or self.monitor)
        rows = calls._read_group(OVER, groupby, ["__count", *MEASURES])
        found = {row[: len(groupby)]: row[len(groupby) :] for row in rows}
        self.assertEqual(found.keys(), expected.keys())
        for key, (count, *measured) in found.items():
            waits = [fact[3] for fact in expected[key]]
            talks = [fact[4] for fact in expected[key]]
            with self.subTest(str(key)):
                self.assertEqual(count, len(waits))
                for value, right in zip(
                    measured, (*measure(waits), *measure(talks)), strict=True
                ):
                    self.assertAlmostEqual(float(value), float(right), places=4)

    def test_by_operator_by_hour_by_day_and_of_all(self):
        def get_user(extension):
            return self.users.get(extension, self.env["res.users"])

        self.check(["hour"], lambda day, hour, *_rest: (hour,))
        self.check(["user_id"], lambda _d, _h, who, *_rest: (get_user(who),))
        self.check(
            ["user_id", "hour"], lambda _d, hour, who, *_rest: (get_user(who), hour)
        )
        self.check([], lambda *_fact: ())

    def test_sums_of_a_pivot_are_ranked_anew(self):
        [by_both, by_hour, [total]] = self.calls.with_user(
            self.monitor
        )._read_grouping_sets(OVER, [["hour", "user_id"], ["hour"], []], MEASURES)
        waits = [fact[3] for fact in self.facts]
        self.assertEqual(total[1], measure(waits)[1])
        for hour, _mean, ranked, *_rest in by_hour:
            right = measure([fact[3] for fact in self.facts if fact[1] == hour])[1]
            self.assertEqual(ranked, right)
        # Which is what a sum or a mean of percentiles would not be
        parts = [row[3] for row in by_both]
        self.assertNotIn(total[1], (sum(parts), round(sum(parts) / len(parts))))

    def test_as_the_screens_ask(self):
        calls = self.calls.with_user(self.monitor)
        described = calls.fields_get(["wait_90", "talk_90"])
        self.assertEqual(
            {field["aggregator"] for field in described.values()}, {"ninetieth"}
        )
        rows = calls.formatted_read_group(
            OVER,
            ["date_ring:day"],
            ["__count", *MEASURES],
            order="wait_90:ninetieth desc",
        )
        ranked = [row["wait_90:ninetieth"] for row in rows]
        self.assertEqual(len(ranked), 3)
        self.assertEqual(ranked, sorted(ranked, reverse=True))
        [call] = calls.search([("call_id", "=", "f0")])
        self.assertEqual((call.wait_90, call.talk_90), (
            call.seconds_waited, call.seconds_talked,
        ))  # fmt: skip

    def test_no_other_measure_is_ranked(self):
        for spec in ("seconds_waited:ninetieth", "wait_90:percentile", "wait_90:avg"):
            with self.subTest(spec), self.assertRaises(ValueError):
                self.calls._read_group(OVER, [], [spec])
        with self.assertRaises(AccessError):
            self.calls.with_user(self.employee)._read_group(OVER, [], MEASURES)

    def test_a_unit_counts_the_calls_it_reads_alone(self):
        call = self.get("f0")
        ticket = self.transferred()
        call.with_user(self.operator).link(ticket.id)
        [row] = self.calls.with_user(self.focal)._read_group(
            OVER, [], ["__count", "wait_90:ninetieth"]
        )
        self.assertEqual(row, (1, call.seconds_waited))

    def test_the_saved_screens_name_what_there_is(self):
        for name in ("filter_call_by_operator", "filter_call_by_hour"):
            saved = self.env.ref(f"pakn_1022_call.{name}")
            context = saved._get_eval_domain() and saved.context
            for field in ("wait_90", "talk_90", "seconds_waited", "seconds_talked"):
                self.assertIn(f"'{field}'", context)
