import random

from odoo.tests import tagged

from ..tools.call_facts import ANSWERED, ENDED, GUESS, OFFERED, TOLD, CallEvent
from .common import NUMBER, TAGS, CallCase
from .scripts import script


@tagged(*TAGS)
class TestIntake(CallCase):
    """Art. 12.1: each call is on record once, as it was."""

    def test_art12_1_a_thousand_calls_are_counted_once(self):
        dice = random.Random(20)
        told, expected = [], {}
        for number in range(1000):
            call_id, events, values = script(number % 20, number)
            expected[call_id] = values
            told += events + dice.choices(events, k=dice.randrange(3))
        dice.shuffle(told)
        before = self.calls.search_count([])
        while told:
            size = dice.randrange(1, 400)
            self.calls._intake(self.account, told[:size])
            del told[:size]
        calls = self.calls.search([("call_id", "in", list(expected))])
        self.assertEqual(len(calls), 1000)
        self.assertEqual(self.calls.search_count([]) - before, 1000)
        for call in calls:
            values = expected[call.call_id]
            with self.subTest(call.call_id):
                self.assertEqual(call.state, values["state"])
                self.assertEqual(call.direction, values["direction"])
                number = "called" if call.direction == "out" else "caller"
                number = values.get(number, "")
                self.assertEqual(
                    call.private_number or "", number and f"+84{number[1:]}"
                )
                for name in ("waited", "talked"):
                    if values.get(name) is not None:
                        self.assertEqual(call[f"seconds_{name}"], values[name])
                if values.get("extension") == "902":
                    self.assertEqual(call.user_id, self.colleague)

    def test_queries_do_not_grow_with_the_calls_of_a_batch(self):
        def count(number):
            events = []
            for index in range(number):
                events += script(8, 5000 + 97 * number + index)[1]
            start = self.cr.sql_log_count
            self.calls._intake(self.account, events)
            self.env.flush_all()
            return self.cr.sql_log_count - start

        count(1)
        small, large = count(5), count(50)
        self.assertLessEqual(large, small + 5)

    def test_numbers_as_exchanges_write_them(self):
        for index, (text, number) in enumerate(
            (
                ("0905123456", "+84905123456"),
                ("84905123456", "+84905123456"),
                ("+84 905 123 456", "+84905123456"),
                ("0593824555", "+842693824555"),
                ("1022", "1022"),
            )
        ):
            call = self.ring(f"n{index}", number=text)
            self.assertEqual(call.private_number, number)
        self.assertTrue(self.ring("hidden", number="").is_hidden)

    def test_calls_that_the_exchange_forgot_are_over(self):
        talking, ringing = self.talk("lost1"), self.ring("lost2", extension="902")
        here = self.ring("here", extension="902")
        self.calls._close_unseen(self.account, {"here"}, self.at(600))
        self.assertEqual(here.state, "ringing")
        self.assertRecordValues(
            talking | ringing,
            [
                {"state": "done", "end_is_guess": True},
                {"state": "missed", "end_is_guess": True},
            ],
        )
        # How long they were is not known, which is not zero
        self.cr.execute("SELECT seconds_talked FROM pakn_call WHERE call_id = 'lost1'")
        self.assertEqual(self.cr.fetchall(), [(None,)])
        # It is told of after all
        self.tell(CallEvent("lost1", ENDED, self.at(98)))
        self.assertRecordValues(
            talking, [{"end_is_guess": False, "seconds_talked": 90}]
        )

    def test_a_call_whose_end_nobody_told_is_closed_after_hours(self):
        call = self.ring()
        self.set_clock("2026-03-02 11:00")
        self.calls._cron_close_stale()
        self.assertEqual(call.state, "ringing")
        self.set_clock("2026-03-02 12:30")
        self.calls._cron_close_stale()
        self.assertEqual(call.state, "missed")

    def test_who_speaks_is_in_a_call_and_then_writes(self):
        self.assertEqual(self.seat.presence, "ready")
        call = self.talk()
        self.assertEqual(call.user_id, self.operator)
        self.assertEqual(self.seat.presence, "talking")
        # Handed on to the colleague
        self.tell(CallEvent("c1", ANSWERED, self.at(20), "902"))
        self.assertEqual(call.user_id, self.colleague)
        self.assertEqual(self.seat.presence, "wrap_up")
        self.assertEqual(self.other_seat.presence, "talking")
        self.tell(CallEvent("c1", ENDED, self.at(40)))
        self.assertEqual(self.other_seat.presence, "wrap_up")
        self.assertEqual(self.other_seat._get_presence(), "wrap_up")
        self.set_clock("2026-03-02 08:02")
        self.assertEqual(self.other_seat._get_presence(), "ready")

    def test_service_level_counts_calls_from_the_outside(self):
        self.assertEqual(self.answered("quick").service_level, 100)
        self.assertEqual(self.lost("lost").service_level, 0)
        slow = self.ring("slow")
        self.tell(
            CallEvent("slow", ANSWERED, self.at(30), "901"),
            CallEvent("slow", ENDED, self.at(60)),
        )
        self.assertEqual(slow.service_level, 0)
        self.assertEqual((slow.seconds_waited, slow.seconds_talked), (30, 30))
        self.assertEqual(slow.hour, 8)

    def test_a_guess_gives_way_to_what_is_told(self):
        texts = (("direction", "in"), ("caller", NUMBER))
        self.tell(
            CallEvent("g", OFFERED, self.at(5), "901", rank=GUESS),
            CallEvent("g", TOLD, self.at(5), texts=(("caller", "0911"),), rank=GUESS),
        )
        self.tell(CallEvent("g", "ringing", self.at(0), texts=texts))
        self.assertEqual(self.get("g").private_number, "+84905123456")
