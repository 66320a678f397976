import re
import uuid
from unittest.mock import patch

from lxml import html

from odoo.tests import JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.pakn_1022.tests.common import TAGS

from ..models import pakn_upload
from .site import FORM, SiteCase, make_photo


@tagged(*TAGS)
class TestArt03Submit(SiteCase):
    """Art. 3.2.1, 8: the web page as a channel of its own."""

    def test_a_request_is_taken_in_as_the_hotline_takes_it(self):
        area = self.env["pakn.area"].search([("kind", "=", "ward")], limit=1)
        ticket = self.submitted(
            category_id=self.category.id,
            area_id=area.id,
            address="Trước số 12",
            latitude="13.98",
            longitude="108.0",
        )
        self.assertRecordValues(
            ticket,
            [
                {
                    "title": "Đèn đường trước số 12 Hùng Vương hỏng đã ba ngày",
                    "citizen_phone": "+84905123456",
                    "citizen_name": "Nguyễn Văn A",
                    "citizen_email": "nguyenvana@example.com",
                    "category_id": self.category.id,
                    "area_id": area.id,
                    "address": "Trước số 12",
                    "latitude": 13.98,
                    "longitude": 108.0,
                    "state": "new",
                    "secrecy": "public",
                    "channel_id": self.env.ref("pakn_1022.channel_web").id,
                    "user_id": False,
                    "is_phone_verified": False,
                }
            ],
        )
        self.assertEqual(
            ticket.description,
            "<p>Đèn đường trước số 12 Hùng Vương hỏng đã ba ngày.</p><p>Tối lắm.</p>",
        )
        self.assertEqual(self.kinds(ticket), ["received"])
        self.assertTrue(self.mails_to("nguyenvana@example.com"))

    def test_afterwards_code_link_and_next_steps_are_shown(self):
        reply = self.submit()
        page = self.url_open(reply.headers["Location"])
        ticket = self.ticket_of(reply.headers["Location"])
        self.assertEqual(page.status_code, 200)
        self.assertIn(ticket.name, page.text)
        self.assertIn(ticket.access_token, page.text)
        self.assertIn("data:image/svg+xml;base64,", page.text)
        # Monday, 8:00, and 8 working hours
        self.assertIn("08:00 thứ Ba, 03/03/2026", page.text)
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")
        # Without the token, or with one from before it was renewed: as of no request
        for code in (ticket.name, "GL26-999999-3"):
            answer = self.get(f"/phan-anh/da-gui/{code}?access_token=x")
            self.assertEqual(answer.status_code, 303)
            self.assertTrue(answer.headers["Location"].endswith(f"/tra-cuu/{code}"))
            self.assertNotIn(ticket.access_token, answer.text)
        self.assertEqual(self.get("/phan-anh/da-gui/x").status_code, 404)

    def test_what_is_wrong_is_said_at_the_field_and_nothing_is_lost(self):
        before = self.count()
        for name, value in (
            ("description", ""),
            ("description", "a b"),
            ("citizen_phone", "123"),
            ("citizen_phone", "1022"),
            ("citizen_name", " "),
            ("citizen_address", ""),
            ("citizen_email", "no mail"),
            ("category_id", "999999999"),
            ("area_id", "999999999"),
            ("latitude", "99"),
            ("latitude", "nan"),
        ):
            with self.subTest(name, value=value):
                self.forget_limits()
                reply = self.submit(
                    **{"longitude": "108" if name == "latitude" else "", name: value}
                )
                self.assertEqual(reply.status_code, 422)
                self.assertRegex(
                    reply.text, rf'id="error_{name}" class="invalid-feedback d-block"'
                )
                if name != "citizen_name":
                    self.assertIn("Nguyễn Văn A", reply.text)
        self.assertEqual(self.count(), before)

    @mute_logger("odoo.http")
    def test_a_form_that_was_open_for_too_long_is_there_again(self):
        """Without scripts nothing else keeps what was typed."""
        key = str(uuid.uuid4())
        before = self.count()
        reply = self.submit(key=key, csrf_token="0" * 40 + "o1")
        self.assertEqual(reply.status_code, 422)
        self.assertIn("quá lâu", reply.text)
        page = html.fromstring(reply.text)
        self.assertIn(FORM["description"], page.xpath("//textarea/text()")[0])
        self.assertEqual(page.xpath("//input[@name='key']/@value"), [key])
        self.assertEqual(self.count(), before)
        script = self.submit_by_script(csrf_token="x")
        self.assertEqual(script.status_code, 400, "it fetches another token")
        [token] = set(page.xpath("//input[@name='csrf_token']/@value"))
        again = self.submit(key=key, csrf_token=token)
        self.assertEqual(again.status_code, 303)

    def test_art03_back_does_not_ask_whether_to_send_the_form_again(self):
        """Without scripts a refused form is a page that Back and Reload open."""
        uploads = self.env["pakn.upload"]
        refused = self.submit(citizen_phone="12", code="123456")
        self.assertEqual((refused.request.method, refused.status_code), ("GET", 422))
        again = self.get(refused.request.path_url)
        for text in (FORM["description"], "Nguyễn Văn A", 'id="error_citizen_phone"'):
            self.assertIn(text, again.text)
        self.assertEqual(again.headers["Cache-Control"], "no-store")
        [kept] = uploads.search([("file_key", "=", "words")])
        self.assertNotIn(b"123456", kept.data)
        # The same form refused once more takes its place, one sent leaves nothing
        [key] = html.fromstring(again.text).xpath("//input[@name='key']/@value")
        self.assertNotIn(key, refused.request.path_url, "it opens the form's files")
        self.submit(key=key, citizen_name="")
        self.assertEqual(len(uploads.search([("file_key", "=", "words")])), 1)
        self.submitted(key=key)
        self.assertFalse(uploads.search([("file_key", "=", "words")]))
        self.assertNotIn("Nguyễn Văn A", self.get(refused.request.path_url).text)

    def test_art03_forms_of_two_tabs_are_kept_apart(self):
        pages = {name: self.submit(citizen_name=name) for name in "AB"}
        for name, page in pages.items():
            again = html.fromstring(self.get(page.request.path_url).text)
            shown = again.xpath("//input[@name='citizen_name']/@value")
            self.assertEqual(shown, [name])

    def test_what_was_typed_is_shown_to_its_browser_for_a_quarter_of_an_hour(self):
        uploads = self.env["pakn.upload"]
        path = self.submit(citizen_phone="12").request.path_url
        [kept] = uploads.search([("file_key", "=", "words")])
        key = kept.form_key
        # The session opens it, with the form's address; neither does alone
        for other in ("", str(uuid.uuid4()), "words", "'--", key, "é" * 99):
            page = self.get(f"/phan-anh?lai={other}")
            self.assertEqual(page.status_code, 200)
            self.assertNotIn("Nguyễn Văn A", page.text)
        self.opener.cookies.clear()
        self.assertNotIn("Nguyễn Văn A", self.get(path).text)
        self.cr.execute(
            """UPDATE pakn_upload SET create_date = create_date - interval '16 minutes'
                WHERE form_key = %s""",
            [key],
        )
        self.assertIsNone(uploads._read_words(key))
        self.assertFalse(kept.exists())

    def test_what_was_typed_takes_no_room_from_files(self):
        uploads = self.env["pakn.upload"]
        with patch.object(pakn_upload, "MOST_WORDS", 3):
            self.assertTrue(uploads._keep_words(str(uuid.uuid4()), b"123"))
            self.assertFalse(uploads._keep_words(str(uuid.uuid4()), b"4"))
        self.assertTrue(uploads._has_room(str(uuid.uuid4()), 10**6))

    def test_without_room_a_refused_form_is_shown_at_once(self):
        with patch.object(type(self.env["pakn.upload"]), "_has_room", lambda *_: False):
            reply = self.submit(citizen_phone="12")
        self.assertEqual((reply.request.method, reply.status_code), ("POST", 422))
        self.assertIn(FORM["description"], reply.text)

    def test_art03_where_there_is_no_map_none_is_to_be_tapped_on(self):
        page = html.fromstring(self.get("/phan-anh").text)
        shown = page.xpath("//section[@data-step='2']//p[contains(., 'bản đồ')]")
        for one in shown:
            hidden = one.xpath("ancestor-or-self::*[contains(@class, 'd-none')]")
            self.assertTrue(hidden, one.text)
        plain = page.xpath("//section[@data-step='2']/p[contains(@class, 'no_js')]")
        self.assertEqual(len(plain), 1)

    def submit_by_script(self, **values):
        data = {**FORM, "key": str(uuid.uuid4()), **values}
        headers = {"Accept": "application/json"}
        return self.post("/phan-anh", data, headers=headers)

    def test_each_field_of_files_has_its_own_ring(self):
        """Unseen, it has the ring on the label that stands next behind it."""
        page = html.fromstring(self.get("/phan-anh").text)
        fields = page.xpath("//form//input[@type='file']")
        self.assertEqual(len(fields), 2)
        for field in fields:
            label = field.getnext()
            self.assertEqual((label.tag, label.get("for")), ("label", field.get("id")))
            for name in field.get("aria-describedby").split():
                self.assertEqual(len(page.xpath(f"//*[@id='{name}']")), 1, name)

    def test_an_empty_file_is_called_so(self):
        reply = self.submit([("photo", ("IMG_1.jpg", b"", "image/jpeg"))])
        self.assertEqual(reply.status_code, 422)
        self.assertIn("bị trống", reply.text)

    def test_a_form_sent_twice_is_one_request(self):
        key = str(uuid.uuid4())
        first = self.submitted(key=key)
        second = self.submitted(key=key, description="Khác đi một chút thôi")
        self.assertEqual(first, second)
        self.assertNotEqual(first, self.submitted())

    def test_art13_1_confidentiality_is_kept(self):
        ticket = self.submitted(confidential="1")
        self.assertEqual(ticket.secrecy, "confidential")
        self.assertEqual(ticket.with_user(self.operator).citizen_name, "Nguyễn Văn A")
        ticket.with_user(self.operator).category_id = self.category
        ticket.with_user(self.operator).transfer(self.unit.ids)
        seen = self.lead_slip(ticket, self.focal)
        self.assertFalse(seen.citizen_name)

    def test_the_answer_is_json_to_the_page_s_own_script(self):
        key = str(uuid.uuid4())
        headers = {"Accept": "application/json"}
        data = {**FORM, "key": key, "citizen_name": ""}
        reply = self.post("/phan-anh", data, headers=headers)
        self.assertEqual(list(reply.json()["errors"]), ["citizen_name"])
        reply = self.post("/phan-anh", {**FORM, "key": key}, headers=headers)
        self.assertTrue(self.ticket_of(reply.json()["url"]))

    def test_who_is_signed_in_need_not_write_it_all_again(self):
        user = self.env["res.users"].create(
            {
                "name": "Trần Thị B",
                "login": "site_portal",
                "password": "site_portal_1022",
                "group_ids": [(6, 0, self.env.ref("base.group_portal").ids)],
            }
        )
        user.partner_id.write({"phone": "0914 000 111", "street": "3 Lê Lợi"})
        self.authenticate("site_portal", "site_portal_1022")
        text = self.url_open("/phan-anh").text
        for value in ("Trần Thị B", "0914 000 111", "3 Lê Lợi"):
            self.assertIn(value, text)
        ticket = self.submitted(account=self.get_account())
        self.assertEqual(ticket.account_id, user.partner_id)
        self.assertEqual(ticket.citizen_id, user.partner_id)

    def test_art4_4_a_form_sent_later_is_not_of_who_signed_in_meanwhile(self):
        """A family's phone: written by one without a network, sent as another."""
        new_test_user(self.env, "site_one", "base.group_portal")
        other = new_test_user(self.env, "site_two", "base.group_portal")
        self.authenticate("site_one", "site_one")
        account = self.get_account()
        self.assertEqual(len(account), 64)
        self.authenticate("site_two", "site_two")
        for said in (account, "", "x", str(other.id)):
            with self.subTest(said):
                # Taken in all the same, of nobody's account
                ticket = self.submitted(account=said)
                self.assertFalse(ticket.account_id)
                self.assertFalse(ticket._is_of_account(other))
        self.authenticate(None, None)
        self.assertEqual(self.get_account(), "")
        self.assertFalse(self.submitted(account=account).account_id)


@tagged(*TAGS)
class TestSubmitFiles(SiteCase):
    def test_photos_lose_place_and_camera(self):
        photo = make_photo((3000, 2000), place=(13.983, 108.002))
        self.assertIn(b"Secret Camera", photo)
        ticket = self.submitted([("files", ("Nguyen Van A 0905.jpg", photo))])
        file = ticket.site_attachment_ids
        self.assertEqual(file, ticket.attachment_ids)
        self.assertEqual(file.mimetype, "image/jpeg")
        self.assertNotIn("Nguyen", file.name)
        self.assertNotIn(b"Secret Camera", file.raw)
        self.assertNotIn(b"Exif", file.raw)
        self.assertLessEqual(len(file.raw), 300_000)
        self.assertEqual((file.res_model, file.res_id), ("pakn.ticket", ticket.id))
        self.assertFalse(file.public)
        self.assertFalse(ticket.latitude, "nobody asked to use it")

    def test_the_place_of_a_photo_is_used_when_that_is_wanted(self):
        photo = make_photo(place=(13.983, 108.002))
        ticket = self.submitted([("photo", ("a.jpg", photo))], use_photo_place="1")
        self.assertAlmostEqual(ticket.latitude, 13.983, 4)
        self.assertAlmostEqual(ticket.longitude, 108.002, 4)
        ticket = self.submitted(
            [("photo", ("a.jpg", photo))],
            use_photo_place="1",
            latitude="14.1",
            longitude="108.5",
        )
        self.assertAlmostEqual(ticket.latitude, 14.1, 4)

    def test_what_is_taken_is_known_by_its_content(self):
        for data, mimetype in (
            (make_photo(kind="PNG"), "image/jpeg"),
            (make_photo(kind="PNG", mode="RGBA"), "image/png"),
            (make_photo(kind="WEBP"), "image/jpeg"),
            (make_photo(kind="GIF", mode="P"), "image/jpeg"),
            (b"%PDF-1.4\n%%EOF", "application/pdf"),
            (b"\0\0\0\x18ftypmp42" + bytes(50), "video/mp4"),
            (b"\0\0\0\x18ftyp3gp4" + bytes(50), "video/3gpp"),
        ):
            with self.subTest(data[:16]):
                self.forget_limits()
                ticket = self.submitted([("files", ("x.exe", data, "text/html"))])
                self.assertEqual(ticket.site_attachment_ids.mimetype, mimetype)

    def test_what_is_not_taken_stops_the_form_with_a_sentence(self):
        before, files = self.count(), self.env["ir.attachment"].search_count([])
        svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
        for data in (
            svg,
            b"<?xml version='1.0'?>" + svg,
            b"<!DOCTYPE html><script>alert(1)</script>",
            b"GIF89a<script>alert(1)</script>",
            b"\xff\xd8\xff\xe0 no photo",
            b"\0\0\0\x18ftypheic" + bytes(50),
            b"MZ\x90\0" + bytes(60),
            b"PK\x03\x04" + bytes(60),
            b"",
        ):
            with self.subTest(data[:16]):
                self.forget_limits()
                reply = self.submit([("files", ("a.jpg", data, "image/jpeg"))])
                self.assertEqual(reply.status_code, 422)
                self.assertIn(
                    'id="error_files" class="invalid-feedback d-block"', reply.text
                )
        self.assertEqual(self.count(), before)
        self.assertEqual(self.env["ir.attachment"].search_count([]), files)

    def test_too_many_and_too_large_are_refused(self):
        photo = ("files", ("a.jpg", make_photo((8, 8))))
        self.assertEqual(self.submit([photo] * 6).status_code, 422)
        self.submitted([photo] * 5)
        self.env["ir.config_parameter"].set_param("pakn_1022_website.max_file_mb", "1")
        large = b"%PDF-" + bytes(2**20)
        self.assertEqual(self.submit([("files", ("a", large))]).status_code, 422)

    def test_a_photo_of_enormous_dimensions_is_refused(self):
        bomb = make_photo((4600, 4600), kind="PNG", mode="1")
        self.assertLess(len(bomb), 2**20)
        self.assertEqual(self.submit([("files", ("a.png", bomb))]).status_code, 422)


@tagged(*TAGS)
class TestSubmitQuestions(SiteCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.questions = cls.env["pakn.category.question"].create(
            [
                {
                    "category_id": cls.category.id,
                    "code": datatype,
                    "name": f"Câu hỏi {datatype}",
                    "datatype": datatype,
                    "is_required": datatype == "number",
                    "value_ids": [
                        (0, 0, {"key": key, "name": f"Chọn {key}"})
                        for key in ("a", "b")
                        if datatype.endswith("list")
                    ],
                }
                for datatype in (
                    "string",
                    "number",
                    "datetime",
                    "text",
                    "singlevaluelist",
                    "multivaluelist",
                )
            ]
        )

    def test_answers_are_kept_with_the_words_of_their_question(self):
        ticket = self.submitted(
            category_id=self.category.id,
            q_string="Cột 12",
            q_number="2,5",
            q_datetime="2026-03-01T18:30",
            q_text="Một\nhai",
            q_singlevaluelist="a",
            q_multivaluelist=["a", "b"],
        )
        self.assertRecordValues(
            ticket.answer_ids.sorted("code"),
            [
                {
                    "code": "datetime",
                    "value": "18:30 01/03/2026",
                    "keys": "2026-03-01T18:30:00",
                },
                {"code": "multivaluelist", "value": "Chọn a, Chọn b", "keys": "a,b"},
                {"code": "number", "value": "2,5", "keys": "2,5"},
                {"code": "singlevaluelist", "value": "Chọn a", "keys": "a"},
                {"code": "string", "value": "Cột 12", "keys": "Cột 12"},
                {"code": "text", "value": "Một\nhai", "keys": "Một\nhai"},
            ],
        )
        seen = ticket.with_user(self.operator).answer_ids
        self.assertEqual(len(seen.mapped("value")), 6)

    def test_wrong_and_missing_answers_are_told(self):
        good = {"category_id": self.category.id, "q_number": "1"}
        for name, value in (
            ("q_number", ""),
            ("q_number", "nhiều"),
            ("q_number", "nan"),
            ("q_number", "1e400"),
            ("q_datetime", "hôm qua"),
            ("q_singlevaluelist", "c"),
            ("q_multivaluelist", ["a", "c"]),
        ):
            with self.subTest(name, value=value):
                self.forget_limits()
                reply = self.submit(**good | {name: value})
                self.assertEqual(reply.status_code, 422)
                self.assertRegex(
                    reply.text, rf'id="error_{name}" class="invalid-feedback d-block"'
                )

    def test_without_script_the_questions_come_by_a_button(self):
        reply = self.submit(category_id=self.category.id, action="questions")
        self.assertIn("Câu hỏi singlevaluelist", reply.text)
        self.assertIn("Nguyễn Văn A", reply.text, "what was filled in is kept")

    def test_a_notice_can_stop_the_form(self):
        self.category.write(
            {"site_stop": True, "site_notice": "<p>Gọi <b>114</b> ngay.</p>"}
        )
        before = self.count()
        reply = self.submit(category_id=self.category.id, q_number="1")
        self.assertEqual(reply.status_code, 422)
        self.assertIn("Gọi <b>114</b> ngay.", reply.text)
        self.assertEqual(self.count(), before)
        part = self.url_open(f"/phan-anh/linh-vuc/{self.category.id}").text
        self.assertIn('data-stop="1"', part)

    def test_danger_and_electricity_go_elsewhere(self):
        danger = self.env.ref("pakn_1022_website.category_danger")
        electricity = self.env.ref("pakn_1022.category_5_6")
        for category, number in ((danger, "tel:114"), (electricity, "tel:19001909")):
            reply = self.submit(category_id=category.id)
            self.assertEqual(reply.status_code, 422)
            self.assertIn(number, reply.text)


@tagged(*TAGS)
class TestSubmitSuggestions(SiteCase):
    def suggest(self, **params):
        return self.make_jsonrpc_request("/phan-anh/goi-y", params)

    def test_the_field_is_proposed_from_the_words_without_accents_too(self):
        for text, code in (
            ("Đèn đường trước nhà tôi hỏng mấy hôm nay", "5.5"),
            ("den duong hong toi om", "5.5"),
            ("Rác chất đống ba ngày không ai thu gom", "4.13"),
            ("Ổ gà to giữa đường rất nguy hiểm", "5.1"),
            ("Nhà tôi mất nước từ sáng", "5.2"),
            ("Mất điện cả xóm", "5.6"),
            ("Có đám cháy nhà, có người bị thương", "0"),
        ):
            with self.subTest(text):
                [first, *_others] = self.suggest(text=text)["fields"]
                category = self.env["pakn.category"].browse(first["id"])
                self.assertEqual(category.code, code)

    def test_articles_valid_today_are_proposed(self):
        article = self.env["pakn.article"].create(
            {
                "name": "Làm thẻ căn cước ở đâu?",
                "answer": "<p>Tại công an phường.</p>",
                "is_published": True,
            }
        )
        found = self.suggest(text="lam the can cuoc o dau")["articles"]
        self.assertIn({"title": article.name, "text": "Tại công an phường."}, found)
        article.date_to = "2026-03-01"
        found = self.suggest(text="lam the can cuoc o dau")["articles"]
        self.assertNotIn(article.name, [item["title"] for item in found])

    def test_published_requests_alone_are_proposed(self):
        title = "Nắp cống trước chợ Đồng Xoài bị vỡ"
        ticket = self.done(title=title)
        words = "nap cong truoc cho dong xoai bi vo"
        self.assertTrue(ticket.is_published)
        urls = [item["url"] for item in self.suggest(text=words)["answered"]]
        self.assertIn(f"/ket-qua/{ticket.name}", urls)
        ticket.unpublish()
        urls = [item["url"] for item in self.suggest(text=words)["answered"]]
        self.assertNotIn(f"/ket-qua/{ticket.name}", urls)

    def test_open_requests_nearby_are_told_without_a_word_of_theirs(self):
        place = {"latitude": 13.9833, "longitude": 108.0021}
        ticket = self.transferred(title="Bí mật của tôi", **place)
        near = {"latitude": "13.9835", "longitude": "108.0021"}
        ask = {"category_id": self.category.id, "text": ""}
        [found] = self.suggest(**ask, **near)["nearby"]
        self.assertEqual(
            found,
            {
                "field": "Lĩnh vực thử",
                "unit": "Sở Thử nghiệm",
                "metres": 20,
                "join": "",
                "follow": f"/theo-doi-ket-qua?linh-vuc={self.category.code}",
            },
        )
        form = self.url_open(found["follow"]).text
        self.assertTrue("Lĩnh vực thử" in form, "the form says what is followed")
        self.assertTrue(self.suggest(**ask, **near)["area"]["name"])
        far = {"latitude": "13.99", "longitude": "108.0021"}
        self.assertFalse(self.suggest(**ask, **far)["nearby"])
        ticket.secrecy = "confidential"
        self.assertFalse(self.suggest(**ask, **near)["nearby"])

    def test_odd_questions_get_no_answer(self):
        for params in (
            {"text": None},
            {"text": ["a"]},
            {"text": "\ud800 đèn đường hỏng"},
            {"text": "x" * 100_000},
            {"text": "a%_'\\ đèn", "category_id": "1 OR 1=1", "latitude": "inf"},
            {"latitude": {}, "longitude": []},
            {"category_id": 10**30},
            {"unknown": 1},
        ):
            with self.subTest(str(params)[:60]):
                try:
                    self.assertIn("fields", self.suggest(**params))
                except JsonRpcException as error:
                    self.fail(error)


@tagged(*TAGS)
class TestSubmitLimits(SiteCase):
    def test_one_phone_sends_ten_in_an_hour(self):
        for _number in range(10):
            self.submitted()
        reply = self.submit()
        self.assertEqual(reply.status_code, 422)
        self.assertIn("(0269) 1022", reply.text)
        self.submitted(citizen_phone="0914 222 333")

    def test_one_address_sends_three_hundred_in_an_hour(self):
        limit = self.env["pakn.rate.limit"]
        for _number in range(300):
            limit._hit("site_submit", "127.0.0.1", 300, 3600)
        self.assertEqual(self.submit().status_code, 422)

    def test_what_was_not_taken_in_is_not_counted_for_the_phone(self):
        bad = [("files", ("a.jpg", b"<svg/>"))]
        for _number in range(11):
            self.assertEqual(self.submit(bad).status_code, 422)
        self.submitted()

    def test_what_is_wrong_gives_no_room_for_more(self):
        for _number in range(10):
            self.submitted()
            self.assertEqual(self.submit(citizen_name="").status_code, 422)
        self.assertEqual(self.submit().status_code, 422)

    def test_the_trap_catches_programs_and_says_so(self):
        before = self.count()
        reply = self.submit(pakn_fax_number="1")
        self.assertEqual(reply.status_code, 422)
        self.assertIn("(0269) 1022", reply.text)
        self.assertEqual(self.count(), before)


@tagged(*TAGS)
class TestSubmitVerified(SiteCase):
    """With what delivers codes, and the setting that asks for them."""

    PHONE = "0905 777 888"

    def setUp(self):
        super().setUp()
        self.texts = self.deliver_codes()
        self.env["ir.config_parameter"].set_param(
            "pakn_1022_website.require_verified", "True"
        )

    def last_code(self):
        return re.search(r"\b\d{6}\b", self.texts[-1])[0]

    def test_a_request_is_taken_in_with_the_code_alone(self):
        key, before = str(uuid.uuid4()), self.count()
        form = {"citizen_phone": self.PHONE, "key": key}
        reply = self.submit(**form)
        self.assertEqual(reply.status_code, 422)
        self.assertIn(f'value="{key}"', reply.text, "the form is kept")
        self.assertIn("Nguyễn Văn A", reply.text)
        self.assertEqual(self.count(), before)
        code = self.last_code()
        wrong = f"{(int(code) + 1) % 10**6:06d}"
        self.assertEqual(self.submit(**form, code=wrong).status_code, 422)
        self.assertEqual(self.count(), before)
        ticket = self.submitted(**form, code=code)
        self.assertTrue(ticket.is_phone_verified)

    def test_a_code_proves_one_phone_once(self):
        self.submit(citizen_phone=self.PHONE)
        code = self.last_code()
        other = self.submit(citizen_phone="0905 777 889", code=code)
        self.assertEqual(other.status_code, 422)
        self.submitted(citizen_phone=self.PHONE, code=code)
        self.assertEqual(
            self.submit(citizen_phone=self.PHONE, code=code).status_code, 422
        )

    def test_a_code_is_not_used_up_by_another_mistake(self):
        self.submit(citizen_phone=self.PHONE)
        form = {"citizen_phone": self.PHONE, "code": self.last_code()}
        self.assertEqual(self.submit(**form, citizen_name="").status_code, 422)
        bad = [("files", ("a.jpg", b"<svg/>"))]
        self.assertEqual(self.submit(bad, **form).status_code, 422)
        self.submitted(**form)

    def test_without_the_setting_a_code_is_optional(self):
        self.env["ir.config_parameter"].set_param(
            "pakn_1022_website.require_verified", "False"
        )
        self.assertFalse(self.submitted(citizen_phone=self.PHONE).is_phone_verified)
        reply = self.submit(citizen_phone=self.PHONE, action="send_code")
        self.assertEqual(reply.status_code, 200)
        ticket = self.submitted(citizen_phone=self.PHONE, code=self.last_code())
        self.assertTrue(ticket.is_phone_verified)

    def test_whose_phone_others_have_used_up_proves_it(self):
        self.env["ir.config_parameter"].set_param(
            "pakn_1022_website.require_verified", "False"
        )
        limit = self.env["pakn.rate.limit"]
        for _number in range(10):
            limit._hit("site_submit_phone", "+84905777888", 10, 3600)
        form = {"citizen_phone": self.PHONE}
        self.assertEqual(self.submit(**form).status_code, 422)
        ticket = self.submitted(**form, code=self.last_code())
        self.assertTrue(ticket.is_phone_verified)

    def test_codes_of_one_number_are_limited(self):
        for _number in range(3):
            self.submit(citizen_phone=self.PHONE, action="send_code")
        reply = self.submit(citizen_phone=self.PHONE, action="send_code")
        self.assertEqual(reply.status_code, 422)
