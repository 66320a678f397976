import hashlib
import json

from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools.record import START, Act, get_canonical, get_hash
from .common import TAGS, PaknCase


@tagged(*TAGS)
class TestArt09Chain(PaknCase):
    """Art. 9: the record has the value of paper; what was changed is found."""

    def whole(self):
        ticket = self.transferred(self.unit, self.other_unit)
        slip = self.lead_slip(ticket, self.focal)
        slip.acknowledge()
        slip.answer("<p>Đã thay bóng đèn.</p>")
        ticket.write(
            {"title": "Đèn “hỏng”\nở ngõ 12", "citizen_address": "Ayun Pa ă ê"}
        )
        ticket.send_result()
        ticket.rate(1, "Chưa sáng")
        self.env.cr.flush()  # as before a commit
        self.assertEqual(ticket._verify_records(), {})
        return ticket

    def tamper(self, statement, *parameters):
        """Change the database as its owner could, past the trigger."""
        cr = self.env.cr
        self.env.flush_all()
        cr.execute("ALTER TABLE pakn_event DISABLE TRIGGER USER")
        cr.execute(statement, parameters)
        cr.execute("ALTER TABLE pakn_event ENABLE TRIGGER USER")
        self.env.invalidate_all()

    def test_art09_the_canonical_form_is_as_documented(self):
        """docs/record.md, with an example worked out by hand."""
        act = Act(
            "GL26-000123-7",
            2,
            "2026-03-02 01:00:00",
            "nhanvien",
            "transferred",
            7,
            "SXD",
            "new",
            "transferred",
            "Đèn hỏng",
            {"role": "lead", "level": "focal"},
        )
        line = (
            '{"actor":"nhanvien","date":"2026-03-02 01:00:00","from_state":"new",'
            '"kind":"transferred","note":"Đèn hỏng",'
            '"payload":{"level":"focal","role":"lead"},"sequence":2,'
            '"ticket":"GL26-000123-7","to_state":"transferred","transfer":7,'
            '"unit":"SXD","version":1}'
        )
        self.assertEqual(get_canonical(act), line)
        self.assertEqual(
            get_hash(START, act),
            hashlib.sha256(f"{'0' * 64}\n{line}".encode()).hexdigest(),
        )

    def test_art09_a_chain_can_be_checked_from_the_rows_alone(self):
        ticket = self.whole()
        previous = "0" * 64
        for number, event in enumerate(ticket.event_ids.sorted("sequence"), 1):
            line = json.dumps(
                {
                    "version": 1,
                    "ticket": ticket.name,
                    "sequence": number,
                    "date": event.date.strftime("%Y-%m-%d %H:%M:%S"),
                    "actor": event.user_id.login,
                    "kind": event.kind,
                    "transfer": event.transfer_id.id or 0,
                    "unit": event.unit_id.code or "",
                    "from_state": event.from_state or "",
                    "to_state": event.to_state or "",
                    "note": event.note or "",
                    "payload": event.payload or None,
                },
                sort_keys=True,
                ensure_ascii=False,
                separators=(",", ":"),
            )
            previous = hashlib.sha256(f"{previous}\n{line}".encode()).hexdigest()
            self.assertEqual(event.hash, previous)
        self.assertEqual(
            (ticket.record_hash, ticket.record_length),
            (previous, len(ticket.event_ids)),
        )

    def test_art09_postgresql_refuses_changes_and_deletion(self):
        ticket = self.whole()
        self.env.flush_all()
        for statement in (
            "UPDATE pakn_event SET note = 'x' WHERE ticket_id = %s",
            "DELETE FROM pakn_event WHERE ticket_id = %s",
            "DELETE FROM pakn_transfer WHERE ticket_id = %s",
            "DELETE FROM pakn_ticket WHERE id = %s",
            "TRUNCATE pakn_event CASCADE -- %s",
            "TRUNCATE pakn_ticket CASCADE -- %s",
        ):
            with (
                self.subTest(statement),
                # Ours, or the reference of an act, whichever PostgreSQL asks first
                self.assertRaisesRegex(IntegrityError, "Art. 9|pakn_event_ticket_id"),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement, [ticket.id])

    def test_art09_what_was_tampered_with_is_named(self):
        columns = {
            "note": "'khác'",
            "date": "date - interval '1 day'",
            "actor": "'ke.khac'",
            "kind": "'cancelled'",
            "to_state": "'done'",
            "payload": """'{"level": "head"}'""",
            "unit_code": "'KHAC'",
            "hash": f"'{'a' * 64}'",
        }
        for column, value in columns.items():
            ticket = self.whole()
            self.tamper(
                f"UPDATE pakn_event SET {column} = {value}"
                " WHERE ticket_id = %s AND sequence = 3",
                ticket.id,
            )
            self.assertEqual(ticket._verify_records(), {ticket: 3}, column)

    def test_art09_acts_removed_inserted_or_cut_off_are_named(self):
        length = self.whole().record_length
        cases = {
            "removed": ("DELETE FROM pakn_event WHERE ticket_id=%s AND sequence=3", 3),
            "cut off": (
                f"DELETE FROM pakn_event WHERE ticket_id=%s AND sequence={length}",
                length,
            ),
            "all": ("DELETE FROM pakn_event WHERE ticket_id=%s", 1),
            "inserted": (
                f"""INSERT INTO pakn_event (ticket_id, kind, date, sequence, hash)
                    SELECT ticket_id, kind, date, {length + 1}, hash FROM pakn_event
                     WHERE ticket_id = %s AND sequence = {length}""",
                length + 1,
            ),
        }
        for name, (statement, number) in cases.items():
            ticket, other = self.whole(), self.whole()
            self.tamper(statement, ticket.id)
            found = (ticket | other)._verify_records()
            self.assertEqual(found, {ticket: number}, name)

    def test_art09_the_button_says_it(self):
        ticket = self.whole().with_user(self.operator)
        notice = ticket.action_verify_record()["params"]
        self.assertEqual(notice["type"], "success")
        self.tamper(
            "UPDATE pakn_event SET note = 'x' WHERE ticket_id=%s AND sequence=2",
            ticket.id,
        )
        notice = ticket.action_verify_record()["params"]
        self.assertEqual(notice["type"], "danger")
        self.assertIn(f"{ticket.name} does not fit from act no. 2", notice["message"])

    def test_art09_each_night_the_managers_are_told_once(self):
        ticket = self.whole()
        self.tamper(
            "UPDATE pakn_event SET note = 'x' WHERE ticket_id=%s AND sequence=2",
            ticket.id,
        )
        logger = "odoo.addons.pakn_1022.models.pakn_ticket_record"
        for _night in range(2):
            with (
                self.enter_registry_test_mode(),
                self.assertLogs(logger, "ERROR") as log,
            ):
                self.env.ref("pakn_1022.ir_cron_verify_records").method_direct_trigger()
            self.assertIn(ticket.name, log.output[0])
        self.env.invalidate_all()
        todos = ticket.sudo().activity_ids.filtered(
            lambda todo: todo.user_id == self.manager
        )
        self.assertEqual(len(todos), 1)
        # Jobs speak the hotline's language
        local = ticket.with_context(lang=ticket._get_citizen_lang())
        self.assertEqual(todos.summary, local._describe_break(2))

    def test_art09_names_and_codes_may_change_later(self):
        ticket = self.whole()
        self.focal.login = "test_focal_moved"
        self.unit.write({"code": "TEST1-MOVED", "name": "Sở Đổi tên"})
        self.assertEqual(ticket._verify_records(), {})

    def test_art09_a_thousand_acts_cost_a_handful_of_queries(self):
        tickets = self.env["pakn.ticket"].sudo()
        tickets = tickets.create(
            [
                {
                    "title": "Đèn đường hỏng",
                    "description": "<p>Đèn đường trước nhà tôi hỏng.</p>",
                    "citizen_name": "Nguyễn Văn A",
                    "citizen_phone": f"0905{number:06d}",
                    "category_id": self.category.id,
                }
                for number in range(1000)
            ]
        )
        self.env.flush_all()
        tickets.mapped("state")
        # The acts at once; the ends of a hundred records with one statement
        with self.assertQueryCount(4 + 10):
            tickets._log_event("updated", payload={"x": 1})
            self.env.flush_all()
        self.assertEqual(tickets._verify_records(), {})
