from odoo.tests import tagged
from odoo.tools import config

from odoo.addons.pakn_1022.tests.common import TAGS
from odoo.addons.pakn_1022.tools.record import START, get_hash

from .common import EvidenceCase

# What is changed on the request, slip, … and the words by which it is named
COLUMNS = {
    "result": ("pakn_ticket", "result = '<p>Không làm.</p>'", "request.*Result"),
    "title": ("pakn_ticket", "title = 'Khác'", "request.*Title"),
    "content": ("pakn_ticket", "description = '<p>x</p>'", "request.*Content"),
    "name": ("pakn_ticket", "private_name = 'Trần B'", "request.*Full name"),
    "phone": ("pakn_ticket", "private_phone = '+84905999999'", "request.*Phone"),
    "contact": ("pakn_ticket", "citizen_id = NULL", "request.*Contact"),
    "state": (
        "pakn_ticket",
        "state = 'cancelled'",
        r"State \(on record Done, found Cancelled\)",
    ),
    "unit": ("pakn_ticket", "unit_id = NULL", "request.*Lead unit"),
    "overdue": ("pakn_ticket", "is_overdue = true", "request.*Late in this round"),
    "was overdue": ("pakn_ticket", "was_overdue = true", "request.*Was late"),
    "received": (
        "pakn_ticket",
        "date_received = date_received - interval '2 days'",
        r"Received on \(on record 02/03/2026 08:00:00, found 28/02/2026 08:00:00\)",
    ),
    "ended": ("pakn_ticket", "date_ended = NULL", "request.*Ended on"),
    "withdrawn": ("pakn_ticket", "is_published = false", "request.*Published"),
    "published on": ("pakn_ticket", "date_published = '2020-01-01'", "Published on"),
    "secrecy": ("pakn_ticket", "secrecy = 'secret'", "found Secret"),
    "outcome": ("pakn_ticket", "outcome = 'head'", "found Result of the head"),
    "salt": ("pakn_ticket", "seal_salt = 'x'", "request.*Title"),
    "slip's result": ("pakn_transfer", "result = '<p>x</p>'", "slip no.*Result"),
    "slip's state": ("pakn_transfer", "state = 'expired'", "slip no.*found Expired"),
    "deadline": (
        "pakn_transfer",
        "date_deadline = date_deadline + interval '1 day'",
        "slip no.*Deadline",
    ),
    "slip's date": ("pakn_transfer", "date_sent = '2020-01-01'", "slip no.*Sent on"),
    "slip late": (
        "pakn_transfer",
        "is_overdue = true, timeliness = 'late'",
        "slip no.*Overdue.*found Late",
    ),
    "slip's unit": (
        "pakn_transfer",
        "unit_id = (SELECT max(id) FROM pakn_unit)",
        "slip no",
    ),
    "slip's level": ("pakn_transfer", "level = 'head'", "found Head"),
    "person of an act": (
        "pakn_event",
        "user_id = 1",
        "who is shown for an act.*Done by",
    ),
    "text of an act": ("pakn_event", "note = 'khác'", "act no"),
    "rating": ("rating_rating", "rating = 5", "rating no.*on record 1, found 5"),
    "reason of the rating": ("rating_rating", "feedback = 'Tốt'", "rating no"),
    "message": ("mail_message", "body = '<p>khác</p>'", "message no.*Contents"),
    "author": ("mail_message", "author_id = 1", "message no.*Author"),
    "message's kind": (
        "mail_message",
        "subtype_id = (SELECT max(id) FROM mail_message_subtype)",
        "message no.*Subtype",
    ),
    "message's date": ("mail_message", "date = '2020-01-01'", "message no.*Date"),
    "file's name": ("ir_attachment", "name = 'khac.jpg'", "file no.*Name"),
    "file's form": ("ir_attachment", "mimetype = 'text/html'", "file no.*found text"),
    "column": (
        "pakn_ticket",
        "stage_id = (SELECT id FROM pakn_stage WHERE state = 'rejected' LIMIT 1)",
        "request.*Stage",
    ),
    "condition of Art. 8": (
        "pakn_ticket",
        "check_contact = NOT check_contact",
        "request.*Name, address and phone given",
    ),
    "field": ("pakn_ticket", "category_id = NULL", "request.*Field"),
    "area": (
        "pakn_ticket",
        "area_id = (SELECT max(id) FROM pakn_area)",
        "request.*Area",
    ),
    "to be called": ("pakn_ticket", "is_unreached = true", "request.*Call the citizen"),
    "slip hidden from the clock": (
        "pakn_transfer",
        "is_open = NOT is_open",
        "slip no.*Is Open",
    ),
    "slip taken from the unit": (
        "pakn_transfer",
        "is_held = NOT is_held",
        "slip no.*Holds the request",
    ),
    "number of a document": (
        "pakn_document",
        "number = 900, name = '900/PC-1022'",
        "document no.*Number and sign .*found 900/PC-1022",
    ),
    "date of a document": (
        "pakn_document",
        "date = '2020-01-01'",
        "document no.*Issued on",
    ),
    "token of a document": ("pakn_document", "token = 'x'", "document no.*Token"),
    "hash of a document": (
        "pakn_document",
        "sha256 = repeat('a', 64)",
        "document no.*SHA-256",
    ),
}
OWN = {
    "pakn_document": "ticket_id = %(id)s",
    "pakn_ticket": "id = %(id)s",
    "pakn_transfer": "ticket_id = %(id)s AND role = 'lead'",
    "pakn_event": "ticket_id = %(id)s AND sequence = 3",
    "rating_rating": "res_model = 'pakn.ticket' AND res_id = %(id)s",
    "mail_message": "model = 'pakn.transfer' AND message_type = 'comment' AND res_id IN"
    " (SELECT id FROM pakn_transfer WHERE ticket_id = %(id)s)",
    "ir_attachment": "id IN (SELECT ir_attachment_id FROM pakn_ticket_attachment_rel"
    " WHERE pakn_ticket_id = %(id)s)",
}


@tagged(*TAGS)
class TestArt09Tampering(EvidenceCase):
    """Art. 9.1: whatever is changed past the program is found, and named."""

    def find(self, *tickets):
        """Return all that the nightly check says, a sentence a line."""
        records = self.env["pakn.ticket"].union(*tickets)
        found = [
            sentence
            for sentences in records._find_faults().values()
            for sentence in sentences
        ]
        found += [
            text for _anchor, text in self.env["pakn.anchor"]._find_anchor_faults()
        ]
        return "\n".join(found)

    def test_art09_what_was_taken_back_is_sealed_each_time(self):
        """The record has both acts, and the state is the one before."""
        file = (
            self.env["ir.attachment"]
            .with_user(self.operator)
            .create({"name": "mau-don.txt", "raw": b"mau"})
        )
        other = self.transferred(self.unit, self.other_unit)
        self.lead_slip(other, self.focal).answer("<p>Đã thay bóng đèn.</p>")
        both = [["answer", ["<p>Ở một cửa.</p>", file.ids]], ["send_result", []]]
        for ticket, act, calls in (
            (self.new_ticket(), "rejected", [["reject", [self.reason.id]]]),
            (self.new_ticket(), "sent", both),
            (other, "sent", [["send_result", []]]),
            (self.transferred(), "cancelled", [["cancel", ["Trùng"]]]),
        ):
            with self.subTest(act):
                self.seal()
                seals = ticket.seal_length
                ticket._act_by_hand(act, calls)
                self.seal()
                self.assertEqual(ticket._find_faults(), {})
                ticket.take_back()
                self.seal()
                self.assertEqual(ticket.seal_length, seals + 2)
                self.assertEqual(ticket._find_faults(), {})
                self.assertEqual(self.kinds(ticket)[-1], "taken_back")

    def test_art09_1_forty_kinds_of_tampering_are_named(self):
        ticket, other = self.whole(), self.whole()
        ticket.transfer_ids[:1].action_make_slip()
        self.seal()
        self.env["pakn.anchor"]._anchor()
        self.assertEqual(self.find(ticket, other), "")
        cases = {
            name: (
                lambda table=table, values=values: self.change(ticket, table, values),
                words,
            )
            for name, (table, values, words) in COLUMNS.items()
        }
        cases |= self.get_cases(ticket, other)
        self.assertGreaterEqual(len(cases), 40)
        for name, (tamper, words) in cases.items():
            with self.subTest(name), self.env.cr.savepoint(flush=False) as savepoint:
                tamper()
                found = self.find(ticket.exists(), other)
                savepoint.rollback()
                self.env.invalidate_all(flush=False)
                if "leaf" not in name:
                    self.assertIn(ticket.name, found)
                self.assertRegex(found, words)
                if "two" not in name:
                    self.assertNotIn(other.name, found)
        self.assertEqual(self.find(ticket, other), "")

    def change(self, ticket, table, values):
        condition = OWN[table] % {"id": ticket.id}
        self.execute(f"UPDATE {table} SET {values} WHERE {condition}")
        self.assertTrue(self.env.cr.rowcount >= 0)

    def get_cases(self, ticket, other):
        """Return what takes more than one statement: ``{name: (function, words)}``."""
        length = ticket.record_length
        return {
            "last act cut off": (
                lambda: self.cut_off(ticket, length - 1),
                f"Act no. {length}",
            ),
            "all acts deleted": (lambda: self.cut_off(ticket, 0), "act no. 1"),
            "acts written anew": (
                lambda: self.rewrite_acts(ticket),
                "Act no. .* is not the one that was sealed",
            ),
            "acts and states written anew": (
                lambda: self.rewrite_both(ticket),
                "is not the one that was anchored",
            ),
            "last state and act rolled back": (
                lambda: self.roll_back(ticket),
                "is not the one that was anchored",
            ),
            "all states deleted": (
                lambda: (
                    self.execute("DELETE FROM pakn_seal WHERE ticket_id=%s", ticket.id),
                    self.execute(
                        "DELETE FROM pakn_seal_end WHERE ticket_id=%s", ticket.id
                    ),
                ),
                "record of states .* from no. 1",
            ),
            "a state changed": (
                lambda: self.execute(
                    "UPDATE pakn_seal SET changes = '{}' WHERE ticket_id = %s"
                    " AND sequence = 1",
                    ticket.id,
                ),
                "record of states .* from no. 1",
            ),
            "two chains exchanged": (
                lambda: self.exchange(ticket, other),
                "is not the one that was anchored",
            ),
            "two codes exchanged": (
                lambda: self.exchange_codes(ticket, other),
                "does not fit from",
            ),
            "slip taken to another of two requests": (
                lambda: self.execute(
                    "UPDATE pakn_transfer SET ticket_id=%s WHERE ticket_id=%s"
                    " AND role = 'support'",
                    other.id,
                    ticket.id,
                ),
                "slip no. .* removed",
            ),
            "slip added": (
                lambda: self.execute(
                    """INSERT INTO pakn_transfer (ticket_id, unit_id, level, role,
                              state, date_sent, date_deadline)
                       SELECT ticket_id, unit_id, level, 'support', 'cancelled',
                              date_sent, date_deadline
                         FROM pakn_transfer WHERE ticket_id = %s LIMIT 1""",
                    ticket.id,
                ),
                "slip no. .* added",
            ),
            "message removed": (
                lambda: self.execute(
                    "DELETE FROM mail_message WHERE "
                    + OWN["mail_message"] % {"id": ticket.id}
                ),
                "message no. .* removed",
            ),
            "file taken off": (
                lambda: self.execute(
                    "DELETE FROM pakn_ticket_attachment_rel WHERE pakn_ticket_id = %s",
                    ticket.id,
                ),
                "file no. .* removed",
            ),
            "file shown as the unit's": (
                lambda: self.execute(
                    """WITH gone AS (
                           DELETE FROM pakn_ticket_attachment_rel
                            WHERE pakn_ticket_id = %s RETURNING *)
                       INSERT INTO pakn_ticket_result_attachment_rel
                              (pakn_ticket_id, ir_attachment_id)
                       SELECT pakn_ticket_id, ir_attachment_id FROM gone""",
                    ticket.id,
                ),
                "file no. .* whose file it is",
            ),
            "delegated to somebody": (
                lambda: self.execute(
                    """INSERT INTO pakn_transfer_delegate_rel
                              (pakn_transfer_id, res_users_id)
                       SELECT id, %s FROM pakn_transfer
                        WHERE ticket_id = %s AND role = 'lead'""",
                    *(self.other_focal.id, ticket.id),
                ),
                "slip no. .*Delegated to",
            ),
            "document removed": (
                lambda: self.execute(
                    "DELETE FROM pakn_document WHERE ticket_id = %s", ticket.id
                ),
                "document no. .* removed",
            ),
            "document added": (
                lambda: self.execute(
                    """INSERT INTO pakn_document (ticket_id, kind, year, number, name,
                              date, user_id, sha256, token)
                       SELECT ticket_id, kind, year, number + 1, '2/PC-1022', date,
                              user_id, sha256, 'another' FROM pakn_document
                        WHERE ticket_id = %s""",
                    ticket.id,
                ),
                "document no. .* added",
            ),
            "PDF of a document exchanged": (
                lambda: self.execute(
                    """UPDATE ir_attachment SET store_fname = NULL, db_datas = 'x'
                        WHERE res_model = 'pakn.document' AND res_field = 'content'
                          AND res_id IN (SELECT id FROM pakn_document
                                          WHERE ticket_id = %s)""",
                    ticket.id,
                ),
                "document no. .* content of the file",
            ),
            "rating removed": (
                lambda: self.execute(
                    "DELETE FROM rating_rating WHERE "
                    + OWN["rating_rating"] % {"id": ticket.id}
                ),
                "rating no. .* removed",
            ),
            "request deleted": (
                lambda: self.delete(ticket),
                "was anchored and is not there any more",
            ),
            "request deleted with its leaf": (
                lambda: (
                    self.delete(ticket),
                    self.execute(
                        "DELETE FROM pakn_anchor_leaf WHERE ticket_id = %s", ticket.id
                    ),
                ),
                "Entry no. 0 of the anchors is missing",
            ),
        }

    # ------------------------------------------------------------
    # WHAT WHO OWNS THE DATABASE CAN DO
    # ------------------------------------------------------------

    def cut_off(self, ticket, length):
        """Take off the acts after one, and set the end of the chain back to it."""
        self.execute(
            "DELETE FROM pakn_event WHERE ticket_id=%s AND sequence>%s",
            ticket.id,
            length,
        )
        self.execute(
            """UPDATE pakn_ticket SET record_length = %s, record_hash = (
                   SELECT hash FROM pakn_event WHERE ticket_id = %s AND sequence = %s)
                WHERE id = %s""",
            *(length, ticket.id, length, ticket.id),
        )

    def rewrite_acts(self, ticket):
        """Write another word into an act and compute the whole chain anew."""
        events = self.env["pakn.event"]
        self.execute(
            "UPDATE pakn_event SET note = 'khác' WHERE ticket_id=%s AND sequence=2",
            ticket.id,
        )
        self.env.cr.execute(
            """SELECT id, sequence, date, actor, kind, transfer_id, unit_code,
                      from_state, to_state, note, payload
                 FROM pakn_event WHERE ticket_id = %s ORDER BY sequence""",
            [ticket.id],
        )
        previous, ends = START, {}
        for row in self.env.cr.dictfetchall():
            previous = get_hash(previous, events._to_act(ticket.name, row))
            ends[row["sequence"]] = previous
            self.execute(
                "UPDATE pakn_event SET hash = %s WHERE id = %s", previous, row["id"]
            )
        self.execute(
            "UPDATE pakn_ticket SET record_hash = %s WHERE id = %s", previous, ticket.id
        )
        return ends

    def rewrite_both(self, ticket):
        ends = self.rewrite_acts(ticket)
        self.rewrite_seals(
            ticket,
            lambda seal: seal._replace(acts_hash=ends.get(seal.acts, seal.acts_hash)),
        )

    def roll_back(self, ticket):
        """Take the rating back without a trace: act, state and grade."""
        self.cut_off(ticket, ticket.record_length - 1)
        self.execute(
            "DELETE FROM rating_rating WHERE "
            + OWN["rating_rating"] % {"id": ticket.id}
        )
        self.execute(
            "UPDATE pakn_ticket SET rating_last_value = 0 WHERE id = %s", ticket.id
        )
        states = self.env["pakn.seal"]._get_reader().read_states(ticket.ids)
        self.env.cr.execute(
            """SELECT record_length, record_hash FROM pakn_ticket WHERE id = %s""",
            [ticket.id],
        )
        acts, acts_hash = self.env.cr.fetchone()
        # All that is left in one state
        self.rewrite_seals(
            ticket,
            lambda seal: (
                seal._replace(changes=states[ticket.id], acts=acts, acts_hash=acts_hash)
                if seal.sequence == 1
                else None
            ),
        )

    def exchange(self, ticket, other):
        """Exchange acts, seals, heads and codes of two requests."""
        columns = ("name", "record_length", "record_hash")
        mine, theirs = ({**ticket.read(columns)[0]}, {**other.read(columns)[0]})
        self.execute(
            "UPDATE pakn_ticket SET name = name || 'x' WHERE id = %s", other.id
        )
        for number, values in ((ticket.id, theirs), (other.id, mine)):
            self.execute(
                """UPDATE pakn_ticket SET name = %s, record_length = %s,
                          record_hash = %s
                    WHERE id = %s""",
                *(values[column] for column in columns),
                number,
            )
        self.execute(
            """UPDATE pakn_seal_end mine SET length = theirs.length, hash = theirs.hash
                 FROM pakn_seal_end theirs
                WHERE (mine.ticket_id, theirs.ticket_id) IN ((%s, %s), (%s, %s))""",
            *(ticket.id, other.id, other.id, ticket.id),
        )
        for table in ("pakn_event", "pakn_seal"):
            for before, after, sign in (
                (ticket.id, other.id, -1),
                (other.id, ticket.id, 1),
            ):
                self.execute(
                    f"UPDATE {table} SET ticket_id = %s, sequence = %s * sequence"
                    " WHERE ticket_id = %s AND sequence > 0",
                    *(after, sign, before),
                )
            self.execute(f"UPDATE {table} SET sequence = -sequence WHERE sequence < 0")

    def exchange_codes(self, ticket, other):
        mine, theirs = ticket.name, other.name
        for code, number in (("x", ticket.id), (mine, other.id), (theirs, ticket.id)):
            self.execute("UPDATE pakn_ticket SET name=%s WHERE id=%s", code, number)

    def delete(self, ticket):
        """Delete a request with everything that hangs on it."""
        self.env.cr.execute(
            """SELECT conrelid::regclass::text, conname FROM pg_constraint
                WHERE contype = 'f' AND confrelid IN
                      ('pakn_ticket'::regclass, 'pakn_transfer'::regclass)"""
        )
        for table, name in self.env.cr.fetchall():
            self.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for table in ("pakn_event", "pakn_seal", "pakn_document", "pakn_transfer"):
            self.execute(f"DELETE FROM {table} WHERE ticket_id = %s", ticket.id)
        self.execute("DELETE FROM pakn_ticket WHERE id = %s", ticket.id)

    def test_art09_1_a_file_exchanged_in_the_file_store_is_named(self):
        ticket = self.whole()
        file = ticket.sudo().attachment_ids
        path = file._full_path(file.store_fname)
        self.assertTrue(path.startswith(config.filestore(self.env.cr.dbname)))
        with open(path, "rb") as stream:
            before = stream.read()
        try:
            with open(path, "wb") as stream:
                stream.write(b"another photo")
            found = self.find(ticket)
        finally:
            with open(path, "wb") as stream:
                stream.write(before)
        self.assertIn(f"{ticket.name}, file no. {file.id}: changed", found)
        self.assertIn("content of the file", found)
        self.assertEqual(self.find(ticket), "")

    def test_art09_1_what_the_program_changes_is_on_record(self):
        ticket = self.whole()
        ticket.write({"title": "Cây đổ", "attachment_ids": [(5, 0, 0)]})
        ticket.reopen("Chưa sáng")
        ticket.message_post(body="Xin lỗi ông.", message_type="comment")
        self.seal()
        self.assertEqual(self.find(ticket), "")

    def test_art09_1_a_later_act_does_not_hide_a_change(self):
        """What the program did not write is not sealed with what it did."""
        ticket = self.done()
        self.seal()
        self.execute(
            "UPDATE pakn_ticket SET result = '<p>Khác</p>' WHERE id = %s", ticket.id
        )
        ticket.rate(5)
        ticket.write({"title": "Cây đổ"})
        self.seal()
        found = self.find(ticket)
        self.assertIn("Result", found)
        self.assertNotIn("Title", found)

    def test_art09_1_the_seal_holds_no_personal_data(self):
        ticket = self.whole(citizen_name="Nguyễn Thị Bí Mật")
        self.env.cr.execute(
            "SELECT string_agg(changes::text, ' ') FROM pakn_seal WHERE ticket_id = %s",
            [ticket.id],
        )
        [text] = self.env.cr.fetchone()
        for secret in ("Bí Mật", "905123456", "nguyenvana", "Hùng Vương", "Chưa sáng"):
            self.assertNotIn(secret, text)
