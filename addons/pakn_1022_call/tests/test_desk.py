from datetime import timedelta
from unittest.mock import patch

import polib

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import file_path, mute_logger

from ..tools.call_facts import ANSWERED, ENDED, OFFERED, TOLD, WITHDRAWN, CallEvent
from .common import NUMBER, TAGS, CallCase


@tagged(*TAGS)
class TestDesk(CallCase):
    """Art. 20: who calls is seen by the operator whose telephone rings."""

    def cards(self, user):
        self.env.invalidate_all()
        return self.calls.with_user(user).get_desk()["cards"]

    def test_a_telephone_has_a_number_and_no_extension_of_time(self):
        """The word for more time (Art. 11.3) stood over the column of telephones."""
        terms = polib.pofile(file_path("pakn_1022_call/i18n/vi.po"))
        self.assertEqual(terms.find("Extension").msgstr, "Số máy nhánh")

    def test_the_card_is_where_it_rings(self):
        call = self.ring()
        [card] = self.cards(self.operator)
        self.assertEqual((card["id"], card["state"]), (call.id, "ringing"))
        self.assertEqual(card["number"], "+84905123456")
        self.assertEqual(card["number_text"], "0905 123 456")
        self.assertFalse(card["is_mine"])
        self.assertFalse(self.cards(self.colleague))
        self.assertIsNone(self.calls.with_user(self.focal).get_desk())
        # It goes on to the next telephone
        self.tell(
            CallEvent("c1", WITHDRAWN, self.at(10), "901"),
            CallEvent("c1", OFFERED, self.at(10), "902"),
        )
        self.assertFalse(self.cards(self.operator))
        self.assertTrue(self.cards(self.colleague))

    def test_art20_3_who_called_in_vain_is_known_when_they_call_again(self):
        first = self.lost("v1")
        self.lost("v2")
        self.ring("v3")
        [card] = self.cards(self.operator)
        self.assertEqual(card["in_vain"], 2)
        self.assertEqual(
            card["waits_since"], fields.Datetime.to_string(first.date_ring)
        )
        # Somebody else waits for nothing, nor who hides the number
        for name, number in (("v4", "0905999111"), ("v5", "")):
            self.ring(name, number=number)
        others = [one for one in self.cards(self.operator) if one != card]
        self.assertEqual(
            [(one["in_vain"], one["waits_since"]) for one in others], [(0, False)] * 2
        )

    def test_art20_a_call_that_is_handed_on_rings_on_the_colleagues_screen(self):
        call = self.talk()
        self.assertEqual(self.seat.presence, "talking")
        # A blind transfer: the operator hangs up, the colleague's telephone rings
        self.tell(
            CallEvent("c1", WITHDRAWN, self.at(30), "901"),
            CallEvent("c1", OFFERED, self.at(31), "902"),
        )
        [card] = self.cards(self.colleague)
        self.assertEqual((card["state"], card["is_mine"]), ("ringing", False))
        self.assertEqual(self.seat.presence, "wrap_up")
        # Who handed it on still writes it down
        self.assertEqual(self.cards(self.operator)[0]["id"], call.id)
        self.assertTrue(call.with_user(self.colleague).take())
        self.tell(CallEvent("c1", ANSWERED, self.at(35), "902"))
        self.assertEqual(call.user_id, self.colleague)
        self.assertEqual(self.cards(self.colleague)[0]["state"], "talking")

    def test_a_call_at_no_telephone_is_seen_by_all_who_are_there(self):
        self.ring(extension=None)
        self.assertTrue(self.cards(self.operator) and self.cards(self.colleague))
        self.other_seat.presence = "break"
        self.assertFalse(self.cards(self.colleague))

    def test_who_calls(self):
        done = self.done(title="Đã xong")
        waiting = self.new_ticket(title="Cột điện nghiêng", citizen_name="Trần Thị B")
        secret = self.new_ticket(title="Kín", citizen_name="Tên kín")
        secret.sudo().secrecy = "secret"
        self.ring()
        [card] = self.cards(self.operator)
        self.assertEqual(card["name"], "Trần Thị B")
        self.assertIn("12 Hùng Vương", card["place"])
        shown = [ticket["id"] for ticket in card["tickets"]]
        self.assertEqual(shown, [waiting.id, done.id])
        self.assertTrue(card["tickets"][0]["is_open"])
        self.assertNotIn("Tên kín", str(card))

    def test_a_name_that_the_exchange_tells_is_no_persons_word(self):
        self.tell(
            CallEvent(
                "c1", OFFERED, self.at(), "901", texts=(("caller_name", "VIETTEL"),)
            )
        )
        [card] = self.cards(self.operator)
        self.assertEqual((card["name"], card["is_name_told"]), ("VIETTEL", True))
        self.assertTrue(card["is_hidden"])

    def test_a_nuisance_caller_is_known_the_next_time(self):
        call = self.answered("before")
        call.with_user(self.operator).settle(self.reasons["nuisance"].id)
        self.ring("again")
        [card] = self.cards(self.operator)
        self.assertEqual((card["nuisance"], card["earlier"]), (1, 1))

    def test_what_many_ask_about_is_told(self):
        for index in range(5):
            self.new_ticket(citizen_phone=f"09051110{index:02}")
        self.ring()
        [card] = self.cards(self.operator)
        [crowd] = card["crowds"]
        self.assertIn("Lĩnh vực thử: 5", crowd["text"])
        self.assertFalse(crowd["article"] or card["announced"])
        # With the answer that is ready for it, and what callers are told meanwhile
        values = {"name": "Mất điện?", "answer": "<p>Đến 17 giờ.</p>"}
        article = self.env["pakn.article"].create(
            values
            | {
                "category_id": self.env["pakn.ticket"]
                .search([], limit=1)
                .category_id.id
            }
        )
        self.env["pakn.call.announcement"].create(
            {"name": "Mất điện ở Pleiku", "text": "Đang mất điện."}
        )
        [card] = self.cards(self.operator)
        self.assertEqual(
            card["crowds"][0]["article"], {"id": article.id, "name": "Mất điện?"}
        )
        self.assertEqual(card["announced"], ["Mất điện ở Pleiku"])

    def test_two_operators_one_call_exactly_one_gets_it(self):
        call = self.ring()
        self.tell(CallEvent("c1", OFFERED, self.at(1), "902"))
        call.with_user(self.operator).take()
        self.assertFalse(self.cards(self.colleague))
        theirs = call.with_user(self.colleague)
        ticket = self.new_ticket()
        for act in (theirs.take, lambda: theirs.link(ticket.id)):
            with self.assertRaisesRegex(UserError, "operator has taken"):
                act()
        [card] = self.cards(self.operator)
        self.assertTrue(card["is_mine"])
        # The one who lifts the receiver has it, whoever pressed the key
        self.tell(CallEvent("c1", ANSWERED, self.at(5), "902"))
        self.assertFalse(self.cards(self.operator))
        self.assertTrue(self.cards(self.colleague)[0]["is_mine"])

    def test_art12_1_a_request_is_taken_from_a_call(self):
        call = self.talk()
        context = call.with_user(self.operator).get_request_context()
        self.assertEqual(context["default_citizen_phone"], "+84905123456")
        tickets = self.env["pakn.ticket"].with_user(self.operator)
        with Form(tickets.with_context(**context)) as form:
            form.title = "Đèn hỏng"
            form.description = "<p>Đèn đường hỏng rồi.</p>"
        ticket = form.record
        self.assertEqual(ticket.citizen_phone, "+84905123456")
        self.assertEqual(ticket.channel_id.code, "phone")
        self.assertEqual(call.ticket_ids, ticket)
        self.assertFalse(call.is_unsettled)
        [event] = ticket.event_ids.filtered(lambda event: event.kind == "phoned")
        self.assertEqual(event.payload["call"], "c1")
        self.assertFalse(ticket._verify_records())
        # To an open request, once
        other = self.new_ticket()
        for _twice in range(2):
            call.with_user(self.operator).link(other.id)
        self.assertEqual(call.ticket_ids, ticket | other)
        self.assertEqual(self.kinds(other).count("phoned"), 1)

    def test_nobody_links_what_is_not_theirs(self):
        call, ticket = self.talk(), self.new_ticket()
        for user in (self.focal, self.monitor, self.employee):
            with (
                self.assertRaises(AccessError),
                mute_logger("odoo.addons.base.models.ir_rule"),
            ):
                call.with_user(user).link(ticket.id)
        ticket.sudo().secrecy = "secret"
        with (
            self.assertRaises(AccessError),
            mute_logger("odoo.addons.base.models.ir_rule"),
        ):
            call.with_user(self.operator).link(ticket.id)
        with self.assertRaises(UserError):
            call.with_user(self.operator).link(0)
        tickets = self.env["pakn.ticket"].with_user(self.operator)
        with self.assertRaises(AccessError):
            tickets.with_context(pakn_call_id=999_999_999).create(
                {"title": "x", "description": "<p>Một hai ba bốn.</p>"}
            )

    def test_art20_a_call_without_a_request_needs_a_reason(self):
        call = self.answered()
        self.assertTrue(call.is_unsettled)
        [card] = self.cards(self.operator)
        self.assertEqual(card["state"], "done")
        mine = call.with_user(self.operator)
        with self.assertRaises(ValidationError):
            mine.settle(0)
        mine.settle(self.reasons["silent"].id, " im lặng ")
        self.assertFalse(call.is_unsettled or self.cards(self.operator))
        self.assertEqual(call.note, "im lặng")
        with self.assertRaises(UserError):
            self.ring("now").with_user(self.operator).settle(self.reasons["silent"].id)

    def test_a_hidden_number_fills_in_nothing(self):
        call = self.ring(number="")
        context = call.with_user(self.operator).get_request_context()
        self.assertFalse(context["default_citizen_phone"])

    def test_each_says_for_oneself_whether_one_is_ready(self):
        seats = self.env["pakn.call.seat"].with_user(self.operator)
        seats.set_presence("break")
        self.assertEqual(self.seat.presence, "break")
        self.assertEqual(self.other_seat.presence, "ready")
        with self.assertRaises(ValidationError):
            seats.set_presence("talking")
        self.talk()
        with self.assertRaises(ValidationError):
            seats.set_presence("break")
        for user in (self.focal, self.monitor):
            with self.assertRaises(AccessError):
                seats.with_user(user).set_presence("ready")

    def test_art18_4_nobody_is_ready_at_the_telephone_of_who_left(self):
        self.assertEqual(self.seat.presence, "ready")
        self.operator.group_ids -= self.env.ref("pakn_1022.group_operator")
        self.assertEqual(self.seat.presence, "break")
        self.assertEqual(self.other_seat.presence, "ready")
        self.other_seat.user_id.active = False
        self.assertEqual(self.other_seat.presence, "break")

    def test_screens_are_told_when_something_changed(self):
        told = []
        users = type(self.env["res.users"])

        def note(user, kind, message, **options):
            told.append((user.id, kind))

        with patch.object(users, "_bus_send", note):
            self.ring()
            self.assertIn((self.operator.id, "pakn_1022_call.changed"), told)
            self.assertNotIn(self.colleague.id, [user for user, _kind in told])
            del told[:]
            # Told again: nothing new, nobody is woken
            self.tell(CallEvent("c1", OFFERED, self.at(1), "901"))
            self.assertFalse(told)
            self.tell(CallEvent("c1", ENDED, self.at(9)))
            self.assertTrue(told)

    def test_a_call_leaves_the_screen_after_a_while(self):
        self.answered()
        self.assertTrue(self.cards(self.operator))
        self.set_clock("2026-03-02 08:40")
        self.assertFalse(self.cards(self.operator))

    def test_queries_do_not_grow_with_the_cards(self):
        def count():
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            self.calls.with_user(self.operator).get_desk()
            return self.cr.sql_log_count - start

        self.new_ticket()
        self.ring("q0")
        count()
        one = count()
        for index in range(1, 12):
            self.new_ticket(citizen_phone=f"09052220{index:02}")
            self.ring(f"q{index}", number=f"09052220{index:02}")
        # With so many there is a crowd, whose ready answer is looked for
        self.assertLessEqual(count(), one + 4)

    def test_to_the_outside_the_exchange_is_asked_for(self):
        asked = []
        accounts = type(self.env["pakn.call.account"])

        def dial(account, extension, number):
            asked.append((extension, number))
            return "1022-abc"

        calls = self.calls.with_user(self.operator)
        with patch.object(accounts, "_dial", dial):
            calls.dial("0905 123 456")
            for number in ("113", "x", "", None, "0905123456\r\nAction: x"):
                with self.assertRaises(UserError):
                    calls.dial(number)
            with self.assertRaises(AccessError):
                self.calls.with_user(self.monitor).dial(NUMBER)
            self.seat.account_id = False
            with self.assertRaises(UserError):
                calls.dial(NUMBER)
        self.assertEqual(asked, [("901", "+84905123456")])
        call = self.get("1022-abc")
        self.assertRecordValues(
            call, [{"direction": "out", "user_id": self.operator.id}]
        )
        self.assertLess(fields.Datetime.now() - call.date_ring, timedelta(minutes=1))

    def test_art20_3_a_busy_line_is_said_while_the_tone_is_heard(self):
        for status, shown in (
            ("BUSY", "busy"),
            ("NOANSWER", "no_answer"),
            # Another line is tried
            ("CONGESTION", ""),
        ):
            with self.subTest(status):
                call = self.ring(status, direction="out")
                call.user_id = self.operator
                desk = self.calls.with_user(self.operator)
                [card] = desk.get_desk()["cards"]
                self.assertEqual(card["not_reached"], "")
                texts = (("cause", status),)
                self.tell(CallEvent(status, TOLD, self.at(9), texts=texts))
                [card] = desk.get_desk()["cards"]
                self.assertEqual(
                    (card["state"], card["not_reached"]), ("ringing", shown)
                )
                # The tone is over: the card goes, and why it ended is kept
                texts = (("cause", "Normal Clearing"),)
                self.tell(CallEvent(status, ENDED, self.at(20), texts=texts))
                self.assertFalse(desk.get_desk()["cards"])
                self.assertEqual(call.cause, status)
