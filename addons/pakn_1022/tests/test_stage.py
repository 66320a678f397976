from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import TAGS, PaknCase


@tagged(*TAGS)
class TestStage(PaknCase):
    """A dragged card runs its transition with all checks, or goes back."""

    def stage(self, state):
        return self.env["pakn.stage"]._get_default_stages()[state]

    def test_every_state_has_a_column(self):
        self.assertEqual(
            set(self.env["pakn.stage"]._get_default_stages()),
            {
                value
                for value, _label in self.env["pakn.ticket"]._fields["state"].selection
            },
        )

    def test_dragging_to_done_sends_the_result(self):
        ticket = self.new_ticket()
        ticket.answer("<p>Trả lời.</p>")
        ticket.write({"stage_id": self.stage("done").id})
        self.assertEqual((ticket.state, ticket.stage_id), ("done", self.stage("done")))
        self.assertIn("sent", self.kinds(ticket))

    def test_dragging_to_transferred_sends_it_to_the_usual_unit(self):
        ticket = self.new_ticket()
        ticket.write({"stage_id": self.stage("transferred").id})
        self.assertEqual((ticket.state, ticket.unit_id), ("transferred", self.unit))

    def test_dragging_where_more_is_needed_goes_back_with_a_message(self):
        self.category.default_unit_id = False
        new, done = self.new_ticket(), self.done()
        for ticket, state, said in (
            (new, "rejected", "Reject"),
            (new, "transferred", "Transfer"),
            (new, "answered", "Answer"),
            (new, "cancelled", "Cancel"),
            (new, "done", "result"),
            (new, "scheduled", "unit"),
            (new, "escalated_head", "unit"),
            (done, "new", "Reopen"),
            (done, "answered", "Answer"),
        ):
            with self.subTest(state):
                before = ticket.state, ticket.stage_id
                with self.assertRaisesRegex(UserError, said):
                    ticket.write({"stage_id": self.stage(state).id})
                self.assertEqual((ticket.state, ticket.stage_id), before)

    def test_dragging_checks_the_right(self):
        ticket = self.transferred()
        for user in (self.focal, self.monitor):
            with self.subTest(user.login), self.assertRaises(UserError):
                ticket.with_user(user).write({"stage_id": self.stage("done").id})

    def test_a_second_column_of_the_same_state_is_free_to_use(self):
        column = self.env["pakn.stage"].create({"name": "Chờ gọi lại", "state": "new"})
        ticket = self.new_ticket()
        kinds = self.kinds(ticket)
        ticket.write({"stage_id": column.id})
        self.assertEqual((ticket.state, ticket.stage_id), ("new", column))
        self.assertEqual(self.kinds(ticket), kinds)

    def test_a_card_may_be_dropped_in_the_second_column_of_a_state(self):
        column = self.env["pakn.stage"].create(
            {"name": "Đã gửi, chờ đánh giá", "state": "done", "sequence": 99}
        )
        ticket = self.new_ticket()
        ticket.answer("<p>Trả lời.</p>")
        ticket.write({"stage_id": column.id})
        self.assertEqual((ticket.state, ticket.stage_id), ("done", column))

    def test_a_column_that_is_gone_is_refused(self):
        with self.assertRaises(ValidationError):
            self.new_ticket().write({"stage_id": 10**9})

    def test_the_board_shows_every_column(self):
        groups = (
            self.env["pakn.ticket"]
            .with_context(read_group_expand=True)
            .web_read_group([("id", "=", 0)], ["stage_id"], ["__count"])["groups"]
        )
        self.assertEqual(len(groups), self.env["pakn.stage"].search_count([]))
