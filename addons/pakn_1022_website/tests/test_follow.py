import re

from lxml import html

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.pakn_1022.tests.common import TAGS

from .site import SiteCase, make_photo


@tagged(*TAGS)
class TestFollow(SiteCase):
    """Art. 10.1, 14: the citizen follows, answers and rates."""

    def setUp(self):
        super().setUp()
        self.ticket = self.submitted(category_id=self.category.id)
        self.operated = self.ticket.with_user(self.operator)

    def page(self):
        """Return the page of the request as plain text."""
        reply = self.get(self.follow_url(self.ticket))
        self.assertEqual(reply.status_code, 200)
        main = reply.text.split('id="wrap"')[1].split("<footer")[0]
        return " ".join(re.sub(r"<[^>]+>", " ", main).split())

    def post_to(self, suffix, **data):
        data.setdefault("access_token", self.ticket.access_token)
        return self.post(f"{self.ticket.access_url}/{suffix}", data)

    def test_code_and_phone_lead_to_the_request(self):
        for code, phone in (
            (self.ticket.name, "0905123456"),
            (self.ticket.name.lower().replace("-", " "), "+84 905 123 456"),
        ):
            reply = self.post("/tra-cuu", {"code": code, "phone": phone})
            self.assertEqual(reply.status_code, 303)
            self.assertURLEqual(reply.headers["Location"], self.follow_url(self.ticket))

    def test_art10_1_what_was_taken_back_is_no_step(self):
        self.deliver()
        before = self.page()
        for act, calls in (
            ("rejected", [["reject", [self.reason.id]]]),
            ("sent", [["answer", ["<p>Ở một cửa.</p>"]], ["send_result", []]]),
        ):
            self.operated._act_by_hand(act, calls)
            self.assertNotEqual(self.page(), before)
            self.operated.take_back()
            self.assertEqual(self.page(), before)

    def test_art10_the_steps_are_told_in_plain_words(self):
        self.assertIn("Tổng đài đã tiếp nhận phản ánh của ông/bà", self.page())
        self.operated.transfer(self.unit.ids, note="Ghi chú nội bộ")
        due = "08:00 thứ Ba, 03/03/2026"
        self.assertIn(
            f"Đã chuyển Sở Thử nghiệm, phải phản hồi trước {due}", self.page()
        )
        slip = self.lead_slip(self.ticket, self.focal)
        slip.acknowledge()
        slip.schedule("2026-03-05 02:00:00", "Chờ xe thang")
        self.assertIn(
            "Sở Thử nghiệm hẹn trả kết quả trước 09:00 thứ Năm, 05/03/2026", self.page()
        )
        slip.extend("2026-03-09 02:00:00", "Thiếu vật tư")
        text = self.page()
        self.assertIn("Sở Thử nghiệm xin gia hạn đến 09:00 thứ Hai, 09/03/2026", text)
        self.assertIn("Thiếu vật tư", text)
        slip.answer("<p>Đã thay bóng đèn.</p>")
        self.assertNotIn("Đã thay bóng đèn", self.page(), "not sent yet")
        self.operated.send_result()
        self.assertIn("Đã thay bóng đèn.", self.page())

    def test_nothing_among_hotline_and_units_is_told(self):
        self.operated.transfer(self.unit.ids, note="Ghi chú nội bộ")
        slip = self.lead_slip(self.ticket, self.focal)
        slip.acknowledge()
        slip.message_post(body="Trao đổi với tổng đài")
        self.operated.message_post(body="Lưu ý nội bộ", subtype_xmlid="mail.mt_note")
        slip.give_back("Không phải của chúng tôi")
        self.operated.message_post(
            body="Chúng tôi đang xác minh.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        text = self.page()
        self.assertIn("Chúng tôi đang xác minh.", text)
        for hidden in (
            "Ghi chú nội bộ",
            "Trao đổi với tổng đài",
            "Lưu ý nội bộ",
            "Không phải của chúng tôi",
            self.operator.name,
            self.focal.name,
        ):
            self.assertNotIn(hidden, text)

    def test_a_rejection_says_why_and_what_to_do(self):
        self.operated.reject(self.reason.id)
        text = self.page()
        self.assertIn("Ngoài phạm vi", text)
        self.assertIn("Xin gửi đến Tòa án.", text)

    def test_art10_who_follows_a_cancelled_request_reads_why_and_what_to_do(self):
        self.operated.cancel("Gọi thử, anh Ba ở phòng bên")
        page = self.page()
        self.assertIn("vì đã được rút lại, là lần gửi thử hoặc trùng", page)
        self.assertIn("xin gọi (0269) 1022 và đọc mã số", page)
        # The operator's own words are for the record
        self.assertNotIn("anh Ba", page)

    def test_what_is_late_is_told(self):
        self.operated.transfer(self.unit.ids)
        self.set_clock("2026-03-03 08:01")
        self.env.flush_all()
        with self.registry.cursor() as cr:
            self.env(cr=cr)["pakn.transfer"]._cron_process_deadlines()
        self.env.invalidate_all()
        text = self.page()
        self.assertIn("Sở Thử nghiệm không phản hồi đúng hạn", text)
        self.assertIn("Đã báo cáo Thủ trưởng Sở Thử nghiệm", text)

    def test_art14_the_citizen_writes_again_with_files(self):
        url = f"{self.ticket.access_url}/tra-loi"
        data = {"access_token": self.ticket.access_token, "text": "Đèn <b>lại</b> hỏng"}
        reply = self.post(url, data, [("files", ("x.jpg", make_photo()))])
        self.assertEqual(reply.status_code, 303)
        self.assertTrue(self.ticket.has_new_reply)
        self.assertEqual(self.kinds(self.ticket), ["received", "replied"])
        message = self.ticket.message_ids.sorted("id")[-1]
        self.assertEqual(message.author_id, self.ticket.citizen_id)
        self.assertIn("Đèn &lt;b&gt;lại&lt;/b&gt; hỏng", message.body)
        self.assertEqual(len(message.attachment_ids), 1)
        self.assertIn("Đèn &lt;b&gt;lại&lt;/b&gt; hỏng", self.page())
        self.assertEqual(self.page().count("lại&lt;/b&gt;"), 1, "told once")
        self.operated.message_post(
            body="Vâng", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.assertFalse(self.ticket.has_new_reply)

    def test_an_empty_message_changes_nothing(self):
        self.assertEqual(self.post_to("tra-loi", text="  ").status_code, 422)
        self.assertFalse(self.ticket.has_new_reply)

    def test_ten_messages_in_an_hour(self):
        for number in range(10):
            reply = self.post_to("tra-loi", text=f"Còn nữa {number}")
            self.assertEqual(reply.status_code, 303)
        reply = self.post_to("tra-loi", text="Còn nữa")
        self.assertEqual(reply.status_code, 422)
        self.assertEqual(self.kinds(self.ticket).count("replied"), 10)

    def test_a_message_that_comes_twice_is_one(self):
        files = [("files", ("x.jpg", make_photo()))]
        url = f"{self.ticket.access_url}/tra-loi"
        data = {"access_token": self.ticket.access_token, "text": "Đèn lại hỏng"}
        for _tap in range(2):
            reply = self.post(url, data, files)
            self.assertIn("done=replied", reply.headers["Location"])
        self.assertEqual(self.kinds(self.ticket).count("replied"), 1)
        self.assertEqual(len(self.ticket.site_attachment_ids), 1)
        self.post(url, data)
        self.post(url, {**data, "text": "Vẫn hỏng"})
        self.assertEqual(self.kinds(self.ticket).count("replied"), 3)
        self.set_moment("2026-03-03 08:00")
        self.post(url, {**data, "text": "Vẫn hỏng"})
        self.assertEqual(self.kinds(self.ticket).count("replied"), 4)

    def test_art14_a_second_tap_on_the_grade_is_no_error(self):
        self.finish()
        for rate, status in (("5", 303), ("5", 303), ("1", 422)):
            reply = self.post_to("danh-gia", rate=rate, feedback="x")
            self.assertEqual(reply.status_code, status)
        self.assertEqual(self.kinds(self.ticket).count("rated"), 1)

    @mute_logger("odoo.http")
    def test_what_was_typed_in_a_page_too_old_is_there_again(self):
        self.finish()
        for suffix, data in (
            ("tra-loi", {"text": "Còn tối lắm"}),
            ("danh-gia", {"rate": "1", "feedback": "Còn tối lắm"}),
        ):
            reply = self.post(
                f"{self.ticket.access_url}/{suffix}",
                {
                    "access_token": self.ticket.access_token,
                    "csrf_token": "0" * 40 + "o1",
                    **data,
                },
            )
            self.assertEqual(reply.request.method, "GET")
            self.assertEqual(reply.status_code, 422)
            page = html.fromstring(reply.text)
            self.assertIn("Còn tối lắm", page.xpath("//textarea/text()"))
            self.assertIn("quá lâu", reply.text)
        self.assertFalse({"rated", "replied"} & {*self.kinds(self.ticket)})

    def test_art13_1_what_was_written_by_a_renewed_link_is_not_lost(self):
        """It says what happened and asks for code and phone, then is there again."""
        old = self.ticket.access_token
        self.operated.renew_link()
        for suffix, name, data in (
            ("tra-loi", "text", {"text": "Còn tối lắm"}),
            ("danh-gia", "feedback", {"rate": "1", "feedback": "Chưa xong đâu"}),
        ):
            with self.subTest(suffix):
                if suffix == "danh-gia":
                    self.finish()
                words = data[name]
                url = f"{self.ticket.access_url}/{suffix}"
                reply = self.post(url, {"access_token": old, **data})
                self.assertEqual(reply.status_code, 422)
                self.assertEqual(reply.request.method, "GET")
                page = html.fromstring(reply.text)
                self.assertIn(words, page.xpath("//textarea/text()"))
                self.assertIn("Chưa gửi được", page.text_content())
                self.assertNotIn("Đèn đường", reply.text)
                look_up = {"code": self.ticket.name, "phone": "0914 999 999"}
                wrong = self.post("/tra-cuu", look_up)
                self.assertEqual(wrong.status_code, 422)
                page = html.fromstring(wrong.text)
                self.assertIn(words, page.xpath("//textarea/text()"))
                right = self.post("/tra-cuu", look_up | {"phone": "0905 123 456"})
                self.assertIn(self.ticket.access_token, right.url)
                page = html.fromstring(right.text)
                self.assertEqual(page.xpath(f"//*[@name='{name}']/text()"), [words])
                self.assertIn("chưa được gửi", page.text_content())
                again = self.get(self.follow_url(self.ticket)).text
                self.assertNotIn(words, again)
        self.assertFalse({"rated", "replied"} & {*self.kinds(self.ticket)})

    def finish(self):
        self.operated.transfer(self.unit.ids)
        self.lead_slip(self.ticket, self.focal).answer("<p>Xong.</p>")
        self.operated.send_result()

    def test_art14_the_result_is_rated_once(self):
        self.assertEqual(
            self.post_to("danh-gia", rate="5").status_code, 422, "too soon"
        )
        self.finish()
        for data in ({}, {"rate": "4"}, {"rate": "1"}, {"rate": "1", "feedback": " "}):
            with self.subTest(data):
                self.assertEqual(self.post_to("danh-gia", **data).status_code, 422)
        reply = self.post_to("danh-gia", rate="1", feedback="Chưa sửa")
        self.assertEqual(reply.status_code, 303)
        rating = self.ticket._get_round_rating()
        self.assertEqual((rating.rating, rating.feedback), (1.0, "Chưa sửa"))
        self.assertEqual(self.post_to("danh-gia", rate="5").status_code, 422)
        self.assertIn("Chưa sửa", self.page())

    def test_art14_not_done_with_a_photo(self):
        self.finish()
        url = f"{self.ticket.access_url}/danh-gia"
        data = {
            "access_token": self.ticket.access_token,
            "rate": "1",
            "feedback": "Vẫn tối",
        }
        reply = self.post(url, data, [("files", ("x.heic", b"\0\0\0\x18ftypheic"))])
        self.assertEqual(reply.status_code, 422)
        self.assertFalse(self.ticket._get_round_rating().consumed, "nothing by half")
        self.assertIn("Vẫn tối", reply.text)
        reply = self.post(url, data, [("files", ("x.jpg", make_photo()))])
        self.assertEqual(reply.status_code, 303)
        self.assertEqual(self.kinds(self.ticket)[-2:], ["rated", "replied"])
        self.assertEqual(len(self.ticket.sudo().site_attachment_ids), 1)
        self.assertTrue(self.ticket.has_new_reply, "the operator looks at it")

    def test_before_and_after_stand_side_by_side(self):
        ticket = self.submitted(
            [("photo", ("a.jpg", make_photo(), "image/jpeg"))],
            category_id=self.category.id,
        )
        operated = ticket.with_user(self.operator)
        operated.transfer(self.unit.ids)
        slip = self.lead_slip(ticket, self.focal)
        photo = self.env["ir.attachment"].with_user(self.focal)
        photo = photo.create({"name": "sau.jpg", "raw": make_photo((20, 20))})
        slip.add_files(photo.ids)
        slip.answer("<p>Xong.</p>")
        operated.send_result()
        before, after = ticket.sudo()._get_before_and_after()
        self.assertEqual(before, ticket.sudo().site_attachment_ids)
        self.assertEqual(after, photo.sudo())
        self.assertIn("o_pakn_before_after", self.get(self.follow_url(ticket)).text)

    def test_pages_are_not_kept_nor_indexed_nor_told_elsewhere(self):
        headers = self.get(self.follow_url(self.ticket)).headers
        self.assertEqual(headers["Cache-Control"], "no-store")
        self.assertEqual(headers["Referrer-Policy"], "no-referrer")
        self.assertIn("noindex", headers["X-Robots-Tag"])

    def test_following_needs_few_queries(self):
        self.finish()
        url = self.follow_url(self.ticket)
        self.get(url)
        self.env.invalidate_all()
        with self.assertQueryCount(60):
            self.get(url)

    def test_mails_to_the_citizen_lead_to_the_page(self):
        self.operated.transfer(self.unit.ids)
        for mail in self.mails_to("nguyenvana@example.com"):
            self.assertIn(self.ticket.access_token, mail.body_html)


@tagged(*TAGS)
class TestFollowGuessing(SiteCase):
    """Nobody finds or guesses somebody else's request."""

    def setUp(self):
        super().setUp()
        self.ticket = self.submitted()
        self.other = self.submitted(citizen_phone="0914 222 333")

    def find(self, code, phone):
        reply = self.post("/tra-cuu", {"code": code, "phone": phone})
        text = re.sub(r'(csrf_token" |csrf_token: )\S+', "", reply.text)
        for given in (code, phone):
            text = text.replace(f'value="{given}"', 'value=""')
        return reply.status_code, text

    def test_a_wrong_code_and_a_wrong_phone_get_the_same_answer(self):
        answers = {
            self.find(code, phone)
            for code, phone in (
                (self.ticket.name, "0914 222 333"),
                (self.ticket.name, "0999 999 999"),
                ("GL26-999999-3", "0905 123 456"),
                ("GL26-000000-0", "0905 123 456"),
                (self.ticket.name, "x"),
                ("x", "0905 123 456"),
            )
        }
        self.assertEqual(len(answers), 1)
        [(status, text)] = answers
        self.assertEqual(status, 422)
        self.assertIn('role="alert"', text)

    def fail_often(self, name, key, count, seconds=3600):
        for _number in range(count):
            self.env["pakn.rate.limit"]._hit(name, key, count, seconds)

    def test_right_look_ups_are_not_counted(self):
        right = {"code": self.ticket.name, "phone": "0905 123 456"}
        for _number in range(25):
            self.assertEqual(self.post("/tra-cuu", right).status_code, 303)

    def test_who_fails_often_waits(self):
        self.fail_often("site_find", "127.0.0.1", 100, 900)
        right = {"code": self.ticket.name, "phone": "0905 123 456"}
        reply = self.post("/tra-cuu", right)
        self.assertEqual(reply.status_code, 422)
        minutes = re.search(r"chờ (\d+) phút", reply.text)[1]
        self.assertIn(int(minutes), (14, 15))

    def test_a_wrong_last_digit_is_said_whatever_the_phone(self):
        digit = (int(self.ticket.name[-1]) + 1) % 10
        code = f"#{self.ticket.name[:-1]}{digit}"
        answers = {self.find(code, phone)[1] for phone in ("0905 123 456", "x")}
        self.assertEqual(len(answers), 1)
        self.assertIn("xem lại chữ số cuối", answers.pop())

    def test_a_code_is_protected_from_many_addresses(self):
        for number in range(20):
            self.find(self.ticket.name, f"09051234{number:02d}")
        right = {"code": self.ticket.name, "phone": "0905 123 456"}
        self.assertRegex(self.post("/tra-cuu", right).text, r"chờ \d+ phút")

    def test_a_phone_is_protected_from_trying_all_codes(self):
        self.fail_often("site_find_phone", "+84905123456", 20)
        right = {"code": self.ticket.name, "phone": "0905 123 456"}
        self.assertRegex(self.post("/tra-cuu", right).text, r"chờ \d+ phút")

    def test_the_citizen_gets_in_by_phone_whoever_tried_before(self):
        texts = self.deliver_codes()
        self.fail_often("site_find_code", self.ticket.name, 20)
        right = {"code": self.ticket.name, "phone": "0905 123 456"}
        wrong = right | {"phone": "0905 123 457"}
        pages = [self.post("/tra-cuu", asked) for asked in (right, wrong)]
        self.assertEqual([page.status_code for page in pages], [200, 200])
        for page in pages:
            self.assertIn('name="number"', page.text, "it tells not which is right")
        self.assertEqual(len(texts), 1, "to the phone of the request alone")
        number = re.search(r"\b\d{6}\b", texts[0])[0]
        bad = f"{(int(number) + 1) % 10**6:06d}"
        for asked in (right | {"number": bad}, wrong | {"number": number}):
            self.assertEqual(self.post("/tra-cuu", asked).status_code, 422)
        reply = self.post("/tra-cuu", right | {"number": number})
        self.assertEqual(reply.status_code, 303)
        self.assertIn(self.ticket.name, reply.headers["Location"])

    def test_without_the_token_nothing_of_the_request_is_shown(self):
        unknown = self.get("/tra-cuu/GL26-999999-8?access_token=x").text
        # What differs is what was asked for, in the addresses on the page.
        addresses = re.compile(r'"[^"]*"')
        for token in ("", "x", "é", self.other.access_token, "0" * 36):
            with self.subTest(token):
                url = f"{self.ticket.access_url}"
                reply = self.url_open(url, params={"access_token": token})
                self.assertNotIn("Đèn đường", reply.text)
                self.assertEqual(
                    addresses.sub("", reply.text),
                    addresses.sub("", unknown),
                    "as an unknown one",
                )
                for suffix in ("tra-loi", "danh-gia"):
                    data = {"access_token": token, "text": "x", "rate": "5"}
                    answers = [
                        self.post(f"{one}/{suffix}", data)
                        for one in (url, "/tra-cuu/GL26-999999-3")
                    ]
                    self.assertEqual([one.status_code for one in answers], [422, 422])
                    right, unknown_one = (
                        addresses.sub("", one.text) for one in answers
                    )
                    self.assertNotIn("Đèn đường", right)
                    self.assertEqual(right, unknown_one, "as of an unknown one")
        self.assertEqual(self.kinds(self.ticket), ["received"])

    def test_a_secret_never_leaves_through_the_site(self):
        self.ticket.secrecy = "secret"
        self.assertNotIn("Đèn đường", self.get(self.follow_url(self.ticket)).text)
        right = {"code": self.ticket.name, "phone": "0905 123 456"}
        self.assertEqual(self.post("/tra-cuu", right).status_code, 422)


@tagged(*TAGS)
class TestFollowFiles(SiteCase):
    def setUp(self):
        super().setUp()
        photo = [("files", ("a.jpg", make_photo()))]
        self.ticket = self.submitted(photo, category_id=self.category.id)
        self.other = self.submitted(photo, citizen_phone="0914 222 333")
        self.file = self.ticket.site_attachment_ids

    def open(self, file, ticket=None, token=None):
        ticket = ticket or self.ticket
        token = ticket.access_token if token is None else token
        return self.get(f"{ticket.access_url}/tep/{file.id}?access_token={token}")

    def test_own_files_are_served_safely(self):
        reply = self.open(self.file)
        self.assertEqual(reply.status_code, 200)
        self.assertEqual(reply.headers["Content-Type"], "image/jpeg")
        self.assertEqual(reply.headers["X-Content-Type-Options"], "nosniff")
        self.assertIn("default-src 'none'", reply.headers["Content-Security-Policy"])
        self.assertIn("private", reply.headers["Cache-Control"])
        pdf = self.submitted([("files", ("a", b"%PDF-1.4\n"))])
        reply = self.open(pdf.site_attachment_ids, pdf)
        self.assertIn("attachment", reply.headers["Content-Disposition"])

    def test_files_of_others_and_of_units_are_not_found(self):
        operated = self.ticket.with_user(self.operator)
        new = self.env["ir.attachment"].with_user(self.operator)
        for_units = new.create({"name": "noi-bo.pdf", "raw": b"%PDF-"})
        operated.transfer(self.unit.ids, attachment_ids=for_units.ids)
        slip = self.lead_slip(self.ticket, self.focal)
        result = self.env["ir.attachment"].with_user(self.focal)
        result = result.create({"name": "ket-qua.pdf", "raw": b"%PDF-"})
        slip.add_files(result.ids)
        slip.answer("<p>Xong.</p>")
        for name, file in (
            ("another's", self.other.site_attachment_ids),
            ("for the units", for_units),
            ("a result not sent yet", result),
            ("the logo", self.env.ref("base.main_company").partner_id),
        ):
            with self.subTest(name):
                self.assertEqual(self.open(file).status_code, 404)
        self.assertEqual(self.open(self.file, token="x").status_code, 404)
        self.assertEqual(
            self.open(self.file, self.other).status_code, 404, "by another's token"
        )
        operated.send_result()
        self.assertEqual(self.open(result).status_code, 200)

    def test_odoo_s_own_addresses_do_not_serve_them(self):
        for url in (
            f"/web/content/{self.file.id}",
            f"/web/image/{self.file.id}",
            f"/web/content/ir.attachment/{self.file.id}/raw",
            f"/web/content/{self.file.id}?access_token={self.ticket.access_token}",
        ):
            with self.subTest(url):
                reply = self.get(url)
                self.assertNotEqual(reply.content, self.file.raw)
