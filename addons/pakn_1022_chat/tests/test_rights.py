import json
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.pakn_1022.tests.common import TAGS

from .common import ChatCase


@tagged(*TAGS)
class TestRights(ChatCase):
    """Who may know of conversations, and do what (Art. 13.1)."""

    def test_rights_matrix(self):
        self.check_rights(
            "pakn_1022_chat",
            {
                "pakn.chat.account": {"operator": "r", "manager": "rcw"},
                "pakn.chat.text": {"manager": "rw"},
                "pakn.chat.event": {"manager": "r"},
                "pakn.chat.file": {"operator manager": "r"},
                "pakn.chat.message": {"operator manager": "r"},
                "pakn.chat.hand.over.dialog": {"operator manager": "rcwu"},
            },
        )

    def call(self, user, method, channel, *args, **kwargs):
        args, kwargs = json.loads(json.dumps([[channel.ids, *args], kwargs]))
        model = self.env["discuss.channel"].with_user(user)
        with mute_logger("odoo.models", "odoo.addons.base.models.ir_rule"):
            return call_kw(model, method, args, kwargs)

    def test_operators_read_all_and_others_none(self):
        channel = self.writes("alo")
        self.assertTrue(channel.with_user(self.operator).has_access("read"))
        for user in (self.monitor, self.focal, self.head, self.employee, self.public):
            with self.subTest(user.login):
                self.assertFalse(channel.with_user(user).has_access("read"))
                messages = channel.message_ids.with_user(user)
                self.assertFalse(messages._filtered_access("read"))
                self.assertFalse(
                    self.env["discuss.channel"]
                    .with_user(user)
                    .search([("channel_type", "=", "pakn_chat")])
                )

    def test_secret_is_read_by_the_cleared_alone(self):
        channel = self.whole_request()
        self.assertTrue(channel.with_user(self.operator).has_access("read"))
        channel.pakn_ticket_id.secrecy = "secret"
        self.env.invalidate_all()
        self.assertFalse(channel.with_user(self.operator).has_access("read"))
        said = self.out(channel).with_user(self.operator)
        self.assertFalse(said._filtered_access("read"))

    def test_art13_1_who_took_part_knows_no_more_once_it_is_secret(self):
        cleared = new_test_user(
            self.env,
            login="test_cleared",
            groups="pakn_1022.group_secrecy_clearance",
        )
        channel = self.whole_request()
        channel.with_user(self.operator).action_pakn_take()
        first = channel.pakn_ticket_id
        self.assertIn(self.operator.partner_id, channel.channel_partner_ids)
        # A later request of the same person is no secret: what was said before is
        for is_later in (False, True):
            if is_later:
                channel.with_user(self.manager).action_pakn_to_helper()
                first.with_user(self.operator).cancel("Thử")
                self.writes("ổ gà to trước chợ Yên Đổ gây tai nạn")
                self.writes("không")
                self.env.invalidate_all()
                self.assertNotEqual(channel.pakn_ticket_id, first)
                channel.with_user(self.manager).action_pakn_take()
            first._acting().secrecy = "secret"
            self.env.invalidate_all()
            said = self.out(channel)
            for user, is_told in ((self.operator, False), (cleared, True)):
                with self.subTest(user.login, is_later=is_later):
                    may_read = channel.with_user(user).has_access("read")
                    self.assertEqual(may_read, is_told)
                    found = channel.message_ids.with_user(user)._filtered_access("read")
                    self.assertEqual(bool(found), is_told)
                    found = said.with_user(user)._filtered_access("read")
                    self.assertEqual(bool(found), is_told)
            # Nor by the news of Discuss, which members get
            self.assertNotIn(self.operator.partner_id, channel.channel_partner_ids)
            self.assertNotEqual(channel.pakn_user_id, self.operator)
            with self.assertRaises(UserError):
                channel.with_user(cleared).pakn_hand_over(self.operator.id)
            with self.assertRaises(AccessError):
                channel.sudo()._add_members(users=self.operator)
            first._acting().secrecy = "public"

    def test_art18_4_who_is_an_operator_no_more_knows_no_more(self):
        """By the account, the group or the lock: conversations, news, and care."""
        group = self.env.ref("pakn_1022.group_operator")
        leave = {
            "role": lambda user: user.write({"group_ids": [(3, group.id)]}),
            "group": lambda user: group.write({"user_ids": [(3, user.id)]}),
            "lock": lambda user: user.write({"active": False}),
        }
        bus = self.env["bus.bus"]
        for name, act in leave.items():
            user = new_test_user(
                self.env,
                f"test_leaving_{name}",
                groups="base.group_user,pakn_1022.group_operator",
            )
            with self.subTest(name):
                talks = [self.writes("alo", who=f"{name}{one}") for one in range(2)]
                waiting, quiet = talks
                for talk in talks:
                    talk.with_user(user).action_pakn_take()
                waiting.pakn_waiting_since, quiet.pakn_waiting_since = (
                    fields.Datetime.now(),
                    False,
                )
                page = bus.with_user(user)
                database = self.env.cr.dbname
                channels = [
                    (database, "res.groups", group.id),
                    (database, "res.groups", self.env.ref("base.group_user").id),
                    (database, "discuss.channel", waiting.id),
                    (database, "res.partner", user.partner_id.id),
                    (database, "broadcast"),
                ]
                self.assertEqual(page._filter_heard(channels), channels)
                act(user)
                self.env.flush_all()
                self.env.invalidate_all()
                heard = [] if name == "lock" else [channels[one] for one in (1, 3, 4)]
                self.assertEqual(page._filter_heard(channels), heard)
                for talk in talks:
                    if user.active:
                        self.assertFalse(talk.with_user(user).has_access("read"))
                        messages = talk.message_ids.with_user(user)
                        self.assertFalse(messages._filtered_access("read"))
                    self.assertNotIn(user.partner_id, talk.channel_partner_ids)
                    self.assertFalse(talk.pakn_user_id)
                # The citizen who waits is called for, the other is the helper's again
                self.assertTrue(waiting.pakn_waiting_since)
                self.assertFalse(quiet.pakn_with_person)

    def test_art18_4_a_member_is_told_nothing_who_is_no_operator(self):
        """However one came to be a member, or stayed one."""
        talk = self.writes("alo")
        talk.with_user(self.operator).action_pakn_take()
        with patch.object(type(self.operator), "_hand_over_work", lambda self: None):
            self.operator.group_ids -= self.env.ref("pakn_1022.group_operator")
        self.assertIn(self.operator.partner_id, talk.channel_partner_ids)
        self.env.invalidate_all()
        self.assertFalse(talk.with_user(self.operator).has_access("read"))
        messages = talk.message_ids.with_user(self.operator)
        self.assertFalse(messages._filtered_access("read"))

    def test_nobody_else_acts_or_writes_the_procedure(self):
        channel = self.writes("alo")
        ticket = self.new_ticket()
        for user in (self.monitor, self.focal, self.employee):
            for method, args in (
                ("action_pakn_take", ()),
                ("pakn_hand_over", (self.operator.id,)),
                ("action_pakn_to_helper", ()),
                ("action_pakn_answered", ()),
                ("action_pakn_open", ()),
                ("action_pakn_open_ticket", ()),
                ("pakn_link_ticket", (ticket.id,)),
            ):
                with self.subTest(user.login, method=method):
                    self.assertRaises(
                        AccessError, self.call, user, method, channel, *args
                    )
        for vals in (
            {"pakn_user_id": self.operator.id},
            {"pakn_ticket_id": ticket.id},
            {"pakn_phone": "+84905123456"},
            {"pakn_window_until": "2030-01-01 00:00:00"},
        ):
            with self.subTest(vals):
                self.assertRaises(
                    AccessError, self.call, self.operator, "write", channel, vals
                )
        with self.assertRaises(AccessError):
            self.env["discuss.channel"].with_user(self.operator).create(
                {"name": "x", "channel_type": "pakn_chat"}
            )

    def test_acts_are_for_conversations_alone(self):
        group = self.env["discuss.channel"].with_user(self.operator)._create_group([])
        with self.assertRaises(AccessError):
            self.call(self.operator, "pakn_hand_over", group, self.manager.id)

    def test_nobody_but_operators_is_invited(self):
        channel = self.writes("alo")
        self.call(self.operator, "action_pakn_take", channel)
        self.assertIn(self.operator.partner_id, channel.channel_partner_ids)
        for user in (self.monitor, self.focal):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.call(
                    self.operator,
                    "add_members",
                    channel,
                    partner_ids=user.partner_id.ids,
                )

    def test_art09_what_was_said_stays(self):
        channel = self.writes("alo")
        channel.with_user(self.operator).message_post(
            body="Chào", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        message = channel.message_ids[0].with_user(self.operator)
        with self.assertRaises(AccessError):
            message.body = "Khác"
        with self.assertRaises(AccessError):
            message.unlink()
        with self.assertRaises(UserError):
            channel._message_update_content(message.sudo(), body="Khác")
        with self.assertRaises(ValidationError):
            channel.unlink()

    def test_nobody_speaks_in_anothers_name(self):
        channel = self.writes("alo")
        with self.assertRaises(AccessError):
            channel.with_user(self.operator).message_post(
                body="x",
                message_type="comment",
                author_id=self.manager.partner_id.id,
                subtype_xmlid="mail.mt_comment",
            )
