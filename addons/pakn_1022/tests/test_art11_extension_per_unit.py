from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import TAGS, PaknCase, local


@tagged(*TAGS)
class TestExtensionPerUnit(PaknCase):
    """Art. 11.3 grants one extension to a unit of a request, not to the request."""

    def put_off(self, slip, day):
        """Give an appointment for a day of March and put it off by two more."""
        slip.schedule(local(f"2026-03-{day:02d} 10:00"))
        slip.extend(local(f"2026-03-{day + 2:02d} 10:00"), "Chờ vật tư")

    def test_art11_3_two_units_of_one_request_have_one_each(self):
        ticket = self.transferred(self.unit, self.other_unit)
        lead = self.lead_slip(ticket, self.focal)
        support = (ticket.sudo().transfer_ids - lead.sudo()).with_user(self.other_focal)
        self.put_off(lead, 10)
        self.put_off(support, 11)
        self.assertEqual(support.date_due, local("2026-03-13 10:00"))
        for slip in (lead, support):
            with self.assertRaisesRegex(UserError, "11.3"):
                slip.extend(local("2026-03-20 10:00"), "Vẫn chờ")

    def test_art11_3_who_takes_over_from_another_unit_has_its_own(self):
        ticket = self.transferred()
        self.put_off(self.lead_slip(ticket, self.focal), 4)
        self.set_clock("2026-03-06 10:01")
        self.lead_slip(ticket, self.operator).action_escalate()
        self.set_clock("2026-03-10 08:00")
        self.lead_slip(ticket, self.operator).action_escalate()
        office = self.lead_slip(ticket, self.office_user)
        self.assertEqual(office.unit_id, self.office)
        self.put_off(office, 12)
        self.assertEqual(office.state, "extended")

    def test_art11_3_focal_point_and_head_of_a_unit_have_one_together(self):
        ticket = self.transferred(self.other_unit, self.unit)
        support = (
            ticket.sudo()
            .transfer_ids.filtered(lambda slip: slip.unit_id == self.unit)
            .with_user(self.focal)
        )
        lead = self.lead_slip(ticket, self.other_focal)
        self.put_off(lead, 4)
        self.set_clock("2026-03-06 10:01")
        self.other_unit.head_user_id = self.head
        self.lead_slip(ticket, self.operator).action_escalate()
        head = self.lead_slip(ticket, self.head)
        self.assertEqual((head.level, head.unit_id), ("head", self.other_unit))
        head.schedule(local("2026-03-10 10:00"))
        with self.assertRaisesRegex(UserError, "11.3"):
            head.extend(local("2026-03-14 10:00"), "Vẫn chờ")
        self.put_off(support, 11)
        self.assertEqual(support.state, "extended", "the other unit's is its own")
