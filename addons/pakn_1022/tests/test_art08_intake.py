from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged, users

from .common import TAGS, PaknCase, local


@tagged(*TAGS)
class TestArt08Intake(PaknCase):
    """Art. 8 and 10.1.1: what a request must have, and how it is taken in."""

    def test_art10_1_1_intake_gives_code_state_operator_and_record(self):
        ticket = self.new_ticket()
        self.assertRegex(ticket.name, r"^GL26-\d{6}-\d$")
        self.assertRecordValues(
            ticket,
            [
                {
                    "state": "new",
                    "round": 1,
                    "user_id": self.operator.id,
                    "date_received": local("2026-03-02 08:00"),
                    "citizen_phone": "+84905123456",
                    "channel_id": self.env.ref("pakn_1022.channel_phone").id,
                }
            ],
        )
        self.assertEqual(ticket.stage_id.state, "new")
        self.assertEqual(self.kinds(ticket), ["received"])
        self.assertEqual(ticket.event_ids.user_id, self.operator)

    def test_code_counts_on_and_starts_anew_each_year_of_gia_lai(self):
        numbers = [
            int(ticket.name[5:11])
            for ticket in (self.new_ticket(), self.new_ticket(), self.new_ticket())
        ]
        self.assertEqual(numbers, [numbers[0], numbers[0] + 1, numbers[0] + 2])
        # 17:30 UTC on 31 December is the new year in Gia Lai already.
        self.set_clock("2031-01-01 08:00")
        last = self.new_ticket(date_received=local("2030-12-31 23:59"))
        first = self.new_ticket(date_received=local("2031-01-01 00:30"))
        self.assertEqual(last.name[:4], "GL30")
        self.assertEqual(first.name[:11], "GL31-000001")

    def test_art08_3_wrong_phone_or_email_is_refused_with_a_sentence(self):
        for values, said in (
            ({"citizen_phone": "1022"}, "1022"),
            ({"citizen_phone": "không nhớ"}, "không nhớ"),
            ({"citizen_email": "nguyenvana"}, "nguyenvana"),
        ):
            with self.subTest(values), self.assertRaisesRegex(ValidationError, said):
                self.new_ticket(**values)
        ticket = self.new_ticket()
        with self.assertRaisesRegex(ValidationError, "12345"):
            ticket.citizen_phone = "12345"
        self.assertEqual(ticket.citizen_phone, "+84905123456")

    def test_art08_the_machine_ticks_what_it_can_see(self):
        ticket = self.new_ticket()
        self.assertRecordValues(
            ticket,
            [
                {
                    "check_language": True,
                    "check_content": True,
                    "check_scope": True,
                    "check_contact": True,
                }
            ],
        )
        ticket = self.new_ticket(
            description="<p>Please help</p>", category_id=False, citizen_address=False
        )
        self.assertRecordValues(
            ticket,
            [
                {
                    "check_language": False,
                    "check_content": False,
                    "check_scope": False,
                    "check_contact": False,
                }
            ],
        )

    def test_art08_the_operator_decides_over_the_machine(self):
        ticket = self.new_ticket(description="<p>Please fix the street light</p>")
        self.assertFalse(ticket.check_language)
        ticket.check_language = True
        self.assertTrue(ticket.check_language)
        ticket.transfer(self.unit.ids)
        self.assertEqual(ticket.state, "transferred")

    @users("test_operator")
    def test_intake_form_fills_in_a_known_caller(self):
        self.new_ticket()
        form = Form(self.env["pakn.ticket"])
        form.citizen_phone = "0905.123.456"
        self.assertEqual(form.citizen_phone, "+84905123456")
        self.assertEqual(form.citizen_name, "Nguyễn Văn A")
        self.assertEqual(form.citizen_address, "12 Hùng Vương, Pleiku")
        self.assertEqual(form.citizen_email, "nguyenvana@example.com")
        self.assertGreaterEqual(form.earlier_count, 1)

    @users("test_operator")
    def test_intake_form_leaves_an_unknown_or_wrong_number_alone(self):
        form = Form(self.env["pakn.ticket"])
        form.citizen_phone = "12"
        self.assertEqual(form.citizen_phone, "12")
        self.assertFalse(form.citizen_name)
        self.assertEqual(form.earlier_count, 0)

    def test_earlier_requests_of_the_same_number_are_shown(self):
        first = self.new_ticket(citizen_phone="0905000111")
        self.new_ticket(citizen_phone="0905000222")
        second = self.new_ticket(citizen_phone="+84905000111")
        self.assertEqual(second.earlier_ticket_ids, first)
        self.assertEqual(second.earlier_count, 1)
        action = second.action_view_earlier()
        self.assertEqual(self.env["pakn.ticket"].search(action["domain"]), first)

    def test_a_request_is_found_by_phone_code_and_title(self):
        ticket = self.new_ticket(citizen_phone="0905999888", title="Cây đổ chắn đường")
        search = self.env["pakn.ticket"].with_user(self.operator)
        for text in ("0905 999 888", "905999", "84905999888"):
            with self.subTest(text):
                self.assertIn(ticket, search.search([("citizen_phone", "ilike", text)]))
        for text in (ticket.name, ticket.name.lower().replace("-", ""), "Cây đổ chắn"):
            with self.subTest(text):
                self.assertIn(
                    ticket.id, [id_ for id_, _name in search.name_search(text)]
                )
        self.assertFalse(search.search([("citizen_phone", "ilike", "xyz")]))

    def test_art09_procedure_fields_are_not_written_by_hand(self):
        ticket = self.new_ticket()
        for values in (
            {"state": "done"},
            {"result": "<p>Xong</p>"},
            {"unit_id": self.unit.id},
            {"is_published": True},
            {"name": "GL26-999999-9"},
            {"round": 2},
            {"is_overdue": True},
            {"access_token": "x"},
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                ticket.write(values)
        with self.assertRaises(AccessError):
            self.new_ticket(state="done")
        self.assertEqual(ticket.state, "new")

    def test_art09_procedure_fields_do_not_come_in_by_context(self):
        stage = self.env["pakn.stage"]._get_default_stages()["done"]
        self.env = self.env(
            context=dict(
                self.env.context,
                default_stage_id=stage.id,
                default_state="done",
                default_is_published=True,
                default_kind="sent",
            )
        )
        ticket = self.new_ticket()
        self.assertEqual((ticket.state, ticket.stage_id.state), ("new", "new"))
        self.assertFalse(ticket.is_published)
        ticket.with_context(default_state="answered").transfer(self.unit.ids)
        self.assertEqual(ticket.transfer_ids.state, "sent")
        self.assertEqual(self.kinds(ticket), ["received", "transferred"])

    def test_files_follow_the_rights_of_their_request(self):
        attachment = (
            self.env["ir.attachment"]
            .with_user(self.operator)
            .create({"name": "anh.txt", "raw": b"x"})
        )
        ticket = self.new_ticket(attachment_ids=[(4, attachment.id)])
        self.assertRecordValues(
            attachment, [{"res_model": "pakn.ticket", "res_id": ticket.id}]
        )
        self.assertFalse(attachment.with_user(self.focal).has_access("read"))
        ticket.transfer(self.unit.ids)
        self.assertTrue(attachment.with_user(self.focal).has_access("read"))
        self.assertFalse(attachment.with_user(self.other_focal).has_access("read"))

    def test_art13_1_who_is_not_cleared_reads_what_to_do_with_a_secret(self):
        """The form of a secret could not be shown to her, and nothing was saved."""
        ticket = self.new_ticket()
        blank = self.env["pakn.ticket"].with_user(self.operator)
        values = {"title": "Mật", "description": "<p>Mật</p>", "secrecy": "secret"}
        for records in (ticket.with_user(self.operator), blank):
            with self.assertRaisesRegex(UserError, "Choose “Confidential” for now"):
                records.web_save(values, {"title": {}})
        self.assertEqual(ticket.secrecy, "public")
        ticket.with_user(self.operator).web_save(
            {"secrecy": "confidential"}, {"title": {}}
        )
        [saved] = ticket.with_user(self.manager).web_save(values, {"title": {}})
        self.assertEqual(saved["title"], "Mật")
        self.assertEqual(ticket.sudo().secrecy, "secret")

    def test_art8_3_what_was_filled_in_for_another_number_goes_with_it(self):
        known = {"citizen_phone": "0905123450", "citizen_email": "hoa@example.com"}
        self.new_ticket(citizen_name="Nguyễn Thị Hoa", **known)
        other = {"citizen_phone": "0905123451", "citizen_email": False}
        self.new_ticket(
            citizen_name="Lê Văn Bảy", citizen_address="9 Trần Phú", **other
        )
        form = Form(self.env["pakn.ticket"].with_user(self.operator))
        form.citizen_phone = "0905123450"
        self.assertEqual(form.citizen_name, "Nguyễn Thị Hoa")
        self.assertEqual(form.citizen_email, "hoa@example.com")
        form.citizen_phone = "0905123451"  # the last digit was wrong
        self.assertEqual(form.citizen_name, "Lê Văn Bảy")
        self.assertEqual(form.citizen_address, "9 Trần Phú")
        self.assertFalse(form.citizen_email)
        # Nobody's that is known; what was typed by hand stays
        form.citizen_address = "11 Trần Phú"
        form.citizen_phone = "0905123459"
        self.assertFalse(form.citizen_name)
        self.assertEqual(form.citizen_address, "11 Trần Phú")

    def test_art13_1_two_citizens_at_one_telephone_have_two_addresses(self):
        self.new_ticket(
            citizen_name="Nguyễn Thị Hoa",
            citizen_phone="0905123450",
            citizen_email="hoa@example.com",
        )
        form = Form(self.env["pakn.ticket"].with_user(self.operator))
        form.citizen_phone = "0905123450"
        for same in ("Nguyễn Thị Hoà", "Chị Nguyễn Thị Ngọc Hoa"):
            form.citizen_name = same
            self.assertEqual(form.citizen_email, "hoa@example.com", same)
        form.citizen_name = "Trần Văn Chồng"
        self.assertFalse(form.citizen_email)
