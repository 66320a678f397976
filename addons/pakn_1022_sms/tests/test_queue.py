from unittest.mock import patch

from psycopg2.errors import DivisionByZero

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.tests.test_ir_cron import CronMixinCase
from odoo.addons.pakn_1022.tests.common import TAGS

from ..models.sms_sms import LOCK
from ..tools.gateways.base import Receipt
from ..tools.incoming_sms import Piece
from .common import SmsCase
from .smsc import HttpPeer, Smsc, free_port


@tagged(*TAGS)
class TestQueue(CronMixinCase, SmsCase):
    """None twice, none lost, and a human where it is unclear."""

    def test_sent_and_delivered(self):
        ticket = self.new_ticket()
        sms = self.sms(ticket)
        self.assertEqual(sms.state, "outgoing")
        self.work_off()
        self.assertEqual((sms.state, sms.pakn_account_id), ("pending", self.account))
        [body] = self.peer.bodies()
        self.assertEqual(
            (body["from"], body["to"], body["id"]),
            ("1022GiaLai", "84905123456", sms.uuid),
        )
        self.assertTrue(body["text"].isascii(), "without accents")
        self.assertEqual(sms.pakn_cost, 300 * sms.pakn_segments)
        self.work_off()
        self.assertEqual(len(self.peer.requests), 1, "not twice")
        self.receive(sms, "2")
        self.assertEqual(sms.state, "sent")
        self.receive(sms, "3")
        self.assertEqual(sms.state, "sent", "a later word does not undo it")

    def receive(self, sms, status):
        """Keep and work off a receipt as the gateway tells it."""
        account = sms.pakn_account_id
        values = {"id": sms.pakn_part_ids[:1].reference, "s": status}
        account._create_receipts(account._open_gateway().parse_receipt(values))
        self.env["pakn.sms.receipt"]._process()

    def test_our_rows_are_kept_as_the_log(self):
        sms = self.sms(self.new_ticket())
        self.work_off()
        self.env["sms.sms"]._gc_device()
        self.assertTrue(sms.exists())

    def test_not_delivered_has_the_operator_call(self):
        ticket = self.new_ticket()
        sms = self.sms(ticket)
        self.work_off()
        self.receive(sms, "3")
        self.assertEqual(sms.state, "error")
        # The next door is mail; where there is none, the telephone
        self.assertFalse(self.todos(ticket))
        self.assertEqual(len(self.mails_to("nguyenvana@example.com")), 1)
        ticket = self.new_ticket(citizen_email=False)
        sms = self.sms(ticket)
        self.work_off()
        self.receive(sms, "3")
        todo = self.todos(ticket).filtered("pakn_is_call")
        self.assertEqual(todo.user_id, self.operator)
        self.assertTrue(ticket.is_unreached)

    def test_gateway_down_for_an_hour(self):
        ticket = self.new_ticket(citizen_email=False)
        sms = self.sms(ticket)
        self.refuse = (503, b"")
        moments = []
        for minute in range(60):
            self.set_clock(f"2026-03-02 08:{minute:02d}")
            before = sms.pakn_attempts
            self.work_off()
            if sms.pakn_attempts > before:
                moments.append(minute)
        self.assertEqual(moments, [0, 1, 3, 7, 15, 31])
        self.assertEqual(sms.state, "error", "after six attempts")
        self.assertTrue(self.todos(ticket).filtered("pakn_is_call"))
        self.refuse = None
        self.set_clock("2026-03-02 09:00")
        sms.resend_failed()
        self.work_off()
        self.assertEqual(sms.state, "pending")

    def test_back_in_time_it_is_sent_once(self):
        sms = self.sms(self.new_ticket())
        self.refuse = (503, b"")
        self.work_off()
        self.assertEqual((sms.state, sms.pakn_attempts), ("outgoing", 1))
        self.refuse = None
        self.set_clock("2026-03-02 08:01")
        self.work_off()
        self.assertEqual((sms.state, sms.pakn_attempts), ("pending", 2))

    def test_failover_to_the_next_account(self):
        self.account.url = f"http://127.0.0.1:{free_port()}"
        with HttpPeer(self.answer) as second_peer:
            second = self.make_account("Dự phòng", second_peer.url, sequence=20)
            sms = self.sms(self.new_ticket())
            self.work_off()
            self.assertEqual((sms.state, sms.pakn_account_id), ("pending", second))

    def test_unclear_is_not_sent_by_the_next_account(self):
        self.answer = lambda path, body: None
        self.peer.answer = self.answer
        with HttpPeer((200, b'{"code": "0"}')) as second_peer:
            self.make_account("Dự phòng", second_peer.url, sequence=20)
            ticket = self.new_ticket()
            self.work_off()
            sms = self.sms(ticket)
            self.assertEqual(
                (sms.state, sms.failure_type), ("error", "brandname_unknown")
            )
            self.assertFalse(second_peer.requests)
        self.assertTrue(self.todos(ticket).filtered("pakn_is_call"))
        self.work_off()
        self.assertEqual(len(self.peer.requests), 1, "never silently again")

    def test_numbers_of_a_network_go_to_its_account(self):
        with HttpPeer(self.answer) as other:
            special = self.make_account(
                "Mobi", other.url, sequence=50, prefixes="mobifone"
            )
            mobi = self.sms(self.new_ticket())
            viettel = self.sms(self.new_ticket(citizen_phone="0981 234 567"))
            self.work_off()
            self.assertEqual(mobi.pakn_account_id, special)
            self.assertEqual(viettel.pakn_account_id, self.account)
            self.assertEqual(
                (mobi.pakn_telco, viettel.pakn_telco), ("mobifone", "viettel")
            )

    def test_a_text_that_is_not_registered_is_refused_here(self):
        self.account.registration_ids = [
            (0, 0, {"reference": "7", "text": "1022 Gia Lai: {1} has been received."})
        ]
        sms = self.sms(self.new_ticket())
        self.work_off()
        self.assertEqual((sms.state, sms.failure_type), ("error", "brandname_template"))
        self.assertIn("Thử", sms.pakn_reason)
        self.assertFalse(self.peer.requests)
        template = self.env.ref("pakn_1022_sms.sms_template_citizen_received")
        template.with_context(
            lang="en_US"
        ).body = "1022 Gia Lai: {{ object.name }} has been received."
        template.with_context(
            lang="vi_VN"
        ).body = "1022 Gia Lai: {{ object.name }} has been received."
        sms = self.sms(self.new_ticket())
        self.work_off()
        self.assertEqual(sms.state, "pending")

    def test_what_a_dead_server_left_is_settled(self):
        ticket = self.new_ticket()
        sms = self.sms(ticket)
        sms.state = "process"
        self.work_off()
        self.assertEqual((sms.state, sms.failure_type), ("error", "brandname_unknown"))
        self.assertTrue(self.todos(ticket).filtered("pakn_is_call"))
        # Where the gateway drops a second one with our number, it is sent again
        self.account.is_idempotent = True
        sms = self.sms(self.new_ticket())
        sms.state = "process"
        self.work_off()
        self.assertEqual(sms.state, "pending")

    def test_only_gateways_that_surely_know_our_number_get_it_twice(self):
        self.account.is_idempotent = True
        spare = self.make_account("Dự phòng", self.peer.url)
        sms = self.sms(self.new_ticket())
        sms.state = "process"
        self.work_off()
        self.assertEqual(sms.state, "error", "the spare account may have had it")
        spare.is_idempotent = True
        self.account.is_idempotent = True
        sms = self.sms(self.new_ticket())
        sms.write({"state": "process", "pakn_date_sent": fields.Datetime.now()})
        self.set_clock("2026-03-02 20:30")
        self.work_off()
        self.assertEqual(sms.state, "error", "it was long ago")

    def test_parts_of_a_long_message_over_smpp(self):
        with Smsc() as smsc:
            smsc.receipt = None
            self.account.sequence = 99
            self.make_account(
                "SMPP",
                False,
                gateway="smpp",
                host="127.0.0.1",
                port=smsc.port,
                username="u",
                without_accents=False,
                sequence=1,
            )
            template = self.env.ref("pakn_1022_sms.sms_template_citizen_received")
            for lang in ("en_US", "vi_VN"):
                template.with_context(lang=lang).body = "Đã tiếp nhận " * 10
            sms = self.sms(self.new_ticket())
            self.work_off()
            self.assertEqual((sms.state, sms.pakn_segments), ("pending", 2))
            first, second = sms.pakn_part_ids
            account = sms.pakn_account_id
            for part, outcome, state in (
                (first, "delivered", "pending"),
                (first, "delivered", "pending"),
                (second, "delivered", "sent"),
            ):
                self.env["pakn.sms.receipt"].create(
                    {
                        "account_id": account.id,
                        "reference": part.reference,
                        "outcome": outcome,
                    }
                )
                self.env["pakn.sms.receipt"]._process()
                self.assertEqual(sms.state, state)

    def test_art10_1_who_acts_meanwhile_makes_no_sms_unclear(self):
        """Somebody writes on the same rows as they have gone out; none goes twice."""
        sms = self.sms(self.new_ticket())
        self.deliver()
        seen = []

        def meets():
            seen.append(sms.state)
            return sms.state == "pending" and seen.count("pending") < 3

        with self.committed_beside_others(meets):
            self.env["sms.sms"]._process_queue()
        self.assertGreater(seen.count("pending"), 2)
        self.assertEqual(len(self.peer.requests), 1)
        self.assertEqual(sms.state, "pending")
        self.assertFalse(sms.pakn_reason)
        self.assertEqual(sms.pakn_notice_ids.mapped("state"), ["sent"])

    def test_a_message_made_while_receipts_are_fetched_goes_right_after(self):
        """The queue finds the gateway taken, so who had it wakes the queue again."""
        sms = self.sms(self.new_ticket())
        with db_connect(self.env.cr.dbname).cursor() as other:
            other.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            self.env["sms.sms"]._process_queue()
            other.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        self.assertEqual(sms.state, "outgoing")
        with self.capture_triggers("sms.ir_cron_sms_scheduler_action") as woken:
            self.env["pakn.sms.account"]._cron_listen()
            self.assertEqual(len(woken.records), 1)
        self.work_off()
        self.assertEqual(sms.state, "pending")
        with self.capture_triggers("sms.ir_cron_sms_scheduler_action") as woken:
            self.env["pakn.sms.account"]._cron_listen()
            self.assertFalse(woken.records, "nothing waits")

    def test_a_run_that_breaks_in_the_database_gives_the_queue_back(self):
        """The next run sends: a lock must not outlive the transaction that broke."""
        sms = self.sms(self.new_ticket())

        def break_off(receipts):
            self.env.cr.execute("SELECT 1 / 0")

        with (
            mute_logger("odoo.sql_db"),
            patch.object(type(self.env["pakn.sms.receipt"]), "_process", break_off),
            self.assertRaises(DivisionByZero),
            self.env.cr.savepoint(),
        ):
            self.env["sms.sms"]._process_queue()
        with db_connect(self.env.cr.dbname).cursor() as other:
            other.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
            self.assertEqual(other.fetchone(), (True,))
            other.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        self.work_off()
        self.assertEqual(sms.state, "pending")

    def test_a_message_that_breaks_is_shown_and_does_not_hold_up_the_others(self):
        """Art. 14: it is for a human, the rest goes on."""
        tell = self.account._get_keeper()
        numbers = ("84905123457", "84905123458")
        for number in numbers:
            tell(Receipt(number=number, text="Cho hỏi"))
        take_in = type(self.env["pakn.sms.receipt"])._take_in

        def take_in_one(receipt):
            if receipt.number == numbers[0]:
                raise ZeroDivisionError
            return take_in(receipt)

        with (
            mute_logger("odoo.addons.pakn_1022_sms.models.pakn_sms_receipt"),
            patch.object(type(self.env["pakn.sms.receipt"]), "_take_in", take_in_one),
        ):
            self.env["pakn.sms.receipt"]._process()
        receipts = self.env["pakn.sms.receipt"].search(
            [("number", "in", numbers)], order="number"
        )
        self.assertEqual(receipts.mapped("state"), ["stray", "stray"])
        self.assertEqual([bool(found.reason) for found in receipts], [True, False])

    def test_a_message_given_again_unconfirmed_counts_once(self):
        """Who dies between keeping and confirming gets the last one once more."""
        tell = Receipt(number="84905123456", text="1")

        def session(*receipts):
            keep = self.account._get_keeper()
            for receipt in receipts:
                keep(receipt)
            self.env["pakn.sms.receipt"]._process()

        receipts = self.env["pakn.sms.receipt"]
        session(tell, tell)  # written twice, and the server dies
        session(tell._replace(text="xin chào"), tell)
        session(tell)
        self.account._confirm_kept()
        session(tell)
        found = receipts.search([("number", "=", tell.number)], order="id")
        self.assertEqual(
            found.mapped("state"), ["stray"] * 3 + ["repeated"] * 2 + ["stray"]
        )
        piece = Piece(b"a", 0, "a1/2", 1, 2)
        for number in (1, 1, 2):
            session(Receipt(number="84905123457", piece=piece._replace(number=number)))
        pieces = receipts.search([("number", "=", "84905123457")], order="id")
        self.assertEqual(pieces.mapped("state"), ["stray", "repeated", "piece"])
        self.assertEqual(pieces[0].text, "aa")

    def test_a_receipt_for_an_unknown_number_is_kept(self):
        [receipt] = self.account._create_receipts(
            self.account._open_gateway().parse_receipt({"id": "nobody", "s": "2"})
        )
        self.env["pakn.sms.receipt"]._process()
        self.assertEqual(receipt.state, "stray")

    def test_art14_a_grade_by_sms(self):
        def answer(text, number="84905123456"):
            receipt = self.env["pakn.sms.receipt"].create(
                {"account_id": self.account.id, "number": number, "text": text}
            )
            self.env["pakn.sms.receipt"]._process()
            return receipt

        ticket = self.done()
        self.assertEqual(answer("xin chao").state, "stray")
        self.assertEqual(answer("3").state, "stray", "the third needs a reason")
        self.assertEqual(answer("1", "84981111111").state, "stray", "a stranger")
        self.assertFalse(ticket.rating_last_value)
        receipt = answer("3 đèn vẫn chập chờn")
        self.assertEqual((receipt.state, receipt.ticket_id), ("done", ticket.sudo()))
        self.assertEqual(ticket.rating_last_value, 1)
        self.assertEqual(ticket.rating_last_feedback, "đèn vẫn chập chờn")
        self.assertEqual(answer("1").state, "stray", "once")
        for text, grade in (("1", 5), (" 2. ", 3)):
            ticket = self.done()
            answer(text)
            self.assertEqual(ticket.rating_last_value, grade)

    def test_odoos_composer_goes_through_the_queue(self):
        ticket = self.new_ticket()
        self.work_off()
        message = ticket.sudo()._message_sms(
            "Xin chào", sms_numbers=[ticket.citizen_phone]
        )
        notification = message.notification_ids
        self.assertEqual(notification.notification_status, "ready")
        sms = self.env["sms.sms"].search([("mail_message_id", "=", message.id)])
        self.work_off()
        self.assertEqual(notification.notification_status, "pending")
        self.receive(sms, "2")
        self.assertEqual(notification.notification_status, "sent")

    def test_messages_of_iap_companies_are_left_to_odoo(self):
        other = self.env["res.company"].create({"name": "Khác", "sms_provider": "iap"})
        theirs = self.env["sms.sms"].create(
            {"number": "+84905123456", "body": "x", "record_company_id": other.id}
        )
        self.assertNotIn(
            theirs, self.env["sms.sms"].search(self.env["sms.sms"]._get_ready_domain())
        )

    def test_a_batch_costs_few_queries(self):
        def queue(size):
            tickets = (
                self.env["pakn.ticket"]
                .with_user(self.operator)
                .create(
                    [
                        {
                            "title": "Đèn",
                            "description": "<p>Đèn đường hỏng đã lâu rồi</p>",
                            "citizen_name": "A",
                            "citizen_phone": f"09051{size:02d}{i:03d}",
                            "category_id": self.category.id,
                        }
                        for i in range(size)
                    ]
                )
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            tickets._notify_citizen("rejected")
            self.env["pakn.notice"].search(
                [("ticket_id", "in", tickets.ids), ("act", "=", "rejected")]
            )._deliver()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        queue(2)
        self.assertEqual(queue(10), queue(40))


@tagged(*TAGS)
class TestAccounts(SmsCase):
    def test_sender_names_the_decree_allows(self):
        for name in ("1022GiaLai", "1022-GiaLai", "GL.1022", "abc"):
            self.account.sender = name
        for name in ("1022 Gia Lai", "1022", "ab", "Gia Lại", ""):
            with self.subTest(name), self.assertRaises(ValidationError):
                self.account.sender = name

    def test_a_description_that_cannot_be_used_is_refused(self):
        for values in (
            {"body": "{to: {number}}"},
            {"body": '["{number}"]'},
            {"body": False},
            {"success_path": False},
            {"success_value": ""},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.make_account("Sai", self.peer.url, **values)

    def test_art18_4_nobody_reads_the_password(self):
        people = (self.operator, self.monitor, self.focal, self.employee)
        for user in (*people, self.manager):
            account = self.account.with_user(user)
            with self.subTest(user.login), self.assertRaises(AccessError):
                account.read(["password"])
            with self.subTest(user.login), self.assertRaises(AccessError):
                account.search([("password", "like", "s")])
        for user in people:
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.account.with_user(user).new_password = "x"
        account = self.account.with_user(self.manager)
        saved = account.web_save(
            {"new_password": " other "}, {"new_password": {}, "secrets_set": {}}
        )
        self.assertEqual(
            (saved[0]["new_password"], saved[0]["secrets_set"]), (False, "password")
        )
        self.assertEqual(account.sudo().password, "other")
        account.new_password = ""
        self.assertEqual(account.sudo().password, "other", "empty changes nothing")
        # What sets up accounts from outside writes the field itself
        account.password = "third"
        self.assertEqual(account.sudo().password, "third")

    def test_art18_4_a_password_goes_to_no_other_host(self):
        account = self.make_account(
            "SMPP", "", gateway="smpp", host="a.example", password="s3cret"
        ).with_user(self.manager)
        account.name = "Khác"
        self.assertEqual(account.secrets_set, "password")
        with self.assertRaises(ValidationError):
            account.host = "b.example"
        account.write({"host": "b.example", "new_password": "again"})
        self.assertEqual(account.sudo().password, "again")
        # Nor by another way, to an address that had none before
        account.write({"gateway": "http", "url": "https://c.example/sms"})
        self.assertFalse(account.secrets_set)
        account.write({"url": "https://c.example/other", "new_password": "again"})
        account.write({"url": "https://c.example/sms", "host": "b.example"})
        self.assertEqual(account.sudo().password, "again")
        with self.assertRaises(ValidationError):
            account.gateway = "esms"

    def test_low_balance_is_told_once(self):
        self.account.write(
            {
                "gateway": "speedsms",
                "password": "s3cret",
                "balance_warning": 1000,
            }
        )
        self.peer.answer = (200, b'{"data": {"balance": 900}}')
        messages = self.env["mail.message"]
        for count in (1, 1):
            self.env["pakn.sms.account"]._cron_check_balance()
            found = messages.search_count(
                [
                    ("partner_ids", "in", self.manager.partner_id.ids),
                    ("body", "like", "900"),
                ]
            )
            self.assertEqual(found, count)
        self.assertEqual(self.account.balance, 900)

    def test_operators_read_what_became_of_the_messages_of_theirs(self):
        ticket = self.new_ticket()
        secret = self.new_ticket(citizen_phone="0981234567")
        secret.sudo().secrecy = "secret"
        self.deliver()
        sms = self.env["sms.sms"].with_user(self.operator)
        self.assertEqual(
            sms.search([("pakn_ticket_id", "=", ticket.id)]).state, "outgoing"
        )
        self.assertFalse(sms.search([("pakn_ticket_id", "=", secret.id)]))
        self.assertEqual(ticket.pakn_sms_count, 1)
        for user in (self.monitor, self.focal):
            with self.assertRaises(AccessError):
                self.env["sms.sms"].with_user(user).search([])

    def test_first_steps_ask_for_an_account(self):
        steps = self.env["pakn.first.steps"].with_user(self.manager)
        self.env["pakn.notice"].search([("door", "=", "sms")]).date_sent = False
        self.env.flush_all()
        by_key = {step["key"]: step for step in steps.get_steps()}
        self.assertFalse(by_key["sms"]["done"], "it never took a message")
        told = self.env["pakn.notice"].create(
            {
                "ticket_id": self.new_ticket().id,
                "act": "received",
                "audience": "citizen",
                "door": "sms",
            }
        )
        told._settle("sent")
        by_key = {step["key"]: step for step in steps.get_steps()}
        self.assertTrue(by_key["sms"]["done"])
        self.account.active = False
        by_key = {step["key"]: step for step in steps.get_steps()}
        self.assertFalse(by_key["sms"]["done"])
