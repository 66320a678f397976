import smtplib
import ssl
from unittest.mock import Mock, patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TAGS, PaknCase

STEPS = {"units", "users", "routing", "calendar", "mail", "articles"}


@tagged(*TAGS)
class TestFirstSteps(PaknCase):
    """The administrator's panel says what is set up and what is not."""

    def steps(self):
        """Return the steps of the core; other addons test theirs."""
        steps = self.env["pakn.first.steps"].with_user(self.manager).get_steps()
        return {step["key"]: step for step in steps if step["key"] in STEPS}

    def test_each_step_is_done_when_it_is_done(self):
        self.env["pakn.unit"].search([], limit=1000).focal_user_ids = self.focal
        self.env["pakn.category"].search([], limit=1000).default_unit_id = self.unit
        mailbox = self.env["fetchmail.server"].create({"name": "1022"})
        self.env["ir.mail_server"].create({"name": "1022", "smtp_host": "localhost"})
        alias = self.env.ref("pakn_1022.mail_alias_hotline")
        alias.alias_domain_id = self.env["mail.alias.domain"].create(
            {"name": "test.example.com"}
        )
        leaves = self.env["resource.calendar.leaves"]
        days = leaves.search([("is_public_holiday", "=", True)], limit=100)
        days.is_provisional = False
        steps = self.steps()
        self.assertFalse(steps["mail"]["done"], "written down, and never answered")
        mailbox.write({"state": "done", "date": fields.Datetime.now()})
        told = self.env["pakn.notice"].create(
            {
                "ticket_id": self.new_ticket().id,
                "act": "received",
                "audience": "citizen",
                "door": "mail",
            }
        )
        told._settle("sent")
        self.assertEqual(
            {key for key, step in self.steps().items() if not step["done"]}, set()
        )
        changes = {
            "units": lambda: self.unit.write(
                {"focal_user_ids": [(5,)], "head_user_id": False}
            ),
            "routing": lambda: self.category.write({"default_unit_id": False}),
            "calendar": lambda: days.write({"is_provisional": True}),
            "mail": lambda: mailbox.write({"error_date": fields.Datetime.now()}),
            "mail address": lambda: alias.write({"alias_domain_id": False}),
            "articles": lambda: (
                self.env["pakn.article"].search([], limit=1000).write({"active": False})
            ),
        }
        for key, change in changes.items():
            with self.subTest(key):
                change()
                self.assertFalse(self.steps()[key.split()[0]]["done"])

    def test_a_mail_server_that_answered_its_test_is_ticked(self):
        self.env["pakn.notice"].search([("door", "=", "mail")]).date_sent = False
        self.env["fetchmail.server"].create(
            {"name": "1022", "state": "done", "date": fields.Datetime.now()}
        )
        alias = self.env.ref("pakn_1022.mail_alias_hotline")
        alias.alias_domain_id = self.env["mail.alias.domain"].create(
            {"name": "test.example.com"}
        )
        server = self.env["ir.mail_server"].create(
            {"name": "1022", "smtp_host": "127.0.0.1", "smtp_port": 1}
        )
        self.assertFalse(self.steps()["mail"]["done"])
        server = server.with_user(self.manager).with_context(lang="vi_VN")
        for error, words in (
            (ConnectionRefusedError(111, "Connection refused"), "không phản hồi"),
            (TimeoutError("timed out"), "không phản hồi"),
            (smtplib.SMTPServerDisconnected("unexpectedly"), "ngắt kết nối"),
            (smtplib.SMTPAuthenticationError(535, b"no"), "từ chối tên đăng nhập"),
            (ssl.SSLError(1, "WRONG_VERSION"), "mã hóa"),
        ):
            with (
                self.subTest(str(error)),
                mute_logger("odoo.addons.base.models.ir_mail_server"),
                patch.object(type(server), "_connect__", side_effect=error),
                self.assertRaises(UserError) as raised,
            ):
                server.test_smtp_connection()
            self.assertIn(words, str(raised.exception))
            self.assertFalse({*error.args} & {*str(raised.exception).split()})
        self.assertFalse(self.steps()["mail"]["done"])
        smtp = Mock()
        smtp.mail.return_value = smtp.rcpt.return_value = 250, b"OK"
        smtp.getreply.return_value = 354, b"go on"
        with patch.object(type(server), "_connect__", return_value=smtp):
            server.test_smtp_connection()
            self.assertTrue(self.steps()["mail"]["done"])
            smtp.mail.return_value = 550, b"5.7.1 Sender refused"
            with self.assertRaisesRegex(UserError, "“5.7.1 Sender refused”"):
                server.test_smtp_connection()
        server.smtp_port = 26
        self.assertFalse(self.steps()["mail"]["done"], "another one was not tested")

    def test_a_mailbox_that_does_not_answer_is_said_in_words(self):
        mailbox = self.env["fetchmail.server"].create(
            {"name": "1022", "server": "127.0.0.1", "user": "a", "password": "a"}
        )
        mailbox = mailbox.with_user(self.manager).with_context(lang="vi_VN")
        error = ConnectionRefusedError(111, "Connection refused")
        with (
            mute_logger("odoo.addons.mail.models.fetchmail"),
            patch.object(type(mailbox), "_connect__", side_effect=error),
            self.assertRaisesRegex(UserError, "không phản hồi"),
        ):
            mailbox.button_confirm_login()

    def test_a_door_is_open_when_a_message_went_out(self):
        """A mail server that somebody wrote down and that never answered is none."""
        self.env["pakn.notice"].search([]).write({"date_sent": False})
        self.env["ir.mail_server"].create({"name": "x", "smtp_host": "localhost"})
        steps = self.env["pakn.first.steps"].with_user(self.manager)

        def step():
            self.env.flush_all()
            return next(s for s in steps.get_steps() if s["key"] == "doors")

        ticket = self.new_ticket()
        self.deliver()
        told = self.env["pakn.notice"].search([("ticket_id", "=", ticket.id)])
        self.assertFalse(step()["done"])
        told._settle("sent")
        self.assertTrue(step()["done"])
        other = self.new_ticket()
        self.deliver()
        self.env["pakn.notice"].search([("ticket_id", "=", other.id)])._retry("down")
        self.assertFalse(step()["done"])
        self.assertIn("1", step()["text"])

    def test_an_operator_is_needed(self):
        operators = self.env.ref("pakn_1022.group_operator")
        managers = self.env.ref("pakn_1022.group_manager")
        (operators.all_user_ids - managers.all_user_ids).active = False
        self.assertFalse(self.steps()["users"]["done"])

    def test_each_step_leads_somewhere_the_manager_may_go(self):
        for key, step in self.steps().items():
            action = self.env.ref(step["action"])
            with self.subTest(key):
                self.env[action.res_model].with_user(self.manager).check_access("read")
                self.assertTrue(step["title"] and step["text"] and step["label"])

    def test_hours_are_set_in_the_order_one_thinks(self):
        """Hours, days off, days made up; nothing of Odoo's own in UTC to choose."""
        menus = self.env["ir.ui.menu"].with_user(self.manager)
        names = ("working_hours", "public_holiday", "working_day")
        shown = menus.browse(
            [self.env.ref(f"pakn_1022.pakn_{name}_menu").id for name in names]
        )
        self.assertEqual(shown.sorted("sequence").ids, shown.ids)
        self.assertLessEqual(set(shown.ids), menus._visible_menu_ids())
        calendars = self.env["resource.calendar"].with_user(self.manager)
        zones = set(calendars.search([]).mapped("tz"))
        self.assertEqual(zones, {"Asia/Ho_Chi_Minh"})
        own = calendars.with_context(default_tz="Asia/Ho_Chi_Minh").create(
            {"name": "Bệnh viện"}
        )
        self.assertTrue(own.attendance_ids, "begins with the hours of the province")
        self.assertEqual(own.tz, "Asia/Ho_Chi_Minh")
        self.unit.with_user(self.manager).resource_calendar_id = own
        self.assertEqual(own.pakn_used_by, self.unit.name)
        province = self.env["pakn.unit"]._get_default_calendar()
        self.assertIn("province", province.pakn_used_by)
