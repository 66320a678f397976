from odoo.tests import tagged
from odoo.tools import SQL

from .common import TAGS, PaknCase


@tagged(*TAGS)
class TestCitizen(PaknCase):
    """A citizen is one contact, found by phone or email, never doubled."""

    def test_one_contact_for_one_phone_however_written(self):
        tickets = [
            self.new_ticket(citizen_phone=phone, citizen_email=False)
            for phone in ("0905 777 001", "+84905777001", "84905777001")
        ]
        self.assertEqual(len({ticket.citizen_id for ticket in tickets}), 1)
        self.assertRecordValues(
            tickets[0].citizen_id.sudo(),
            [
                {
                    "name": "Nguyễn Văn A",
                    "pakn_phone": "+84905777001",
                    "street": "12 Hùng Vương, Pleiku",
                }
            ],
        )

    def test_one_contact_for_one_email(self):
        first = self.new_ticket(citizen_phone=False, citizen_email="B@Example.com")
        second = self.new_ticket(citizen_phone=False, citizen_email="b@example.com")
        self.assertEqual(first.citizen_id, second.citizen_id)
        self.assertEqual(second.citizen_email, "b@example.com")
        # The phone given later belongs to the same contact.
        third = self.new_ticket(
            citizen_phone="0905777002", citizen_email="b@example.com"
        )
        fourth = self.new_ticket(citizen_phone="0905777002", citizen_email=False)
        self.assertEqual(third.citizen_id, first.citizen_id)
        self.assertEqual(fourth.citizen_id, first.citizen_id)

    def test_one_contact_within_a_batch(self):
        values = {
            "title": "Rác",
            "description": "<p>Rác không ai dọn đã một tuần</p>",
            "citizen_phone": "0905777003",
            "citizen_name": "Trần Thị B",
        }
        tickets = (
            self.env["pakn.ticket"]
            .with_user(self.operator)
            .create([dict(values), dict(values, citizen_phone="+84905777003")])
        )
        self.assertEqual(len(tickets.citizen_id), 1)
        self.assertEqual(len(set(tickets.mapped("name"))), 2)

    def test_a_contact_known_from_elsewhere_is_used(self):
        partner = self.env["res.partner"].create(
            {
                "name": "Công ty C",
                "phone": "0269 3824 555",
                "country_id": self.env.ref("base.vn").id,
            }
        )
        ticket = self.new_ticket(citizen_phone="02693824555", citizen_email=False)
        self.assertEqual(ticket.citizen_id, partner)
        self.assertEqual(partner.pakn_phone, "+842693824555")
        self.assertEqual(partner.name, "Công ty C", "what is known is not overwritten")

    def test_a_colleague_is_not_taken_for_a_citizen(self):
        self.focal.partner_id.phone = "+84905777004"
        ticket = self.new_ticket(citizen_phone="0905777004", citizen_email=False)
        self.assertNotEqual(ticket.citizen_id, self.focal.partner_id)

    def test_correcting_the_phone_finds_the_right_contact(self):
        known = self.new_ticket(citizen_phone="0905777005").citizen_id
        ticket = self.new_ticket(citizen_phone="0905777006", citizen_email=False)
        self.assertNotEqual(ticket.citizen_id, known)
        ticket.citizen_phone = "0905 777 005"
        self.assertEqual(ticket.citizen_phone, "+84905777005")
        self.assertEqual(ticket.citizen_id, known)

    def test_nobody_without_phone_and_email(self):
        ticket = self.new_ticket(citizen_phone=False, citizen_email=False)
        self.assertFalse(ticket.citizen_id)

    def test_art13_1_texts_are_redacted_by_what_each_request_knows(self):
        first = self.new_ticket(citizen_name="Mây Trắng", citizen_phone="0905777007")
        other = self.new_ticket(citizen_name="Lá Xanh", citizen_address="8/4 Lê Lợi")
        self.env["pakn.unit"].create(
            {"name": "Sở", "code": "T9", "phone": "02693824567"}
        )
        text = "mây trắng, lá xanh, gọi 905-777-007 hay 0269 3824 567"
        # Whoever asks: the monitor is not told what is hidden
        tickets = (first | other).with_user(self.monitor)
        self.assertEqual(
            tickets._redact([text, None]),
            ["***, lá xanh, gọi *** hay 0269 3824 567", ""],
        )
        self.assertEqual(
            tickets.browse([other.id, other.id])._redact([text, "8/4 Lê Lợi"]),
            ["mây trắng, ***, gọi *** hay 0269 3824 567", "*** Lê Lợi"],
        )

    # ------------------------------------------------------------
    # MANY AT ONCE
    # ------------------------------------------------------------

    def find_or_create(self, *people):
        """Return the contacts of these people, ``(phone, email)`` or more of each."""
        people = [(*person, None, None)[:4] for person in people]
        citizens = self.env["res.partner"].with_user(self.operator)
        found = citizens._find_or_create_citizens(people)
        return [found[person[:2]].sudo() for person in people]

    def test_one_contact_within_a_batch_whatever_each_request_names(self):
        phone, email = "+84905777010", "batch@example.com"
        first, second, third = self.find_or_create(
            (phone, email), (None, email), (phone, None)
        )
        self.assertEqual((first, first), (second, third))
        self.assertRecordValues(first, [{"pakn_phone": phone, "pakn_email": email}])

    def test_a_batch_fills_in_what_was_not_known(self):
        [known] = self.find_or_create((None, "known@example.com"))
        phone, email = "+84905777011", "known@example.com"
        for contact in self.find_or_create(
            (phone, email, "Phạm Thị D", "5 Lê Lợi"), (phone, None)
        ):
            self.assertEqual(contact, known)
        self.assertRecordValues(
            known,
            [
                {
                    "name": "Phạm Thị D",
                    "street": "5 Lê Lợi",
                    "phone": phone,
                    "pakn_phone": phone,
                    "pakn_email": email,
                }
            ],
        )

    def test_what_another_contact_has_stays_there(self):
        [other] = self.find_or_create((None, "other@example.com"))
        [known] = self.find_or_create(("+84905777012", None))
        [again] = self.find_or_create(("+84905777012", "other@example.com"))
        self.assertEqual(again, known)
        self.assertFalse(known.pakn_email)
        self.assertEqual(other.pakn_email, "other@example.com")

    def test_a_new_contact_brings_no_message_and_no_follower(self):
        [contact] = self.find_or_create(("+84905777013", None))
        self.env.flush_all()
        self.assertFalse(contact.message_ids)
        self.assertFalse(contact.message_follower_ids)

    def test_queries_do_not_grow_with_the_people(self):
        def make(size, start):
            return [
                (f"+849057{start + i:05d}", f"{start + i}@example.com", "A", "1 Lê Lợi")
                for i in range(size)
            ]

        def count(people):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.find_or_create(*people)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        # The first fill the caches
        batches = make(2, 0), make(10, 100), make(40, 200)
        for name, queries, fields in (
            ("new", 10, []),
            ("known", 7, []),
            ("with a new phone", 10, ["pakn_phone"]),
        ):
            counts = []
            for people in batches:
                if fields:
                    contacts = self.env["res.partner"]
                    contacts = contacts.union(*self.find_or_create(*people))
                    contacts.write(dict.fromkeys(fields, False))
                counts.append(count(people))
            with self.subTest(name):
                self.assertLessEqual(max(counts[1:]), queries)

    def test_contacts_are_looked_for_by_index(self):
        contacts = self.env["res.partner"]
        words = ("+84905777014", "index@example.com")
        domain = ["|", "|", "|"] + [
            (name, "in", words)
            for name in ("pakn_phone", "pakn_email", "phone_sanitized")
        ]
        query = contacts._search([*domain, ("email_normalized", "in", words)])
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute(SQL("EXPLAIN %s", query.select()))
        plan = "\n".join(row[0] for row in self.env.cr.fetchall())
        for name in (
            "res_partner_pakn_phone_unique",
            "res_partner_pakn_email_unique",
            "res_partner_phone_sanitized_idx",
            "res_partner_email_normalized_idx",
        ):
            self.assertIn(name, plan)
