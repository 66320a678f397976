from odoo.exceptions import ValidationError
from odoo.tests import Form, TransactionCase, tagged

from ..tools.emergency import find_emergency
from ..tools.title import make_title
from .common import TAGS, PaknCase


@tagged(*TAGS)
class TestArt08Help(PaknCase):
    """Art. 8, 10.1.1, 20.1: what helps the operator while a citizen speaks."""

    def form(self, **values):
        form = Form(self.env["pakn.ticket"].with_user(self.operator))
        for name, value in values.items():
            setattr(form, name, value)
        return form

    def test_art08_what_is_missing_is_said_in_words_while_typing(self):
        form = self.form(description="<p>Đèn đường trước nhà tôi hỏng đã lâu.</p>")
        self.assertEqual(
            form.missing_text,
            "the field, the citizen's name, a phone number or email address, "
            "the contact address",
        )
        form.category_id = self.category
        form.citizen_phone = "0905 123 456"
        form.citizen_name = "Nguyễn Văn A"
        self.assertEqual(form.missing_text, "the contact address")
        form.citizen_address = "12 Hùng Vương"
        self.assertFalse(form.missing_text)
        form.description = "<p>The street light is broken</p>"
        self.assertEqual(form.missing_text, "content in Vietnamese (8.1)")
        form.check_language = True
        self.assertFalse(form.missing_text)

    def test_art08_3_a_wrong_number_is_marked_when_it_is_left(self):
        form = self.form(citizen_phone="12345")
        self.assertIn("12345", form.phone_problem)
        form.citizen_phone = "0914 275 864"
        self.assertFalse(form.phone_problem)
        form.citizen_phone = "059 3822123"
        self.assertIn("+842693822123", form.phone_problem)

    def test_art08_not_met_is_asked_and_goes_on_record(self):
        ticket = self.new_ticket(citizen_address=False)
        dialog = self.env["pakn.ticket.transfer"].with_user(self.operator)
        dialog = dialog.create({"ticket_ids": ticket.ids})
        self.assertEqual(dialog.unmet_text, f"{ticket.name}: the contact address")
        dialog.action_confirm()
        self.assertEqual(self.kinds(ticket), ["received", "waived", "transferred"])
        waived = ticket.event_ids.filtered(lambda act: act.kind == "waived")
        self.assertEqual(waived.note, "the contact address")
        self.assertEqual(waived.user_id, self.operator)
        # What is met is not spoken of
        whole = self.new_ticket()
        dialog = dialog.create({"ticket_ids": whole.ids})
        self.assertFalse(dialog.unmet_text)
        dialog.action_confirm()
        self.assertEqual(self.kinds(whole), ["received", "transferred"])
        referred = self.new_ticket(check_content=False)
        referred.refer_to_province("Chưa rõ thẩm quyền")
        self.assertEqual(
            self.kinds(referred), ["received", "waived", "referred", "transferred"]
        )
        self.assertEqual(referred.state, "escalated_province")

    def test_art08_what_no_unit_can_act_without_is_said_before_a_unit_is_chosen(self):
        ticket = self.new_ticket(category_id=False)
        with self.assertRaisesRegex(ValidationError, "the field"):
            ticket.action_transfer()
        ticket.category_id = self.category
        self.assertEqual(ticket.action_transfer()["res_model"], "pakn.ticket.transfer")

    def test_a_title_is_made_of_the_text_when_nobody_writes_one(self):
        form = self.form(description="<p>Đèn đường trước chợ hỏng. Đã báo hai lần.</p>")
        self.assertEqual(form.title, "Đèn đường trước chợ hỏng")
        # While the text is typed it grows, as long as nobody has changed it
        form = self.form(description="<p>Đèn đường</p>")
        form.description = "<p>Đèn đường trước chợ</p>"
        self.assertEqual(form.title, "Đèn đường trước chợ")
        form.title = "Đèn đường"
        form.description = "<p>Đèn đường trước chợ hỏng</p>"
        self.assertEqual(form.title, "Đèn đường")
        form = self.form(title="Của tôi", description="<p>Đèn đường hỏng.</p>")
        self.assertEqual(form.title, "Của tôi")
        self.assertEqual(
            self.new_ticket(title=False).title,
            ("Đèn đường trước nhà tôi hỏng đã ba ngày"),
        )

    def test_what_may_be_the_same_matter_is_shown_while_typing(self):
        area, other_area = self.env["pakn.area"].search([], limit=2)
        alike = self.new_ticket(area_id=area.id)
        self.new_ticket(area_id=other_area.id)
        self.new_ticket()
        done = self.done(area_id=area.id)
        form = self.form(category_id=self.category, area_id=area)
        found = self.env["pakn.ticket"].browse(form.alike_ticket_ids.ids)
        self.assertEqual(found, alike)
        self.assertNotIn(done, found)
        self.assertFalse(alike.alike_ticket_ids, "not itself")
        self.set_clock("2026-04-10 08:00")
        form = self.form(category_id=self.category, area_id=area)
        self.assertFalse(form.alike_ticket_ids.ids, "long ago")

    def test_art10_1_2_b1_ready_answers_of_the_field_are_shown_while_typing(self):
        own, other = self.env["pakn.article"].create(
            [
                {"name": "x", "answer": "<p>x</p>", "category_id": self.category.id},
                {
                    "name": "y",
                    "answer": "<p>y</p>",
                    "category_id": self.env["pakn.category"]
                    .create({"name": "Khác", "code": "TEST2"})
                    .id,
                },
            ]
        )
        found = self.form(category_id=self.category).ready_article_ids.ids
        self.assertIn(own.id, found)
        self.assertNotIn(other.id, found)

    def test_an_emergency_is_seen_by_the_operator_with_what_to_tell(self):
        form = self.form(description="<p>Có đám cháy sau chợ, nhiều người chạy.</p>")
        self.assertRegex(form.emergency_text, "^114 ")
        ticket = form = self.new_ticket(description="<p>Có hai người bị thương.</p>")
        self.assertRegex(ticket.emergency_text, "^115 ")
        ticket.transfer(self.unit.ids)
        self.assertFalse(ticket.emergency_text)


@tagged(*TAGS)
class TestIntakeTools(TransactionCase):
    def test_words_of_emergencies(self):
        for text, numbers in (
            ("Có hai nhóm đang đánh nhau trước quán", ["113"]),
            ("CHÁY NHÀ ở hẻm 12", ["114"]),
            ("Xe tải lật, có người bất tỉnh", ["115"]),
            ("Một cháu bé đuối nước ở hồ", ["114", "115"]),
            ("co nguoi bi tai nan giao thong", ["115"]),
            ("Bóng đèn đường bị cháy đã ba ngày", []),
            ("Xin hỏi quy định phòng cháy chữa cháy", []),
            ("Bác sĩ khoa cấp cứu thu tiền sai", []),
            ("chay xe om o dau", []),
            ("", []),
            ("co dam chay o cho", ["114"]),
            ("Thanh niên chém nhau, có người bị thương nặng", ["113", "115"]),
            ("Bóng đèn đường bị cháy ba hôm nay", []),
            ("Xe chạy quá tốc độ, nước chảy tràn", []),
            ("xe chay qua toc do", []),
            (None, []),
        ):
            with self.subTest(text):
                self.assertEqual(find_emergency(text), numbers)

    def test_titles(self):
        for text, title in (
            ("Đèn hỏng. Đã ba ngày.", "Đèn hỏng"),
            ("alo, chào chị, nước chảy yếu quá", "Nước chảy yếu quá"),
            ("Thu phí 1.500 đồng tại TP.Pleiku", "Thu phí 1.500 đồng tại TP.Pleiku"),
            ("\n\nDòng đầu\nDòng hai", "Dòng đầu"),
            ("từ " * 50, "Từ" + " từ" * 25 + "…"),
            ("", ""),
            (None, ""),
        ):
            with self.subTest(text):
                self.assertEqual(make_title(text), title)
                self.assertLessEqual(len(make_title(text)), 80)
