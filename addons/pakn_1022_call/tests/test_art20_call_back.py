import json
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools.call_facts import ANSWERED, ENDED, CallEvent
from .common import NUMBER, TAGS, CallCase

NUMBER_E164 = "+84905123456"


@tagged(*TAGS)
class TestCallBack(CallCase):
    """Art. 20.3: who called and reached nobody is called back."""

    def entries(self, state="open"):
        return self.env["pakn.call.back"].search(
            [("state", "=", state), ("private_number", "like", "+8490")], order="id"
        )

    def test_art20_3_one_entry_for_a_number_who_waits_longest_first(self):
        self.set_clock("2026-03-02 09:00")
        self.lost("b", number="0905000002")
        self.set_clock("2026-03-02 08:00")
        self.lost("a1", number="0905000001")
        self.set_clock("2026-03-02 10:00")
        self.lost("a2", number="0905000001", gone=True)
        self.lost("hidden", number="")
        self.lost("short", number="1022")
        self.env.invalidate_all()
        entries = self.env["pakn.call.back"].search(
            [("private_number", "like", "+84905000")]
        )
        self.assertEqual(
            entries.mapped("private_number"), ["+84905000001", "+84905000002"]
        )
        self.assertEqual(entries.mapped("call_count"), [2, 1])
        self.assertEqual(len(entries[0].call_ids), 2)
        self.assertEqual(self.get("a1").callback_state, "open")

    def test_art20_3_reached_by_calling_back(self):
        self.lost()
        self.set_clock("2026-03-02 08:30")
        self.answered("back", direction="out")
        [entry] = self.entries("reached")
        self.assertEqual(entry.user_id, self.operator)
        self.assertEqual(entry.minutes_waited, 30)
        # Missed again later: on the list again
        self.set_clock("2026-03-02 09:00")
        self.lost("later")
        self.assertEqual(len(self.entries()), 1)

    def test_art20_3_reached_when_the_person_gets_through(self):
        self.lost()
        self.set_clock("2026-03-02 08:10")
        self.answered("again")
        self.assertFalse(self.entries())
        self.assertTrue(self.entries("reached"))

    def test_a_call_told_late_that_was_answered_is_no_missed_one(self):
        self.lost()
        self.tell(CallEvent("c1", ANSWERED, self.at(20), "901", rank=2))
        self.assertEqual(self.get("c1").state, "done")
        self.assertFalse(self.entries())

    def test_art20_3_given_up_after_three_tries_at_different_times(self):
        self.lost()
        for index, (moment, tries) in enumerate(
            (("09:00", 1), ("09:20", 1), ("10:30", 2), ("10:40", 2))
        ):
            self.set_clock(f"2026-03-02 {moment}")
            self.lost(f"try{index}", direction="out")
            [entry] = self.entries()
            self.assertEqual(entry.tries, tries, moment)
        self.set_clock("2026-03-02 12:00")
        self.lost("last", direction="out")
        self.assertFalse(self.entries())
        self.assertEqual(self.entries("tried").tries, 3)

    def test_noted_by_hand(self):
        self.lost()
        entry = self.entries().with_user(self.operator)
        entry.action_not_reached()
        with self.assertRaisesRegex(UserError, "09:00"):
            entry.action_not_reached()
        entry.action_reached()
        self.assertEqual(entry.state, "reached")
        with self.assertRaises(UserError):
            entry.action_reached()

    def test_art20_3_who_can_be_called_now_over_midnight(self):
        self.set_clock("2026-03-02 23:30")
        self.lost()
        self.lost("b", number="0905000002")
        entries = self.entries().with_user(self.operator)
        entry = entries.filtered(lambda one: one.private_number == NUMBER_E164)
        entry.action_not_reached()
        self.env.invalidate_all()
        self.assertFalse(entry.is_due)
        due = [("is_due", "=", True), ("id", "in", entries.ids)]
        self.assertEqual(entries.search(due), entries - entry)
        not_due = [("is_due", "=", False), ("id", "in", entries.ids)]
        self.assertEqual(entries.search(not_due), entry)
        # The hour alone would be any day's
        with self.assertRaisesRegex(UserError, "23:30.*00:30 03/03"):
            entry.action_not_reached()
        self.set_clock("2026-03-03 00:30")
        self.env.invalidate_all()
        self.assertTrue(entry.is_due)
        self.assertEqual(entries.search(due), entries)
        entry.action_reached()
        self.assertFalse(entry.is_due)

    def on_desk(self, user=None):
        """Return the rows of those who called in vain, as the browser gets them."""
        self.env.invalidate_all()
        tickets = self.env["pakn.ticket"].with_user(user or self.operator)
        desk = json.loads(json.dumps(tickets.get_desk()))
        first = desk["sections"][0]
        if first["key"] != "call_backs":
            return []
        entries = self.env[first["model"]].search(first["domain"])
        self.assertEqual(first["count"], len(entries))
        return first["rows"]

    def test_art20_3_who_called_in_vain_stands_first_on_the_desk(self):
        self.set_clock("2026-03-02 08:00")
        self.lost("b", number="0905000002")
        self.set_clock("2026-03-02 08:45")
        self.lost()
        self.lost("again")
        self.new_ticket(citizen_phone=NUMBER, citizen_name="Trần Thị Bình")
        self.set_clock("2026-03-02 09:00")
        older, row = self.on_desk()
        self.assertEqual((older["title"], older["color"]), ("0905 000 002", "late"))
        self.assertEqual(older["name"], "Called once")
        self.assertEqual((row["title"], row["color"]), ("0905 123 456", "ok"))
        self.assertEqual(row["name"], "Called 2 times")
        self.assertEqual(row["citizen"], "Trần Thị Bình")
        # Tried in vain: not again at once
        entry = self.env["pakn.call.back"].browse(row["id"]).with_user(self.operator)
        entry.action_not_reached()
        self.assertEqual([one["id"] for one in self.on_desk()], [older["id"]])
        self.set_clock("2026-03-02 10:00")
        row = self.on_desk()[1]
        self.assertEqual((row["id"], row["about"]), (entry.id, "tried 1 times"))
        entry.action_reached()
        self.env["pakn.call.back"].browse(older["id"]).with_user(
            self.colleague
        ).action_reached()
        self.assertFalse(self.on_desk())

    def test_art20_3_the_desk_asks_anew_when_somebody_waits_or_not_any_more(self):
        def count():
            told = [
                args
                for args in heard.call_args_list
                if args.args[0] == "pakn_1022.changed"
            ]
            heard.reset_mock()
            return len(told)

        with patch.object(
            type(self.env["res.groups"]), "_bus_send", autospec=False
        ) as heard:
            self.lost()
            self.assertTrue(count())
            entry = self.entries().with_user(self.operator)
            entry.action_not_reached()
            self.assertTrue(count())
            self.set_clock("2026-03-02 10:00")
            self.answered("back", direction="out")
            self.assertTrue(count())
            entry.action_reopen()
            self.assertTrue(count())
            entry.close(self.reasons["information"].id)
            self.assertTrue(count())

    def test_an_entry_is_named_as_people_say_its_number(self):
        self.lost()
        self.assertEqual(self.entries().display_name, "0905 123 456")
        masked = self.entries().with_user(self.monitor).display_name
        self.assertNotIn("123", masked)

    def test_art20_3_a_mailbox_that_answered_was_nobody(self):
        self.lost()
        self.set_clock("2026-03-02 09:30")
        self.answered("back", direction="out")
        entry = self.entries("reached").with_user(self.operator)
        for user in (self.monitor, self.focal):
            with (
                self.assertRaises(AccessError),
                mute_logger("odoo.addons.base.models.ir_rule"),
            ):
                entry.with_user(user).reopen()
        entry.action_reopen()
        self.assertRecordValues(
            entry, [{"state": "open", "tries": 1, "date_closed": False}]
        )
        with self.assertRaises(UserError):
            entry.reopen()
        # They have called again meanwhile: one entry for a number
        entry.action_reached()
        self.lost("again")
        self.assertTrue(self.entries() - entry)
        with self.assertRaisesRegex(UserError, "already"):
            entry.reopen()

    def test_reached_is_a_yes_or_a_no(self):
        self.lost()
        entry = self.entries().with_user(self.operator)
        for nonsense in ("false", "x", [], {"a": 1}):
            with self.subTest(nonsense), self.assertRaises(UserError):
                entry.note_try(nonsense)
        self.assertEqual(entry.state, "open")

    def test_closed_with_a_reason(self):
        self.lost()
        entry = self.entries().with_user(self.operator)
        for user in (self.monitor, self.focal, self.employee):
            with (
                self.assertRaises(AccessError),
                mute_logger("odoo.addons.base.models.ir_rule"),
            ):
                entry.with_user(user).close(self.reasons["nuisance"].id)
        with self.assertRaises(UserError):
            entry.close(0)
        dialog = self.env["pakn.call.settle"].with_user(self.operator)
        dialog.create(
            {
                "callback_ids": [(6, 0, entry.ids)],
                "reason_id": self.reasons["nuisance"].id,
                "note": "Quấy rối",
            }
        ).action_confirm()
        self.assertRecordValues(
            entry,
            [
                {
                    "state": "closed",
                    "reason_id": self.reasons["nuisance"].id,
                    "note": "Quấy rối",
                    "user_id": self.operator.id,
                }
            ],
        )

    def test_what_is_no_id_and_no_text_is_refused_with_a_sentence(self):
        call = self.lost().with_user(self.operator)
        entry = self.entries().with_user(self.operator)
        reason = self.reasons["nuisance"].id
        for nonsense in (True, 1.5, "x", [[1]], {"a": 1}, 2**70):
            for do in (
                lambda value: call.settle(value),
                lambda value: call.link(value),
                lambda value: entry.close(value),
            ):
                with self.subTest(nonsense), self.assertRaises(UserError):
                    do(nonsense)
        for nonsense in (True, 1.5, ["x"], {"a": 1}):
            with self.subTest(nonsense), self.assertRaises(UserError):
                call.settle(reason, nonsense)
            with self.subTest(nonsense), self.assertRaises(UserError):
                entry.close(reason, nonsense)
        self.assertEqual(entry.state, "open")
        self.assertFalse(call.reason_id)

    def test_the_monitor_sees_that_somebody_waits_but_not_who(self):
        self.lost()
        entry = self.entries().with_user(self.monitor)
        self.assertEqual(entry.number, "***456")
        self.assertFalse(entry.search([("number", "ilike", NUMBER[1:])]))
        with self.assertRaises(AccessError):
            entry.search([("private_number", "!=", False)])

    def test_many_at_once_cost_no_more_queries(self):
        def count(name, number):
            events = []
            for index in range(number):
                phone = f"0906{len(name)}{index:05}"
                events.append(
                    CallEvent(
                        f"{name}{index}", ENDED, self.at(9), texts=(("caller", phone),)
                    )
                )
            start = self.cr.sql_log_count
            self.calls._intake(self.account, events)
            self.env.flush_all()
            return self.cr.sql_log_count - start

        count("w", 2)
        small = count("few", 5)
        self.assertLessEqual(count("many", 60), small + 5)
