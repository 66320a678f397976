from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TAGS, PaknCase


@tagged(*TAGS)
class TestSaid(PaknCase):
    """How a request stands is one line, and each act says what it did (issue 17.5)."""

    def say(self, model, user, **values):
        dialog = self.env[model].with_user(user).create(values)
        return dialog.action_confirm()["params"]

    def respond(self, ticket, operation, user=None, **values):
        slip = ticket.sudo().open_transfer_id
        return self.say(
            "pakn.transfer.respond",
            user or self.focal,
            transfer_ids=slip.ids,
            operation=operation,
            **values,
        )["message"]

    def test_art10_a_unit_reads_who_is_told_of_what_it_did(self):
        ticket = self.transferred()
        said = ticket.with_user(self.focal).action_acknowledge()["params"]
        self.assertIn(ticket.name, said["message"])
        self.assertEqual(said["next"]["type"], "ir.actions.act_window_close")
        said = self.respond(ticket, "schedule", date="2026-03-05 01:00:00")
        self.assertIn("the citizen", said)
        said = self.respond(ticket, "extend", date="2026-03-06 01:00:00", reason="x")
        self.assertIn("the citizen, the hotline", said)
        self.assertIn("the hotline", self.respond(ticket, "answer", result="<p>x</p>"))
        other = self.transferred()
        self.assertIn("Told: the hotline", self.respond(other, "give_back", reason="x"))

    def test_art10_an_operator_reads_it_by_name(self):
        ticket = self.transferred()
        said = self.say(
            "pakn.ticket.reason",
            self.operator,
            transfer_ids=ticket.sudo().open_transfer_id.ids,
            operation="urge",
            reason="Nhắc",
        )
        self.assertIn(self.focal.name, said["message"])
        self.respond(ticket, "answer", result="<p>Xong</p>")
        said = self.say(
            "pakn.ticket.reason",
            self.operator,
            ticket_ids=ticket.ids,
            operation="return_result",
            reason="Thiếu",
        )
        self.assertIn(self.focal.name, said["message"])
        said = self.say(
            "pakn.ticket.reject",
            self.operator,
            ticket_ids=self.new_ticket().ids,
            reason_id=self.reason.id,
        )
        self.assertIn("the citizen", said["message"])
        # Nobody is told of it, and nobody is named
        said = self.say(
            "pakn.ticket.reason",
            self.operator,
            ticket_ids=self.new_ticket().ids,
            operation="cancel",
            reason="Trùng",
        )
        self.assertNotIn("Told", said["message"])

    def test_what_is_not_for_somebody_is_said_without_jest_or_number(self):
        """Odoo says “top-secret records”, the user's id and the model's name."""
        ticket = self.new_ticket()
        ticket.sudo().secrecy = "secret"
        unit = self.unit.with_user(self.operator)
        cases = (
            ("You have no right to see this (", ticket.read, (["title"],)),
            ("You have no right to change this (", ticket.write, ({"title": "x"},)),
            ("You have no right to add this (", unit.create, ({"name": "x"},)),
            ("You have no right to delete this (", unit.unlink, ()),
        )
        for sentence, method, arguments in cases:
            with (
                self.subTest(sentence),
                mute_logger("odoo.addons.base.models.ir_rule"),
                mute_logger("odoo.addons.base.models.ir_model"),
                self.assertRaises(AccessError) as caught,
            ):
                method(*arguments)
            said = str(caught.exception)
            self.assertIn(sentence, said)
            self.assertIn("ask the administrator", said)
            for noise in ("id=", "pakn.", "top-secret", "group"):
                self.assertNotIn(noise, said)

    def test_many_are_counted_and_not_listed(self):
        tickets = self.env["pakn.ticket"].union(*(self.new_ticket() for _n in range(4)))
        said = self.say(
            "pakn.ticket.reject",
            self.operator,
            ticket_ids=tickets.ids,
            reason_id=self.reason.id,
        )
        self.assertIn("4 requests", said["message"])
        self.assertNotIn(tickets[0].name, said["message"])

    def test_the_state_in_one_line(self):
        ticket = self.new_ticket(user_id=False)
        self.assertEqual(ticket.status_text, "New · nobody has taken it")
        ticket.take()
        self.assertEqual(ticket.status_text, "New · with operator")
        ticket.transfer(self.unit.ids)
        self.env.invalidate_all()
        line = ticket.status_text
        self.assertTrue(line.startswith("Transferred · Sở Thử nghiệm: focal · "), line)
        self.assertTrue(line.endswith(ticket.due_text), line)
        # As the unit reads it
        self.assertEqual(ticket.with_user(self.focal).status_text, line)
        self.set_clock("2026-03-20 08:00")
        ticket.sudo().open_transfer_id._escalate()
        self.env.invalidate_all()
        self.assertIn("head", ticket.status_text)
        self.assertIn("late", ticket.status_text)
