"""No small number can be told from what the statistics show; nothing of Odoo."""

import itertools
import random
import unittest

from ..tools.disclosure import LIMIT, Protected


def get_solutions(protected):
    """Return all numbers behind a published table of one total, by trying them."""
    [(total, parts)] = protected.sums
    ranges = [protected._interval(key) for key in parts]
    low, high = protected._interval(total)
    return [
        numbers
        for numbers in itertools.product(*(range(a, b + 1) for a, b in ranges))
        if low <= sum(numbers) <= high
    ]


class TestDisclosure(unittest.TestCase):
    def test_small_numbers_and_rounding(self):
        shown = Protected({"a": 0, "b": 4, "c": 5, "d": 7, "e": 8, "f": 1234}, []).get()
        self.assertEqual(
            shown, {"a": None, "b": None, "c": 5, "d": 5, "e": 10, "f": 1235}
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
                        possible, set(range(LIMIT)), (counts, protected.base)
                    )

    def test_the_case_that_rounding_alone_betrays(self):
        """18 = 7 + 7 + 4 would show 20 = 5 + 5 + "<5", where only 4 is possible."""
        counts = {"a": 7, "b": 7, "c": 4, "sum": 18}
        protected = Protected(counts, [("sum", ["a", "b", "c"])])
        self.assertEqual(protected.get(), {"a": 5, "b": 5, "c": None, "sum": False})

    def test_a_total_of_two_tables_betrays_neither(self):
        counts = {"u1": 30, "u2": 3, "m1": 17, "m2": 16, "sum": 33}
        protected = Protected(counts, [("sum", ["u1", "u2"]), ("sum", ["m1", "m2"])])
        self.assertIsNone(protected.shown("u2"))
        bounds = {key: protected._interval(key) for key in counts}
        self.assertIsNone(protected._tighten(bounds))
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
        protected._tighten(bounds)
        for key, count in counts.items():
            if count < LIMIT:
                self.assertEqual(bounds[key], (0, 4))
