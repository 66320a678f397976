import random
from datetime import datetime, timedelta

from odoo.tests import BaseCase, tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from ..tools import figures
from ..tools.figures import Round, Slip

START, END = datetime(2031, 3, 1), datetime(2031, 4, 1)
DAY = timedelta(days=1)


def slip(number, sent, closed=None, state="answered", late=None, previous=None, **more):
    values = {"unit": 1, "level": "focal", "role": "lead", "rework": False} | more
    values.setdefault("first", closed)
    values.setdefault("deadline", sent + DAY)
    return Slip(
        id=number,
        ticket=number,
        previous=previous,
        sent=sent,
        escalated=previous is not None and not values["rework"],
        closed=closed,
        state=state if closed else "sent",
        late_since=late,
        first_hours=1.0,
        result_hours=1.0,
        **values,
    )


@tagged(*TAGS)
class TestFigures(BaseCase):
    def test_mean_and_percentile(self):
        self.assertIsNone(figures.percentile([]))
        self.assertIsNone(figures.mean([]))
        self.assertEqual(figures.percentile([5]), 5)
        self.assertEqual(figures.percentile(list(range(1, 11))), 9)
        self.assertEqual(figures.percentile(list(range(1, 12))), 10)
        self.assertEqual(figures.mean([1, 2, 6]), 3)

    def test_edges_belong_to_the_period_that_begins(self):
        for opened, key in (
            (START - timedelta(seconds=1), "carried"),
            (START, "received"),
            (END - timedelta(seconds=1), "received"),
        ):
            found = figures.get_rounds([Round(1, 1, opened, None, None)], START, END)
            self.assertEqual(found[key], [1])
        found = figures.get_rounds([Round(1, 1, END, None, None)], START, END)
        self.assertFalse(any(found.values()))

    def test_what_ended_later_was_open(self):
        item = Round(1, 1, START, END, "focal")
        self.assertEqual(figures.get_rounds([item], START, END)["open"], [1])
        item = item._replace(ended=END - timedelta(seconds=1))
        self.assertEqual(figures.get_rounds([item], START, END)["focal"], [1])

    def test_head_goes_on_with_the_matter_of_its_unit(self):
        first = slip(1, START + DAY, START + 2 * DAY, "expired", START + 2 * DAY)
        second = slip(2, START + 2 * DAY, START + 3 * DAY, previous=1, level="head")
        matters = figures.get_matters([first, second], END)
        units = figures.get_units(matters, START, END)
        self.assertEqual(units[1]["received"], [2])
        self.assertEqual(units[1]["answered"], [2])
        # Between the two moments the matter was open, and already late
        matters = figures.get_matters([first, second], START + 2.5 * DAY)
        units = figures.get_units(matters, START, START + 2.5 * DAY)
        self.assertEqual(units[1]["open_late"], [2])

    def test_a_matter_whose_beginning_is_out_of_sight_is_carried_and_late(self):
        second = slip(2, START - DAY, None, previous=1, level="head")
        units = figures.get_units(figures.get_matters([second], END), START, END)
        self.assertEqual(units[1]["carried"], [2])
        self.assertEqual(units[1]["open_late"], [2])

    def test_a_result_given_back_is_the_same_matter_and_not_late(self):
        """Also where the slip that was answered first is out of sight."""
        first = slip(1, START - 3 * DAY, START - 2 * DAY)
        again = slip(2, START - DAY, None, previous=1, rework=True)
        for seen in ([first, again], [again]):
            units = figures.get_units(figures.get_matters(seen, END), START, END)
            self.assertEqual(units[1]["carried"], [2])
            self.assertEqual(units[1]["open_in_time"], [2])

    def test_when_a_slip_is_judged_and_as_what(self):
        """Art. 11.4, to the second; ``None`` is not judged in this period."""
        deadline = START + DAY
        second = timedelta(seconds=1)
        for name, wanted, values in (
            ("answered in time", True, {"closed": deadline}),
            ("answered late", False, {"closed": deadline + DAY, "late": deadline}),
            ("let expire", False, {"state": "expired", "late": deadline}),
            ("open and late", False, {"closed": None, "late": deadline}),
            ("open, not due yet", None, {"closed": None}),
            ("returned", None, {"state": "returned"}),
            ("cancelled", None, {"state": "cancelled", "first": None}),
            (
                "cancelled after it was late",
                False,
                {"state": "cancelled", "first": None, "late": deadline},
            ),
            ("appointment given", True, {"closed": None, "first": deadline}),
            (
                "appointment missed in the period",
                False,
                {"closed": None, "first": deadline, "late": END - second},
            ),
            (
                "appointment missed after it",
                True,
                {"closed": None, "first": deadline, "late": END},
            ),
            ("due at its end", None, {"deadline": END}),
            ("due a second before", True, {"deadline": END - second}),
            ("due as it began", True, {"deadline": START}),
            ("due before", None, {"deadline": START - second}),
            ("late before", None, {"closed": None, "late": START - second}),
        ):
            values.setdefault("deadline", deadline)
            item = slip(1, START - DAY, values.pop("closed", START), **values)
            if name.startswith("due") and wanted is not False:
                item = item._replace(first=START - DAY)
            found = figures.get_timeliness([item], START, END, "unit").get(1)
            with self.subTest(name):
                if wanted is None:
                    self.assertIsNone(found)
                else:
                    self.assertEqual((found.due, found.share), ([1], float(wanted)))

    def test_every_matter_is_in_one_column_whatever_happens(self):
        """Brought forward and received are all of the others together."""
        rng = random.Random(12)
        for _case in range(200):
            slips, number = [], 0
            for _matter in range(20):
                sent = START + rng.uniform(-40, 40) * DAY
                previous = None
                for _level in range(rng.randint(1, 3)):
                    number += 1
                    closed = rng.choice([None, sent + rng.uniform(0.1, 30) * DAY])
                    state = rng.choice(["answered", "returned", "cancelled", "expired"])
                    late = closed if state == "expired" else None
                    slips.append(slip(number, sent, closed, state, late, previous))
                    if not closed or state != "expired":
                        break
                    previous, sent = number, closed
            # As the database gives them: what was closed before is not read
            seen = [s for s in slips if not s.closed or s.closed >= START]
            units = figures.get_units(figures.get_matters(seen, END), START, END)
            for columns in units.values():
                counts = {key: len(ids) for key, ids in columns.items()}
                came = counts.pop("carried") + counts.pop("received")
                self.assertEqual(came, sum(counts.values()))

    def test_rounds_balance_whatever_happens(self):
        rng = random.Random(21)
        for _case in range(200):
            rounds = []
            for ticket in range(20):
                opened = START + rng.uniform(-60, 40) * DAY
                for number in range(1, rng.randint(2, 4)):
                    ended = rng.choice([None, opened + rng.uniform(0.1, 20) * DAY])
                    outcome = rng.choice(figures.OUTCOMES) if ended else None
                    rounds.append(Round(ticket, number, opened, ended, outcome))
                    if not ended:
                        break
                    opened = ended + rng.uniform(0, 20) * DAY
            found = figures.get_rounds(rounds, START, END)
            counts = {key: len(ids) for key, ids in found.items()}
            came = sum(counts.pop(key) for key in ("carried", "received", "reopened"))
            self.assertEqual(came, sum(counts.values()))
            received = figures.get_received(rounds, START, END)
            self.assertEqual(sum(map(len, received.values())), len(found["received"]))
