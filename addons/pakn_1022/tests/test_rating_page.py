import re

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import TAGS, PaknCase


@tagged(*TAGS)
class TestArt14RatingPage(PaknCase, HttpCase):
    """Art. 14: the citizen's page, opened from a mail, without an account."""

    def setUp(self):
        super().setUp()
        self.ticket = self.done()
        self.token = self.ticket._rating_get_access_token()
        self.rating = self.ticket._get_round_rating()
        self.env.flush_all()

    def page(self, rate=5, token=None):
        return self.url_open(f"/rate/{token or self.token}/{rate}")

    def submit(self, token=None, **data):
        """Post the form as the page does, with the CSRF token it carries."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.page().text)
        data.setdefault("csrf_token", found[1] if found else "")
        return self.url_open(f"/rate/{token or self.token}/submit_feedback", data=data)

    def given(self):
        self.rating.invalidate_recordset()
        return self.rating.consumed and (self.rating.rating, self.rating.feedback)

    def test_opening_the_page_changes_nothing(self):
        """Mail programs open every link by themselves."""
        for rate in (5, 3, 1):
            self.assertEqual(self.page(rate).status_code, 200)
        self.url_open(f"/rate/{self.token}/submit_feedback?rate=5")
        self.assertFalse(self.given())

    def test_the_page_is_vietnamese_and_shows_no_personal_data(self):
        text = self.page(1).text
        for shown in ("Hài lòng", "Chấp nhận được", "Không hài lòng", self.ticket.name):
            self.assertIn(shown, text)
        for hidden in ("Nguyễn Văn A", "905123456", "nguyenvana@"):
            self.assertNotIn(hidden, text)

    def test_art13_1_the_link_opens_nothing_of_a_state_secret(self):
        """Which the request has become since it was sent."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.page().text)[1]
        told = [self.ticket.title, self.ticket.name, "Đã thay bóng đèn"]
        self.ticket.sudo().secrecy = "secret"
        self.env.flush_all()
        given = {"csrf_token": token, "rate": "5"}
        with mute_logger("odoo.http"):
            for reply in (
                self.page(),
                self.url_open(f"/rate/{self.token}/submit_feedback"),
                self.url_open(f"/rate/{self.token}/submit_feedback", data=given),
            ):
                self.assertEqual(reply.status_code, 404)
                for word in told:
                    self.assertNotIn(word, reply.text)
        self.assertFalse(self.given())

    def test_a_grade_is_taken_once(self):
        reply = self.submit(rate="3", feedback="Hơi lâu")
        self.assertIn("Cảm ơn", reply.text)
        self.assertEqual(self.given(), (3.0, "Hơi lâu"))
        self.submit(rate="5", feedback="khác", csrf_token="")
        self.assertEqual(self.given(), (3.0, "Hơi lâu"))
        self.assertIn("Cảm ơn", self.page().text)

    def test_not_satisfied_needs_a_reason(self):
        reply = self.submit(rate="1", feedback="  ")
        self.assertIn('role="alert"', reply.text)
        self.assertFalse(self.given())
        self.submit(rate="1", feedback="Chưa sửa")
        self.assertEqual(self.given(), (1.0, "Chưa sửa"))

    def test_hostile_input_changes_nothing_and_breaks_nothing(self):
        for data in (
            {},
            {"rate": "4"},
            {"rate": "-1"},
            {"rate": "5; DROP TABLE"},
            {"rate": "٥"},
            {"rate": "1" * 5000},
            {"rate": "", "feedback": "x" * 100000},
            {"feedback": "<script>alert(1)</script>"},
        ):
            with self.subTest(str(data)[:60]):
                reply = self.submit(**data)
                self.assertEqual(reply.status_code, 200)
                self.assertNotIn("<script>alert(1)", reply.text)
                self.assertFalse(self.given())
        for rate in (0, 2, 99999999):
            self.assertEqual(self.page(rate).status_code, 200)
        for token in ("0" * 32, "x", "%27--", "../../web"):
            with self.subTest(token), mute_logger("odoo.http"):
                self.assertEqual(self.page(5, token).status_code, 404)

    def test_script_in_a_reason_is_shown_as_text(self):
        self.submit(rate="1", feedback="<script>alert(1)</script>")
        message = self.ticket.message_ids.sorted("id")[-1]
        self.assertNotIn("<script", message.body)

    def test_a_form_from_elsewhere_is_refused(self):
        with mute_logger("odoo.http"):
            reply = self.submit(rate="5", csrf_token="0" * 40)
        self.assertEqual(reply.status_code, 400)
        self.assertFalse(self.given())

    def test_after_reopening_the_old_link_is_dead(self):
        self.ticket.reopen("Đèn lại hỏng")
        self.env.flush_all()
        with mute_logger("odoo.http"):
            self.assertEqual(self.page().status_code, 404)

    def test_somebody_else_signed_in_does_not_rate(self):
        self.focal.password = "test_focal_1022"
        self.authenticate("test_focal", "test_focal_1022")
        self.assertNotIn("<textarea", self.page(5).text)
        self.assertFalse(self.given())
