from odoo.tests import HttpCase, tagged

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

    def test_whoever_reads_past_the_screens_leaves_a_row(self):
        """Law 91/2025/QH15: by programs, exports, files and documents too."""
        operator = self.operator
        operator.group_ids += self.env.ref("base.group_allow_export")
        roads = {
            "read": lambda one: one.read(["citizen_phone"]),
            "read of slips": lambda one: one.transfer_ids.read(["citizen_name"]),
            "all fields": lambda one: one.read(),
            "search_read": lambda one: one.search_read(
                [("id", "=", one.id)], ["citizen_name"]
            ),
            "nested": lambda one: one.transfer_ids.web_read(
                {"ticket_id": {"fields": {"citizen_name": {}}}}
            ),
            "a list with addresses": lambda one: one.web_search_read(
                [("id", "in", (one + self.new_ticket()).ids)], {"citizen_address": {}}
            ),
            "export": lambda one: one.export_data(["name", "citizen_name"]),
            "export of slips": lambda one: one.transfer_ids.export_data(
                ["ticket_id/citizen_phone"]
            ),
            "export of acts": lambda one: one.event_ids.export_data(
                ["ticket_id/citizen_phone"]
            ),
        }
        for name, road in roads.items():
            ticket = self.transferred().with_user(operator)
            road(ticket)
            with self.subTest(name):
                self.assertEqual(self.opened(ticket).user_id, operator)

    def test_the_words_of_a_secret_are_enough(self):
        self.operator.group_ids += self.env.ref("pakn_1022.group_secrecy_clearance")
        secret = self.new_ticket(secrecy="secret").with_user(self.operator)
        usual = self.new_ticket().with_user(self.operator)
        for ticket in (secret, usual):
            ticket.read(["title", "description"])
        self.assertEqual(self.opened(secret).user_id, self.operator)
        self.assertFalse(self.opened(usual), "of others the citizen's data count")

    def test_art13_1_a_state_secret_in_a_list_leaves_a_row(self):
        """Of the slips of it too; in one statement, however many there are."""
        self.operator.group_ids += self.env.ref("pakn_1022.group_secrecy_clearance")
        secret = self.new_ticket() + self.new_ticket()
        usual = self.new_ticket()
        other = self.transferred()
        (secret + other)._acting().secrecy = "secret"
        tickets = (secret + usual).with_user(self.operator)
        for names in ({"title": {}}, {"name": {}, "citizen_name": {}}):
            self.env["pakn.access.log"].search([]).unlink()
            tickets.web_read(names)
            with self.subTest(names):
                for one in secret:
                    self.assertEqual(self.opened(one).user_id, self.operator)
                self.assertFalse(self.opened(usual))
        slips = (other + self.transferred()).transfer_ids.with_user(self.focal)
        slips.web_read({"citizen_name": {}})
        self.assertEqual(self.opened(other).user_id, self.focal)
        # What tells nothing of them leaves none
        self.env["pakn.access.log"].search([]).unlink()
        tickets.web_read({"state": {}})
        self.assertFalse(self.opened(secret[0]))

    def test_art13_1_a_state_secret_on_the_desk_leaves_a_row(self):
        self.operator.group_ids += self.env.ref("pakn_1022.group_secrecy_clearance")
        secret, usual = self.new_ticket(), self.new_ticket()
        secret._acting().secrecy = "secret"
        (secret + usual)._acting().user_id = self.operator
        desk = self.env["pakn.ticket"].with_user(self.operator).get_desk()
        shown = {row["id"] for part in desk["sections"] for row in part["rows"]}
        self.assertLessEqual({secret.id, usual.id}, shown)
        self.assertEqual(self.opened(secret).user_id, self.operator)
        self.assertFalse(self.opened(usual))

    def test_programs_and_lists_leave_none(self):
        ticket = self.new_ticket().with_user(self.operator)
        ticket.sudo().read(["citizen_phone"])
        ticket.with_context(pakn_access_noted=True).web_search_read(
            [("id", "in", (ticket + self.new_ticket()).ids)],
            {"citizen_name": {}, "citizen_phone": {}},
        )
        self.assertFalse(self.opened(ticket))
        # Nor does a context that comes over RPC keep one away
        ticket.with_context(pakn_access_noted=True).read(["citizen_phone"])
        self.assertTrue(self.opened(ticket))

    def test_once_noted_it_costs_one_look(self):
        ticket = self.new_ticket().with_user(self.operator)
        log = self.env["pakn.access.log"].with_user(self.operator)
        log._note(ticket)
        with self.assertQueryCount(1):
            log._note(ticket)


@tagged(*TAGS)
class TestAccessLogOverHttp(PaknCase, HttpCase):
    def test_who_fetches_a_file_or_document_of_a_request_leaves_a_row(self):
        file = {"name": "a.txt", "raw": b"a"}
        tickets = self.transferred(attachment_ids=[(0, 0, file)]) + self.transferred()
        with_file, with_paper = tickets.with_user(self.manager)
        paper = self.env["pakn.document"].with_user(self.manager)
        paper = paper._make("file", with_paper)
        roads = {
            f"/web/content/{with_file.attachment_ids.id}": with_file,
            f"/pakn/document/{paper.id}": with_paper,
        }
        log = self.env["pakn.access.log"]
        self.authenticate("test_operator", "test_operator")
        for address, ticket in roads.items():
            of_operator = [
                ("ticket_id", "=", ticket.id),
                ("user_id", "=", self.operator.id),
            ]
            self.assertFalse(log.search(of_operator))
            self.assertEqual(self.url_open(address).status_code, 200)
            with self.subTest(address):
                self.assertTrue(log.search(of_operator))
