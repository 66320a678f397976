"""No small number can be told from what the statistics show; nothing of Odoo."""

import itertools
import random
import unittest

from ..tools.disclosure import LIMIT, Protected, get_share


def get_solutions(protected):
    """Return all numbers behind a published table of one total, by trying them."""
    [(total, parts)] = protected.sums
    # More than the total none of them can be
    most = sum(protected.counts[key] for key in parts) + LIMIT
    ranges = []
    for key in parts:
        low, high = protected._interval(key)
        ranges.append(range(low, min(high, most) + 1))
    low, high = protected._interval(total)
    return [
        numbers for numbers in itertools.product(*ranges) if low <= sum(numbers) <= high
    ]


class TestDisclosure(unittest.TestCase):
    def test_small_numbers_are_hidden_and_others_are_true(self):
        shown = Protected({"a": 0, "b": 4, "c": 5, "d": 7, "e": 8, "f": 1234}, []).get()
        self.assertEqual(
            shown, {"a": None, "b": None, "c": 5, "d": 7, "e": 8, "f": 1234}
        )

    def test_a_small_part_is_not_the_difference_to_the_total(self):
        """Whatever the numbers: each "<5" can be 0, 1, 2, 3 or 4."""
        rng = random.Random(1022)
        for _try in range(300):
            size = rng.randint(1, 4)
            counts = {
                n: rng.choice((rng.randint(0, 6), rng.randint(0, 18)))
                for n in range(size)
            }
            total = sum(counts.values())
            protected = Protected(counts | {"sum": total}, [("sum", list(counts))])
            solutions = get_solutions(protected)
            self.assertIn(tuple(counts.values()), solutions)
            for position, count in enumerate(counts.values()):
                if count < LIMIT and total >= LIMIT:
                    possible = {numbers[position] for numbers in solutions}
                    self.assertEqual(
                        possible, set(range(LIMIT)), (counts, protected.kind)
                    )

    def test_another_part_is_left_out_before_the_total(self):
        """18 = 7 + 7 + 4 would show what 4 is; 18 = – + 7 + "<5" does not."""
        counts = {"a": 7, "b": 7, "c": 4, "sum": 18}
        protected = Protected(counts, [("sum", ["a", "b", "c"])])
        self.assertEqual(protected.get(), {"a": False, "b": 7, "c": None, "sum": 18})
        # 40 and 12 hide it as well; the smaller one is left out
        counts = {"a": 40, "b": 12, "c": 4, "sum": 56}
        protected = Protected(counts, [("sum", ["a", "b", "c"])])
        self.assertEqual(protected.get(), {"a": 40, "b": False, "c": None, "sum": 56})
        # No other part is there: the total is left out
        protected = Protected({"a": 3, "b": 3, "sum": 6}, [("sum", ["a", "b"])])
        self.assertEqual(protected.get(), {"a": None, "b": None, "sum": False})

    def test_what_is_shown_is_true(self):
        rng = random.Random(7)
        for _try in range(200):
            counts = {n: rng.randint(0, 40) for n in range(6)}
            counts["sum"] = sum(counts.values())
            shown = Protected(counts, [("sum", list(range(6)))]).get()
            for key, value in shown.items():
                if value is None:
                    self.assertLess(counts[key], LIMIT)
                elif value is not False:
                    self.assertEqual(value, counts[key])

    def test_shares_are_those_of_the_true_numbers(self):
        """89 % was shown as 75 %, 83 % as 100 %, when counts were rounded before."""
        for part, whole, expected in (
            (16, 18, None),
            (32, 36, (">", 86)),
            (890, 1000, ("", 89)),
            (825, 1000, ("", 83)),
            (20, 40, ("", 50)),
            (998, 1000, (">", 99)),
            (1000, 1000, (">", 99)),
            (0, 100, ("<", 5)),
            (4, 100, ("<", 5)),
            (5, 100, ("", 5)),
        ):
            self.assertEqual(get_share(part, whole), expected, (part, whole))

    def test_a_share_tells_no_small_count(self):
        """Whatever is smaller than 5 on either side, the share is the same."""
        for whole in range(20, 400):
            small = {get_share(part, whole) for part in range(LIMIT)}
            late = {get_share(whole - rest, whole) for rest in range(LIMIT)}
            self.assertEqual((len(small), len(late)), (1, 1), whole)

    def test_a_total_of_two_tables_betrays_neither(self):
        counts = {"u1": 30, "u2": 3, "m1": 17, "m2": 16, "sum": 33}
        protected = Protected(counts, [("sum", ["u1", "u2"]), ("sum", ["m1", "m2"])])
        self.assertIsNone(protected.shown("u2"))
        bounds = {key: protected._interval(key) for key in counts}
        self.assertIsNone(protected._tighten(bounds, protected.sums))
        self.assertEqual(bounds["u2"], (0, 4))

    def test_many_cells_take_no_long_time(self):
        rng = random.Random(1)
        months, fields = range(12), range(7)
        counts = {(m, f): int(rng.expovariate(0.1)) for m in months for f in fields}
        sums = []
        for m in months:
            counts["m", m] = sum(counts[m, f] for f in fields)
            sums.append((("m", m), [(m, f) for f in fields]))
        for f in fields:
            counts["f", f] = sum(counts[m, f] for m in months)
            sums.append((("f", f), [(m, f) for m in months]))
        counts["sum"] = sum(counts["m", m] for m in months)
        sums.append(("sum", [("m", m) for m in months]))
        sums.append(("sum", [("f", f) for f in fields]))
        protected = Protected(counts, sums)
        bounds = {key: protected._interval(key) for key in counts}
        protected._tighten(bounds, protected.sums)
        for key, count in counts.items():
            if count < LIMIT:
                self.assertEqual(bounds[key], (0, 4))
