import io
import re
import unittest
from datetime import datetime

from lxml import html
from PIL import Image

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.pakn_1022.tests.common import TAGS, PaknCase

from ..tools.moment import format_local, parse_local
from .site import go_on

PASSWORD = "test_password_1022"


def photo(size=(3000, 2000), kind="JPEG"):
    """Return a photo that says where and with what it was taken."""
    image = Image.new("RGB", size, "#0b5cad")
    exif = Image.Exif()
    exif[0x010F] = "Camera of Mr A"
    exif.get_ifd(0x8825)[2] = (13.0, 58.0, 0.0)
    out = io.BytesIO()
    image.save(out, kind, exif=exif.tobytes())
    return out.getvalue()


class TestPlainTools(unittest.TestCase):
    """Moments; nothing of Odoo."""

    def test_moments_are_those_of_gia_lai(self):
        for text in ("2026-03-05T16:30", "05/03/2026 16:30", " 16:30  05/03/2026"):
            self.assertEqual(parse_local(text), datetime(2026, 3, 5, 9, 30))
        self.assertEqual(format_local(datetime(2026, 3, 5, 9, 30)), "2026-03-05T16:30")
        for text in ("", None, "x", "2026-13-01T00:00", "0001-01-01T00:00", "9" * 99):
            with self.subTest(text), self.assertRaises(ValueError):
                parse_local(text)


class UnitPageCase(HttpCase, PaknCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.citizen = new_test_user(
            cls.env, login="test_citizen", groups="base.group_portal"
        )
        for user in (
            cls.focal,
            cls.other_focal,
            cls.head,
            cls.monitor,
            cls.operator,
            cls.employee,
            cls.citizen,
        ):
            user.password = PASSWORD

    def setUp(self):
        super().setUp()
        self.env["pakn.rate.limit"].sudo().search([]).unlink()
        self.ticket = self.transferred()
        self.slip = self.ticket.sudo().open_transfer_id

    def sign_in(self, user):
        self.authenticate(user.login, PASSWORD)

    def get(self, path):
        return self.url_open(path, allow_redirects=False)

    def post(self, act, slip=None, files=None, **data):
        slip = slip or self.slip
        text = self.url_open("/tra-cuu").text
        token = re.search(r'name="csrf_token" value="(\w+)"', text)[1]
        reply = self.url_open(
            f"/phieu/{slip.id}/{act}",
            data={"csrf_token": token, **data},
            files=[("files", file) for file in files or ()],
            allow_redirects=False,
        )
        self.env.invalidate_all()
        return go_on(self, reply)


@tagged(*TAGS)
class TestUnitPage(UnitPageCase):
    """Art. 10.2, 10.3, 11: what units do on a phone, with the backend's rights."""

    def test_a_deep_link_leads_back_to_the_slip_after_signing_in(self):
        path = self.slip._get_response_path()
        self.assertEqual(path, f"/phieu/{self.slip.id}")
        reply = self.get(path)
        self.assertEqual(reply.status_code, 303)
        self.assertIn(f"redirect=%2Fphieu%2F{self.slip.id}", reply.headers["Location"])

    def test_art10_2_who_signs_in_anew_to_answer_is_led_back_to_the_slip(self):
        """Where the session has ended meanwhile, they open the form's address."""
        reply = self.post("answer", result="Xong.")
        self.assertIn("/web/login", reply.headers["Location"])
        self.assertEqual(self.slip.state, "sent")
        self.sign_in(self.focal)
        reply = self.get(f"/phieu/{self.slip.id}/answer")
        self.assertURLEqual(reply.headers["Location"], f"/phieu/{self.slip.id}")

    def test_art10_2_a_page_that_was_open_for_too_long_keeps_the_answer(self):
        self.sign_in(self.focal)
        reply = self.post("answer", result="Đã thay bóng đèn.", csrf_token="0o1")
        self.assertEqual((reply.request.method, self.slip.state), ("GET", "sent"))
        for text in ("open for too long", "Đã thay bóng đèn."):
            self.assertIn(text, reply.text)
        self.assertNotIn("Đã thay", self.get(f"/phieu/{self.slip.id}").text)

    def test_art10_phones_are_shown_as_people_say_them(self):
        self.ticket.citizen_phone = "0914275864"
        self.sign_in(self.focal)
        text = self.get(f"/phieu/{self.slip.id}").text
        self.assertIn(">0914 275 864</a>", text)
        self.assertIn('href="tel:+84914275864"', text)

    def test_units_are_told_of_this_page(self):
        mail = self.mails_to(self.focal.email)[-1]
        self.assertIn(f"/phieu/{self.slip.id}", mail.body_html)

    def test_open_slips_by_urgency(self):
        self.set_clock("2026-03-02 07:30")
        first = self.transferred(title="Việc gửi sớm hơn").open_transfer_id
        self.set_clock("2026-03-02 16:00")
        self.sign_in(self.focal)
        text = self.get("/phieu").text
        self.assertLess(
            text.index(f'"/phieu/{first.id}"'), text.index(f'"/phieu/{self.slip.id}"')
        )
        self.assertIn("o_pakn_due_soon", text)
        self.lead_slip(self.ticket, self.focal).answer("<p>Xong.</p>")
        self.assertNotIn(f'"/phieu/{self.slip.id}"', self.get("/phieu").text)
        self.assertIn(f'"/phieu/{self.slip.id}"', self.get("/phieu?tab=done").text)

    def test_a_list_takes_the_same_queries_however_long(self):
        self.sign_in(self.focal)
        counts = []
        for more in (2, 12):
            for _number in range(more):
                self.transferred()
            self.get("/phieu")
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.get("/phieu")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)
        self.assertLess(counts[1], 60)

    def test_art10_2_acknowledge(self):
        self.sign_in(self.focal)
        self.assertEqual(self.post("acknowledge").status_code, 303)
        self.assertEqual(self.slip.state, "acknowledged")
        self.set_clock("2026-03-02 08:06")
        again = self.post("acknowledge")
        self.assertEqual(again.status_code, 200)
        self.assertIn('role="alert"', again.text)

    def test_art10_2_1_answer_with_text_and_photo(self):
        self.sign_in(self.focal)
        reply = self.post(
            "answer",
            result="Đã thay bóng.\n<b>Xong</b>",
            files=[
                ("IMG_1.jpg", photo(), "image/jpeg"),
                ("bien ban.pdf", b"%PDF-1.4 x", "application/pdf"),
            ],
        )
        self.assertEqual(reply.status_code, 303)
        self.assertEqual(
            reply.headers["Location"].rsplit("/", 1)[-1], f"{self.slip.id}?done=answer"
        )
        self.assertEqual((self.slip.state, self.ticket.state), ("answered", "answered"))
        self.assertIn("&lt;b&gt;Xong", self.slip.result)
        image, pdf = self.slip.result_attachment_ids.sorted("mimetype", reverse=True)[
            ::-1
        ].sorted("id")
        self.assertEqual(
            (image.mimetype, pdf.mimetype), ("image/jpeg", "application/pdf")
        )
        self.assertEqual(image.create_uid, self.focal)
        self.assertNotIn(b"Camera of Mr A", image.raw)
        self.assertEqual(self.kinds(self.ticket)[-2:], ["attached", "responded"])
        self.assertIn(
            "Đã thay bóng.", self.get(f"/phieu/{self.slip.id}?done=answer").text
        )

    def test_a_ready_answer_is_inserted_or_sent_as_it_is(self):
        self.sign_in(self.focal)
        page = self.post(
            "answer", insert="1", article_id=self.article.id, result="Kính gửi ông bà."
        )
        self.assertEqual(page.status_code, 200)
        self.assertRegex(page.text, r"Kính gửi ông bà\.\s+Tại bộ phận một cửa\.")
        self.assertEqual(self.slip.state, "sent", "nothing has happened")
        self.post("answer", article_id=self.article.id, result="")
        self.assertEqual(self.slip.result, self.article.answer)

    def test_an_article_of_another_field_is_no_ready_answer(self):
        other = self.env["pakn.category"].create({"name": "Khác", "code": "TESTO"})
        self.article.category_id = other
        self.sign_in(self.focal)
        self.assertEqual(
            self.post("answer", article_id=self.article.id).status_code, 200
        )

    def test_errors_keep_what_was_typed_and_leave_nothing_half_done(self):
        self.sign_in(self.focal)
        before = self.env["ir.attachment"].search_count([])
        for data, files in (
            ({"result": "  "}, [("a.jpg", photo((10, 10)), "image/jpeg")]),
            ({"result": "Gõ rồi"}, [("a.jpg", b"<svg/>", "image/jpeg")]),
            (
                {"result": "Gõ rồi"},
                [
                    ("a.jpg", photo((10, 10)), "image/jpeg"),
                    ("b.html", b"<p>", "text/html"),
                ],
            ),
            ({"result": "Gõ rồi"}, [("a.jpg", photo((9, 9)), "image/jpeg")] * 11),
        ):
            with self.subTest(data, files=len(files)):
                reply = self.post("answer", files=files, **data)
                self.assertEqual(reply.status_code, 200)
                self.assertIn('id="error_answer"', reply.text)
                self.assertIn(data["result"].strip(), reply.text)
        self.assertEqual(self.slip.state, "sent")
        self.assertFalse(self.slip.result_attachment_ids)
        self.assertEqual(self.env["ir.attachment"].search_count([]), before)
        self.assertNotIn("attached", self.kinds(self.ticket))

    def test_art10_2_2_appointment_and_art11_3_one_extension(self):
        self.sign_in(self.focal)
        self.assertNotIn("act_extend", self.get(f"/phieu/{self.slip.id}").text)
        self.assertEqual(
            self.post("extend", date="2026-03-06T16:00", reason="x").status_code, 200
        )
        proposals = [
            moment for moment, _days in self.slip._get_proposed_dates("schedule")
        ]
        clock = self.slip.unit_id._get_calendar()._get_working_time()
        for moment in proposals:
            self.assertEqual(clock.add(moment, 0), moment, "within working time")
        past = self.post("schedule", date="2026-03-01T16:00", note="Ghi chú của tôi")
        self.assertEqual(past.status_code, 200)
        self.assertIn("Ghi chú của tôi", past.text)
        self.assertIn("2026-03-01T16:00", past.text)
        self.assertEqual(self.post("schedule").status_code, 200)
        self.post("schedule", proposed=format_local(proposals[0]))
        self.assertEqual(
            (self.slip.state, self.slip.date_due), ("scheduled", proposals[0])
        )
        self.assertIn("act_extend", self.get(f"/phieu/{self.slip.id}").text)
        self.assertEqual(self.post("extend", date="2026-03-20T16:00").status_code, 200)
        self.post("extend", date="2026-03-20T16:00", reason="Chờ vật tư")
        self.assertEqual(
            self.slip.date_due, fields.Datetime.to_datetime("2026-03-20 09:00:00")
        )
        self.assertNotIn("act_extend", self.get(f"/phieu/{self.slip.id}").text)
        self.assertEqual(
            self.post("extend", date="2026-03-25T16:00", reason="Nữa").status_code, 200
        )

    def test_give_back_with_a_reason(self):
        self.sign_in(self.focal)
        self.assertEqual(self.post("give_back", reason=" ").status_code, 200)
        self.post("give_back", reason="Của Sở Khác")
        self.assertEqual((self.slip.state, self.ticket.state), ("returned", "new"))

    def test_art10_3_the_head_delegates(self):
        late = self.slip._escalate()
        self.sign_in(self.focal)
        self.assertNotIn("act_delegate", self.get(f"/phieu/{late.id}").text)
        self.assertEqual(
            self.post("delegate", late, user_ids=[self.focal.id]).status_code, 200
        )
        self.sign_in(self.head)
        text = self.get(f"/phieu/{late.id}").text
        # Why it came to the head, as in the office
        said = late.with_user(self.head).risen_text
        self.assertRegex(said, "Focal point of .* did not answer by 08:00 03/03/2026")
        self.assertIn(said, text)
        self.assertIn("risen_text", self.env["pakn.transfer"].get_view()["arch"])
        self.assertFalse(self.slip.risen_text)
        self.assertEqual(self.post("delegate", late).status_code, 200)
        self.assertEqual(
            self.post("delegate", late, user_ids=[self.other_focal.id]).status_code, 200
        )
        self.post("delegate", late, user_ids=[self.focal.id])
        self.assertEqual(late.delegate_user_ids, self.focal)
        # To whom, on the page itself: not every head opens the whole system
        page = html.fromstring(self.get(f"/phieu/{late.id}").text)
        facts = page.xpath("string(//dl[contains(@class, 'o_pakn_facts')])")
        self.assertIn(self.focal.name, facts)
        self.sign_in(self.focal)
        self.post("answer", late, result="Thay mặt thủ trưởng.")
        self.assertEqual(late.state, "answered")

    def test_art10_3_the_head_sees_what_is_late_in_the_unit(self):
        page = "/phieu?tab=late"
        second = self.transferred(title="Cống tắc").sudo().open_transfer_id
        self.sign_in(self.focal)
        self.assertNotIn(page, self.get("/phieu").text, "the head's alone")
        self.sign_in(self.head)
        text = self.get(page).text
        self.assertIn(page, text)
        self.assertNotIn(f"/phieu/{self.slip.id}", text, "in time")
        self.set_clock("2026-03-03 08:05")
        text = self.get(page).text
        for slip in (self.slip, second):
            self.assertIn(f"/phieu/{slip.id}", text, "late and open")
        self.assertIn(self.focal.name, text, "who should have answered")
        self.env.flush_all()
        late = self.slip._escalate()
        text = self.get(page).text
        self.assertIn(f"/phieu/{self.slip.id}", text, "with the level above now")
        late.with_user(self.head).answer("<p>Đã xong.</p>")
        self.env.flush_all()
        text = self.get(page).text
        self.assertNotIn(f"/phieu/{self.slip.id}", text, "answered")
        self.assertIn(f"/phieu/{second.id}", text)

    def test_late_slips_take_the_same_queries_however_many(self):
        others = [self.transferred().sudo().open_transfer_id for _number in range(4)]
        deadlines = ("2026-03-20 02:00:00", "2026-03-02 02:00:00")
        self.set_clock("2026-03-03 08:05")
        self.sign_in(self.head)
        counts = []
        for deadline in deadlines:
            for slip in others:
                slip._acting().date_deadline = deadline
            self.env.flush_all()
            self.get("/phieu?tab=late")
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.get("/phieu?tab=late")
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)

    def test_art10_1_unit_and_hotline_ask_and_answer(self):
        self.ticket.sudo()._acting().user_id = self.operator
        self.sign_in(self.focal)
        reply = self.post("ask", question=" ")
        self.assertEqual(reply.status_code, 200)
        self.assertFalse(self.slip._get_questions())
        reply = self.post("ask", question="Cột <b>nào</b> ạ?")
        self.assertTrue(reply.headers["Location"].endswith("?done=ask"))
        message = self.slip._get_questions()
        self.assertEqual(message.author_id, self.focal.partner_id)
        self.assertIn(self.operator.partner_id, message.notified_partner_ids)
        self.slip.with_user(self.operator).message_post(
            body="Cột số 12.", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.slip.with_user(self.operator).message_post(body="Ghi chú nội bộ")
        self.env.flush_all()
        text = self.get(f"/phieu/{self.slip.id}").text
        self.assertIn("Cột &lt;b&gt;nào&lt;/b&gt; ạ?", text)
        self.assertIn("Cột số 12.", text)
        self.assertNotIn("Ghi chú nội bộ", text)
        self.assertEqual(self.slip.state, "sent", "no act: the time goes on")
        steps = self.ticket.sudo()._get_timeline()
        self.assertNotIn("Cột", "".join(str(step) for step in steps))
        # Who only watches writes nothing
        self.sign_in(self.monitor)
        self.assertNotIn("act_ask", self.get(f"/phieu/{self.slip.id}").text)
        self.post("ask", question="Chen ngang")
        self.assertEqual(len(self.slip._get_questions()), 2)

    def test_art10_2_what_is_sent_again_after_a_cut_is_done_once(self):
        """Nobody reads that somebody was faster who was that somebody."""
        self.sign_in(self.focal)
        for act, values in (
            ("ask", {"question": "Cột nào ạ?"}),
            ("acknowledge", {}),
            ("answer", {"result": "Đã thay bóng.\n\nCảm ơn ông."}),
        ):
            for _again in range(2):
                reply = self.post(act, **values)
                self.assertEqual(reply.status_code, 303, act)
                self.assertTrue(reply.headers["Location"].endswith(f"?done={act}"))
        self.assertEqual(len(self.slip._get_questions()), 1)
        self.assertEqual(self.kinds(self.ticket).count("acknowledged"), 1)
        self.assertEqual(self.kinds(self.ticket).count("responded"), 1)
        # Another answer than that is not
        reply = self.post("answer", result="Chưa thay được.")
        self.assertEqual(reply.status_code, 200)
        self.assertIn("Somebody may have been faster", reply.text)

    def test_nobody_else_sees_or_does_anything(self):
        path = f"/phieu/{self.slip.id}"
        for user in (self.other_focal, self.employee, self.citizen):
            self.sign_in(user)
            with self.subTest(user.login):
                self.assertEqual(self.get(path).status_code, 404)
                reply = self.post("answer", result="Chen ngang")
                self.assertEqual(reply.status_code, 404)
        for user in (self.employee, self.citizen):
            self.sign_in(user)
            self.assertEqual(self.get("/phieu").status_code, 403)
        self.assertEqual(self.slip.state, "sent")

    def test_art10_3_a_link_to_what_is_not_ones_turn_any_more_leads_on(self):
        """From the message to the slip that ran out, was recalled or is others' now."""
        path = f"/phieu/{self.slip.id}"
        self.set_clock("2026-03-03 08:05")
        following = self.slip._escalate()
        self.env.flush_all()
        self.sign_in(self.head)
        page = html.fromstring(self.get(path).text)
        text = page.text_content()
        self.assertIn("the request went to the level above", text)
        [link] = page.xpath("//a[text()='Open the slip to be answered now']/@href")
        self.assertEqual(link, f"/phieu/{following.id}")
        self.assertIn("act_answer", self.get(link).text)
        self.assertNotIn("to be answered now", self.get(link).text)
        # Of another unit: no page of citizens about codes
        self.sign_in(self.other_focal)
        reply = self.get(path)
        self.assertEqual(reply.status_code, 404)
        page = html.fromstring(reply.text)
        self.assertIn("This slip is not with you", page.text_content())
        self.assertTrue(page.xpath("//*[@id='wrap']//a[@href='/phieu']"))
        self.assertNotIn(self.ticket.title, page.text_content())
        self.assertFalse(page.xpath("//textarea"))
        # Handed on while it was being answered: what was written is not lost
        reply = self.post("answer", result="Đã thay bóng đèn")
        self.assertEqual(reply.status_code, 404)
        page = html.fromstring(reply.text)
        self.assertEqual(page.xpath("//textarea/text()"), ["Đã thay bóng đèn"])

    def test_art14_a_request_that_was_taken_up_again_says_why(self):
        """Or the unit would say once more what the citizen was not satisfied with."""
        ticket = self.done()
        first = ticket.sudo().transfer_ids
        ticket.reopen("Tối qua đèn lại tắt")
        ticket.transfer([self.unit.id])
        again = ticket.sudo().open_transfer_id
        said = again.with_user(self.focal).risen_text
        self.assertIn("Tối qua đèn lại tắt", said)
        self.assertIn("Đã thay bóng đèn.", said)
        self.sign_in(self.focal)
        page = html.fromstring(self.get(f"/phieu/{again.id}").text)
        self.assertIn(said, " ".join(page.text_content().split()))
        self.assertEqual(self.get("/phieu").text.count("Taken up again"), 1)
        # The slip of before leads on to it
        page = html.fromstring(self.get(f"/phieu/{first.id}").text)
        [link] = page.xpath("//a[text()='Open the slip to be answered now']/@href")
        self.assertEqual(link, f"/phieu/{again.id}")
        # And so on when nobody answers
        self.set_clock("2026-03-03 08:05")
        late = again._escalate().with_user(self.head)
        self.assertIn("Tối qua đèn lại tắt", late.risen_text)
        self.assertIn("did not answer by", late.risen_text)
        # Who gave it back reads it no more
        ticket = self.done()
        ticket.reopen("Vẫn tắt")
        ticket.transfer([self.unit.id])
        again = ticket.sudo().open_transfer_id.with_user(self.focal)
        again.give_back("Không thuộc thẩm quyền")
        again.invalidate_recordset()
        self.assertFalse(again.sudo().risen_text)

    def test_art10_2_who_is_of_no_unit_any_more_reads_what_was_written(self):
        """The role was taken away while it was written, without a network even."""
        self.sign_in(self.focal)
        self.get(f"/phieu/{self.slip.id}")
        self.focal.group_ids = self.env.ref("base.group_user")
        self.env.flush_all()
        reply = self.post("answer", result="Đã thay bóng đèn")
        self.assertEqual((reply.status_code, self.slip.state), (404, "sent"))
        page = html.fromstring(reply.text)
        self.assertEqual(page.xpath("//textarea/text()"), ["Đã thay bóng đèn"])
        self.assertIn("This slip is not with you", page.text_content())
        self.assertNotIn(self.ticket.title, page.text_content())
        self.assertEqual(self.get(f"/phieu/{self.slip.id}").status_code, 404)

    def test_art10_1_a_slip_that_was_taken_back_says_that_nothing_is_to_be_done(self):
        self.slip.with_user(self.operator).recall("Gửi nhầm đơn vị")
        self.sign_in(self.focal)
        text = self.get(f"/phieu/{self.slip.id}").text
        self.assertIn("Nothing is to be answered here any more.", text)

    def test_who_may_read_may_not_answer(self):
        for user in (self.monitor, self.operator):
            self.sign_in(user)
            with self.subTest(user.login):
                page = self.get(f"/phieu/{self.slip.id}")
                self.assertEqual(page.status_code, 200)
                self.assertNotIn("act_answer", page.text)
                self.assertEqual(self.post("answer", result="x").status_code, 200)
        self.assertEqual(self.slip.state, "sent")

    def test_art13_1_the_citizen_is_masked_as_in_the_backend(self):
        path = f"/phieu/{self.slip.id}"
        self.sign_in(self.monitor)
        self.assertNotIn("Nguyễn Văn A", self.get(path).text)
        self.sign_in(self.focal)
        self.assertIn("Nguyễn Văn A", self.get(path).text)
        self.ticket.sudo().secrecy = "confidential"
        text = self.get(path).text
        self.assertNotIn("Nguyễn Văn A", text)
        self.assertNotIn("905123456", text)
        self.ticket.sudo().secrecy = "secret"
        self.assertIn("Nguyễn Văn A", self.get(path).text)
        for user in (self.monitor, self.operator):
            self.sign_in(user)
            self.assertEqual(self.get(path).status_code, 404)

    def test_odd_addresses_and_forged_forms(self):
        self.sign_in(self.focal)
        for path in (f"/phieu/{2**31}", f"/phieu/{10**30}", "/phieu/0"):
            self.assertEqual(self.get(path).status_code, 404)
        for query in ("tab=<b>", "page=-1", "page=9999999999"):
            self.assertEqual(self.get(f"/phieu?{query}").status_code, 200)
        for query in ("page=%00", "tab=%00"):
            self.assertEqual(self.get(f"/phieu?{query}").status_code, 400)
        self.assertEqual(
            self.get(f"/phieu/{self.slip.id}?done=<script>").status_code, 200
        )
        for act in ("unlink", "write", "action_answer", "_close"):
            self.assertIn(self.post(act).status_code, (404, 405))
        self.assertEqual(self.post("%00").status_code, 400)
        self.assertEqual(
            self.get(f"/phieu/{self.slip.id}/acknowledge").status_code, 303
        )
        reply = self.url_open(f"/phieu/{self.slip.id}/acknowledge", data={"x": "1"})
        self.assertIn("open for too long", reply.text)
        self.env.invalidate_all()
        self.assertEqual(self.slip.state, "sent")
        self.post("acknowledge", state="answered", unit_id=self.other_unit.id)
        self.assertEqual(
            (self.slip.state, self.slip.unit_id), ("acknowledged", self.unit)
        )

    def test_a_slip_says_nothing_in_mark_up_of_strangers(self):
        ticket = self.transferred(
            title="<script>alert(1)</script>", address="<img src=x>"
        )
        self.sign_in(self.focal)
        text = self.get(f"/phieu/{ticket.sudo().open_transfer_id.id}").text
        self.assertNotIn("<script>alert(1)", text)
        self.assertNotIn("<img src=x>", text)
