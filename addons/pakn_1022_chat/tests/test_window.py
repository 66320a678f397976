from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.mail.tools.discuss import Store
from odoo.addons.pakn_1022.tests.common import TAGS

from ..tools.gateway import Event, Result
from .common import ChatCase


@tagged(*TAGS)
class TestWindow(ChatCase):
    """Until when an answer is free, charged, and impossible."""

    def setUp(self):
        super().setUp()
        self.set_clock("2026-03-02 08:00")
        self.channel = self.writes("gặp nhân viên")
        self.send()  # the helper's answer is the first of eight

    def say(self, count=1):
        for _number in range(count):
            self.channel.with_user(self.operator).sudo().message_post(
                body="Chào anh", message_type="comment", subtype_xmlid="mail.mt_comment"
            )
        self.send()

    def check(self, state, left):
        self.env.invalidate_all()
        channel = self.channel.with_user(self.operator)
        self.assertEqual(
            (channel.pakn_window_state, channel.pakn_free_left), (state, left)
        )

    def test_eight_are_free_until_the_citizen_writes_again(self):
        self.check("free", 7)
        self.say(6)
        self.check("free", 1)
        self.gateway.results.append(Result("failed", reason="x"))
        self.say()
        self.check("free", 1)
        self.say()
        self.check("charged", 0)
        self.set_clock("2026-03-02 09:00")
        self.writes("vâng")
        self.check("free", 8)

    def test_free_for_two_days_charged_for_seven_then_shut(self):
        for moment, state in (
            ("2026-03-04 07:59", "free"),
            ("2026-03-04 08:01", "charged"),
            ("2026-03-09 07:59", "charged"),
            ("2026-03-09 08:01", "shut"),
        ):
            with self.subTest(moment):
                self.set_clock(moment)
                self.check(state, 7)

    def test_unfollowed_is_shut_and_says_why(self):
        self.take_in(Event("unfollow", "x", "u1"))
        self.check("shut", 7)
        window = self.channel._pakn_describe_window()
        self.assertIn("unfollowed", window["reason"])
        self.assertFalse(window["open_until"])

    def test_other_doors_never_charge(self):
        self.account.free_messages = 0
        self.check("free", -1)
        self.set_clock("2026-03-08 08:00")
        self.check("free", -1)
        with self.assertRaises(ValidationError):
            self.account.free_messages = -1

    def test_discuss_is_told_and_told_anew(self):
        channel = self.channel.with_user(self.operator)
        channel.action_pakn_take()
        store = Store(bus_channel=self.operator).add(channel).get_result()
        [told] = store["discuss.channel"]
        self.assertEqual(
            told["pakn_window"],
            {
                "is_counted": True,
                "left": 7,
                "free_until": "2026-03-04 01:00:00",
                "open_until": "2026-03-09 01:00:00",
                "reason": "",
            },
        )
        self.env["bus.bus"].search([]).unlink()
        self.say()
        self.env.cr.precommit.run()
        sent = self.env["bus.bus"].search([]).mapped("message")
        self.assertTrue(
            any('"left":6' in one.replace('"left": 6', '"left":6') for one in sent)
        )

    def test_a_list_of_many_costs_no_query_for_each(self):
        for number in range(12):
            self.writes("alo", who=f"many{number}")
        self.send()
        found = self.env["discuss.channel"].search(
            [("pakn_account_id", "=", self.account.id)]
        )
        counts = []
        for some in (found[:2], found):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.mapped("pakn_window_state")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
        self.assertGreater(len(found), 12)
