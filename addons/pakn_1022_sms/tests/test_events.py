from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import TAGS, local

from .common import SmsCase

CITIZEN = ("citizen", "6")
OPERATOR = ("operator", "0")
FOCAL, HEAD, OFFICE = ("unit", "1"), ("head", "3"), ("office", "4")


@tagged(*TAGS)
class TestEvents(SmsCase):
    """Each step of the regulation reaches those it concerns, once (Art. 2, 10.1)."""

    def setUp(self):
        super().setUp()
        templates = self.env["sms.template"].search([("pakn_act", "!=", False)])
        templates.pakn_is_on = True

    def test_art10_the_whole_chain_of_deadlines(self):
        ticket = self.new_ticket()
        self.assertEqual(self.people(ticket, "received"), {CITIZEN})
        ticket.transfer(self.unit.ids)
        self.assertEqual(self.people(ticket, "transferred"), {CITIZEN, FOCAL})
        transfers = self.env["pakn.transfer"]
        with self.enter_registry_test_mode():
            # 75 % of the focal point's eight hours
            self.set_clock("2026-03-02 16:00")
            transfers._cron_process_deadlines()
            self.assertEqual(self.people(ticket, "nearly_due"), {FOCAL})
            self.set_clock("2026-03-03 08:31")
            transfers._cron_process_deadlines()
        self.assertEqual(self.people(ticket, "overdue"), {FOCAL, OPERATOR})
        self.assertEqual(self.people(ticket, "escalated"), {CITIZEN, HEAD})
        with self.enter_registry_test_mode():
            self.set_clock("2026-03-04 09:01")
            transfers._cron_process_deadlines()
        self.assertEqual(self.people(ticket, "overdue"), {FOCAL, OPERATOR, HEAD})
        self.assertEqual(self.people(ticket, "escalated"), {CITIZEN, HEAD, OFFICE})
        # Run again, twice: nobody is told anew
        count = len(self.sms(ticket))
        with self.enter_registry_test_mode():
            transfers._cron_process_deadlines()
            transfers._cron_process_deadlines()
        self.assertEqual(len(self.sms(ticket)), count)

    def test_art13_1_of_a_state_secret_no_word_is_said_by_sms(self):
        for secrecy, is_said in (("public", True), ("secret", False)):
            with self.subTest(secrecy):
                ticket = self.transferred().sudo()
                self.lead_slip(ticket, self.focal).answer("<p>Đã thay bóng đèn.</p>")
                ticket.with_user(self.operator).send_result()
                ticket._acting().write({"secrecy": secrecy})
                [sms] = self.sms(ticket, "sent")
                self.assertIn(ticket.name, sms.body)
                self.assertEqual("Đã thay bóng đèn" in sms.body, is_said)

    def compose(self, ticket, text, **values):
        dialog = self.env["pakn.ticket.write"].with_user(self.operator)
        dialog = dialog.create(
            {"ticket_ids": ticket.ids, "door": "sms", "text": text, **values}
        )
        dialog.action_confirm()
        self.deliver()
        return self.sms(ticket, "wrote")

    def test_art10_1_an_operator_writes_by_sms_and_sees_whether_it_arrived(self):
        ticket = self.new_ticket(citizen_email="dan@example.com")
        dialog = self.env["pakn.ticket.write"].with_user(self.operator)
        dialog = dialog.new({"ticket_ids": ticket.ids})
        self.assertEqual(dialog.door, "sms", "who called is written to by telephone")
        sms = self.compose(ticket, "Chiều nay đơn vị đến sửa.")
        self.assertEqual(sms.body, "Chiều nay đơn vị đến sửa.")
        self.assertEqual(sms.number, ticket.citizen_phone)
        said = ticket.get_talks()["citizen"][-1]
        self.assertEqual((said["door"], said["state"]), ("SMS", "waiting"))
        # It fails: no mail instead of it, the operator calls
        sms.pakn_notice_ids._fail("No such number")
        self.deliver()
        self.assertTrue(ticket.is_unreached)
        self.assertEqual(ticket.get_talks()["citizen"][-1]["state"], "unreachable")

    def test_art10_1_a_text_for_sms_names_the_request_and_loses_its_accents(self):
        ticket = self.new_ticket()
        dialog = self.env["pakn.ticket.write"].with_user(self.operator)
        dialog = dialog.create({"ticket_ids": ticket.ids, "door": "sms"})
        sender = f"1022 Gia Lai ({ticket.name}): "
        self.assertEqual(dialog.text, sender)
        dialog.text = sender + "Đã nhận"
        dialog.is_plain = True
        self.assertEqual(dialog.text, sender + "Da nhan")
        dialog.door = "mail"
        self.assertEqual(dialog.text, "Da nhan")

    def test_art10_1_too_much_for_sms_is_refused_and_nothing_is_sent(self):
        ticket = self.new_ticket()
        with self.assertRaisesRegex(ValidationError, "at most 5"):
            self.compose(ticket, "ă" * 400)
        self.env["pakn.sms.account"].search([]).active = False
        with self.assertRaisesRegex(UserError, "No SMS account"):
            self.compose(ticket, "Chào")
        self.assertFalse(self.sms(ticket, "wrote"))

    def test_art10_2_appointment_extension_reminder_and_result(self):
        ticket = self.transferred()
        slip = self.lead_slip(ticket, self.focal)
        slip.schedule(local("2026-03-05 09:00"))
        self.assertEqual(self.people(ticket, "scheduled"), {CITIZEN})
        slip.extend(local("2026-03-09 09:00"), "Chờ vật tư")
        self.assertEqual(self.people(ticket, "extended"), {CITIZEN})
        self.assertIn("09:00 09/03/2026", self.sms(ticket, "extended").body)
        with self.enter_registry_test_mode():
            self.set_clock("2026-03-08 09:30")
            self.env["pakn.transfer"]._cron_process_deadlines()
        self.assertEqual(self.people(ticket, "reminded"), {FOCAL, OPERATOR})
        slip.answer("<p>Đã thay bóng đèn.</p>")
        ticket.send_result()
        self.assertEqual(self.people(ticket, "sent"), {CITIZEN})
        self.assertIn("Đã thay bóng đèn.", self.sms(ticket, "sent").body)
        self.assertEqual(self.people(ticket, "rating_asked"), {CITIZEN})
        self.assertRegex(self.sms(ticket, "rating_asked").body, r"/t/\w{10}$")

    def test_art10_1_2_rejected_says_why(self):
        ticket = self.new_ticket()
        ticket.reject(self.reason.id)
        self.assertEqual(self.people(ticket, "rejected"), {CITIZEN})
        self.assertIn("Ngoài phạm vi", self.sms(ticket, "rejected").body)

    def test_art10_4_2_referred_to_the_province(self):
        ticket = self.new_ticket()
        ticket.refer_to_province("Chưa rõ thẩm quyền")
        self.assertEqual(self.people(ticket, "referred"), {CITIZEN, OFFICE})

    def test_art10_3_delegated_by_the_head(self):
        ticket = self.transferred()
        self.lead_slip(ticket, self.focal).sudo()._escalate()
        self.lead_slip(ticket, self.head).delegate(self.focal.ids)
        self.assertEqual(self.people(ticket, "delegated"), {FOCAL})

    def test_switched_off_nobody_is_told(self):
        self.env.ref("pakn_1022_sms.sms_template_citizen_received").pakn_is_on = False
        self.assertFalse(self.sms(self.new_ticket()))

    def test_without_an_account_nothing_is_queued(self):
        self.account.active = False
        self.assertFalse(self.sms(self.new_ticket()))

    def test_who_gave_no_number_gets_none(self):
        ticket = self.new_ticket(citizen_phone=False)
        self.assertFalse(self.sms(ticket))

    def test_the_same_step_of_a_new_round_is_another_one(self):
        ticket = self.done()
        ticket.reopen("Chưa xong")
        ticket.transfer(self.unit.ids)
        self.assertEqual(len(self.sms(ticket, "transferred", "citizen")), 2)
        self.assertEqual(len(self.sms(ticket, "transferred", "unit")), 2)

    def test_citizens_rest_at_night_and_units_do_not(self):
        self.env["ir.config_parameter"].set_param("pakn_1022_sms.cap", "100")
        for moment, wanted in (
            ("2026-03-02 20:59", False),
            ("2026-03-02 21:00", local("2026-03-03 07:00")),
            ("2026-03-02 23:59", local("2026-03-03 07:00")),
            ("2026-03-03 06:59", local("2026-03-03 07:00")),
            ("2026-03-03 07:00", False),
        ):
            self.set_clock(moment)
            with self.subTest(moment):
                ticket = self.transferred()
                citizen = self.sms(ticket, "transferred", "citizen")
                self.assertEqual(citizen.pakn_date_next, wanted)
                unit = self.sms(ticket, "transferred", "unit")
                self.assertFalse(unit.pakn_date_next)
        self.set_clock("2026-03-02 22:00")
        ticket = self.transferred()
        self.work_off()
        self.assertEqual(
            sorted(self.sms(ticket).mapped(lambda s: (s.pakn_audience, s.state))),
            [
                ("citizen", "outgoing"),
                ("citizen", "outgoing"),
                ("unit", "pending"),
            ],
        )
        self.set_clock("2026-03-03 07:00")
        self.work_off()
        self.assertEqual(set(self.sms(ticket).mapped("state")), {"pending"})

    def test_art10_1_a_slip_that_is_answered_at_once_is_told_of_all_the_same(self):
        ticket = self.transferred(self.unit)
        slip = self.lead_slip(ticket, self.focal)
        slip.acknowledge()
        slip.answer("<p>Đã thay bóng.</p>")
        self.assertFalse(ticket.open_transfer_id)
        self.assertIn(CITIZEN, self.people(ticket, "transferred"))
        [text] = (
            self.sms(ticket, "transferred")
            .filtered(lambda sms: sms.number.endswith(ticket.citizen_phone[-6:]))
            .mapped("body")
        )
        self.assertIn(slip._get_due_words(), text)

    def test_art10_1_what_an_administrator_cancels_goes_the_next_way(self):
        ticket = self.new_ticket()
        sms = self.sms(ticket)
        told = sms.pakn_notice_ids
        sms.action_set_canceled()
        self.deliver()
        self.assertEqual((sms.state, told.tried), ("canceled", "sms"))
        self.assertNotEqual(told.door, "sms")

    def test_a_number_gets_no_more_than_the_cap_in_a_day(self):
        self.env["ir.config_parameter"].set_param("pakn_1022_sms.cap", "3")
        tickets = [self.new_ticket() for _number in range(5)]
        states = [self.sms(ticket).state for ticket in tickets]
        self.assertEqual(states, ["outgoing"] * 3 + ["canceled"] * 2)
        self.assertEqual(self.sms(tickets[-1]).failure_type, "brandname_cap")
        self.set_clock("2026-03-03 08:01")
        # Outside of a test the row's age is its own
        self.env.cr.execute("UPDATE sms_sms SET create_date = '2026-03-01'")
        self.assertEqual(self.sms(self.new_ticket()).state, "outgoing")
