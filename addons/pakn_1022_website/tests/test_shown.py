"""Open matters that the public reads of while they are handled (Art. 13.1)."""

import re

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from .site import SiteCase
from .test_art13_results import SAID, SECRETS, make_photo

OPEN = "/ket-qua?trang-thai=dang-xu-ly"


@tagged(*TAGS)
class TestShown(SiteCase):
    def setUp(self):
        super().setUp()
        self.env["ir.config_parameter"].set_param("pakn_1022_website.show_open", "True")
        self.category.site_open = True
        self.ticket = self.transferred(
            title="Đèn đường trước nhà ông Nguyễn Văn A hỏng",
            description=SAID,
            category_id=self.category.id,
            latitude=13.98765,
            longitude=108.01234,
        )

    def show(self, **texts):
        """Show the request as the operator does, through the dialog."""
        action = self.ticket.action_show_open()
        dialogs = self.env[action["res_model"]].with_user(self.operator)
        form = Form(dialogs.with_context(**action["context"]))
        for name, text in texts.items():
            form[name] = text
        form.save().action_confirm()
        self.env.flush_all()

    def pages(self):
        """Return what the public finds on list, map and page of the request."""
        self.env.invalidate_all()
        code = self.ticket.name
        page = self.get(f"/ket-qua/{code}")
        return (
            code in self.get(OPEN).text,
            code in self.get("/ban-do.json?bbox=100,10,110,16&z=9").text,
            page.status_code == 200,
        )

    def test_art13_1_nothing_is_shown_before_the_operator_has_looked(self):
        self.assertEqual(self.pages(), (False, False, False))
        self.show()
        self.assertEqual(self.pages(), (True, True, True))

    def test_art13_1_what_is_personal_is_hidden(self):
        self.show()
        texts = [
            self.get(path).text
            for path in (OPEN, f"/ket-qua/{self.ticket.name}", "/ban-do")
        ]
        texts.append(self.get("/ban-do.json?bbox=100,10,110,16&z=9").text)
        for text in texts:
            said = re.sub(r'csrf_token" value="[^"]+"', "", text)
            said = re.sub(r"/1022-site/\w+|/web/assets/[^\"]+", "", said)
            said = re.sub(r"data:image[^\"]+|tel:\d+|\(0269\) 1022", "", said)
            self.assertIn(self.ticket.public_title, said.replace("&#39;", "'"))
            for secret in ("Văn A", "0905", "gmail", "nguyenvana"):
                self.assertNotIn(secret, said)
        self.assertTrue(set(SECRETS) >= {"Văn A", "0905", "gmail"})
        self.assertNotIn("13.98765", texts[-1], "shown roughly")

    def test_off_by_default_and_by_field(self):
        self.show()
        params = self.env["ir.config_parameter"]
        params.set_param("pakn_1022_website.show_open", False)
        self.assertEqual(self.pages(), (False, False, False))
        self.assertNotIn("dang-xu-ly", self.get("/ket-qua").text)
        with self.assertRaises(UserError):
            self.ticket.show_open("Đèn hỏng", "Đèn hỏng")
        params.set_param("pakn_1022_website.show_open", "True")
        self.category.site_open = False
        self.assertEqual(self.pages(), (False, False, False))
        with self.assertRaises(UserError):
            self.ticket.show_open("Đèn hỏng", "Đèn hỏng")

    def test_who_may(self):
        for user in (self.focal, self.monitor):
            with self.assertRaises(AccessError):
                self.ticket.with_user(user).show_open("Đèn hỏng", "Đèn hỏng")
            with self.assertRaises(AccessError):
                self.ticket.with_user(user).hide_open()
        for texts in (("", "Đèn hỏng"), ("Đèn hỏng", " ")):
            with self.assertRaises(ValidationError):
                self.ticket.show_open(*texts)
        self.assertFalse(self.ticket.is_shown)

    def test_art13_1_what_becomes_confidential_or_secret_is_not_shown(self):
        self.show()
        ticket_sudo = self.ticket.sudo()
        for secrecy in ("confidential", "secret"):
            ticket_sudo._acting().secrecy = secrecy
            self.env.flush_all()
            with self.assertRaises(UserError):
                ticket_sudo.show_open("Đèn hỏng", "Đèn hỏng")
            self.ticket = ticket_sudo
            self.assertEqual(self.pages(), (False, False, False), secrecy)

    def test_its_state_is_told_and_it_is_no_result(self):
        self.show(title="Đèn đường hỏng")
        page = self.get(f"/ket-qua/{self.ticket.name}").text
        self.assertIn("Đang xử lý", page)
        self.assertIn(self.unit.name, page)
        self.assertIn("noindex", page)
        self.assertNotIn("application/ld+json", page)
        self.assertNotIn(self.ticket.name, self.get("/ket-qua").text)
        self.assertEqual(
            self.get("/ket-qua.rss?trang-thai=dang-xu-ly").status_code, 404
        )
        self.assertNotIn(self.ticket.name, self.get("/ket-qua.rss").text)
        self.assertNotIn(self.ticket.name, self.get("/sitemap.xml").text)
        kinds = self.kinds(self.ticket)
        self.assertEqual(kinds[-1], "published")
        titles = [step["title"] for step in self.ticket.sudo()._get_timeline()]
        self.assertIn("Everybody can follow it on the site, without your name", titles)

    def test_a_result_is_not_told_before_it_is_published(self):
        self.show(title="Đèn đường hỏng", description="Đèn hỏng đã ba ngày.")
        self.lead_slip(self.ticket, self.focal).answer("<p>Bóng đèn Zyxwv.</p>")
        self.assertEqual(self.pages(), (True, True, True))
        self.assertIn("Zyxwv", self.ticket.result)
        self.assertNotIn("Zyxwv", self.get(f"/ket-qua/{self.ticket.name}").text)
        self.assertNotIn(self.ticket.name, self.get(f"{OPEN}&q=zyxwv").text)
        self.ticket.send_result()
        self.assertEqual(self.pages(), (False, False, False), "answered, not public")
        self.ticket.publish()
        page = self.get(f"/ket-qua/{self.ticket.name}").text
        self.assertIn("Zyxwv", page)
        self.assertIn("Đèn hỏng đã ba ngày.", page, "the words seen to stay")
        self.assertFalse(self.ticket.is_shown)

    def test_the_dialog_of_the_result_keeps_the_words(self):
        self.show(title="Đèn đường hỏng", description="Đèn hỏng đã ba ngày.")
        self.lead_slip(self.ticket, self.focal).answer("<p>Đã thay bóng đèn.</p>")
        action = self.ticket.action_send_result()
        dialogs = self.env[action["res_model"]].with_user(self.operator)
        form = Form(dialogs.with_context(**action["context"]))
        self.assertEqual(form.title, "Đèn đường hỏng")
        self.assertIn("Đã thay bóng đèn.", form.result)
        form.save().action_confirm()
        self.assertTrue(self.ticket.is_published)
        self.assertIn("Đã thay bóng đèn.", self.ticket.public_result)

    def test_photos_are_those_of_the_citizen_alone(self):
        photos = self.env["ir.attachment"].with_user(self.operator)
        photo = photos.create({"name": "den.jpg", "raw": make_photo()})
        self.ticket.attachment_ids = photo
        slip = self.lead_slip(self.ticket, self.focal)
        other = photos.with_user(self.focal)
        other = other.create({"name": "sau.jpg", "raw": make_photo()})
        slip.add_files(other.ids)
        slip.answer("<p>Đã thay bóng đèn.</p>")
        with self.assertRaises(ValidationError):
            self.ticket.show_open("Đèn hỏng", "Đèn hỏng", other.ids)
        self.ticket.show_open("Đèn hỏng", "Đèn hỏng", photo.ids)
        self.env.flush_all()
        shown = self.get(f"/ket-qua/{self.ticket.name}/anh/1")
        self.assertEqual(shown.status_code, 200)
        self.assertNotIn(b"nha toi", shown.content)

    def test_withdrawn_and_reopened_it_is_gone(self):
        self.show()
        self.ticket.hide_open()
        self.env.flush_all()
        self.assertEqual(self.pages(), (False, False, False))
        self.assertFalse(self.ticket.public_title)
        self.assertEqual(self.kinds(self.ticket)[-1], "unpublished")
        self.show()
        self.ticket.cancel("Trùng")
        self.env.flush_all()
        self.assertEqual(self.pages(), (False, False, False))

    def test_what_is_corrected_is_hidden_anew(self):
        self.show(title="Đèn đường hỏng")
        # A name that nobody knew when it was shown
        self.ticket.write({"citizen_name": "Đường Hỏng"})
        self.assertNotIn("ường hỏng", self.ticket.public_title.replace("***", ""))

    def test_so_do_i_joins_and_follows_it(self):
        self.show()
        texts = self.deliver_codes()
        path = f"/ket-qua/{self.ticket.name}/toi-cung-vay"
        self.assertIn(path, self.get(f"/ket-qua/{self.ticket.name}").text)
        self.post(path, {"phone": "0914 222 333"})
        number = re.search(r"\d{6}", texts[-1])[0]
        reply = self.post(path, {"phone": "0914 222 333", "number": number})
        self.env.invalidate_all()
        self.assertEqual(self.ticket.supporter_count, 1)
        self.assertIn("/theo-doi-ket-qua", reply.text)
        data = {"ma": self.ticket.name, "email": "hang.xom@example.com"}
        self.assertEqual(self.post("/theo-doi-ket-qua", data).status_code, 200)
        subscription = self.env["pakn.subscription"].search(
            [("ticket_id", "=", self.ticket.id)]
        )
        subscription._confirm()
        self.lead_slip(self.ticket, self.focal).answer("<p>Đã thay bóng đèn.</p>")
        self.ticket.send_result()
        self.set_clock("2026-03-05 10:00")
        self.ticket.publish()
        self.set_clock("2026-03-05 11:00")
        news = subscription._get_news(self.env.cr.now())
        self.assertEqual(news[subscription], self.ticket.sudo())

    def join(self, texts, phone, **values):
        path = f"/ket-qua/{self.ticket.name}/toi-cung-vay"
        self.post(path, {"phone": phone, **values})
        number = re.search(r"\d{6}", texts[-1])[0]
        return self.post(path, {"phone": phone, "number": number, **values})

    def tell(self):
        with self.enter_registry_test_mode():
            cron = self.env.ref("pakn_1022_website.ir_cron_supporters")
            cron.method_direct_trigger()

    def test_who_joins_is_told_by_sms_and_forgotten(self):
        self.show()
        texts = self.deliver_codes()
        told = self.join(texts, "0914 222 333", tell="1")
        self.assertIn("nhắn tin cho ông/bà", told.text)
        self.join(texts, "0914 222 444")
        supporters = self.env["pakn.supporter"].sudo()
        mine = supporters.search([("ticket_id", "=", self.ticket.id)])
        self.assertEqual(sorted(filter(None, mine.mapped("phone"))), ["+84914222333"])
        count = len(texts)
        self.tell()
        self.assertEqual(len(texts), count, "it is open still")
        self.lead_slip(self.ticket, self.focal).answer("<p>Đã thay bóng đèn.</p>")
        self.ticket.send_result()
        self.env.flush_all()
        self.tell()
        self.assertEqual(len(texts), count, "it may be published yet")
        self.ticket.publish()
        self.env.flush_all()
        for _run in range(2):
            self.tell()
            self.assertEqual(len(texts), count + 1)
        self.assertIn(f"/ket-qua/{self.ticket.name}", texts[-1])
        self.assertFalse(any(mine.mapped("phone")))

    def test_who_joined_what_is_not_published_is_told_too(self):
        self.show()
        texts = self.deliver_codes()
        self.join(texts, "0914 222 333", tell="1")
        count = len(texts)
        cancelled = self.ticket.with_user(self.operator)
        cancelled._act_by_hand("cancelled", [["cancel", ["Trùng"]]])
        self.env.flush_all()
        self.tell()
        self.assertEqual(len(texts), count, "it may be taken back yet")
        self.set_clock("2026-03-02 08:01")
        self.tell()
        self.assertIn(self.ticket.name, texts[-1])
        self.assertNotIn("/ket-qua/", texts[-1])
        # What is settled takes no number any more
        supporters = self.env["pakn.supporter"]
        supporters._support(self.ticket, "+84914222555", is_to_be_told=True)
        self.assertFalse(supporters.sudo().search([("phone", "!=", False)]))

    def test_the_next_one_joins_instead_of_writing(self):
        params = {
            "text": "Đèn đường hỏng",
            "category_id": self.category.id,
            "latitude": 13.98765,
            "longitude": 108.01234,
        }

        def ask():
            return self.make_jsonrpc_request("/phan-anh/goi-y", params)["nearby"]

        self.assertFalse(ask()[0]["join"], "not public")
        self.show()
        self.assertEqual(ask()[0]["join"], f"/ket-qua/{self.ticket.name}")
