from odoo.tests import tagged

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
