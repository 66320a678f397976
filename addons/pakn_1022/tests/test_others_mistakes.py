from unittest.mock import patch

import pytz

from odoo.tests import tagged

from .common import TAGS, PaknCase, local


@tagged(*TAGS)
class TestOthersMistakes(PaknCase):
    """What users of other systems complain of does not happen here."""

    def sweep(self, moment):
        self.set_clock(moment)
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("pakn_1022.ir_cron_process_deadlines").method_direct_trigger()
        self.env.invalidate_all()

    def unit_mails(self, ticket):
        mails = self.mails_to(self.focal.email) | self.mails_to(self.head.email)
        return mails.filtered(lambda mail: ticket.name in (mail.subject or ""))

    def test_lunch_is_no_working_time(self):
        """Frappe Helpdesk #2212."""
        self.set_clock("2026-03-02 11:00")
        # Half an hour before lunch, 3.5 after it, four on Tuesday morning.
        self.assertEqual(self.transferred().date_due, local("2026-03-03 11:00"))

    def test_a_reminder_before_the_end_does_not_jump_to_midnight(self):
        """GLPI pull request 22678: a reminder that crosses a night."""
        self.set_clock("2026-03-02 14:00")
        slip = self.transferred().open_transfer_id
        self.assertEqual(slip.date_due, local("2026-03-03 14:00"))
        # Three quarters of eight hours: 3 on Monday, 3 on Tuesday morning.
        self.assertEqual(slip.date_reminder, local("2026-03-03 10:00"))
        slip.with_user(self.focal).schedule(local("2026-03-04 07:30"))
        self.assertEqual(slip.date_reminder, local("2026-03-03 07:30"))

    def test_a_request_at_night_or_on_sunday_has_a_deadline(self):
        """GLPI #687."""
        for moment in ("2026-03-02 23:30", "2026-03-03 02:00", "2026-03-01 10:00"):
            self.set_clock(moment)
            due = self.transferred().date_due
            expected = (
                "2026-03-02 17:00" if moment < "2026-03-02" else "2026-03-03 17:00"
            )
            self.assertEqual(due, local(expected), moment)

    def test_units_get_no_mail_at_midnight_or_on_sunday(self):
        """Zammad #4432: what ends on Sunday is forwarded then, but the unit hears of
        it on Monday morning. (An appointment would be moved to Monday.)"""
        ticket = self.transferred()
        slip = self.lead_slip(ticket, self.focal)
        slip._acting().date_deadline = local("2026-03-08 10:00")
        known = self.unit_mails(ticket)
        self.sweep("2026-03-08 10:00")
        self.assertEqual(ticket.state, "escalated_head")
        mail = self.unit_mails(ticket) - known
        self.assertEqual(mail.scheduled_date, local("2026-03-09 07:00"))
        # The head's eight hours begin on Monday morning, too.
        self.assertEqual(ticket.date_due, local("2026-03-09 17:00"))
        # A working deadline cannot end at night at all.
        self.sweep("2026-03-09 16:59")
        self.assertEqual(ticket.state, "escalated_head")
        self.sweep("2026-03-09 17:00")
        self.assertEqual(ticket.state, "escalated_province")

    def test_what_is_switched_off_in_the_settings_stays_off(self):
        settings = self.env["res.config.settings"]
        settings.create({"pakn_notify_in_hours": False}).execute()
        shown = settings.create({})
        self.assertFalse(shown.pakn_notify_in_hours)
        shown.execute()
        self.assertEqual(
            self.env["ir.config_parameter"].get_param("pakn_1022.notify_in_hours"),
            "False",
        )
        settings.create({"pakn_notify_in_hours": True}).execute()
        self.assertTrue(settings.create({}).pakn_notify_in_hours)

    def test_units_are_told_at_once_if_the_setting_says_so(self):
        self.env["ir.config_parameter"].set_param("pakn_1022.notify_in_hours", "False")
        ticket = self.transferred()
        self.lead_slip(ticket, self.focal).schedule(local("2026-03-08 10:00"))
        known = self.unit_mails(ticket)
        self.sweep("2026-03-08 10:00")
        self.assertFalse((self.unit_mails(ticket) - known).scheduled_date)

    def test_feast_days_that_are_no_days_off_are_worked(self):
        """Zammad #390: a calendar's feasts, such as Christmas, stop no clock."""
        self.env["resource.calendar.leaves"]._fill_public_holidays((2026,))
        self.set_clock("2026-12-24 08:00")
        self.assertEqual(self.transferred().date_due, local("2026-12-25 08:00"))

    def test_deadlines_do_not_hang_on_the_zone_of_server_or_user(self):
        """GLPI #15429: other times after an upgrade."""
        expected = self.transferred().date_due
        for zone in ("UTC", "America/New_York", "Pacific/Auckland"):
            self.operator.tz = zone
            with patch.dict("os.environ", TZ=zone):
                self.assertEqual(self.transferred().date_due, expected)
        clock = self.env.ref("pakn_1022.resource_calendar_pakn")
        self.assertEqual(pytz.timezone(clock.tz).zone, "Asia/Ho_Chi_Minh")

    def test_after_an_outage_nobody_gets_ten_messages(self):
        tickets = [self.transferred() for _i in range(10)]
        other = self.transferred(
            citizen_phone="0905 999 888", citizen_email="other@example.com"
        )
        self.set_clock("2026-03-09 08:00")
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            Transfer = self.env(cr=cr)["pakn.transfer"]
            Transfer._cron_process_deadlines(batch_size=3)
        self.env.invalidate_all()
        self.assertEqual({ticket.state for ticket in tickets}, {"escalated_head"})
        # The core has no mail for it; another addon's door may have a text
        self.deliver()
        self.env["mail.template"].create(
            {
                "name": "Late",
                "model_id": self.env["ir.model"]._get_id("pakn.ticket"),
                "subject": "{{ object.name }} late",
                "pakn_act": "escalated",
                "pakn_audience": "citizen",
            }
        )
        self.env["pakn.notice"]._queue(
            "escalated",
            "citizen",
            [(ticket, None, None) for ticket in [*tickets, other]],
        )
        for email in ("nguyenvana@example.com", "other@example.com"):
            mails = self.mails_to(email).filtered(lambda m: "late" in m.subject)
            self.assertEqual(len(mails), 1, email)
        told = self.env["pakn.notice"].search(
            [("act", "=", "escalated"), ("ticket_id", "in", [t.id for t in tickets])]
        )
        self.assertEqual(len(told.filtered("reason")), 9, "told with the first one")
