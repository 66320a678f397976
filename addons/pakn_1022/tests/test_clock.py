from unittest.mock import patch

from psycopg2 import Error as PostgresError
from psycopg2.errors import DeadlockDetected, SerializationFailure

from odoo.exceptions import LockError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..models import ir_cron
from .common import TAGS, PaknCase, local


@tagged(*TAGS)
class TestClock(PaknCase):
    """Art. 10.1.2 b2 step 2, 10.5, 11: the sweep that forgets nobody."""

    def sweep(self, moment=None):
        """Let the scheduled action run at a moment of Gia Lai."""
        if moment:
            self.set_clock(moment)
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("pakn_1022.ir_cron_process_deadlines").method_direct_trigger()
        self.env.invalidate_all()

    def unit_mails(self, user, ticket):
        return self.mails_to(user.email).filtered(
            lambda mail: ticket.name in (mail.subject or "")
        )

    def test_art11_the_whole_chain_to_the_provincial_office(self):
        ticket = self.transferred()  # Monday 08:00, due Tuesday 08:00
        self.sweep("2026-03-03 07:59")
        self.assertEqual(ticket.state, "transferred")
        self.sweep("2026-03-03 08:00")
        self.assertEqual(ticket.state, "escalated_head")
        self.assertEqual(ticket.date_due, local("2026-03-04 08:00"))
        self.assertEqual(len(self.unit_mails(self.head, ticket)), 1)
        self.sweep("2026-03-04 07:59")
        self.assertEqual(ticket.state, "escalated_head")
        self.sweep("2026-03-04 08:00")
        self.assertEqual(ticket.state, "escalated_province")
        self.assertEqual(ticket.open_transfer_id.unit_id, self.office)
        self.sweep("2026-03-05 08:00")
        self.assertEqual(ticket.state, "escalated_province")
        self.assertTrue(ticket.open_transfer_id.is_overdue)
        self.assertRecordValues(
            ticket.transfer_ids.sorted("id"),
            [
                {"level": "focal", "state": "expired", "is_overdue": True},
                {"level": "head", "state": "expired", "is_overdue": True},
                {"level": "province", "state": "sent", "is_overdue": True},
            ],
        )
        self.assertEqual(self.kinds(ticket).count("escalated"), 2)

    def test_art11_who_is_faster_as_it_is_committed_makes_no_job_fail(self):
        """What an act must leave behind at its end is written at the commit too."""
        ticket = self.transferred()
        jobs = type(self.env["ir.cron"])
        commit, errors = jobs._commit_progress, [SerializationFailure, DeadlockDetected]

        def be_slower(job, *args, **options):
            if errors:
                raise errors.pop()
            return commit(job, *args, **options)

        with patch.object(jobs, "_commit_progress", be_slower):
            self.sweep("2026-03-03 08:00")
        self.assertFalse(errors)
        self.assertEqual(ticket.state, "escalated_head")
        self.assertEqual(self.kinds(ticket).count("escalated"), 1)
        self.assertFalse(
            self.todos(ticket).filtered(lambda t: t.user_id == self.manager)
        )

    def test_art20_a_job_that_meets_somebody_begins_anew(self):
        """It is not called broken, and switched off after some days, for that."""
        errors = [LockError("busy"), SerializationFailure(), DeadlockDetected()]
        slips = type(self.env["pakn.transfer"])

        def meet(_slips):
            if errors:
                raise errors.pop()

        with (
            patch.object(slips, "_cron_process_deadlines", meet),
            patch.object(ir_cron, "PAUSE", 0),
            self.enter_registry_test_mode(),
            self.env.registry.cursor() as cr,
        ):
            job = self.env(cr=cr).ref("pakn_1022.ir_cron_process_deadlines")
            job._callback(job.name, job.ir_actions_server_id.id)
            self.assertFalse(errors)
            errors += [SerializationFailure()] * ir_cron.TRIES
            with self.assertRaises(SerializationFailure):
                job._callback(job.name, job.ir_actions_server_id.id)
        self.assertFalse(errors)

    def test_art11_running_again_changes_nothing(self):
        ticket = self.transferred()
        self.sweep("2026-03-03 08:00")
        before = self.kinds(ticket), len(self.env["mail.mail"].search([]))
        for _again in range(3):
            self.sweep()
        after = self.kinds(ticket), len(self.env["mail.mail"].search([]))
        self.assertEqual(before, after)
        self.assertEqual(len(ticket.transfer_ids), 2)

    def test_art11_2_after_an_outage_the_head_still_has_eight_hours(self):
        ticket = self.transferred()
        self.sweep("2026-03-09 10:00")
        self.assertEqual(ticket.state, "escalated_head")
        self.assertEqual(ticket.date_due, local("2026-03-10 10:00"))
        self.assertEqual(
            ticket.transfer_ids.filtered("is_overdue").date_overdue,
            local("2026-03-03 08:00"),
        )

    def test_art11_4_a_missed_appointment_and_a_missed_extension_escalate(self):
        ticket = self.transferred()
        slip = self.lead_slip(ticket, self.focal)
        slip.schedule(local("2026-03-05 10:00"))
        self.sweep("2026-03-04 08:00")
        self.assertEqual(ticket.state, "scheduled")
        slip.extend(local("2026-03-06 10:00"), "Chờ vật tư")
        self.sweep("2026-03-05 10:00")
        self.assertEqual(ticket.state, "scheduled")
        self.sweep("2026-03-06 10:00")
        self.assertEqual(ticket.state, "escalated_head")
        self.assertEqual(slip.state, "expired")

    def test_art10_5_reminded_once_24_hours_before_the_end(self):
        ticket = self.transferred()
        slip = self.lead_slip(ticket, self.focal)
        slip.schedule(local("2026-03-10 10:00"))
        sent = len(self.unit_mails(self.focal, ticket))
        self.sweep("2026-03-09 09:59")
        self.assertEqual(len(self.unit_mails(self.focal, ticket)), sent)
        self.sweep("2026-03-09 10:00")
        self.sweep("2026-03-09 10:01")
        self.assertEqual(len(self.unit_mails(self.focal, ticket)), sent + 1)
        self.assertEqual(self.kinds(ticket).count("reminded"), 1)
        self.assertEqual(self.todos(ticket).user_id, self.operator)
        # An extension has a reminder of its own.
        slip.extend(local("2026-03-12 10:00"), "Chờ vật tư")
        self.sweep("2026-03-11 10:00")
        self.assertEqual(self.kinds(ticket).count("reminded"), 2)

    def test_art11_1_reminded_when_most_of_the_eight_hours_are_used(self):
        ticket = self.transferred()
        self.assertEqual(
            ticket.open_transfer_id.date_reminder, local("2026-03-02 16:00")
        )
        self.sweep("2026-03-02 15:59")
        self.assertEqual(self.kinds(ticket).count("reminded"), 0)
        self.sweep("2026-03-02 16:00")
        self.sweep("2026-03-02 16:01")
        self.assertEqual(self.kinds(ticket).count("reminded"), 1)
        self.assertEqual(ticket.state, "transferred")

    def test_no_reminder_of_what_has_been_answered(self):
        ticket = self.transferred()
        self.lead_slip(ticket, self.focal).answer("<p>Xong</p>")
        self.sweep("2026-03-02 16:00")
        self.sweep("2026-03-05 16:00")
        self.assertNotIn("reminded", self.kinds(ticket))
        self.assertEqual(ticket.state, "answered")

    def test_a_unit_without_a_head_goes_to_the_province_and_the_manager_hears(self):
        ticket = self.transferred(self.other_unit)
        self.sweep("2026-03-03 08:00")
        self.assertEqual(ticket.state, "escalated_province")
        event = ticket.event_ids.filtered(lambda e: e.kind == "escalated")
        self.assertIn(self.other_unit.name, event.note)
        todos = self.todos(ticket).filtered(lambda todo: todo.user_id == self.manager)
        self.assertIn(self.other_unit.name, todos.summary)

    def test_supporting_units_escalate_to_their_head_beside_the_lead(self):
        ticket = self.transferred(self.other_unit, self.unit)
        self.other_unit.head_user_id = self.focal
        self.sweep("2026-03-03 08:00")
        support = ticket.transfer_ids.filtered(
            lambda slip: slip.role == "support" and slip.is_open
        )
        self.assertEqual((support.level, support.unit_id), ("head", self.unit))
        self.assertEqual(ticket.open_transfer_id.level, "head")
        self.lead_slip(ticket, self.focal).answer("<p>Xong</p>")
        self.assertEqual(ticket.state, "answered")

    def test_one_bad_slip_does_not_hold_up_the_others(self):
        tickets = [self.transferred() for _i in range(5)]
        bad = tickets[2].open_transfer_id
        Transfer = type(self.env["pakn.transfer"])
        original = Transfer._get_next_level

        def fail_on_bad(slip):
            if slip.id == bad.id:
                raise ValueError("broken")
            return original(slip)

        with (
            patch.object(Transfer, "_get_next_level", fail_on_bad),
            mute_logger("odoo.addons.pakn_1022.models.pakn_transfer_clock"),
        ):
            self.sweep("2026-03-03 08:00")
        states = [ticket.state for ticket in tickets]
        self.assertEqual(states.count("escalated_head"), 4)
        self.assertEqual(tickets[2].state, "transferred")
        self.sweep()
        self.assertEqual(tickets[2].state, "escalated_head")

    def test_a_hundred_thousand_open_slips_cost_a_handful_of_queries(self):
        """Nothing is due: one search by the indexes of the clock."""
        slip = self.transferred().sudo().open_transfer_id
        self.env.flush_all()
        columns = [
            name
            for name, field in slip._fields.items()
            if field.store and field.column_type and name not in ("id", "role")
        ]
        names = ", ".join(columns)
        self.env.cr.execute(
            f"""INSERT INTO pakn_transfer (role, {names})
                SELECT 'support', {names} FROM pakn_transfer, generate_series(1, 100000)
                WHERE id = {slip.id}"""
        )
        self.env.cr.execute("ANALYZE pakn_transfer")
        Transfer = self.env["pakn.transfer"]
        with (
            self.enter_registry_test_mode(),
            self.registry.cursor() as cr,
            self.assertQueryCount(3),  # two are savepoints of the test
        ):
            Transfer.with_env(self.env(cr=cr))._cron_process_deadlines()
        for kind, index in (
            ("due", "pakn_transfer_due_idx"),
            ("reminders", "pakn_transfer_reminder_idx"),
        ):
            query = Transfer._select_work(kind, 500, Transfer.browse())
            self.env.cr.execute(SQL("EXPLAIN %s", query))
            plan = str(self.env.cr.fetchall())
            self.assertIn(index, plan)
            self.assertNotIn("Seq Scan on pakn_transfer", plan)

    def test_a_lock_that_is_refused_is_no_error_for_the_log(self):
        """Somebody was faster: the act is done over, and the clock looks anew."""
        ticket, slips = self.new_ticket(), self.env["pakn.transfer"]
        for lock in (ticket._lock, lambda: slips._find_work("due", 1, slips)):
            with (
                self.assertNoLogs("odoo.sql_db", "ERROR"),
                self.assertRaises(PostgresError),
                self.env.cr.savepoint(flush=False),
            ):
                # Refused as one that meets a row changed by others, and at once
                self.env.cr.execute("SET LOCAL transaction_read_only = on")
                lock()

    def test_a_batch_costs_the_same_for_few_and_many(self):
        """Escalation with its record, to-dos and mails, up to the commit."""

        def count(size):
            self.set_clock("2026-03-02 08:00")
            for _i in range(size):
                self.transferred()
            self.set_clock("2026-03-03 08:00")
            self.env.flush_all()
            self.env.invalidate_all()
            with self.enter_registry_test_mode(), self.registry.cursor() as cr:
                Transfer = self.env(cr=cr)["pakn.transfer"]
                before = cr.sql_log_count
                Transfer._cron_process_deadlines()
                return cr.sql_log_count - before

        count(2)
        few = count(5)
        # The ORM inserts and updates a hundred rows a query: slips, acts, messages …
        self.assertLessEqual(count(500), few + 80)

    def test_reminders_cost_the_same_for_few_and_many(self):
        def count(size):
            self.set_clock("2026-03-02 08:00")
            slips = self.env["pakn.transfer"].union(
                *[self.transferred().sudo().open_transfer_id for _i in range(size)]
            )
            self.set_clock("2026-03-02 16:00")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            slips.with_context(pakn_no_notify=True)._remind()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(2)
        few = count(5)
        self.assertLessEqual(count(50), few + 1)

    def test_units_may_have_hours_of_their_own(self):
        """By agreement with the unit; others keep those of the settings."""
        self.unit.write({"focal_hours": 4, "head_hours": 2})
        ticket = self.transferred()
        self.assertEqual(ticket.date_due, local("2026-03-02 14:00"))
        self.assertEqual(
            ticket.open_transfer_id.date_reminder, local("2026-03-02 11:00")
        )
        self.sweep("2026-03-02 14:00")
        self.assertEqual(ticket.date_due, local("2026-03-02 16:00"))
        other = self.transferred(self.other_unit)
        self.assertEqual(other.date_due, local("2026-03-03 14:00"))

    def test_the_share_of_the_reminder_is_a_setting(self):
        self.env["res.config.settings"].create({"pakn_reminder_share": 50}).execute()
        ticket = self.transferred()
        self.assertEqual(
            ticket.open_transfer_id.date_reminder, local("2026-03-02 14:00")
        )
        with self.assertRaises(ValidationError):
            self.env["res.config.settings"].create({"pakn_reminder_share": 0})

    def test_the_time_used_is_said_in_words(self):
        ticket = self.transferred()
        self.set_clock("2026-03-02 14:15")
        slip = self.lead_slip(ticket, self.focal)
        self.assertEqual(slip.used_text, "4 h 15 min of 1 d of work")
        slip.schedule(local("2026-03-04 08:00"))
        self.assertEqual(ticket.used_text, "4 h 15 min of 2 d of work")
        self.set_clock("2026-03-03 08:00")
        slip.answer("<p>Xong</p>")
        slip.invalidate_recordset(["used_text"])
        self.assertEqual(slip.used_text, "1 d of 2 d of work")
