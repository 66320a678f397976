import json
import smtplib
from ast import literal_eval
from unittest.mock import patch

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from ..models.ir_ui_menu import MOST, WAITING
from .common import TAGS, PaknCase, local


@tagged(*TAGS)
class TestNotices(PaknCase):
    """Art. 10.1: who is told what, by which door, and whether it arrived."""

    def notices(self, ticket, act=None, audience=None):
        domain = [("ticket_id", "=", ticket.id)]
        if act:
            domain.append(("act", "=", act))
        if audience:
            domain.append(("audience", "=", audience))
        self.env.flush_all()
        return self.env["pakn.notice"].search(domain, order="id")

    def count_all(self):
        self.env.flush_all()
        return [
            self.env[name].sudo().search_count([])
            for name in ("mail.mail", "mail.activity", "mail.message")
        ]

    # ------------------------------------------------------------
    # INTO THE OUTBOX
    # ------------------------------------------------------------

    def test_an_act_makes_no_text_and_sends_nothing(self):
        ticket = self.new_ticket()
        before = self.count_all()
        ticket.transfer(self.unit.ids)
        self.assertEqual(self.count_all(), before)
        self.assertEqual(
            self.notices(ticket).mapped(lambda n: (n.act, n.audience, n.state)),
            [
                ("received", "citizen", "waiting"),
                ("transferred", "unit", "waiting"),
                ("transferred", "citizen", "waiting"),
            ],
        )
        [unit] = self.notices(ticket, audience="unit")
        self.assertEqual(unit.user_id, self.focal)
        self.assertEqual(unit.transfer_id, ticket.open_transfer_id)

    def test_what_a_job_writes_is_in_the_language_of_the_hotline(self):
        """Odoo gives jobs no language: the to-do would be English."""
        web = self.env.ref("pakn_1022.channel_web").id
        ticket = self.new_ticket(citizen_email=False, channel_id=web)
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.env.registry.cursor() as cr:
            job = self.env(cr=cr, context={}).ref("pakn_1022.ir_cron_deliver")
            job._callback(job.name, job.ir_actions_server_id.id)
        self.env.invalidate_all()
        todos = ticket.sudo().activity_ids.filtered("pakn_is_call")
        self.assertIn("Gọi cho người dân", todos.summary)

    def test_a_to_do_is_in_the_language_of_the_hotline(self):
        """A program reports that a message failed, in whatever language it asks."""
        ticket = self.new_ticket()
        ticket.user_id = self.operator
        said = {
            "Gọi cho người dân": self.env["pakn.notice"]._ask_to_call,
            "gọi": lambda tickets: self.env["pakn.notice"]._note_bounce(tickets, "x@y"),
        }
        for words, report in said.items():
            report(ticket.sudo().with_context(lang="en_US"))
            todos = ticket.sudo().activity_ids.filtered("pakn_is_call")
            self.assertIn(words, todos.summary)
            todos.unlink()

    def test_who_acts_is_not_told_of_it(self):
        ticket = self.transferred()
        self.assertFalse(self.notices(ticket).filtered(lambda n: n.user_id.id == 1))
        slip = self.lead_slip(ticket, self.focal)
        slip.schedule(local("2026-03-10 10:00"))
        slip.extend(local("2026-03-12 10:00"), "Chờ vật tư")
        [told] = self.notices(ticket, "extended", "operator")
        self.assertEqual(told.user_id, self.operator)
        ticket.user_id = self.manager
        ticket.with_user(self.manager).sudo().transfer_ids.with_user(
            self.manager
        ).answer("<p>Xong</p>")
        self.assertFalse(self.notices(ticket, "responded"))

    def test_art11_4_every_lateness_is_an_act_and_is_told(self):
        """Also that of the last level: the office and the managers hear of it."""
        ticket = self.transferred()
        # The clock is nobody: who acts is not told of the own act
        slip = ticket.open_transfer_id.with_env(self.env)
        for level in ("focal", "head", "province"):
            self.assertEqual(slip.level, level)
            self.set_clock(
                {
                    "focal": "2026-03-03 08:00",
                    "head": "2026-03-04 08:00",
                    "province": "2026-03-05 08:00",
                }[level]
            )
            slip._escalate()
            slip = ticket.open_transfer_id.with_env(self.env)
        self.assertEqual(self.kinds(ticket).count("escalated"), 2)
        self.assertEqual(self.kinds(ticket).count("overdue"), 1)
        overdue = self.notices(ticket, "overdue")
        self.assertLessEqual(
            {
                ("unit", self.focal),
                ("head", self.head),
                ("office", self.office_user),
                ("operator", self.operator),
                ("manager", self.manager),
            },
            set(overdue.mapped(lambda n: (n.audience, n.user_id))),
        )
        todos = self.todos(ticket).filtered(lambda t: t.user_id == self.manager)
        self.assertIn(self.office.name, todos.summary)

    # ------------------------------------------------------------
    # OUT OF IT
    # ------------------------------------------------------------

    def test_staff_are_told_in_the_program_and_by_mail(self):
        ticket = self.transferred()
        self.deliver()
        told = self.notices(ticket, "transferred", "unit")
        self.assertEqual(told.mapped("door"), ["app", "mail"])
        self.assertEqual(told.mapped("state"), ["sent", "waiting"])
        self.assertIn(self.focal, self.todos(ticket.open_transfer_id).user_id)
        [mail] = told[1].env["mail.mail"].search([("pakn_notice_ids", "in", told.ids)])
        mail.write({"state": "sent"})
        mail._postprocess_sent_message([], [])
        self.assertEqual(told.mapped("state"), ["sent", "sent"])

    def test_handed_over_once(self):
        ticket = self.transferred()
        self.deliver()
        before = self.count_all()
        for _again in range(3):
            self.deliver()
        self.assertEqual(self.count_all(), before)
        self.assertEqual(
            len(self.notices(ticket).filtered(lambda n: n.door == "mail")), 3
        )

    def test_the_next_door_and_at_last_the_telephone(self):
        ticket = self.new_ticket()
        self.deliver()
        [told] = self.notices(ticket, "received")
        self.assertEqual((told.door, told.state), ("mail", "waiting"))
        told._settle("sent")
        self.env["pakn.notice"]._note_bounce(ticket, "nguyenvana@example.com")
        self.deliver()
        # No door is left; the call came by telephone, but the words are lost now
        self.assertEqual(told.tried, "mail")
        self.assertIn(told.state, ("unreachable", "delivered"))
        ticket.transfer(self.unit.ids)
        ticket.citizen_email = False
        self.deliver()
        [told] = self.notices(ticket, "transferred", "citizen")
        self.assertEqual(told.state, "unreachable")
        self.assertTrue(ticket.is_unreached)
        self.assertIn(
            ticket, self.env["pakn.ticket"].search([("is_unreached", "=", True)])
        )
        calls = self.todos(ticket).filtered("pakn_is_call")
        self.assertEqual(calls.user_id, self.operator)
        self.assertIn("note_call", ticket.acts)
        ticket.note_call("Đã nói ai xử lý và hạn trả lời")
        self.assertFalse(ticket.is_unreached)
        self.assertFalse(self.todos(ticket).filtered("pakn_is_call"))
        self.assertEqual((told.state, told.reason), ("delivered", "Told by telephone"))
        self.assertIn("called", self.kinds(ticket))
        self.assertNotIn("note_call", ticket.acts)

    def test_one_to_do_to_call_however_many_messages_fail(self):
        ticket = self.transferred(citizen_email=False)
        self.lead_slip(ticket, self.focal).schedule(local("2026-03-10 10:00"))
        self.assertEqual(len(self.todos(ticket).filtered("pakn_is_call")), 1)

    def test_who_calls_hears_the_code_on_the_telephone(self):
        ticket = self.new_ticket(citizen_email=False)
        self.deliver()
        [told] = self.notices(ticket, "received")
        self.assertEqual((told.door, told.state), ("phone", "delivered"))
        self.assertFalse(ticket.is_unreached)

    def test_an_act_without_a_text_for_citizens_is_not_told(self):
        ticket = self.new_ticket()
        ticket.answer("<p>Xong</p>")
        self.deliver()
        self.assertFalse(self.notices(ticket, "answered"))
        self.env["mail.template"].search([("pakn_act", "=", "sent")]).pakn_act = False
        ticket.send_result()
        self.deliver()
        self.assertFalse(self.notices(ticket, "sent"))
        self.assertTrue(self.notices(ticket, "rating_asked"))

    def test_many_slips_that_the_clock_tells_one_person_of_are_one_mail(self):
        tickets = [self.transferred() for _i in range(5)]
        self.deliver()
        self.set_clock("2026-03-03 08:00")
        self.env["pakn.transfer"].sudo().union(
            *[ticket.open_transfer_id for ticket in tickets]
        )._escalate()
        mails = self.mails_to(self.head.email)
        digest = mails.filtered(lambda mail: tickets[0].name in mail.body_html)
        self.assertEqual(len(digest), 1)
        for ticket in tickets:
            self.assertIn(ticket.name, digest.body_html)
        self.assertEqual(len(digest.pakn_notice_ids), 5)
        digest.write({"state": "sent"})
        digest._postprocess_sent_message([], [])
        for ticket in tickets:
            told = self.notices(ticket, "escalated", "head")
            self.assertEqual(set(told.mapped("state")), {"sent"})

    def news(self, marker):
        """Return what the browsers of the channel named by this marker were shown."""
        self.env.cr.precommit.run()
        shown = self.env["bus.bus"].sudo().search([("channel", "like", marker)])
        messages = [json.loads(one.message) for one in shown]
        shown.unlink()
        return [one["payload"] for one in messages if one["type"] == "pakn_1022.news"]

    def test_what_comes_all_at_once_is_one_toast(self):
        head = f'"res.partner",{self.head.partner_id.id}]'
        crew = f'"res.groups",{self.env.ref("pakn_1022.group_operator").id}]'
        for count, toasts in ((3, 3), (5, 1)):
            with self.subTest(count):
                self.set_clock("2026-03-02 08:00")
                tickets = self.env["pakn.ticket"].union(
                    *[self.transferred() for _i in range(count)]
                )
                self.deliver()
                self.news(head)
                self.assertFalse(self.news(crew))
                self.set_clock("2026-03-03 08:00")
                tickets.sudo().open_transfer_id._escalate()
                self.deliver()
                shown = self.news(head)
                self.assertEqual(len(shown), toasts)
                if toasts == 1:
                    self.assertEqual(shown[0]["text"], "5 requests")
                    self.assertTrue(self.env.ref(shown[0]["action"]))
                    unread = self.env["pakn.notice"].with_user(self.head).get_news()
                    self.assertGreaterEqual(unread["count"], 5)
                for _i in range(count):
                    self.new_ticket(user_id=False)
                self.deliver()
                self.assertEqual(len(self.news(crew)), toasts)

    def test_what_is_no_id_of_a_notice_is_refused_with_a_sentence(self):
        notices = self.env["pakn.notice"].with_user(self.head)
        for nonsense in (1.5, "x", ["x"], [[1]], [True], {"a": 1}):
            with self.subTest(nonsense), self.assertRaises(ValidationError):
                notices.mark_read(nonsense)

    def test_art20_3_menus_say_what_their_lists_show(self):
        """The number beside a menu is that of the list it opens, for each reader."""
        ticket = self.transferred()
        self.new_ticket()
        menus = self.env["ir.ui.menu"]
        seen = set()
        for user in (self.operator, self.monitor, self.focal, self.other_focal):
            counts = menus.with_user(user).get_pakn_counts()
            seen |= set(counts)
            for xmlid, count in counts.items():
                action = self.env.ref(xmlid).action.sudo()
                records = self.env[action.res_model].with_user(user)
                domain = safe_eval(action.domain or "[]", {"uid": user.id})
                [(name, _on)] = [
                    (key.removeprefix("search_default_"), value)
                    for key, value in literal_eval(action.context).items()
                    if key.startswith("search_default_")
                ]
                view = records.get_view(action.search_view_id.id, "search")
                [node] = etree.fromstring(view["arch"]).xpath(
                    f"//filter[@name='{name}']"
                )
                domain += literal_eval(node.get("domain"))
                with self.subTest(user=user.login, menu=xmlid):
                    shown = records.search_count(domain, limit=MOST)
                    self.assertEqual(count, shown)
        self.assertEqual(seen, set(WAITING))
        slips = "pakn_1022.pakn_transfer_menu_mine"
        before = menus.with_user(self.focal).get_pakn_counts()[slips]
        ticket.sudo().open_transfer_id.with_user(self.focal).answer("<p>Xong</p>")
        after = menus.with_user(self.focal).get_pakn_counts()[slips]
        self.assertEqual(after, before - 1)
        portal = self.env["res.users"].create(
            {
                "name": "Dân",
                "login": "dan-menu",
                "group_ids": [
                    fields.Command.set(self.env.ref("base.group_portal").ids)
                ],
            }
        )
        self.assertEqual(menus.with_user(portal).get_pakn_counts(), {})

    def test_a_mail_server_that_is_down_is_tried_again_with_growing_pauses(self):
        ticket = self.new_ticket()
        self.deliver()
        [told] = self.notices(ticket, "received")
        mail = self.env["mail.mail"].search([("pakn_notice_ids", "in", told.ids)])
        pauses = []
        for _attempt in range(6):
            mail.write({"state": "exception", "failure_reason": "connection refused"})
            mail._postprocess_sent_message([], [], failure_type="mail_smtp")
            if told.state != "waiting" or told.tried:
                break
            self.assertEqual(mail.state, "outgoing")
            pauses.append(
                (told.date_next - local("2026-03-02 08:00")).total_seconds() / 60
            )
        self.assertEqual(pauses, [1, 2, 4, 8, 16])
        self.assertEqual(told.tried, "mail", "then by the next door")
        self.assertEqual(mail.state, "exception")

    def test_why_a_mail_did_not_go_out_is_said_in_words(self):
        ticket = self.new_ticket()
        self.deliver()
        [told] = self.notices(ticket, "received")
        mail = self.env["mail.mail"].search([("pakn_notice_ids", "in", told.ids)])
        servers = type(self.env["ir.mail_server"])
        refused = {"dan@example.com": (450, b"4.2.2 Mailbox busy")}
        for error, words in (
            (ConnectionRefusedError(111, "Connection refused"), "không phản hồi"),
            (smtplib.SMTPRecipientsRefused(refused), "(450 4.2.2 Mailbox busy)"),
            (smtplib.SMTPDataError(554, b"Spam"), "từ chối thư (554 Spam)"),
            (ValueError("odd"), "Thư chưa gửi đi được (odd)"),
        ):
            with (
                self.subTest(words),
                patch.object(servers, "_connect__", side_effect=error),
            ):
                mail.with_context(lang="vi_VN").send()
                self.assertIn(words, told.reason)
                self.assertNotRegex(told.reason, "Errno|refused|SMTP|b'")
                self.assertEqual(mail.failure_reason, told.reason)
        mail.write({"state": "exception", "failure_reason": "At least one recipient"})
        mail.with_context(lang="vi_VN")._postprocess_sent_message(
            [], [], failure_type="mail_email_invalid"
        )
        self.assertRegex(told.reason, "Không có địa chỉ thư điện tử hợp lệ")

    def test_what_a_mail_server_refuses_for_good_is_not_tried_again(self):
        ticket = self.new_ticket()
        self.deliver()
        [told] = self.notices(ticket, "received")
        mail = self.env["mail.mail"].search([("pakn_notice_ids", "in", told.ids)])
        mail.write({"state": "exception", "failure_reason": "(550, b'no such user')"})
        mail._postprocess_sent_message([], [], failure_type="unknown")
        self.assertEqual(told.tried, "mail")

    def test_art10_1_what_an_administrator_takes_out_of_the_queue_is_not_told(self):
        """By mail, that is: the next way is gone, and at last the telephone."""
        for take_out in ("cancel", "unlink"):
            with self.subTest(take_out):
                ticket = self.new_ticket()
                self.deliver()
                [told] = self.notices(ticket, "received")
                mail = self.env["mail.mail"].search(
                    [("pakn_notice_ids", "in", told.ids)]
                )
                getattr(mail, take_out)()
                self.deliver()
                self.assertEqual((told.state, told.tried), ("unreachable", "mail"))
                self.assertTrue(self.todos(ticket).filtered("pakn_is_call"))

    def test_what_a_dead_server_left_is_unclear_once(self):
        """Of the mails being sent one may have gone out: that one is not sent again."""
        tickets = [self.new_ticket() for _i in range(3)]
        self.deliver()
        told = self.env["pakn.notice"].union(
            *[self.notices(ticket, "received") for ticket in tickets]
        )
        mails = self.env["mail.mail"].search([("pakn_notice_ids", "in", told.ids)])
        mails.pakn_claimed = local("2026-03-02 08:00")
        self.env["mail.mail"]._settle_interrupted()
        first = mails.sorted("id")[0]
        self.assertEqual(first.state, "exception")
        self.assertEqual(first.pakn_notice_ids.state, "failed")
        self.assertFalse(first.pakn_notice_ids.tried, "not by another door either")
        self.assertEqual(set((mails - first).mapped("state")), {"outgoing"})
        self.assertFalse(any(mails.mapped("pakn_claimed")))
        self.assertTrue(
            self.todos(first.pakn_notice_ids.ticket_id).filtered("pakn_is_call")
        )

    def test_one_bad_notice_does_not_hold_up_the_others(self):
        tickets = [self.new_ticket() for _i in range(5)]
        bad = self.notices(tickets[2], "received")
        Notice = type(self.env["pakn.notice"])
        original = Notice._prepare_mails

        def fail_on_bad(notices, template):
            if bad.id in notices.ids:
                raise ValueError("broken")
            return original(notices, template)

        self.env.flush_all()
        with (
            patch.object(Notice, "_prepare_mails", fail_on_bad),
            mute_logger("odoo.addons.pakn_1022.models.pakn_notice_delivery"),
            self.enter_registry_test_mode(),
            self.registry.cursor() as cr,
        ):
            self.env(cr=cr)["pakn.notice"]._cron_deliver(batch_size=3)
        self.env.invalidate_all()
        for ticket in tickets:
            with self.subTest(ticket.name):
                [told] = self.notices(ticket, "received")
                self.assertEqual(told.is_handed, told != bad)
        self.assertIn("broken", bad.reason)

    def test_each_gets_the_text_on_the_own_request(self):
        """A text is compiled once for a batch; what it says is of each alone."""
        tickets = [
            self.new_ticket(
                citizen_email=f"c{number}@example.com",
                citizen_phone=f"090577700{number}",
                citizen_name=f"Người {number} <b>&",
                title=f"Việc số {number}",
            )
            for number in range(4)
        ]
        self.deliver()
        for number, ticket in enumerate(tickets):
            [mail] = self.mails_to(f"c{number}@example.com")
            self.assertIn(ticket.name, mail.subject)
            self.assertEqual(mail.res_id, ticket.id)
            for other, other_ticket in enumerate(tickets):
                check = self.assertIn if other == number else self.assertNotIn
                check(other_ticket.name, mail.body_html)
                check(f"Việc số {other}", mail.body_html)
            self.assertIn("&lt;b&gt;&amp;", mail.body_html)

    def test_a_batch_costs_the_same_for_few_and_many(self):
        def count(size):
            tickets = [self.transferred() for _i in range(size)]
            self.env.flush_all()
            self.env.invalidate_all()
            waiting = self.env["pakn.notice"].search(
                [("ticket_id", "in", [ticket.id for ticket in tickets])]
            )
            before = self.env.cr.sql_log_count
            waiting._deliver()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(2)
        few, many = count(10), count(40)
        # The ORM inserts a hundred rows a query
        self.assertLessEqual(many, few + 6, f"{few} for 10, {many} for 40")

    # ------------------------------------------------------------
    # WHO READS IT
    # ------------------------------------------------------------

    def test_read_by_operators_and_monitors_and_written_by_nobody(self):
        told = self.notices(self.transferred())
        for user in (self.operator, self.monitor, self.manager):
            told.with_user(user).read(["act", "state"])
            for method, arguments in (
                ("write", [{"state": "sent"}]),
                ("unlink", []),
                ("copy", []),
            ):
                with self.assertRaises(AccessError):
                    getattr(told[:1].with_user(user), method)(*arguments)
        for user in (self.focal, self.employee):
            with self.assertRaises(AccessError):
                told.with_user(user).read(["act"])
