import json

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import TAGS, PaknCase

# Queries of handing out to one, and how many more for a thousand than for ten
QUERIES, MORE = 40, 4


@tagged(*TAGS)
class TestHandOut(PaknCase):
    """Art. 15.2: a shift leader hands out many at once, and each gets one message."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leader = new_test_user(
            cls.env, login="test_leader", groups="pakn_1022.group_supervisor"
        )
        cls.second = new_test_user(
            cls.env,
            login="test_second",
            groups="pakn_1022.group_operator",
            lang="vi_VN",
        )

    def new_tickets(self, count, **values):
        return self.env["pakn.ticket"].union(
            *(self.new_ticket(user_id=False, **values) for _number in range(count))
        )

    def open_dialog(self, tickets, users):
        """Return the dialog, as the button of the list opens it."""
        action = tickets.with_user(self.leader).action_hand_out()
        dialogs = self.env[action["res_model"]].with_user(self.leader)
        dialogs = dialogs.with_context(**action["context"])
        return dialogs.create({"user_ids": users.ids})

    def get_news(self, user):
        self.env.flush_all()
        notices = self.env["pakn.notice"].with_user(user)
        news = notices.with_context(lang=user.lang).get_news()
        return news["count"], news["notices"]

    def get_toasts(self, before, user):
        """Return the news that the bus brings to somebody since."""
        self.env.cr.precommit.run()
        told = self.env["bus.bus"].sudo().search([("id", ">", before)])
        return [
            json.loads(message.message)["payload"]
            for message in told
            if "res.partner" in message.channel
            and user.partner_id.id in json.loads(message.channel)
            and json.loads(message.message)["type"] == "pakn_1022.news"
        ]

    def test_art15_2_many_go_to_one_in_one_message(self):
        tickets = self.new_tickets(12)
        gone = self.new_tickets(1)
        gone.cancel("Gọi thử")
        before = self.env["bus.bus"].sudo().search([], order="id desc", limit=1).id
        dialog = self.open_dialog(tickets | gone, self.second)
        self.assertEqual(dialog.plan_count, 12)
        self.assertEqual(
            dialog.plan_text, f"{self.second.name}: 12 requests, then 12 open"
        )
        self.assertIn(gone.name, dialog.refused_text)
        said = dialog.action_confirm()["params"]
        self.assertEqual(said["type"], "warning")
        for words in ("12 requests", f"{self.second.name} (12)", gone.name):
            self.assertIn(words, said["message"])
        self.assertEqual(tickets.user_id, self.second)
        self.assertFalse(gone.user_id)
        self.assertEqual({self.kinds(ticket)[-1] for ticket in tickets}, {"updated"})
        # One toast and one line of the bell, which open exactly these
        count, [news] = self.get_news(self.second)
        self.assertEqual(count, 1)
        self.assertEqual(news["res_ids"], tickets.ids)
        self.assertEqual(news["title"], "Bạn được giao 12 phản ánh")
        for ticket in tickets:
            self.assertIn(ticket.name, news["text"])
        self.assertEqual(
            [one["res_ids"] for one in self.get_toasts(before, self.second)],
            [tickets.ids],
        )
        self.assertEqual(self.get_news(self.leader)[0], 0)
        # The job adds nothing to it, and whoever opens it has read it
        self.deliver()
        self.assertEqual(self.get_news(self.second)[0], 1)
        self.env["pakn.notice"].with_user(self.second).mark_read(news["ids"])
        self.assertEqual(self.get_news(self.second), (0, []))

    def test_art15_2_shares_are_even(self):
        """Who has least gets what is over, and the oldest go round."""
        self.new_tickets(3).with_user(self.leader).hand_out(self.second.id)
        tickets = self.new_tickets(5)
        dialog = self.open_dialog(tickets, self.operator | self.second)
        self.assertEqual(
            dialog.plan_text.splitlines(),
            [
                f"{self.operator.name}: 3 requests, then 3 open",
                f"{self.second.name}: 2 requests, then 5 open",
            ],
        )
        dialog.action_confirm()
        self.assertEqual(
            [ticket.user_id for ticket in tickets],
            [self.operator, self.second] * 2 + [self.operator],
        )

    def test_art15_2_what_somebody_has_is_left_unless_it_is_asked_for(self):
        free, taken = self.new_tickets(2), self.new_tickets(1)
        taken.user_id = self.operator
        dialog = self.open_dialog(free | taken, self.second)
        self.assertTrue(dialog.leave_taken)
        self.assertEqual((dialog.taken_count, dialog.plan_count), (1, 2))
        dialog.action_confirm()
        self.assertEqual(taken.user_id, self.operator)
        self.assertEqual(free.user_id, self.second)
        dialog = self.open_dialog(free | taken, self.operator)
        self.assertFalse(dialog.leave_taken, "somebody has each of them")
        dialog.action_confirm()
        self.assertEqual((free | taken).user_id, self.operator)
        # What was not read and is somebody else's now stands in no bell
        self.assertEqual(self.get_news(self.second)[0], 0)
        self.assertEqual(self.get_news(self.operator)[1][0]["res_ids"], free.ids)

    def test_art13_1_a_secret_goes_to_those_who_may_know(self):
        cleared = new_test_user(
            self.env,
            login="test_cleared",
            groups="pakn_1022.group_secrecy_clearance,pakn_1022.group_supervisor",
        )
        tickets = self.new_tickets(3)
        secret = tickets[1]
        secret.sudo().secrecy = "secret"
        dialogs = self.env["pakn.ticket.hand.out"].with_user(cleared)
        values = {"ticket_ids": tickets.ids, "user_ids": self.second.ids}
        dialog = dialogs.create(values)
        self.assertIn(f"{secret.name}: nobody", dialog.refused_text)
        dialog.user_ids |= cleared
        self.assertFalse(dialog.refused_text)
        dialog.action_confirm()
        self.assertEqual(secret.user_id, cleared)
        with self.assertRaises(ValidationError):
            tickets.with_user(cleared).hand_out(self.second.id)

    def test_art16_1_who_is_away_is_said(self):
        self.set_clock("2026-03-02 08:00")
        self.second.sudo().pakn_away_until = "2026-03-06"
        self.new_tickets(2).with_user(self.leader).hand_out(self.second.id)
        users = self.env["res.users"].with_user(self.leader)
        users = users.with_context(pakn_with_load=True, lang="vi_VN")
        dialog = self.open_dialog(self.new_tickets(1), self.second)
        names = dict(users.name_search("", dialog._get_user_domain(), limit=None))
        self.assertEqual(
            names[self.second.id],
            f"{self.second.name} · đang có 2 · vắng đến hết ngày 06/03/2026",
        )
        self.assertNotIn(self.focal.id, names)
        self.assertNotIn(self.manager.id, names)
        self.assertIn(self.second.name, dialog.away_text)
        self.assertIn("Away", dialog.action_confirm()["params"]["message"])
        # Nobody else is told who has how much
        other = self.second.with_user(self.operator).with_context(pakn_with_load=True)
        self.assertEqual(other.display_name, self.second.name)

    def test_art15_2_who_is_given_one_on_the_form_is_told_once(self):
        """By the field, as a colleague may, the same comes of it as by the act."""
        ticket = self.new_ticket(user_id=self.operator.id)
        ticket = ticket.with_user(self.operator)
        before = self.env["bus.bus"].sudo().search([], order="id desc", limit=1).id
        ticket.web_save({"user_id": self.second.id}, {"user_id": {}})
        self.assertEqual(self.kinds(ticket)[-1], "updated")
        count, [news] = self.get_news(self.second)
        self.assertEqual((count, news["res_ids"]), (1, ticket.ids))
        self.assertEqual(news["title"], "Phản ánh được giao cho bạn")
        self.assertEqual(len(self.get_toasts(before, self.second)), 1)
        # The same once more, or another field, is no news
        ticket.write({"user_id": self.second.id, "address": "12 Hùng Vương"})
        self.assertEqual(self.get_news(self.second)[0], 1)
        # Taken back before it was read, by whoever takes it
        ticket.user_id = self.operator
        self.assertEqual(self.get_news(self.second), (0, []))
        self.assertEqual(self.get_news(self.operator)[0], 0, "nobody tells oneself")
        ticket.user_id = self.second
        ticket.user_id = False
        self.assertEqual(self.get_news(self.second), (0, []))

    def test_art15_2_who_is_given_one_as_it_is_taken_in_is_told(self):
        tickets = self.env["pakn.ticket"].with_user(self.operator)
        ticket = tickets.create(
            {
                "title": "Đèn đường hỏng",
                "description": "<p>Đèn đường trước nhà hỏng.</p>",
                "user_id": self.second.id,
            }
        )
        self.assertEqual(self.get_news(self.second)[1][0]["res_ids"], ticket.ids)

    def test_art15_2_only_operators_are_given_any_by_hand(self):
        ticket = self.new_ticket(user_id=self.operator.id)
        ticket = ticket.with_user(self.operator)
        with self.assertRaises(ValidationError):
            ticket.user_id = self.focal
        self.second.sudo().active = False
        with self.assertRaises(ValidationError):
            ticket.user_id = self.second
        self.second.sudo().active = True
        ticket.cancel("Gọi thử")
        with self.assertRaises(UserError):
            ticket.user_id = self.second

    def test_art15_2_nobody_else_hands_out(self):
        tickets = self.new_tickets(2)
        for user in (self.operator, self.focal, self.monitor, self.employee):
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    tickets.with_user(user).action_hand_out()
                with self.assertRaises(AccessError):
                    tickets.with_user(user).hand_out(self.second.id)
        with self.assertRaises(UserError):
            self.open_dialog(tickets, self.env["res.users"]).action_confirm()
        self.assertFalse(tickets.user_id)

    def test_art15_2_a_thousand_cost_a_handful_of_queries(self):
        counts = []
        for number in (10, 1000):
            values = {
                "title": "Đèn đường hỏng",
                "description": "<p>Đèn đường trước nhà hỏng.</p>",
                "citizen_name": "Nguyễn Văn A",
                "citizen_phone": "0905123456",
                "user_id": False,
            }
            quiet = self.env["pakn.ticket"].sudo().with_context(pakn_no_notify=True)
            tickets = quiet.create([values] * number).with_env(self.env)
            tickets = tickets.with_user(self.leader)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            tickets.hand_out(self.second.id)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(tickets.user_id, self.second)
        self.assertLessEqual(counts[0], QUERIES, counts)
        self.assertLessEqual(counts[1], counts[0] + MORE, counts)
