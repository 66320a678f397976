from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import TAGS, PaknCase, local


@tagged(*TAGS)
class TestRecount(PaknCase):
    """The working hours change: the manager is asked about the open deadlines."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Transfer = cls.env["pakn.transfer"]
        # Slips of others that are in the database do not take part.
        cls.Transfer._recount_deadlines()

    def day_off(self, day="2026-03-03"):
        return (
            self.env["resource.calendar.leaves"]
            .with_user(self.manager)
            .create({"name": "Nghỉ đột xuất", "pakn_date": day})
        )

    def question(self, user=None):
        Transfer = self.Transfer.with_user(user or self.manager)
        return [
            message
            for message in Transfer.get_clock_status()
            if message["action"] == "pakn_1022.transfer_recount_action"
        ]

    def test_the_manager_is_asked_after_a_change_and_others_are_not(self):
        self.transferred()
        self.assertFalse(self.question())
        self.day_off()
        self.assertEqual(len(self.question()), 1)
        self.assertFalse(self.question(self.operator))
        self.assertFalse(self.question(self.monitor))

    def test_each_source_of_hours_asks(self):
        self.transferred()
        calendar = self.env.ref("pakn_1022.resource_calendar_pakn")
        day = self.day_off()
        changes = {
            "hours": lambda: calendar.attendance_ids[0].write({"hour_from": 7.5}),
            "zone": lambda: calendar.write({"tz": "Asia/Tokyo"}),
            "working day": lambda: self.env["pakn.working.day"].create(
                {"name": "Bù", "date": "2026-03-07", "dayofweek": "0"}
            ),
            "day off": lambda: day.write({"pakn_date": "2026-03-04"}),
            "no day off": day.unlink,
        }
        for name, change in changes.items():
            self.Transfer._forget_recount()
            self.assertFalse(self.question())
            change()
            self.assertTrue(self.question(), name)

    def test_the_leave_of_a_person_asks_nothing(self):
        self.transferred()
        resource = self.env["resource.resource"].create({"name": "Xe chuyên dùng"})
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Sửa xe",
                "resource_id": resource.id,
                "date_from": local("2026-03-03 00:00"),
                "date_to": local("2026-03-04 00:00"),
            }
        )
        self.assertFalse(self.question())

    def test_the_dialog_shows_what_moves_and_moves_it_with_a_record(self):
        ticket = self.transferred()
        slip = ticket.open_transfer_id
        self.assertEqual(slip.date_due, local("2026-03-03 08:00"))
        self.day_off()
        dialog = self.env["pakn.transfer.recount"].with_user(self.manager).create({})
        self.assertEqual(dialog.count, 1)
        self.assertRecordValues(
            dialog.line_ids,
            [
                {
                    "transfer_id": slip.id,
                    "date_old": local("2026-03-03 08:00"),
                    "date_new": local("2026-03-04 08:00"),
                }
            ],
        )
        # Nothing moves before the answer.
        self.assertEqual(slip.date_due, local("2026-03-03 08:00"))
        dialog.action_recount()
        self.assertEqual(slip.date_due, local("2026-03-04 08:00"))
        self.assertEqual(ticket.date_due, local("2026-03-04 08:00"))
        self.assertEqual(slip.date_reminder, local("2026-03-02 16:00"))
        event = ticket.event_ids.filtered(lambda event: event.kind == "recounted")
        self.assertEqual(event.user_id, self.manager)
        self.assertEqual(
            event.payload,
            {"from": "2026-03-03 01:00:00", "to": "2026-03-04 01:00:00"},
        )
        self.assertFalse(self.question())

    def test_the_manager_may_leave_them(self):
        slip = self.transferred().open_transfer_id
        self.day_off()
        self.env["pakn.transfer.recount"].with_user(self.manager).create(
            {}
        ).action_keep()
        self.assertEqual(slip.date_due, local("2026-03-03 08:00"))
        self.assertFalse(self.question())

    def test_promises_directions_and_what_is_late_do_not_move(self):
        promised = self.transferred()
        self.lead_slip(promised, self.focal).schedule(local("2026-03-06 10:00"))
        directed = self.new_ticket()
        directed.refer_to_province("Liên quan nhiều đơn vị")
        directed.with_user(self.office_user).transfer(
            self.unit.ids, date_due=local("2026-03-05 10:00")
        )
        late = self.transferred(self.other_unit)
        self.set_clock("2026-03-03 09:00")
        late.sudo().open_transfer_id._escalate()
        late.sudo().open_transfer_id._acting().is_overdue = True
        before = [
            ticket.open_transfer_id.date_due for ticket in (promised, directed, late)
        ]
        self.day_off("2026-03-04")
        self.Transfer._recount_deadlines()
        after = [
            ticket.open_transfer_id.date_due for ticket in (promised, directed, late)
        ]
        self.assertEqual(before, after)

    def test_others_may_not_count_anew(self):
        for user in (self.operator, self.monitor, self.focal, self.employee):
            with self.assertRaises(AccessError):
                self.env["pakn.transfer.recount"].with_user(user).create({})

    def test_many_cost_as_few(self):
        def count(size):
            for _i in range(size):
                self.transferred()
            day = self.day_off()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertGreaterEqual(self.Transfer._recount_deadlines(), size)
            self.env.flush_all()
            queries = self.env.cr.sql_log_count - before
            day.unlink()
            self.Transfer._recount_deadlines()
            return queries

        count(1)
        few = count(3)
        self.assertLessEqual(count(30), few + 1)
