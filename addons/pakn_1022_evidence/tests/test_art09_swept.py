import json
import re

from odoo import fields
from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from ..tools.tables import SWEPT_UNTIL, TABLES
from .common import EvidenceCase
from .test_verify import load_verifier


@tagged(*TAGS)
class TestArt09Swept(EvidenceCase):
    """Art. 9.1, 9.2, 12.1: who was told, what was said and who looked is on record.

    No act seals them: a job does a day later.
    """

    def setUp(self):
        super().setUp()
        self.seals = self.env["pakn.seal"]
        self.ticket = self.whole()
        self.rows = {"notice": self.tell()}
        if "pakn.access.log" in self.env:
            self.env["pakn.access.log"].with_user(self.operator)._note(self.ticket)
            self.rows["access"] = self.env["pakn.access.log"].search(
                [("ticket_id", "=", self.ticket.id)], limit=1
            )
        if "pakn.call" in self.env:
            self.rows |= self.call()
        if "pakn.chat.message" in self.env:
            self.rows["said"] = self.say()
        self.env.flush_all()
        if "said" in self.rows:
            # The moment of the transaction, which no stopped clock changes
            self.execute(
                "UPDATE pakn_chat_message SET create_date = %s WHERE id = %s",
                *(fields.Datetime.now(), self.rows["said"].id),
            )

    def tell(self):
        notices = self.ticket.sudo().notice_ids
        notices.write({"date_sent": fields.Datetime.now(), "note": "Ghi chú"})
        return notices[0]

    def call(self):
        recording = self.env["pakn.call.recording"].create(
            {
                "state": "kept",
                "sha256": "a" * 64,
                "size": 7,
                "date_kept": fields.Datetime.now(),
            }
        )
        call = self.env["pakn.call"].create(
            {
                "provider": "pbx",
                "call_id": "sealed-1",
                "state": "done",
                "date_ring": fields.Datetime.now(),
                "date_answer": fields.Datetime.now(),
                "private_number": "+84905123456",
                "seconds_talked": 60,
                "recording_id": recording.id,
                "ticket_ids": self.ticket.ids,
            }
        )
        return {"call": call, "recording": recording}

    def say(self):
        account = self.env["pakn.chat.account"].create(
            {"name": "Zalo", "kind": "zalo", "outside_id": "sealed"}
        )
        channel = (
            self.env["discuss.channel"]
            .with_user(self.operator)
            .sudo()
            .create(
                {
                    "name": "Nguyễn Văn A",
                    "channel_type": "pakn_chat",
                    "pakn_account_id": account.id,
                    "pakn_outside_id": "sealed",
                    "pakn_ticket_id": self.ticket.id,
                }
            )
        )
        return self.env["pakn.chat.message"].create(
            {
                "channel_id": channel.id,
                "account_id": account.id,
                "direction": "out",
                "text": "Đèn sẽ được thay ngày mai.",
                "state": "sent",
            }
        )

    def sweep(self, day="05"):
        """Run the job as on a later day."""
        self.set_clock(f"2026-03-{day} 22:30")
        limit = fields.Datetime.to_string(
            fields.Datetime.subtract(fields.Datetime.now(), days=1)
        )
        for kind in self.seals._get_reader().kinds:
            if kind in self.rows:
                while self.seals._sweep_batch(kind, limit):
                    pass

    def find(self):
        return "\n".join(self.ticket._find_faults().get(self.ticket, ()))

    CASES = {
        "notice": {
            "who was told": ("user_id = 1", "notice no.*changed outside"),
            "when": ("date_sent = '2026-03-02 00:00:00'", "notice no.*Sent on"),
            "what became of it": ("state = 'read', door = 'sms'", "notice no.*Read"),
            "word": ("note = 'Khác'", "notice no"),
        },
        "access": {"who": ("user_id = 1", "who opened whose data: changed")},
        "call": {
            "length": ("seconds_talked = 5", "call no.*Talked"),
            "number": ("private_number = '+84905999999'", "call no"),
            "who answered": ("state = 'missed'", "call no.*Caller|call no.*Missed"),
        },
        "recording": {"sound": ("sha256 = repeat('b', 64)", "recording no.*SHA-256")},
        "said": {"words": ("text = 'Không thay.'", "said in a conversation: changed")},
    }

    def test_art09_2_what_was_sealed_by_the_job_is_found_when_it_is_changed(self):
        self.sweep()
        self.assertEqual(self.find(), "")
        for kind, row in self.rows.items():
            table = row._table
            changes = {
                name: (f"UPDATE {table} SET {values} WHERE id = {row.id}", words)
                for name, (values, words) in self.CASES[kind].items()
            }
            changes["removed"] = (
                f"DELETE FROM {table} WHERE id = {row.id}",
                "removed outside of the program",
            )
            for name, (statement, words) in changes.items():
                with (
                    self.subTest(kind, change=name),
                    self.env.cr.savepoint(flush=False) as point,
                ):
                    self.let_go(table)
                    self.execute(statement)
                    found = self.find()
                    # Nor does the job seal it as if the program had done it
                    self.execute(
                        "UPDATE ir_config_parameter SET value = '{}' WHERE key = %s",
                        SWEPT_UNTIL,
                    )
                    self.sweep("06")
                    again = self.find()
                    self.set_clock("2026-03-05 22:30")
                    point.rollback()
                    self.env.invalidate_all(flush=False)
                    self.assertRegex(found, words)
                    self.assertRegex(again, words)
        self.assertEqual(self.find(), "")

    def let_go(self, table):
        """Take off what else hangs on a table, as its owner can."""
        self.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        self.env.cr.execute(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint"
            " WHERE contype = 'f' AND confrelid = %s::regclass",
            [table],
        )
        for other, name in self.env.cr.fetchall():
            self.execute(f'ALTER TABLE {other} DROP CONSTRAINT "{name}"')

    def test_art10_1_a_notice_that_nobody_sent_is_found(self):
        """It would say that the citizen was told in time."""
        self.sweep()
        self.execute(
            """INSERT INTO pakn_notice (ticket_id, act, audience, door, state, date)
               VALUES (%s, 'sent', 'citizen', 'sms', 'delivered', '2026-03-02')""",
            self.ticket.id,
        )
        self.assertRegex(self.find(), "notice no. .* added outside of the program")

    def test_art09_1_what_becomes_of_it_later_is_on_record(self):
        """A receipt after days, a sound that was fetched late: no tampering."""
        self.sweep()
        notices = self.ticket.sudo().notice_ids
        notices.write({"state": "read"})
        if "recording" in self.rows:
            self.rows["recording"].write({"sha256": "c" * 64})
            self.rows["call"].write({"seconds_talked": 61})
        self.env.flush_all()
        self.seal()
        self.assertEqual(self.find(), "")
        self.sweep("07")
        self.assertEqual(self.find(), "")

    def test_art09_1_nothing_is_sealed_twice_and_nothing_too_early(self):
        self.sweep("02")
        sealed = self.ticket.seal_length
        self.set_clock("2026-03-02 12:00")
        self.assertEqual(self.find(), "")
        self.sweep("05")
        once = self.ticket.seal_length
        self.assertGreater(once, sealed)
        self.sweep("06")
        self.assertEqual(self.ticket.seal_length, once)
        # A conversation that goes on with another request leaves its words here
        if "said" in self.rows:
            self.rows["said"].channel_id.pakn_ticket_id = self.whole()
            self.env.flush_all()
        self.assertEqual(self.find(), "")

    def test_art12_1_the_file_of_evidence_has_it(self):
        self.sweep()
        self.env["pakn.anchor"]._anchor()
        evidence = json.loads(self.ticket.with_user(self.operator)._get_evidence())
        self.assertLessEqual(self.rows.keys(), evidence["state"].keys())
        verifier = load_verifier()
        acts = verifier.check_acts(evidence)
        verifier.check_seals(evidence, acts)
        verifier.check_state(evidence)
        row = str(self.rows["notice"].id)
        self.assertEqual(evidence["state"]["notice"][row]["note"], "Ghi chú")
        evidence["state"]["notice"][row]["date_sent"] = "2026-03-01 00:00:00"
        with self.assertRaisesRegex(verifier.Fault, f"notice {row}, mục date_sent"):
            verifier.check_state(evidence)

    def test_law_91_2025_what_was_removed_by_law_is_no_tampering(self):
        self.sweep()
        self.ticket.sudo()._remove_personal_data("Theo yêu cầu")
        self.env.flush_all()
        self.seal()
        self.assertEqual(self.find(), "")
        for row in self.rows.values():
            self.assertTrue(row.exists())
        self.assertFalse(self.rows["notice"].note)
        self.sweep("08")
        self.assertEqual(self.find(), "")
        # After its time the log goes, and the record says that it did
        rule = self.env["pakn.retention"].search([("target", "=", "access")])
        rule.days = 30
        self.set_clock("2026-06-05 22:30")
        rule.sudo()._run_batch()
        self.env.flush_all()
        self.seal()
        self.assertFalse(self.rows["access"].exists())
        self.assertEqual(self.find(), "")

    def test_art14_the_day_of_a_grade_is_sealed(self):
        """The report of that day counts it."""
        self.execute(
            "UPDATE rating_rating SET pakn_date = '2026-02-01'"
            " WHERE res_model = 'pakn.ticket' AND res_id = %s",
            self.ticket.id,
        )
        self.assertRegex(self.find(), "rating no. .*Rated on")

    def test_the_night_looks_for_a_day_by_its_index(self):
        """Among the notices of a million requests, as often as there are batches."""
        reader = self.seals._get_reader()
        for scan in ("seqscan", "bitmapscan", "sort"):
            self.execute(f"SET LOCAL enable_{scan} = off")
        for kind in self.rows:
            with self.subTest(kind=kind):
                reader.find_unswept(kind, "2026-03-01 00:00:00", "2026-03-02", 1000)
                asked = self.env.cr._obj.query.decode()
                self.env.cr.execute(f"EXPLAIN {asked.replace('%', '%%')}")
                plan = "\n".join(line for [line] in self.env.cr.fetchall())
                moment = TABLES[kind].swept
                found = rf"Index Cond: \(\({moment} >= .* AND \({moment} < "
                self.assertTrue(re.search(found, plan), plan)
