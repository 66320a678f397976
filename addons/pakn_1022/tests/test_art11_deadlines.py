from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import TAGS, PaknCase, local


@tagged(*TAGS)
class TestArt11Deadlines(PaknCase):
    """Art. 11: eight working hours, one extension, and late is shown as late."""

    def test_art11_1_focal_has_eight_working_hours(self):
        # 07:00-11:30 and 13:30-17:00 are eight hours.
        for sent, due in (
            ("2026-03-02 07:00", "2026-03-02 17:00"),
            ("2026-03-02 08:00", "2026-03-03 08:00"),
            ("2026-03-02 12:00", "2026-03-03 11:30"),
            ("2026-03-06 16:30", "2026-03-09 16:30"),
            ("2026-03-07 20:00", "2026-03-09 17:00"),
        ):
            with self.subTest(sent=sent):
                self.set_clock(sent)
                slip = self.transferred().open_transfer_id
                self.assertEqual(slip.date_deadline, local(due))
                self.assertEqual(slip.date_due, local(due))

    def test_art11_1_public_holidays_do_not_count(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Nghỉ lễ",
                "calendar_id": self.env.ref("pakn_1022.resource_calendar_pakn").id,
                "date_from": local("2026-03-03 00:00"),
                "date_to": local("2026-03-03 23:59"),
            }
        )
        slip = self.transferred().open_transfer_id
        self.assertEqual(slip.date_deadline, local("2026-03-04 08:00"))

    def test_art11_1_hours_are_a_setting(self):
        self.env["ir.config_parameter"].set_param("pakn_1022.focal_hours", "4")
        slip = self.transferred().open_transfer_id
        self.assertEqual(slip.date_deadline, local("2026-03-02 14:00"))

    def test_art11_1_a_unit_may_have_its_own_hours(self):
        self.unit.resource_calendar_id = self.env["resource.calendar"].create(
            {
                "name": "Trực 24/24",
                "tz": "Asia/Ho_Chi_Minh",
                "attendance_ids": [(5, 0, 0)]
                + [
                    (
                        0,
                        0,
                        {
                            "name": "Trực",
                            "dayofweek": str(day),
                            "hour_from": 0,
                            "hour_to": 24,
                        },
                    )
                    for day in range(7)
                ],
            }
        )
        slip = self.transferred().open_transfer_id
        self.assertEqual(slip.date_deadline, local("2026-03-02 16:00"))

    def test_art11_2_head_has_eight_working_hours_from_receipt(self):
        ticket = self.transferred()
        self.set_clock("2026-03-05 08:00")
        self.lead_slip(ticket, self.operator).action_escalate()
        self.assertEqual(ticket.date_due, local("2026-03-06 08:00"))

    def test_art11_3_one_extension(self):
        ticket = self.transferred()
        slip = self.lead_slip(ticket, self.focal)
        with self.assertRaises(UserError):
            slip.extend(local("2026-03-20 10:00"), "chưa có lịch hẹn")
        slip.schedule(local("2026-03-10 10:00"))
        slip.extend(local("2026-03-12 10:00"), "Chờ vật tư")
        self.assertRecordValues(
            slip,
            [
                {
                    "state": "extended",
                    "extension_count": 1,
                    "date_promised": local("2026-03-10 10:00"),
                    "date_extended": local("2026-03-12 10:00"),
                    "date_due": local("2026-03-12 10:00"),
                    "date_reminder": local("2026-03-11 10:00"),
                    "reason": "Chờ vật tư",
                }
            ],
        )
        self.assertEqual(ticket.state, "scheduled")

    def test_art11_3_second_extension_is_refused(self):
        slip = self.lead_slip(self.transferred(), self.focal)
        slip.schedule(local("2026-03-10 10:00"))
        slip.extend(local("2026-03-12 10:00"), "Chờ vật tư")
        with self.assertRaisesRegex(UserError, "11.3"):
            slip.extend(local("2026-03-14 10:00"), "Vẫn chờ")
        self.assertEqual(slip.date_due, local("2026-03-12 10:00"))

    def test_art11_3_the_head_shares_the_extension_of_the_unit(self):
        ticket = self.transferred()
        slip = self.lead_slip(ticket, self.focal)
        slip.schedule(local("2026-03-04 10:00"))
        slip.extend(local("2026-03-05 10:00"), "Chờ vật tư")
        self.set_clock("2026-03-06 08:00")
        self.lead_slip(ticket, self.operator).action_escalate()
        head_slip = self.lead_slip(ticket, self.head)
        head_slip.schedule(local("2026-03-10 10:00"))
        with self.assertRaisesRegex(UserError, "11.3"):
            head_slip.extend(local("2026-03-14 10:00"), "Vẫn chờ")

    def test_art11_3_the_number_of_extensions_is_a_setting(self):
        params = self.env["ir.config_parameter"]
        slip = self.lead_slip(self.transferred(), self.focal)
        slip.schedule(local("2026-03-10 10:00"))
        params.set_param("pakn_1022.extension_limit", "0")
        with self.assertRaisesRegex(UserError, "11.3"):
            slip.extend(local("2026-03-12 10:00"), "Chờ vật tư")
        params.set_param("pakn_1022.extension_limit", "2")
        slip.extend(local("2026-03-12 10:00"), "Chờ vật tư")
        slip.extend(local("2026-03-14 10:00"), "Vẫn chờ")
        self.assertEqual(slip.extension_count, 2)

    def test_art11_3_an_extension_needs_a_reason_and_a_later_date(self):
        slip = self.lead_slip(self.transferred(), self.focal)
        slip.schedule(local("2026-03-10 10:00"))
        for moment, reason in (
            (local("2026-03-12 10:00"), ""),
            (local("2026-03-10 10:00"), "x"),
            (local("2026-03-09 10:00"), "x"),
            (local("2026-03-01 10:00"), "x"),
        ):
            with self.subTest(moment), self.assertRaises(ValidationError):
                slip.extend(moment, reason)
        self.assertEqual(slip.state, "scheduled")

    def test_art10_5_the_reminder_lies_so_many_hours_before_the_end(self):
        self.env["ir.config_parameter"].set_param("pakn_1022.reminder_hours", "48")
        slip = self.lead_slip(self.transferred(), self.focal)
        slip.schedule(local("2026-03-10 10:00"))
        self.assertEqual(slip.date_reminder, local("2026-03-08 10:00"))

    def test_art11_4_a_missed_appointment_is_late_and_escalates(self):
        ticket = self.transferred()
        self.lead_slip(ticket, self.focal).schedule(local("2026-03-04 10:00"))
        self.set_clock("2026-03-04 10:01")
        slip = self.lead_slip(ticket, self.operator)
        self.assertEqual(slip.due_state, "late")
        slip.action_escalate()
        self.assertEqual(slip.date_overdue, local("2026-03-04 10:00"))
        self.assertEqual(ticket.state, "escalated_head")

    def test_time_left_is_said_in_words(self):
        slip = self.transferred().open_transfer_id
        for moment, state, text in (
            ("2026-03-02 08:00", "ok", "1 d of work left"),
            ("2026-03-02 09:45", "ok", "6 h 15 min of work left"),
            ("2026-03-02 12:30", "ok", "4 h 30 min of work left"),
            ("2026-03-02 20:00", "soon", "1 h 0 min of work left"),
            ("2026-03-03 07:50", "soon", "10 min of work left"),
            ("2026-03-03 08:12", "late", "12 min late"),
            ("2026-03-05 09:00", "late", "2 d 1 h late"),
        ):
            with self.subTest(moment):
                self.set_clock(moment)
                slip.invalidate_recordset(["due_state", "due_text"])
                self.assertEqual((slip.due_state, slip.due_text), (state, text))

    def test_settings_page_keeps_zero_and_refuses_nonsense(self):
        settings = self.env["res.config.settings"].create(
            {"pakn_extension_limit": 0, "pakn_reminder_hours": 12}
        )
        settings.execute()
        params = self.env["ir.config_parameter"]
        self.assertEqual(params.get_param("pakn_1022.extension_limit"), "0")
        self.assertEqual(float(params.get_param("pakn_1022.reminder_hours")), 12.0)
        for values in (
            {"pakn_focal_hours": 0},
            {"pakn_head_hours": -1},
            {"pakn_extension_limit": -1},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.env["res.config.settings"].create(values)
