from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..tools import acts
from .common import TAGS, PaknCase, local

# The record is never taken back, and of whom nobody was told it is shown
GOES_ON = {"record_length", "record_hash", "event_ids", "notice_ids"}


class TakeBackCase(PaknCase):
    """Acts that are done by hand, the key of the toast, and the seconds after it."""

    def reject(self, ticket, user=None):
        return self.confirm(
            "pakn.ticket.reject",
            user,
            ticket_ids=ticket.ids,
            reason_id=self.reason.id,
        )

    def answer(self, ticket, send_now=False, **values):
        return self.confirm(
            "pakn.ticket.answer",
            ticket_ids=ticket.ids,
            result="<p>Tại bộ phận một cửa.</p>",
            send_now=send_now,
            **values,
        )

    def cancel(self, ticket):
        return self.confirm(
            "pakn.ticket.reason",
            ticket_ids=ticket.ids,
            operation="cancel",
            reason="Trùng",
        )

    def send(self, ticket):
        # As the core does it; the site asks first what the public shall read
        return ticket._act_by_hand("sent", [["send_result", []]])["params"]

    def confirm(self, model, user=None, **values):
        dialog = self.env[model].with_user(user or self.operator).create(values)
        return dialog.action_confirm()["params"]

    def answered(self, **values):
        """Return a request with a unit's result, another unit still at it."""
        ticket = self.transferred(self.unit, self.other_unit, **values)
        self.deliver()
        self.lead_slip(ticket, self.focal).answer("<p>Đã thay bóng đèn.</p>")
        self.deliver()
        return ticket

    def read_all(self, ticket):
        """Return all of the procedure of a request and its slips, and their to-dos."""
        self.env.flush_all()
        self.env.invalidate_all()
        ticket = ticket.sudo()
        rows = []
        for record in (ticket, *ticket.transfer_ids.sorted("id")):
            names = (record._get_procedure_fields() - GOES_ON) | {"stage_id"}
            names &= record._fields.keys()
            rows += record.read(sorted(names), load=None)
        for todo in (ticket.activity_ids | ticket.transfer_ids.activity_ids).sorted(
            lambda todo: (todo.res_model, todo.res_id, todo.user_id.id)
        ):
            rows.append(
                (todo.res_model, todo.res_id, todo.user_id, todo.activity_type_id)
                + (todo.date_deadline, todo.summary, todo.note, todo.pakn_is_call)
            )
        return rows

    def take_back(self, said):
        """Press the button of a toast."""
        undo = said["undo"]
        tickets = self.env[undo["model"]].with_user(self.operator).browse(undo["ids"])
        return getattr(tickets, undo["method"])(*undo["args"])

    def notices(self, ticket, *keys):
        return ticket.sudo().notice_ids.filtered(lambda notice: notice.act in keys)

    def work_off(self):
        """Do what the outbox does at this moment, and no more."""
        notices = self.env["pakn.notice"].sudo()
        self.env.flush_all()
        notices.search(notices._get_ready_domain(), order="id")._deliver()
        self.env.flush_all()

    def pass_seconds(self, seconds):
        """Set the clock so many seconds after the act."""
        self.set_moment(local("2026-03-02 08:00") + timedelta(seconds=seconds))


@tagged(*TAGS)
class TestTakeBack(TakeBackCase):
    """What was done by one key is taken back before anybody is told (Art. 9, 10.1)."""

    def check_taken_back(self, ticket, do, *kinds, told=()):
        self.deliver()
        before, done = self.read_all(ticket), self.kinds(ticket)
        said = do(ticket)
        self.assertEqual(said["undo"]["method"], "take_back")
        self.assertNotEqual(self.read_all(ticket), before, "nothing was done")
        self.work_off()
        waiting = self.notices(ticket, *kinds, *told)
        self.assertEqual(set(waiting.mapped("state")), {"waiting"} if told else set())
        mails = self.env["mail.mail"].search_count([])
        self.take_back(said)
        self.assertEqual(self.read_all(ticket), before)
        self.assertEqual(self.kinds(ticket), [*done, *kinds, "taken_back"])
        last = ticket.sudo().event_ids.sorted("sequence")[-1]
        count = len(done)
        numbers = [count + 1 + index for index in range(len(kinds))]
        self.assertEqual(last.payload, {"taken": numbers})
        self.assertEqual(last.to_state, ticket.state)
        self.assertEqual(last.user_id, self.operator)
        self.assertEqual(ticket._find_faults(), {})
        # However long the outbox goes on
        self.pass_seconds(3600)
        self.deliver()
        self.assertEqual(set(waiting.mapped("state")), {"withdrawn"} if told else set())
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.assertEqual(self.read_all(ticket), before)
        self.assertFalse(self.env["pakn.undo"].sudo().search([], limit=1))

    # ------------------------------------------------------------
    # WHAT IS TAKEN BACK
    # ------------------------------------------------------------

    def test_art10_1_2a_a_refusal_is_taken_back(self):
        self.check_taken_back(
            self.new_ticket(), self.reject, "rejected", told=["rejected"]
        )

    def test_art10_1_2_an_answer_is_taken_back(self):
        self.check_taken_back(self.new_ticket(), self.answer, "answered")

    def test_art10_1_2_an_answer_with_a_file_that_was_sent_is_taken_back(self):
        file = (
            self.env["ir.attachment"]
            .with_user(self.operator)
            .create({"name": "mau-don.txt", "raw": b"mau"})
        )
        self.check_taken_back(
            self.new_ticket(),
            lambda ticket: self.answer(
                ticket, True, attachment_ids=[fields.Command.set(file.ids)]
            ),
            *("answered", "sent"),
            told=["sent", "rating_asked"],
        )
        self.assertTrue(file.sudo().res_id, "what was brought stays with the request")

    def test_art13_1_a_result_that_was_sent_is_taken_back(self):
        """With it the slip of the other unit, its deadline and its people's to-dos."""
        ticket = self.answered()
        support = ticket.transfer_ids.filtered("is_open")
        self.assertTrue(support.sudo().activity_ids)
        self.check_taken_back(ticket, self.send, "sent", told=["sent", "rating_asked"])
        self.assertTrue(support.is_open)
        support.with_user(self.other_focal).answer("<p>Đã xong phần của mình.</p>")

    def test_art11_4_a_slip_that_was_due_is_late_by_the_clock_alone(self):
        ticket = self.answered()
        slip = ticket.transfer_ids.filtered("is_open").sudo()
        slip._acting().date_deadline = fields.Datetime.now()
        self.check_taken_back(ticket, self.send, "sent", told=["sent", "rating_asked"])
        self.assertFalse(slip.is_overdue)

    def test_art10_1_a_cancelled_request_is_with_its_unit_again(self):
        ticket = self.transferred(self.unit, self.other_unit)
        self.check_taken_back(ticket, self.cancel, "cancelled")
        self.lead_slip(ticket, self.focal).answer("<p>Đã thay bóng đèn.</p>")
        self.assertEqual(ticket.state, "answered")

    def test_the_column_of_the_board_is_the_one_before(self):
        """Several columns may be of one state."""
        column = self.env["pakn.stage"].create({"name": "Đang xem", "state": "new"})
        ticket = self.new_ticket()
        ticket.sudo().stage_id = column
        self.check_taken_back(ticket, self.reject, "rejected", told=["rejected"])
        self.assertEqual(ticket.stage_id, column)

    def test_art10_1_done_again_it_is_told_once(self):
        ticket = self.new_ticket()
        self.deliver()
        self.take_back(self.reject(ticket))
        self.reject(ticket)
        self.pass_seconds(acts.HOLD)
        self.work_off()
        told = self.notices(ticket, "rejected")
        self.assertEqual(
            sorted(told.mapped("state")), ["waiting", "withdrawn"], "one is handed over"
        )
        self.assertEqual(
            self.kinds(ticket)[-3:], ["rejected", "taken_back", "rejected"]
        )

    def test_art10_1_what_was_taken_back_was_not_said(self):
        ticket = self.answered()
        self.take_back(self.send(ticket))
        self.assertNotIn(
            "Result sent to the citizen",
            [said["label"] for said in ticket.get_talks()["citizen"]],
        )
        self.assertNotIn(
            "sent", ticket.sudo().event_ids._filter_standing().mapped("kind")
        )

    # ------------------------------------------------------------
    # WHO IS TOLD, AND WHEN
    # ------------------------------------------------------------

    def test_art10_1_nobody_is_told_before_the_time_is_over(self):
        ticket = self.new_ticket()
        self.deliver()
        self.reject(ticket)
        told = self.notices(ticket, "rejected")
        until = fields.Datetime.now() + timedelta(seconds=acts.HOLD)
        self.assertEqual(told.date_next, until)
        job = self.env.ref("pakn_1022.ir_cron_deliver")
        woken = self.env["ir.cron.trigger"].search(
            [("cron_id", "=", job.id), ("call_at", "=", until)]
        )
        self.assertTrue(woken, "the job comes at that moment")
        self.pass_seconds(acts.HOLD - 1)
        self.work_off()
        self.assertFalse(told.door)
        self.pass_seconds(acts.HOLD)
        self.work_off()
        self.assertEqual(told.door, "mail")
        self.env["pakn.undo"]._forget()
        self.assertFalse(self.env["pakn.undo"].sudo().search([], limit=1))

    def test_art10_1_what_no_hand_did_is_told_at_once(self):
        ticket = self.new_ticket()
        ticket.reject(self.reason.id)
        self.assertFalse(self.notices(ticket, "rejected").date_next)
        with self.assertRaisesRegex(UserError, "too late"):
            ticket.take_back()
        # … nor of what cannot be taken back
        ticket = self.answered()
        said = ticket._act_by_hand(
            "result_returned", [["return_result", ["Thiếu ảnh"]]]
        )["params"]
        self.assertNotIn("undo", said)
        self.assertFalse(
            any(self.notices(ticket, "result_returned").mapped("date_next"))
        )
        with self.assertRaises(UserError):
            ticket.take_back()

    def test_art13_1_a_result_that_is_published_at_once_is_not_taken_back(self):
        self.category.is_published_unseen = True
        ticket = self.answered()
        self.assertEqual(ticket._filter_published_unseen(), ticket)
        self.assertNotIn("undo", self.send(ticket))
        self.assertFalse(any(self.notices(ticket, "sent").mapped("date_next")))
        with self.assertRaisesRegex(UserError, "too late"):
            ticket.take_back()
        self.assertTrue(ticket.is_published)

    # ------------------------------------------------------------
    # WHEN IT IS NOT TAKEN BACK
    # ------------------------------------------------------------

    def check_refused(self, ticket, sentence, user=None, error=UserError):
        before, kinds = self.read_all(ticket), self.kinds(ticket)
        states = self.notices(ticket, "rejected").mapped("state")
        own = ticket.with_user(user or self.operator)
        if own.has_access("read"):
            [found] = own.get_acts().values()
            self.assertRegex(str(found["take_back"]), sentence)
            own.invalidate_recordset(["acts"])
            self.assertNotIn("take_back", own.acts)
        with self.assertRaisesRegex(error, sentence):
            own.take_back()
        self.assertEqual(self.read_all(ticket), before)
        self.assertEqual(self.kinds(ticket), kinds)
        self.assertEqual(self.notices(ticket, "rejected").mapped("state"), states)

    def rejected(self):
        ticket = self.new_ticket()
        self.deliver()
        self.reject(ticket)
        self.assertIn("take_back", ticket.acts)
        ticket.invalidate_recordset(["acts"])
        return ticket

    def test_art10_1_not_when_the_time_is_over(self):
        ticket = self.rejected()
        self.pass_seconds(acts.HOLD)
        self.check_refused(ticket, "too late")

    def test_art10_1_not_by_another_one(self):
        ticket = self.rejected()
        other = new_test_user(
            self.env, login="test_other", groups="pakn_1022.group_operator"
        )
        for user in (other, self.manager):
            self.check_refused(ticket, "Only who did it", user, AccessError)

    def test_art10_1_not_when_somebody_was_told(self):
        ticket = self.rejected()
        told = self.notices(ticket, "rejected")
        told.date_next = False
        self.work_off()
        self.assertTrue(told.is_handed)
        self.check_refused(ticket, "told already")

    def test_art10_1_not_when_more_was_done_since(self):
        ticket = self.rejected()
        ticket.write({"title": "Đèn đường tắt"})
        self.check_refused(ticket, "Something more was done")
        ticket = self.rejected()
        ticket.reopen("Bổ sung")
        self.check_refused(ticket, "New")

    def test_art10_1_not_twice(self):
        ticket = self.rejected()
        ticket.take_back()
        self.check_refused(ticket, "New")

    def test_art18_not_by_who_may_not_act(self):
        ticket = self.transferred()
        self.cancel(ticket)
        for user in (self.monitor, self.focal, self.head, self.employee, self.public):
            self.check_refused(ticket, ".", user, AccessError)
        ticket.take_back()
        self.assertEqual(ticket.state, "transferred")

    def test_one_of_several_that_cannot_be_taken_back_leaves_all(self):
        tickets = self.new_ticket() | self.new_ticket()
        self.deliver()
        for ticket in tickets:
            self.reject(ticket)
        tickets[1].write({"title": "Đèn đường tắt"})
        with self.assertRaisesRegex(UserError, tickets[1].name):
            tickets.take_back()
        self.assertEqual(set(tickets.mapped("state")), {"rejected"})
        tickets[0].take_back()
        self.assertEqual(tickets[0].state, "new")
