from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from ..models.pakn_ticket_many import LISTED, PART
from ..tools import acts
from .common import TAGS
from .test_art10_take_back import TakeBackCase


@tagged(*TAGS)
class TestTakeBackMany(TakeBackCase):
    """Acts on many requests are taken back by one key (Art. 9, 10.1)."""

    def some(self, count, prepare=None):
        """Return new requests of which everybody has been told."""
        prepare = prepare or self.new_ticket
        tickets = self.env["pakn.ticket"].with_user(self.operator)
        tickets = tickets.union(*(prepare() for _n in range(count)))
        self.deliver()
        return tickets

    def states(self, tickets):
        return set(tickets.mapped("state"))

    def check_taken_back(self, tickets, do, act, told=()):
        before = [self.read_all(ticket) for ticket in tickets]
        said = do(tickets)
        self.assertEqual(said["undo"]["ids"], tickets.ids)
        self.assertIn(f"{len(tickets)} requests", said["message"])
        self.work_off()
        waiting = self.notices(tickets, *told)
        self.assertEqual(len(waiting), len(tickets) * len(told))
        self.assertFalse(any(waiting.mapped("door")), "nobody is told yet")
        answer = self.take_back(said)["params"]
        self.assertEqual(answer["type"], "success")
        self.assertIn(f"{len(tickets)} requests", answer["message"])
        for ticket, values in zip(tickets, before, strict=True):
            self.assertEqual(self.read_all(ticket), values)
            self.assertEqual(self.kinds(ticket)[-2:], [act, "taken_back"])
        self.pass_seconds(3600)
        self.deliver()
        self.assertEqual(set(waiting.mapped("state")), {"withdrawn"} if told else set())

    def test_art10_1_2a_many_refusals_are_taken_back(self):
        self.check_taken_back(self.some(4), self.reject, "rejected", ["rejected"])

    def test_art10_1_2_many_answers_are_taken_back(self):
        self.check_taken_back(self.some(4), self.answer, "answered")

    def test_art13_1_many_results_that_were_sent_are_taken_back(self):
        tickets = self.some(4, self.answered)
        self.check_taken_back(
            tickets,
            # As the core does it; the site asks first what the public shall read
            lambda tickets: tickets._act_on_many(
                "sent", [(tickets, [["send_result", []]])]
            )["params"],
            "sent",
            ["sent", "rating_asked"],
        )

    def test_art10_1_many_that_were_cancelled_are_with_their_units_again(self):
        tickets = self.some(4, self.transferred)
        self.check_taken_back(tickets, self.cancel, "cancelled")
        self.lead_slip(tickets[0], self.focal).answer("<p>Đã thay bóng đèn.</p>")

    def test_art10_1_those_that_were_done_are_taken_back_and_no_others(self):
        tickets = self.some(3)
        tickets[1].cancel("Trùng")
        said = self.reject(tickets)
        self.assertIn("2 of 3 rejected", said["message"])
        self.assertEqual(said["undo"]["ids"], (tickets[0] | tickets[2]).ids)
        self.assertTrue(said["sticky"])
        self.take_back(said)
        self.assertEqual(tickets.mapped("state"), ["new", "cancelled", "new"])

    def test_art10_1_one_that_fails_is_done_alone_and_all_others_are_held(self):
        """A part that fails leaves nothing noted of what was not done."""
        tickets = self.some(3)
        tickets[1].cancel("Trùng")
        said = tickets._act_on_many(
            "rejected", [(tickets, [["reject", [self.reason.id]]])]
        )["params"]
        self.assertEqual(said["undo"]["ids"], (tickets[0] | tickets[2]).ids)
        self.assertEqual(
            set(self.notices(tickets, "rejected").mapped("date_next")),
            {fields.Datetime.now() + timedelta(seconds=acts.HOLD)},
        )
        undos = self.env["pakn.undo"].sudo().search([])
        self.assertEqual(undos.ticket_id, tickets[0] | tickets[2])
        self.take_back(said)
        self.assertEqual(tickets.mapped("state"), ["new", "cancelled", "new"])

    def test_art13_1_what_is_published_at_once_is_named_and_stays(self):
        other = self.category.copy({"code": "9.9", "is_published_unseen": True})
        tickets = self.some(2, self.answered)
        tickets[1].sudo().category_id = other
        said = tickets._act_on_many("sent", [(tickets, [["send_result", []]])])[
            "params"
        ]
        self.assertEqual(said["undo"]["ids"], tickets[0].ids)
        self.assertRegex(said["message"], rf"Not to be taken back.*{tickets[1].name}")
        self.assertFalse(any(self.notices(tickets[1], "sent").mapped("date_next")))
        self.take_back(said)
        self.assertEqual(tickets.mapped("state"), ["answered", "done"])

    def test_art10_1_what_another_one_did_meanwhile_stays_and_is_named(self):
        tickets = self.some(3)
        said = self.reject(tickets)
        other = new_test_user(
            self.env, login="test_other", groups="pakn_1022.group_operator"
        )
        tickets[1].with_user(other).reopen("Bổ sung")
        answer = self.take_back(said)["params"]
        self.assertEqual(answer["type"], "warning")
        self.assertIn(f"{tickets[0].name}, {tickets[2].name}", answer["message"])
        self.assertIn(f"\n{tickets[1].name} is in the state “New”", answer["message"])
        self.assertEqual(self.states(tickets), {"new"})
        self.assertEqual(self.kinds(tickets[1])[-1], "reopened")

    def test_art10_1_none_when_the_time_is_over(self):
        tickets = self.some(LISTED + 2)
        self.reject(tickets[:PART])
        said = self.reject(tickets[PART:])
        self.pass_seconds(acts.HOLD)
        with self.assertRaisesRegex(UserError, "too late"):
            self.take_back(said)
        with self.assertRaisesRegex(UserError, "… and 2 more"):
            tickets.action_take_back()
        self.work_off()
        self.assertEqual(
            set(self.notices(tickets, "rejected").mapped("door")), {"mail"}
        )

    def hand_on(self, tickets):
        jobs = [(tickets, [["transfer", [self.unit.ids]]])]
        return tickets._act_on_many("transferred", jobs)["params"]

    def test_art10_1_2_many_that_were_handed_on_are_new_again(self):
        tickets = self.some(3)
        said = self.hand_on(tickets)
        self.assertEqual(said["undo"]["ids"], tickets.ids)
        self.lead_slip(tickets[1], self.focal).answer("<p>Đã thay bóng đèn.</p>")
        answer = self.take_back(said)["params"]
        self.assertEqual(tickets.mapped("state"), ["new", "answered", "new"])
        self.assertEqual(answer["type"], "warning")
        first, *others = answer["message"].split("\n")
        self.assertIn(f"{tickets[0].name}, {tickets[2].name}", first)
        self.assertIn("Told: the units", first)
        self.assertEqual(others, [f"{tickets[1].name} lies with no unit."])
        self.assertEqual(self.kinds(tickets[0])[-1], "recalled")
        self.assertEqual(self.notices(tickets[0], "recalled").user_id, self.focal)
        with self.assertRaisesRegex(UserError, "None of these can be done"):
            self.take_back(said)

    def test_art10_1_2_more_than_a_part_that_were_handed_on_too(self):
        tickets = self.some(PART + 1)
        params = self.hand_on(tickets)
        self.assertFalse(params["batch"], "the units are told at once")
        self.assertEqual(params["undo"]["method"], "action_recall")
        [job] = params["jobs"]
        tickets.act_on_part(job["calls"])
        tickets.action_recall()
        self.assertEqual(self.states(tickets), {"new"})

    def test_art10_1_a_program_is_told_at_once(self):
        tickets = self.some(3)
        tickets.reject(self.reason.id)
        self.assertFalse(any(self.notices(tickets, "rejected").mapped("date_next")))
        more = self.some(3)
        held = more.act_on_part([["reject", [self.reason.id]]])
        self.assertEqual(held, [])
        self.assertFalse(any(self.notices(more, "rejected").mapped("date_next")))

    # ------------------------------------------------------------
    # PART BY PART
    # ------------------------------------------------------------

    def by_parts(self, tickets):
        """Return what the browser gets in order to refuse more than a part."""
        params = self.reject(tickets)
        self.assertEqual(params["undo"]["method"], "action_take_back")
        return params

    def act_on_part(self, tickets, params):
        [job] = params["jobs"]
        return tickets.act_on_part(job["calls"], params["batch"])

    def test_art10_1_all_parts_are_taken_back_when_the_last_one_is_done(self):
        tickets = self.some(PART + 4)
        params = self.by_parts(tickets)
        self.assertEqual(self.states(tickets), {"new"})
        # Slower than any: seven parts, as long as thrice the hold of one act
        parts = [tickets[start : start + 4] for start in range(0, len(tickets), 4)]
        held = []
        for number, part in enumerate(parts):
            self.pass_seconds(number * 6)
            held += self.act_on_part(part, params)
            self.work_off()
        self.assertEqual(held, tickets.ids)
        told = self.notices(tickets, "rejected")
        self.assertFalse(any(told.mapped("door")))
        # The toast offers it for eight seconds
        self.pass_seconds((len(parts) - 1) * 6 + acts.HOLD - 1)
        self.work_off()
        undo = {"model": "pakn.ticket", "ids": held, "method": "action_take_back"}
        self.take_back({"undo": {**undo, "args": []}})
        self.assertEqual(self.states(tickets), {"new"})
        self.assertEqual(set(told.mapped("state")), {"withdrawn"})

    def test_art10_1_whoever_closes_the_browser_has_told_all_the_same(self):
        tickets = self.some(PART + 1)
        params = self.by_parts(tickets)
        self.act_on_part(tickets[:PART], params)
        self.pass_seconds(acts.HOLD_PART)
        self.work_off()
        self.assertEqual(
            set(self.notices(tickets, "rejected").mapped("door")), {"mail"}
        )
        self.assertEqual(tickets[PART:].state, "new")

    def test_art10_1_nobody_waits_longer_than_the_longest(self):
        tickets = self.some(PART + 1)
        params = self.by_parts(tickets)
        start = fields.Datetime.now()
        self.act_on_part(tickets[0], params)
        first = self.notices(tickets[0], "rejected")
        for number, ticket in enumerate(tickets[1:], 1):
            self.pass_seconds(number * (acts.HOLD_PART - 1))
            self.act_on_part(ticket, params)
        waited = (first.date_next - start).total_seconds()
        self.assertLess(waited, number * (acts.HOLD_PART - 1))
        self.assertGreater(waited, acts.HOLD_LONGEST)
        self.assertLessEqual(waited, acts.HOLD_LONGEST + acts.HOLD_PART)

    def test_a_part_whose_answer_was_lost_is_not_done_twice(self):
        tickets = self.some(PART + 1)
        params = self.by_parts(tickets)
        part = tickets[:2]
        held = self.act_on_part(part, params)
        self.assertEqual(self.act_on_part(part, params), held)
        for ticket in part:
            self.assertEqual(self.kinds(ticket).count("rejected"), 1)
        # … but what was not of this batch refuses
        with self.assertRaises(UserError):
            self.act_on_part(part, {**params, "batch": "another"})

    def test_one_does_not_put_off_what_another_one_does(self):
        tickets = self.some(2)
        params = {"jobs": [{"calls": [["reject", [self.reason.id]]]}], "batch": "x"}
        self.act_on_part(tickets[0], params)
        told = self.notices(tickets[0], "rejected")
        until = told.date_next
        self.pass_seconds(acts.HOLD + 1)
        calls = params["jobs"][0]["calls"]
        tickets[1].with_user(self.manager).act_on_part(calls, "x")
        self.assertEqual(told.date_next, until)

    def test_art18_only_acts_of_the_table_are_done_on_a_part(self):
        ticket = self.new_ticket().with_user(self.operator)
        for name in ("write", "unlink", "_set_state", "message_post", "sudo"):
            with self.assertRaises(ValidationError):
                ticket.act_on_part([[name, []]], "x")


@tagged(*TAGS)
class TestDraggedCards(TakeBackCase):
    """A card that is dragged to a column does what the button does (Art. 10.1)."""

    def drop(self, ticket, state, user=None):
        stage = self.env["pakn.stage"]._get_default_stages()[state]
        return ticket.with_user(user or self.operator).drop_on_stage(stage.id)

    def test_art10_1_what_needs_words_asks_for_them(self):
        new, answered, closed = self.new_ticket(), self.answered(), self.done()
        for ticket, state, model in (
            (new, "rejected", "pakn.ticket.reject"),
            (new, "answered", "pakn.ticket.answer"),
            (new, "done", "pakn.ticket.answer"),
            (new, "cancelled", "pakn.ticket.reason"),
            (new, "escalated_province", "pakn.ticket.reason"),
            (answered, "cancelled", "pakn.ticket.reason"),
            (closed, "new", "pakn.ticket.reason"),
        ):
            with self.subTest(state):
                action, before = self.drop(ticket, state), ticket.state
                self.assertEqual(action["res_model"], model)
                self.assertEqual(ticket.state, before, "the dialog does it")
                dialog = (
                    self.env[model]
                    .with_user(self.operator)
                    .with_context(**action["context"])
                )
                if model == "pakn.ticket.answer":
                    sends = dialog.new({}).send_now
                    self.assertEqual(sends, state == "done")

    def test_art13_1_a_result_is_sent_and_can_be_taken_back(self):
        ticket = self.answered(secrecy="confidential")
        said = self.drop(ticket, "done")["params"]
        self.assertEqual(ticket.state, "done")
        self.assertTrue(all(self.notices(ticket, "sent").mapped("date_next")))
        self.take_back(said)
        self.assertEqual(ticket.state, "answered")

    def test_art10_1_2_the_usual_unit_gets_it_and_it_can_be_recalled(self):
        ticket = self.new_ticket()
        said = self.drop(ticket, "transferred")["params"]
        self.assertEqual(ticket.unit_id, self.unit)
        self.assertIn(self.unit.name, said["message"])
        self.take_back(said)
        self.assertEqual(ticket.state, "new")
        # Without a usual one it is asked for
        ticket = self.new_ticket()
        ticket.sudo().category_id = self.category.copy(
            {"code": "9.8", "default_unit_id": False}
        )
        self.assertFalse(ticket.suggested_unit_id)
        action = self.drop(ticket, "transferred")
        self.assertEqual(action["res_model"], "pakn.ticket.transfer")

    def test_the_card_goes_to_the_very_column_and_back(self):
        """Several columns may be of one state."""
        column = self.env["pakn.stage"].create({"name": "Đã báo", "state": "done"})
        ticket = self.answered(secrecy="confidential")
        before = ticket.stage_id
        said = ticket.with_user(self.operator).drop_on_stage(column.id)["params"]
        self.assertEqual(ticket.stage_id, column)
        self.take_back(said)
        self.assertEqual(ticket.stage_id, before)
        other = self.env["pakn.stage"].create({"name": "Chờ", "state": "answered"})
        ticket.with_user(self.operator).drop_on_stage(other.id)
        self.assertEqual((ticket.stage_id, ticket.state), (other, "answered"))

    def test_the_card_goes_to_the_very_column_through_a_dialog(self):
        column = self.env["pakn.stage"].create({"name": "Spam", "state": "cancelled"})
        ticket = self.new_ticket()
        action = ticket.with_user(self.operator).drop_on_stage(column.id)
        dialog = self.env[action["res_model"]].with_user(self.operator)
        said = (
            dialog.with_context(**action["context"])
            .create({"reason": "Gọi nhầm"})
            .action_confirm()
        )
        self.assertEqual((ticket.state, ticket.stage_id), ("cancelled", column))
        self.take_back(said["params"])
        self.assertEqual(ticket.state, "new")
        # What a context says is no column of another state
        for hostile in ([column.id], "1", -1, True):
            other = self.new_ticket().with_user(self.operator)
            other.with_context(pakn_stage_id=hostile).cancel("Gọi nhầm")
            self.assertEqual(other.stage_id.state, "cancelled")

    def test_art10_1_where_no_act_leads_nothing_is_done(self):
        ticket = self.transferred()
        kinds = self.kinds(ticket)
        for state, sentence in (
            ("scheduled", "only the unit or the clock"),
            ("rejected", "does not go there from “Transferred”"),
            ("new", "does not go there"),
        ):
            with self.assertRaisesRegex(UserError, sentence):
                self.drop(ticket, state)
        with self.assertRaisesRegex(ValidationError, "does not exist"):
            ticket.with_user(self.operator).drop_on_stage(0)
        self.assertEqual(self.kinds(ticket), kinds)

    def test_art18_a_unit_drags_nothing(self):
        ticket = self.transferred()
        for state in ("cancelled", "rejected", "done"):
            with self.assertRaisesRegex(AccessError, "Only an operator"):
                self.drop(ticket, state, self.focal)
        column = self.env["pakn.stage"].create({"name": "Khác", "state": "transferred"})
        with self.assertRaises(AccessError):
            ticket.with_user(self.focal).drop_on_stage(column.id)

    def test_what_is_no_act_is_refused_with_a_sentence(self):
        ticket = self.new_ticket()
        for calls in (
            [["unlink", []]],
            [["_acting", []]],
            [[["reject"], []]],
            [["reject"]],
            [["reject", "x"]],
            ["reject"],
            "reject",
            7,
            None,
        ):
            with self.subTest(calls), self.assertRaises(ValidationError):
                ticket.act_on_part(calls, "part")
        with self.assertRaises(AccessError):
            ticket.with_user(self.monitor).act_on_part([["reject", []]], "part")
        self.assertEqual(ticket.state, "new")
