import random

from odoo.tests import BaseCase, tagged

from ..tools.call_facts import CallFacts, describe, merge, merge_all
from .common import TAGS
from .scripts import script


@tagged(*TAGS)
class TestCallFacts(BaseCase):
    """The same is known of a call whatever the order of what an exchange tells."""

    def test_a_thousand_calls_of_twenty_kinds_in_any_order(self):
        dice = random.Random(1022)
        for number in range(1000):
            _call_id, events, expected = script(number % 20, number)
            facts = merge_all(CallFacts(), events)
            for _turn in range(4):
                told = events + dice.choices(events, k=dice.randrange(4))
                dice.shuffle(told)
                found = merge_all(CallFacts(), told)
                call = describe(found)._asdict()
                with self.subTest(kind=number % 20, told=told):
                    self.assertEqual({key: call[key] for key in expected}, expected)
                    self.assertEqual(found, facts)

    def test_what_is_told_again_says_nothing_new(self):
        for kind in range(20):
            _call_id, events, _expected = script(kind, kind)
            facts = merge_all(CallFacts(), events)
            for event in events:
                self.assertEqual(merge(facts, event), facts)
            self.assertEqual(CallFacts.from_dict(facts.as_dict()), facts)

    def test_what_is_no_event_is_refused(self):
        _call_id, [event, *_rest], _expected = script(0, 0)
        for wrong in (
            event._replace(kind="x"),
            event._replace(date=event.date.replace(tzinfo=None)),
            event._replace(texts=(("x", "y"),)),
        ):
            with self.assertRaises(ValueError):
                merge(CallFacts(), wrong)
        long = event._replace(texts=(("caller_name", "\0" + "x" * 5000),))
        facts = merge(CallFacts(), long)
        self.assertEqual(facts.texts["caller_name"][2], "x" * 300)
