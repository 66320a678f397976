from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import TAGS, PaknCase, local


@tagged(*TAGS)
class TestArt10Operator(PaknCase):
    """Art. 10.1: every branch of the operator's work, and its refusals."""

    # 10.1.2a: not fit to be taken in

    def test_art10_1_2a_reject_with_reason_and_guidance(self):
        ticket = self.new_ticket()
        ticket.reject(self.reason.id)
        self.assertRecordValues(
            ticket,
            [
                {
                    "state": "rejected",
                    "reject_reason_id": self.reason.id,
                    "reject_guidance": "<p>Xin gửi đến Tòa án.</p>",
                    "date_done": local("2026-03-02 08:00"),
                }
            ],
        )
        self.assertEqual(ticket.stage_id.state, "rejected")
        self.assertEqual(self.kinds(ticket), ["received", "rejected"])
        event = ticket.event_ids.filtered(lambda e: e.kind == "rejected")
        self.assertEqual((event.from_state, event.to_state), ("new", "rejected"))

    def test_art10_1_2a_guidance_may_be_changed_for_the_one_request(self):
        ticket = self.new_ticket()
        ticket.reject(self.reason.id, guidance="<p>Xin gọi 113.</p>")
        self.assertEqual(ticket.reject_guidance, "<p>Xin gọi 113.</p>")

    def test_art10_1_2a_reject_needs_reason_and_guidance(self):
        ticket = self.new_ticket()
        for reason_id, guidance in (
            (False, None),
            (10**9, None),
            (self.reason.id, ""),
            (self.reason.id, "<p><br></p>"),
        ):
            with self.subTest(guidance), self.assertRaises(ValidationError):
                ticket.reject(reason_id, guidance)
        self.assertEqual(ticket.state, "new")
        self.assertEqual(self.kinds(ticket), ["received"])

    # 10.1.2 b1: answered at once

    def test_art10_1_2_b1_answer_now_and_send(self):
        ticket = self.new_ticket()
        ticket.answer(self.article.answer)
        self.assertRecordValues(
            ticket,
            [
                {
                    "state": "answered",
                    "is_instant": True,
                    "result": "<p>Tại bộ phận một cửa.</p>",
                }
            ],
        )
        ticket.send_result()
        self.assertEqual(ticket.state, "done")
        self.assertEqual(self.kinds(ticket), ["received", "answered", "sent"])

    def test_art10_1_2_b1_answer_needs_a_text(self):
        ticket = self.new_ticket()
        for text in ("", None, False, "<p> </p>"):
            with self.subTest(text), self.assertRaises(ValidationError):
                ticket.answer(text)
        self.assertEqual(ticket.state, "new")

    def test_art10_1_2_b1_dialog_inserts_the_ready_answer(self):
        ticket = self.new_ticket()
        wizard = (
            self.env["pakn.ticket.answer"]
            .with_user(self.operator)
            .create({"ticket_ids": ticket.ids, "article_id": self.article.id})
        )
        self.assertEqual(wizard.result, "<p>Tại bộ phận một cửa.</p>")
        wizard.action_confirm()
        self.assertEqual(ticket.state, "done")

    # 10.1.2 b2: transferred

    def test_art10_1_2_b2_step1_transfer_creates_one_slip_a_unit(self):
        ticket = self.new_ticket()
        ticket.transfer([self.unit.id, self.other_unit.id], note="Xin xử lý gấp")
        self.assertRecordValues(
            ticket, [{"state": "transferred", "unit_id": self.unit.id}]
        )
        slips = ticket.transfer_ids.sorted("id")
        self.assertRecordValues(
            slips,
            [
                {
                    "unit_id": unit.id,
                    "role": role,
                    "level": "focal",
                    "state": "sent",
                    "note": "Xin xử lý gấp",
                    "date_sent": local("2026-03-02 08:00"),
                    "is_open": True,
                }
                for unit, role in ((self.unit, "lead"), (self.other_unit, "support"))
            ],
        )
        self.assertEqual(ticket.open_transfer_id, slips[0])
        self.assertEqual(ticket.date_due, slips[0].date_deadline)
        self.assertEqual(self.kinds(ticket), ["received", "transferred", "transferred"])

    def test_art10_1_2_b2_step1_the_people_of_the_unit_are_told(self):
        ticket = self.transferred(self.unit, self.other_unit)
        slips = ticket.transfer_ids.sorted("id")
        self.assertEqual(
            [self.todos(slip).user_id for slip in slips],
            [self.focal, self.other_focal],
        )
        mail = self.mails_to("focal@example.com").filtered(
            lambda m: m.model == "pakn.transfer" and m.res_id == slips[0].id
        )
        self.assertEqual(len(mail), 1)
        self.assertIn(ticket.name, mail.subject)

    def test_art10_1_2_b2_transfer_needs_unit_field_and_contact(self):
        ticket = self.new_ticket()
        for unit_ids in ([], None, [10**9]):
            with self.subTest(unit_ids), self.assertRaises(ValidationError):
                ticket.transfer(unit_ids)
        ticket = self.new_ticket(
            category_id=False, citizen_phone=False, citizen_email=False
        )
        with self.assertRaisesRegex(
            ValidationError, "the field, a phone number or email address"
        ):
            ticket.transfer(self.unit.ids)
        self.assertFalse(ticket.transfer_ids)

    def test_art10_1_2_transfer_of_a_rejected_request_is_refused(self):
        ticket = self.new_ticket()
        ticket.reject(self.reason.id)
        with self.assertRaisesRegex(UserError, "Rejected"):
            ticket.transfer(self.unit.ids)
        self.assertFalse(ticket.transfer_ids)

    def test_each_operation_is_refused_in_the_wrong_state(self):
        done = self.done()
        for name, args in (
            ("reject", (self.reason.id,)),
            ("answer", ("<p>x</p>",)),
            ("transfer", (self.unit.ids,)),
            ("refer_to_province", ("x",)),
            ("send_result", ()),
            ("cancel", ("x",)),
        ):
            with self.subTest(name), self.assertRaises(UserError):
                getattr(done, name)(*args)
        new = self.new_ticket()
        for name, args in (
            ("send_result", ()),
            ("publish", ()),
            ("reopen", ("x",)),
            ("rate", (5,)),
        ):
            with self.subTest(name), self.assertRaises(UserError):
                getattr(new, name)(*args)
        self.assertEqual((done.state, new.state), ("done", "new"))

    def test_only_operators_operate(self):
        ticket = self.transferred()
        for user in (
            self.focal,
            self.head,
            self.office_user,
            self.monitor,
            self.employee,
        ):
            for name, args in (
                ("reject", (self.reason.id,)),
                ("answer", ("<p>x</p>",)),
                ("transfer", (self.unit.ids,)),
                ("refer_to_province", ("x",)),
                ("send_result", ()),
                ("publish", ()),
                ("unpublish", ()),
                ("reopen", ("x",)),
                ("cancel", ("x",)),
                ("rate", (5,)),
            ):
                with self.subTest(user.login, op=name), self.assertRaises(AccessError):
                    getattr(ticket.with_user(user), name)(*args)
        self.assertEqual(ticket.state, "transferred")

    def test_a_batch_is_done_whole_or_not_at_all(self):
        good, bad = self.new_ticket(), self.new_ticket(category_id=False)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            (good | bad).transfer(self.unit.ids)
        self.assertEqual((good.state, bad.state), ("new", "new"))
        bad.category_id = self.category
        (good | bad).transfer(self.unit.ids)
        self.assertEqual((good.state, bad.state), ("transferred", "transferred"))

    # 10.1.2 b2 step 2

    def test_art10_1_2_b2_step2_forwarded_to_the_head_when_silent(self):
        ticket = self.transferred()
        slip = self.lead_slip(ticket, self.operator)
        with self.assertRaisesRegex(UserError, "not due yet"):
            slip.action_escalate()
        self.set_clock("2026-03-04 08:00")
        slip.action_escalate()
        self.assertRecordValues(
            slip,
            [
                {
                    "state": "expired",
                    "is_overdue": True,
                    "date_overdue": slip.date_deadline,
                    "date_responded": False,
                }
            ],
        )
        self.assertEqual(ticket.state, "escalated_head")
        self.assertTrue(ticket.is_overdue)
        self.assertEqual(ticket.unit_id, self.unit)
        self.assertRecordValues(
            ticket.open_transfer_id,
            [
                {
                    "level": "head",
                    "unit_id": self.unit.id,
                    "previous_id": slip.id,
                    "date_sent": local("2026-03-04 08:00"),
                }
            ],
        )
        self.assertEqual(self.todos(ticket.open_transfer_id).user_id, self.head)

    def test_art10_1_2_b2_step2_forwarded_to_the_province_when_the_head_is_silent(self):
        ticket = self.transferred()
        self.set_clock("2026-03-04 08:00")
        self.lead_slip(ticket, self.operator).action_escalate()
        self.set_clock("2026-03-06 08:00")
        self.lead_slip(ticket, self.operator).action_escalate()
        self.assertEqual(ticket.state, "escalated_province")
        self.assertRecordValues(
            ticket.open_transfer_id, [{"level": "province", "unit_id": self.office.id}]
        )
        self.assertEqual(ticket.unit_id, self.unit)
        # The last level is marked and stays.
        self.set_clock("2026-03-10 08:00")
        last = self.lead_slip(ticket, self.operator)
        last.action_escalate()
        self.assertTrue(last.is_overdue)
        self.assertEqual(ticket.open_transfer_id, last)
        self.assertEqual(ticket.state, "escalated_province")

    def test_art10_1_2_b2_only_the_operator_forwards(self):
        ticket = self.transferred()
        self.set_clock("2026-03-04 08:00")
        for user in (self.focal, self.head, self.monitor):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.lead_slip(ticket, user).action_escalate()
        self.assertEqual(ticket.state, "transferred")

    def test_a_supporting_unit_stops_at_its_head(self):
        ticket = self.transferred(self.other_unit, self.unit)
        support = ticket.transfer_ids.filtered(lambda s: s.role == "support")
        self.set_clock("2026-03-04 08:00")
        support.action_escalate()
        self.assertEqual(ticket.state, "transferred")
        head_slip = ticket.transfer_ids.filtered(lambda s: s.level == "head")
        self.assertEqual(head_slip.role, "support")
        self.set_clock("2026-03-06 08:00")
        head_slip.action_escalate()
        self.assertEqual(head_slip.state, "sent")
        self.assertTrue(head_slip.is_overdue)
        self.assertFalse(ticket.is_overdue)

    # The rest of the operator's operations

    def test_cancel_needs_a_reason_and_ends_the_slips(self):
        ticket = self.transferred()
        with self.assertRaises(ValidationError):
            ticket.cancel("  ")
        ticket.cancel("Người dân rút phản ánh")
        self.assertEqual(ticket.state, "cancelled")
        self.assertEqual(ticket.transfer_ids.mapped("state"), ["cancelled"])
        self.assertFalse(ticket.open_transfer_id)
        self.assertFalse(self.todos(ticket.transfer_ids))

    def test_art14_reopen_begins_a_new_round(self):
        ticket = self.done()
        with self.assertRaises(ValidationError):
            ticket.reopen("")
        ticket.reopen("Đèn lại hỏng")
        self.assertRecordValues(
            ticket,
            [
                {
                    "state": "new",
                    "round": 2,
                    "result": False,
                    "unit_id": False,
                    "is_published": False,
                    "date_done": False,
                }
            ],
        )
        old = ticket.transfer_ids
        self.assertEqual(old.result, "<p>Đã thay bóng đèn.</p>")
        ticket.transfer(self.other_unit.ids)
        self.assertEqual(ticket.open_transfer_id.round, 2)
        event = ticket.event_ids.filtered(lambda e: e.kind == "reopened")
        self.assertEqual(event.payload["result"], "<p>Đã thay bóng đèn.</p>")

    def test_dialogs_call_the_operations(self):
        def dialog(model, **values):
            return self.env[model].with_user(self.operator).create(values)

        ticket = self.new_ticket()
        dialog(
            "pakn.ticket.reject", ticket_ids=ticket.ids, reason_id=self.reason.id
        ).action_confirm()
        self.assertEqual(ticket.state, "rejected")
        dialog(
            "pakn.ticket.reason",
            ticket_ids=ticket.ids,
            operation="reopen",
            reason="Bổ sung",
        ).action_confirm()
        self.assertEqual((ticket.state, ticket.round), ("new", 2))
        transfer = dialog(
            "pakn.ticket.transfer",
            ticket_ids=ticket.ids,
            support_unit_ids=self.other_unit.ids,
        )
        self.assertEqual(transfer.unit_id, self.unit, "the usual unit is proposed")
        self.assertFalse(transfer.by_office)
        undo = transfer.action_confirm()["params"]["undo"]
        self.assertEqual(len(ticket.transfer_ids), 2)
        # By the toast, for a moment
        slips = self.env[undo["model"]].with_user(self.operator).browse(undo["ids"])
        getattr(slips, undo["method"])(*undo["args"])
        self.assertEqual(ticket.state, "new")
        self.assertEqual(set(slips.mapped("state")), {"cancelled"})
        dialog(
            "pakn.ticket.transfer",
            ticket_ids=ticket.ids,
            support_unit_ids=self.other_unit.ids,
        ).action_confirm()
        self.assertEqual(len(ticket.transfer_ids), 4)
        dialog(
            "pakn.ticket.reason",
            ticket_ids=ticket.ids,
            operation="cancel",
            reason="Gọi thử",
        ).action_confirm()
        self.assertEqual(ticket.state, "cancelled")
        ticket = self.new_ticket()
        dialog(
            "pakn.ticket.reason",
            ticket_ids=ticket.ids,
            operation="refer",
            reason="Chưa rõ thẩm quyền",
        ).action_confirm()
        self.assertEqual(ticket.state, "escalated_province")

    def test_buttons_open_the_dialog_of_their_request(self):
        ticket = self.new_ticket()
        for name in ("reject", "answer", "transfer", "refer", "reopen", "cancel"):
            with self.subTest(name):
                action = getattr(ticket, f"action_{name}")()
                self.assertEqual(action["target"], "new")
                self.assertEqual(action["context"]["default_ticket_ids"], ticket.ids)
                self.assertIn(action["res_model"], self.env)
        self.assertEqual(
            ticket.action_rate()["context"]["default_ticket_id"], ticket.id
        )
