from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import TAGS, PaknCase


@tagged(*TAGS)
class TestArt09Record(PaknCase):
    """Art. 9 and 12: acts are recorded, nothing is deleted."""

    def test_art09_every_act_is_recorded_with_its_author(self):
        ticket = self.transferred(self.unit, self.other_unit)
        slip = self.lead_slip(ticket, self.focal)
        slip.acknowledge()
        slip.answer("<p>Xong.</p>")
        ticket.send_result()
        ticket.publish()
        ticket.rate(5)
        events = ticket.event_ids.sorted("id")
        self.assertEqual(
            [(event.kind, event.user_id) for event in events],
            [
                ("received", self.operator),
                ("transferred", self.operator),
                ("transferred", self.operator),
                ("acknowledged", self.focal),
                ("responded", self.focal),
                ("sent", self.operator),
                ("published", self.operator),
                ("rated", self.operator),
            ],
        )
        self.assertEqual(events[3].transfer_id, slip)
        self.assertEqual(events[3].unit_id, self.unit)

    def test_art09_corrections_are_recorded_with_old_and_new(self):
        ticket = self.new_ticket()
        ticket.write({"title": "Cây đổ", "citizen_phone": "0905 111 222"})
        event = ticket.event_ids.filtered(lambda e: e.kind == "updated")
        payload = dict(event.payload)
        self.assertTrue(payload.pop("salt"), "a number is not to be guessed by a hash")
        self.assertEqual(
            payload,
            {
                "title": ["Đèn đường hỏng", "Cây đổ"],
                "citizen_phone": ["+84905123456", "+84905111222"],
            },
        )
        ticket.write({"title": "Cây đổ"})
        self.assertEqual(self.kinds(ticket).count("updated"), 1)

    def test_art09_nothing_is_deleted_by_anybody(self):
        ticket = self.transferred()
        slip, event = ticket.transfer_ids, ticket.event_ids[0]
        for user in (self.operator, self.focal, self.manager):
            for record in (ticket, slip, event):
                with (
                    self.subTest(user.login, model=record._name),
                    self.assertRaises(UserError),
                ):
                    record.with_user(user).unlink()
        for record in (ticket, slip, event):
            with (
                self.subTest("superuser", model=record._name),
                self.assertRaises(UserError),
            ):
                record.sudo().unlink()
        self.assertTrue(ticket.exists() and slip.exists() and event.exists())

    def test_art09_the_record_is_not_rewritten(self):
        event = self.new_ticket().event_ids
        with self.assertRaises(UserError):
            event.sudo().write({"note": "khác"})
        with self.assertRaises(UserError):
            event.sudo().kind = "sent"

    def test_a_request_is_not_duplicated(self):
        with self.assertRaises(ValidationError):
            self.new_ticket().copy()

    def test_a_unit_with_slips_is_kept(self):
        self.transferred()
        with self.assertRaises(ValidationError):
            self.unit.with_user(self.manager).unlink()
        self.env["pakn.unit"].with_user(self.manager).create(
            {"name": "Tạm", "code": "TAM"}
        ).unlink()
