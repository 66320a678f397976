from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import TAGS, PaknCase

SPECIFICATION = {"citizen_name": {}, "citizen_phone": {}}


@tagged(*TAGS)
class TestAccessLog(PaknCase):
    """Law 91/2025/QH15: who opened whose data is on a log."""

    def opened(self, ticket):
        return self.env["pakn.access.log"].search([("ticket_id", "=", ticket.id)])

    def test_one_row_for_each_person_request_and_hour(self):
        ticket = self.transferred()
        slip = self.lead_slip(ticket, self.focal)
        for record in (ticket, ticket, slip):
            user = self.focal if record == slip else self.operator
            record.with_user(user).web_read(SPECIFICATION)
        self.assertEqual(self.opened(ticket).user_id, self.operator | self.focal)
        self.assertEqual(len(self.opened(ticket)), 2)
        self.set_clock("2026-03-02 09:05")
        ticket.with_user(self.focal).web_read(SPECIFICATION)
        self.assertEqual(len(self.opened(ticket)), 3)

    def test_who_is_told_nobody_and_lists_leave_no_row(self):
        ticket = self.transferred(secrecy="confidential")
        # The unit does not learn who asks, the monitor reads masks
        for user in (self.focal, self.monitor):
            ticket.with_user(user).web_read(SPECIFICATION)
        ticket.with_user(self.operator).web_read({"state": {}})
        tickets = ticket + self.new_ticket()
        tickets.with_user(self.operator).web_read(SPECIFICATION)
        self.assertFalse(self.opened(ticket))

    def test_once_noted_it_costs_one_look(self):
        ticket = self.new_ticket().with_user(self.operator)
        log = self.env["pakn.access.log"].with_user(self.operator)
        log._note(ticket)
        with self.assertQueryCount(1):
            log._note(ticket)
