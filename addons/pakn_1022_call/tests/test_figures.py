import io
import json
import math
import random
from datetime import datetime, timedelta
from itertools import product

import openpyxl

from odoo import http
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

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

    def test_who_was_called_back_is_a_group_of_the_pivot(self):
        lost = self.calls.search([("callback_state", "=", "open")], order="id")
        [first, second] = lost[:2]
        self.set_clock("2026-03-12 09:00")
        for call in (first, second):
            number = call.private_number
            self.answered(f"back{call.id}", number=number, direction="out")
        before = len(lost)
        rows = self.calls.with_user(self.monitor)._read_group(
            [*OVER, ("callback_state", "!=", False)], ["callback_state"], ["__count"]
        )
        self.assertEqual(dict(rows), {"open": before - 2, "reached": 2})

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


@tagged(*TAGS)
class TestExportedFigures(CallCase, HttpCase):
    """The spreadsheet of a grouped list says of its groups what the pivot says."""

    LABELS = ("Rang", "Wait", "Wait 90", "Talk", "Talk 90", "In time")
    COLUMNS = ("date_ring", "seconds_waited", "wait_90", "seconds_talked", "talk_90")
    COLUMNS += ("service_level",)

    def setUp(self):
        super().setUp()
        self.set_clock("2026-03-12 08:00")
        events, self.facts = make_calls(hours=(8, 9))
        self.tell(*events)
        self.manager.group_ids += self.env.ref("base.group_allow_export")
        self.authenticate(self.manager.login, self.manager.login)

    def export(self, groupby, **asked):
        """Return ``[(label of a group, its five measures)]``, and how many rows."""
        data = {
            "model": "pakn.call",
            "fields": [
                {"name": name, "label": label, "type": self.calls._fields[name].type}
                for name, label in zip(self.COLUMNS, self.LABELS, strict=True)
            ],
            "ids": False,
            "domain": [
                ["call_id", "=like", "f%"],
                ["account_id", "=", self.account.id],
            ],
            "groupby": groupby,
            "import_compat": False,
            **asked,
        }
        reply = self.url_open(
            "/web/export/xlsx",
            data={
                "data": json.dumps(data),
                "csrf_token": http.Request.csrf_token(self),
            },
        )
        self.assertEqual(reply.status_code, 200)
        rows = openpyxl.load_workbook(io.BytesIO(reply.content)).active.values
        self.assertEqual(next(rows), self.LABELS)
        groups, count = [], 0
        for first, *cells in rows:
            if isinstance(first, str):
                measured = [None if c in ("", None) else float(c) for c in cells]
                groups.append((first.strip(), measured))
            else:
                count += 1
        return groups, count

    def check(self, measured, facts):
        waits, talks = ([fact[nth] for fact in facts] for nth in (3, 4))
        in_time = [100.0 * (t is not None and w <= 20) for *_x, w, t in facts]
        right = [*measure(waits), *measure(talks), sum(in_time) / len(in_time)]
        for value, number in zip(measured, right, strict=True):
            self.assertAlmostEqual(value, float(number), places=2)

    def test_each_group_has_its_own_percentile_and_mean(self):
        with self.assertNoLogs("odoo.addons.web.controllers.export", "WARNING"):
            groups, count = self.export(["date_ring:day", "hour"])
        self.assertEqual(count, len(self.facts))
        # A group of each day, and within it one of each hour
        labels = iter(groups)
        for day in (2, 3, 10):
            of_day = [fact for fact in self.facts if fact[0] == day]
            label, measured = next(labels)
            self.assertTrue(label.endswith(f"({len(of_day)})"), label)
            self.check(measured, of_day)
            for hour in (8, 9):
                label, measured = next(labels)
                self.assertTrue(label.startswith(f"{hour} ("), label)
                self.check(measured, [fact for fact in of_day if fact[1] == hour])
        self.assertIsNone(next(labels, None))

    def test_of_chosen_calls_and_of_those_that_nobody_answered(self):
        domain = [("call_id", "=like", "f%"), ("state", "!=", "done")]
        lost = self.calls.search(domain, limit=3)
        groups, count = self.export(["user_id"], ids=lost.ids)
        self.assertEqual(count, 3)
        [(label, (_mean, wait_90, talk, talk_90, _level))] = groups
        self.assertIn("(3)", label)
        self.assertEqual(wait_90, max(lost.mapped("seconds_waited")))
        # Nobody spoke: nothing to measure, which is not zero
        self.assertEqual((talk, talk_90), (None, None))
