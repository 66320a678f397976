from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import TAGS, PaknCase, local


@tagged(*TAGS)
class TestArt10Unit(PaknCase):
    """Art. 10.2 to 10.4: focal points, heads and the provincial office."""

    # 10.2: focal points

    def test_art10_2_2_a_day_without_an_hour_is_until_the_end_of_its_work(self):
        """“10/03/2026” is no appointment for the minute in which that day begins."""
        ticket = self.transferred()
        slip = self.lead_slip(ticket, self.focal)
        dialogs = self.env["pakn.transfer.respond"].with_user(self.focal)
        form = Form(
            dialogs.with_context(
                default_transfer_ids=slip.ids, default_operation="schedule"
            )
        )
        for typed, meant in {
            "2026-03-10 00:00": "2026-03-10 17:00",
            "2026-03-10 10:00": "2026-03-10 10:00",
            # A Sunday: nobody works; the dialog says to when it is moved
            "2026-03-08 00:00": "2026-03-08 00:00",
        }.items():
            form.date = local(typed)
            self.assertEqual(form.date, local(meant), typed)
        self.assertIn("07:00 09/03/2026", form.moved_text)

    def test_art10_4_2_the_office_too_means_the_end_of_the_day(self):
        ticket = self.new_ticket()
        ticket.refer_to_province("Chưa rõ thẩm quyền")
        dialogs = self.env["pakn.ticket.transfer"].with_user(self.office_user)
        form = Form(dialogs.with_context(default_ticket_ids=ticket.ids))
        form.unit_id = self.unit
        form.date_due = local("2026-03-10 00:00")
        self.assertEqual(form.date_due, local("2026-03-10 17:00"))
        form.save().action_confirm()
        slip = ticket.transfer_ids.filtered(lambda one: one.unit_id == self.unit)
        self.assertEqual(slip.date_due, local("2026-03-10 17:00"))

    def test_art10_2_focal_acknowledges(self):
        ticket = self.transferred()
        slip = self.lead_slip(ticket, self.focal)
        slip.acknowledge()
        self.assertEqual(slip.state, "acknowledged")
        self.assertEqual(ticket.state, "transferred")
        with self.assertRaises(UserError):
            slip.acknowledge()

    def test_art10_2_1_focal_answers(self):
        ticket = self.transferred()
        slip = self.lead_slip(ticket, self.focal)
        self.set_clock("2026-03-02 10:00")
        slip.answer("<p>Đã thay bóng đèn.</p>")
        self.assertRecordValues(
            slip,
            [
                {
                    "state": "answered",
                    "result": "<p>Đã thay bóng đèn.</p>",
                    "date_responded": local("2026-03-02 10:00"),
                    "is_overdue": False,
                }
            ],
        )
        self.assertRecordValues(
            ticket,
            [
                {
                    "state": "answered",
                    "result": "<p>Đã thay bóng đèn.</p>",
                    "is_instant": False,
                    "date_due": False,
                }
            ],
        )
        self.assertFalse(self.todos(slip))
        event = ticket.event_ids.filtered(lambda e: e.kind == "responded")
        self.assertEqual(event.user_id, self.focal)
        self.assertEqual(
            (event.from_state, event.to_state), ("transferred", "answered")
        )

    def test_art10_2_answer_needs_a_text(self):
        slip = self.lead_slip(self.transferred(), self.focal)
        for text in ("", None, "<p></p>"):
            with self.subTest(text), self.assertRaises(ValidationError):
                slip.answer(text)
        self.assertEqual(slip.state, "sent")

    def test_art10_2_answer_by_the_wrong_unit_is_refused(self):
        ticket = self.transferred()
        with self.assertRaises(AccessError):
            self.lead_slip(ticket, self.other_focal).answer("<p>x</p>")
        # Also when that unit has a slip of its own of the same request.
        ticket = self.transferred(self.unit, self.other_unit)
        with self.assertRaises(AccessError):
            self.lead_slip(ticket, self.other_focal).answer("<p>x</p>")
        for user in (self.monitor, self.employee, self.operator):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.lead_slip(ticket, user).answer("<p>x</p>")
        self.assertEqual(ticket.state, "transferred")

    def test_art10_2_people_above_the_unit_may_answer(self):
        child = self.env["pakn.unit"].create(
            {"name": "Chi cục", "code": "TEST1C", "parent_id": self.unit.id}
        )
        ticket = self.transferred(child)
        self.lead_slip(ticket, self.focal).answer("<p>Đã xử lý.</p>")
        self.assertEqual(ticket.state, "answered")

    def test_art10_2_2_appointment_then_result(self):
        ticket = self.transferred()
        slip = self.lead_slip(ticket, self.focal)
        slip.schedule(local("2026-03-10 10:00"), note="Cần khảo sát hiện trường")
        self.assertRecordValues(
            slip,
            [
                {
                    "state": "scheduled",
                    "date_promised": local("2026-03-10 10:00"),
                    "date_due": local("2026-03-10 10:00"),
                    "date_reminder": local("2026-03-09 10:00"),
                }
            ],
        )
        self.assertEqual(ticket.state, "scheduled")
        self.assertEqual(ticket.date_due, local("2026-03-10 10:00"))
        slip.answer("<p>Đã xong.</p>")
        self.assertEqual(ticket.state, "answered")

    def test_art10_2_2_appointment_is_given_once_and_lies_ahead(self):
        slip = self.lead_slip(self.transferred(), self.focal)
        never = "9999-12-31 23:59:59"
        for moment in ("2026-03-01 00:00:00", None, "", "mai", 5, never):
            with self.subTest(moment), self.assertRaises(ValidationError):
                slip.schedule(moment)
        # As JSON-2 and RPC deliver it: text, in UTC
        slip.schedule("2026-03-10 03:00:00")
        self.assertEqual(slip.date_promised, local("2026-03-10 10:00"))
        with self.assertRaises(UserError):
            slip.schedule(local("2026-03-12 10:00"))

    def test_art10_2_returned_slip_goes_back_to_the_operator(self):
        ticket = self.transferred()
        slip = self.lead_slip(ticket, self.focal)
        with self.assertRaises(ValidationError):
            slip.give_back(" ")
        slip.give_back("Thuộc thẩm quyền của Sở Khác")
        self.assertEqual(slip.state, "returned")
        self.assertEqual(slip.reason, "Thuộc thẩm quyền của Sở Khác")
        self.assertRecordValues(ticket, [{"state": "new", "unit_id": False}])
        self.assertIn("Thuộc thẩm quyền", self.todos(ticket).mapped("summary")[0])
        self.assertEqual(self.todos(ticket).user_id, self.operator)
        ticket.transfer(self.other_unit.ids)
        self.assertEqual(ticket.unit_id, self.other_unit)
        self.assertEqual(ticket.state, "transferred")

    def test_art10_2_no_return_after_an_appointment(self):
        slip = self.lead_slip(self.transferred(), self.focal)
        slip.schedule(local("2026-03-10 10:00"))
        with self.assertRaises(UserError):
            slip.give_back("x")

    def test_a_supporting_unit_answers_beside_the_lead(self):
        ticket = self.transferred(self.unit, self.other_unit)
        support = ticket.transfer_ids.filtered(lambda s: s.role == "support")
        support.with_user(self.other_focal).answer("<p>Phần của chúng tôi.</p>")
        self.assertEqual(support.state, "answered")
        self.assertEqual(ticket.state, "transferred")
        self.assertFalse(ticket.result)

    def test_a_supporting_unit_never_holds_up_the_result(self):
        ticket = self.transferred(self.unit, self.other_unit)
        support = ticket.transfer_ids.filtered(lambda s: s.role == "support")
        self.lead_slip(ticket, self.focal).answer("<p>Xong.</p>")
        self.assertTrue(support.is_open)
        ticket.send_result()
        self.assertEqual((ticket.state, support.state), ("done", "cancelled"))

    def test_a_supporting_unit_can_become_the_lead(self):
        ticket = self.transferred(self.unit, self.other_unit)
        support = ticket.transfer_ids.filtered(lambda s: s.role == "support")
        self.lead_slip(ticket, self.focal).give_back("Của Sở Khác")
        ticket.transfer(self.other_unit.ids)
        self.assertEqual(ticket.open_transfer_id, support)
        self.assertEqual(support.role, "lead")
        self.assertEqual(len(ticket.transfer_ids), 2)

    def test_two_open_lead_slips_of_a_request_cannot_be(self):
        ticket = self.transferred()
        with self.assertRaises(Exception) as caught, self.env.cr.savepoint():
            self.env["pakn.transfer"]._acting().create(
                {
                    "ticket_id": ticket.id,
                    "unit_id": self.other_unit.id,
                    "date_deadline": local("2026-03-03 08:00"),
                }
            )
        self.assertEqual(type(caught.exception).__name__, "UniqueViolation")

    # 10.3: heads

    def escalated(self):
        ticket = self.transferred()
        self.set_clock("2026-03-04 08:00")
        self.lead_slip(ticket, self.operator).action_escalate()
        return ticket

    def test_art10_3_1_the_head_answers_what_the_focal_point_let_expire(self):
        ticket = self.escalated()
        with self.assertRaises(AccessError):
            self.lead_slip(ticket, self.focal).answer("<p>Muộn</p>")
        expired = ticket.transfer_ids.filtered(lambda s: s.level == "focal")
        with self.assertRaises(UserError):
            expired.with_user(self.focal).answer("<p>Muộn</p>")
        self.lead_slip(ticket, self.head).answer("<p>Đã chỉ đạo.</p>")
        self.assertEqual(ticket.state, "answered")
        self.assertTrue(ticket.is_overdue, "late stays late (Art. 11.4)")

    def test_art10_3_2_the_head_delegates_and_the_clock_goes_on(self):
        ticket = self.escalated()
        slip = self.lead_slip(ticket, self.head)
        due = slip.date_due
        for user_ids in ([], self.other_focal.ids, self.operator.ids):
            with self.subTest(user_ids), self.assertRaises(ValidationError):
                slip.delegate(user_ids)
        slip.delegate(self.focal.ids)
        self.assertEqual(slip.date_due, due)
        self.assertIn(self.focal, self.todos(slip).user_id)
        with self.assertRaises(AccessError):
            slip.with_user(self.focal).delegate(self.focal.ids)
        slip.with_user(self.focal).answer("<p>Đã xử lý theo chỉ đạo.</p>")
        self.assertEqual(ticket.state, "answered")
        self.assertIn("delegated", self.kinds(ticket))

    def test_art18_4_who_left_the_unit_is_its_heads_delegate_no_more(self):
        """Neither answered nor read, nor told of, from another unit."""
        ticket = self.escalated()
        slip = self.lead_slip(ticket, self.head)
        slip.delegate(self.focal.ids)
        seen = slip.with_user(self.focal)
        self.assertTrue(seen.can_respond)
        self.assertIn(self.focal, slip._get_recipients())
        self.unit.focal_user_ids -= self.focal
        self.other_unit.focal_user_ids += self.focal
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(seen.has_access("read"))
        mine = self.env["pakn.transfer"].with_user(self.focal)
        for name in ("is_mine", "can_respond"):
            self.assertNotIn(slip, mine.search([(name, "=", True)]).sudo(), name)
        self.assertFalse(ticket.with_user(self.focal)._filter_citizen_known())
        self.assertFalse(ticket.with_user(self.focal).has_access("read"))
        self.assertNotIn(self.focal, slip._get_recipients())
        with self.assertRaises(AccessError):
            seen.answer("<p>Xong.</p>")

    def test_art10_3_a_slip_of_the_focal_level_is_not_delegated(self):
        slip = self.lead_slip(self.transferred(), self.head)
        with self.assertRaises(UserError):
            slip.delegate(self.focal.ids)

    def test_art10_3_the_head_gives_an_appointment(self):
        ticket = self.escalated()
        self.lead_slip(ticket, self.head).schedule(local("2026-03-10 10:00"))
        self.assertEqual(ticket.state, "scheduled")

    # 10.4: the provincial office

    def test_art10_4_2_unclear_authority_is_referred(self):
        ticket = self.new_ticket()
        with self.assertRaises(ValidationError):
            ticket.refer_to_province("")
        ticket.refer_to_province("Hai đơn vị đều không nhận")
        self.assertRecordValues(
            ticket, [{"state": "escalated_province", "unit_id": self.office.id}]
        )
        self.assertRecordValues(
            ticket.open_transfer_id,
            [{"level": "province", "note": "Hai đơn vị đều không nhận"}],
        )
        self.assertEqual(self.kinds(ticket), ["received", "referred", "transferred"])

    def test_art10_4_2_the_office_assigns_lead_and_supporting_units(self):
        ticket = self.new_ticket()
        ticket.refer_to_province("Chưa rõ thẩm quyền")
        office_slip = ticket.open_transfer_id
        ticket.with_user(self.office_user).transfer(
            [self.unit.id, self.other_unit.id], note="Giao Sở Thử nghiệm chủ trì"
        )
        self.assertEqual(office_slip.state, "answered")
        self.assertRecordValues(
            ticket, [{"state": "transferred", "unit_id": self.unit.id}]
        )
        self.assertEqual(
            ticket.transfer_ids.filtered("is_open").sorted("id").mapped("role"),
            ["lead", "support"],
        )
        # It lies with the units now.
        with self.assertRaises(AccessError):
            ticket.with_user(self.office_user).transfer(self.other_unit.ids)

    def test_art10_4_1_the_office_directs_a_unit_to_answer_by_a_date(self):
        ticket = self.new_ticket()
        with self.assertRaises(AccessError):
            ticket.transfer(self.unit.ids, date_due=local("2026-03-20 10:00"))
        ticket.refer_to_province("Chưa rõ thẩm quyền")
        by_office = ticket.with_user(self.office_user)
        with self.assertRaises(ValidationError):
            by_office.transfer(self.unit.ids, date_due=local("2026-02-20 10:00"))
        by_office.transfer(self.unit.ids, date_due=local("2026-03-20 10:00"))
        self.assertEqual(ticket.date_due, local("2026-03-20 10:00"))

    def test_art10_4_1_the_office_answers_and_does_not_return(self):
        ticket = self.new_ticket()
        ticket.refer_to_province("Chưa rõ thẩm quyền")
        slip = self.lead_slip(ticket, self.office_user)
        with self.assertRaises(UserError):
            slip.give_back("không phải của chúng tôi")
        slip.answer("<p>Văn phòng trả lời.</p>")
        self.assertEqual(ticket.state, "answered")

    def test_dialog_of_the_unit_calls_the_operations(self):
        def respond(ticket, user, **values):
            return (
                self.env["pakn.transfer.respond"]
                .with_user(user)
                .create({"transfer_ids": ticket.open_transfer_id.ids, **values})
                .action_confirm()
            )

        ticket = self.transferred()
        respond(
            ticket, self.focal, operation="schedule", date=local("2026-03-10 10:00")
        )
        self.assertEqual(ticket.state, "scheduled")
        respond(
            ticket,
            self.focal,
            operation="extend",
            date=local("2026-03-12 10:00"),
            reason="Mưa lớn",
        )
        self.assertEqual(ticket.open_transfer_id.state, "extended")
        respond(ticket, self.focal, operation="answer", article_id=self.article.id)
        self.assertEqual(ticket.result, self.article.answer)
        ticket = self.transferred()
        respond(ticket, self.focal, operation="give_back", reason="Nhầm")
        self.assertEqual(ticket.state, "new")
        ticket = self.escalated()
        respond(ticket, self.head, operation="delegate", user_ids=self.focal.ids)
        self.assertEqual(ticket.open_transfer_id.delegate_user_ids, self.focal)

    def test_buttons_on_the_request_act_on_my_slip(self):
        ticket = self.transferred()
        mine = ticket.with_user(self.focal)
        self.assertEqual(mine.my_transfer_id, ticket.open_transfer_id)
        self.assertIn("acknowledge", mine.my_acts)
        self.assertFalse(mine.can_operate)
        mine.action_acknowledge()
        self.assertEqual(ticket.open_transfer_id.state, "acknowledged")
        for operation in ("answer", "schedule", "extend", "give_back", "delegate"):
            with self.subTest(operation):
                action = getattr(mine, f"action_respond_{operation}")()
                self.assertEqual(action["context"]["default_operation"], operation)
                self.assertEqual(
                    action["context"]["default_transfer_ids"],
                    ticket.open_transfer_id.ids,
                )
        other = ticket.with_user(self.operator)
        self.assertFalse(other.my_transfer_id)
        with self.assertRaises(UserError):
            other.action_acknowledge()

    def test_art10_1_why_a_result_came_back_is_read_before_the_content(self):
        """It stood far below, and on the request nowhere."""
        ticket = self.transferred()
        self.assertFalse(ticket.with_user(self.focal).my_note)
        self.lead_slip(ticket, self.focal).answer("<p>Đã làm.</p>")
        ticket.return_result("Chưa nêu ngày khắc phục.")
        self.env.invalidate_all()
        seen = ticket.with_user(self.focal)
        self.assertEqual(seen.my_note, "Chưa nêu ngày khắc phục.")
        self.assertFalse(ticket.with_user(self.operator).my_note)
        for records, name in ((seen.my_transfer_id, "note"), (seen, "my_note")):
            arch = records.get_view(view_type="form")["arch"]
            self.assertLess(arch.index(f'name="{name}"'), arch.index("<sheet"))

    def test_art10_2_why_a_unit_returned_it_is_read_where_it_is_handed_on(self):
        ticket = self.transferred()
        # Also when the hotline takes it back itself
        self.assertIs(ticket.with_user(self.operator).return_text, False)
        self.lead_slip(ticket, self.focal).give_back("Không phải của Sở.")
        self.env.invalidate_all()
        said = ticket.with_user(self.operator).return_text
        self.assertEqual(said, f"{self.unit.name}: Không phải của Sở.")
