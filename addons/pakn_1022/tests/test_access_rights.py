from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import TAGS, PaknCase


@tagged(*TAGS)
class TestAccessRights(PaknCase):
    """Who reads which requests, slips and acts (design, section 7)."""

    def readable(self, user, record):
        self.env.flush_all()
        return bool(record.with_user(user).search([("id", "in", record.ids)]))

    def test_units_read_what_they_hold_a_slip_of(self):
        ticket = self.transferred()
        slip = ticket.open_transfer_id
        for user, may in (
            (self.operator, True),
            (self.focal, True),
            (self.head, True),
            (self.monitor, True),
            (self.manager, True),
            (self.other_focal, False),
            (self.office_user, False),
        ):
            for record in (ticket, slip):
                with self.subTest(user.login, model=record._name):
                    self.assertEqual(self.readable(user, record), may)
                    self.assertEqual(record.with_user(user).has_access("read"), may)
        for record in (ticket, slip, ticket.event_ids):
            with self.subTest("employee", model=record._name):
                self.assertFalse(record.with_user(self.employee).has_access("read"))

    def test_nobody_but_the_operator_changes_a_request(self):
        ticket = self.transferred()
        for user in (self.focal, self.head, self.office_user, self.monitor):
            with self.subTest(user.login), self.assertRaises(AccessError):
                ticket.with_user(user).write({"title": "Khác"})
        for user in (self.focal, self.monitor, self.employee):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.env["pakn.ticket"].with_user(user).create(
                    {"title": "x", "description": "<p>x</p>"}
                )

    def test_nobody_writes_slips_and_acts(self):
        ticket = self.transferred()
        for user in (self.operator, self.focal, self.manager):
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    ticket.open_transfer_id.with_user(user).write({"state": "answered"})
                with self.assertRaises(AccessError):
                    self.env["pakn.event"].with_user(user).create(
                        {"ticket_id": ticket.id, "kind": "sent"}
                    )

    def test_secret_is_seen_by_holders_and_the_cleared_only(self):
        ticket = self.transferred()
        ticket.sudo().secrecy = "secret"
        for user, may in (
            (self.operator, False),
            (self.monitor, False),
            (self.focal, True),
            (self.head, True),
            (self.other_focal, False),
            (self.manager, True),
        ):
            for record in (ticket, ticket.open_transfer_id):
                with self.subTest(user.login, model=record._name):
                    self.assertEqual(self.readable(user, record), may)
        with self.assertRaises(AccessError):
            ticket.with_user(self.operator).cancel("x")
        self.operator.group_ids += self.env.ref("pakn_1022.group_secrecy_clearance")
        self.assertTrue(self.readable(self.operator, ticket))

    def test_units_read_only_the_acts_on_their_slips(self):
        ticket = self.transferred(self.unit, self.other_unit)
        ticket.write({"citizen_name": "Tên Khác"})
        mine = (
            self.env["pakn.event"]
            .with_user(self.focal)
            .search([("ticket_id", "=", ticket.id)])
        )
        self.assertEqual(mine.mapped("kind"), ["transferred"])
        self.assertEqual(mine.unit_id, self.unit)

    def test_people_above_a_unit_have_access_as_long_as_they_are(self):
        child = self.env["pakn.unit"].create(
            {"name": "Chi cục", "code": "TEST1C", "parent_id": self.unit.id}
        )
        self.assertEqual(child.access_user_ids, self.focal | self.head)
        ticket = self.transferred(child)
        self.assertTrue(self.readable(self.head, ticket))
        self.unit.head_user_id = False
        self.assertFalse(self.readable(self.head, ticket))
        child.parent_id = self.other_unit
        self.assertFalse(self.readable(self.focal, ticket))
        self.assertTrue(self.readable(self.other_focal, ticket))

    def test_configuration_belongs_to_the_manager(self):
        for record in (self.unit, self.category, self.reason):
            with self.subTest(record._name):
                self.assertTrue(record.with_user(self.manager).has_access("write"))
                for user in (self.operator, self.focal, self.monitor):
                    self.assertTrue(record.with_user(user).has_access("read"))
                    self.assertFalse(record.with_user(user).has_access("write"))

    def test_the_list_of_what_i_can_respond_to(self):
        ticket = self.transferred()
        other = self.transferred(self.other_unit)
        found = (
            self.env["pakn.transfer"]
            .with_user(self.focal)
            .search([("can_respond", "=", True)])
        )
        self.assertIn(ticket.open_transfer_id, found)
        self.assertNotIn(other.open_transfer_id, found)
