import io
import json
import zipfile
from base64 import b64decode

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import TAGS, PaknCase, local

PHONE = "+84905123456"


@tagged(*TAGS)
class TestPrivacyRequest(PaknCase):
    """Decree 356/2025/ND-CP: what a citizen asks of personal data, and the clocks."""

    def ask(self, kind="see", **values):
        return (
            self.env["pakn.privacy.request"]
            .with_user(self.manager)
            .create({"phone": "0905 123 456", "kind": kind, **values})
        )

    def test_an_answer_is_due_within_two_working_days(self):
        # Friday noon: Monday noon is one working day, Tuesday noon two
        self.set_clock("2026-03-06 10:00")
        request = self.ask()
        self.assertEqual(request.date_answer_due, local("2026-03-10 10:00"))
        self.assertFalse(request.is_late)
        todo = request.activity_ids.filtered(lambda one: one.user_id == self.manager)
        self.assertEqual(str(todo.date_deadline), "2026-03-10")
        self.set_clock("2026-03-10 10:01")
        request.invalidate_recordset()
        self.assertTrue(request.is_late)
        self.assertIn(request, request.search([("is_late", "=", True)]))
        self.assertNotIn(request, request.search([("is_late", "=", False)]))

    def test_the_to_do_is_in_the_language_of_the_hotline(self):
        """Not in that of the citizen who asks on the site, or of who writes it down."""
        request = (
            self.env["pakn.privacy.request"]
            .with_user(self.manager)
            .with_context(lang="en_US")
            .create({"phone": "0905 123 456", "kind": "see"})
        )
        self.assertEqual(
            set(request.activity_ids.mapped("summary")),
            {"Trả lời yêu cầu của người dân về dữ liệu cá nhân"},
        )
        request.action_accept()
        self.assertEqual(
            set(request.activity_ids.mapped("summary")),
            {"Thực hiện yêu cầu của người dân về dữ liệu cá nhân"},
        )
        breach = (
            self.env["pakn.breach"]
            .with_user(self.manager)
            .with_context(lang="en_US")
            .create(
                {
                    "name": "Mất máy tính",
                    "description": "Ở cơ quan",
                    "consequences": "Chưa rõ",
                    "measures": "Đã khóa",
                }
            )
        )
        self.assertEqual(
            set(breach.activity_ids.mapped("summary")),
            {"Thông báo vi phạm cho cơ quan chuyên trách trong 72 giờ: Mất máy tính"},
        )

    def test_it_is_carried_out_within_ten_to_twenty_days_and_put_off_once(self):
        for kind, due in (
            ("see", "2026-03-12"),
            ("correct", "2026-03-12"),
            ("delete", "2026-03-22"),
            ("restrict", "2026-03-17"),
            ("object", "2026-03-17"),
            ("withdraw", "2026-03-17"),
        ):
            with self.subTest(kind):
                request = self.ask(kind)
                request.action_accept()
                self.assertEqual(str(request.date_due), due)
                self.assertEqual(request.state, "accepted")
        request._extend("Nhiều hồ sơ")
        self.assertEqual(str(request.date_due), "2026-04-01")
        with self.assertRaises(UserError):
            request._extend("Lần nữa")

    def test_a_refusal_says_why(self):
        request = self.ask("delete")
        dialog = (
            self.env["pakn.privacy.decision"]
            .with_user(self.manager)
            .create({"request_id": request.id, "what": "refuse", "reason": "  "})
        )
        with self.assertRaises(UserError):
            dialog.action_confirm()
        dialog.reason = "Hồ sơ nhà nước phải lưu"
        dialog.action_confirm()
        self.assertEqual(request.state, "refused")
        self.assertEqual(request.note, "Hồ sơ nhà nước phải lưu")
        self.assertFalse(request.activity_ids)
        with self.assertRaises(UserError):
            request.action_accept()

    def test_no_phone_is_no_request(self):
        with self.assertRaises(ValidationError):
            self.ask(phone="12")

    def test_the_package_holds_what_is_held_and_who_opened_it(self):
        ticket = self.transferred()
        stranger = self.new_ticket(citizen_phone="0905 999 888", title="Của người khác")
        secret = self.new_ticket(title="Bí mật").sudo()
        secret.secrecy = "secret"
        self.lead_slip(ticket, self.focal).answer("<p>Đã thay bóng đèn.</p>")
        ticket.with_user(self.focal).web_read({"citizen_name": {}})
        request = self.ask()
        request.action_accept()
        request.action_carry_out()
        content = b64decode(request.with_context(bin_size=False).package)
        archive = zipfile.ZipFile(io.BytesIO(content))
        held = json.loads(archive.read("thong-tin.json"))
        page = archive.read("thong-tin.html").decode()
        codes = [row["code"] for row in held["requests"]]
        self.assertIn(ticket.name, codes)
        self.assertNotIn(stranger.name, codes)
        self.assertNotIn(secret.name, codes, "a state secret leaves no house")
        [row] = [row for row in held["requests"] if row["code"] == ticket.name]
        self.assertEqual(row["name"], "Nguyễn Văn A")
        self.assertEqual(row["phone"], PHONE)
        self.assertIn("Đã thay bóng đèn", row["result"])
        self.assertEqual([one["who"] for one in row["opened"]], [self.unit.name])
        for text in (ticket.name, "Nguyễn Văn A", "12 Hùng Vương", self.unit.name):
            self.assertIn(text, page)
        self.assertNotIn("Của người khác", page)
        # After its time it is gone
        self.set_clock("2026-05-02 08:00")
        self.env["pakn.privacy.request"]._gc_packages()
        self.assertFalse(request.package)

    def test_restricted_means_confidential_and_off_the_site(self):
        ticket = self.done()
        request = self.ask("restrict")
        request.action_accept()
        request.action_carry_out()
        self.assertEqual(ticket.secrecy, "confidential")
        self.assertFalse(ticket.is_published)
        self.assertEqual(
            self.kinds(ticket)[-3:],
            ["unpublished", "updated", "updated"],
            "it is on record",
        )

    def test_who_withdraws_is_taken_off_the_site(self):
        ticket = self.done()
        request = self.ask("withdraw")
        request.action_accept()
        request.action_carry_out()
        self.assertFalse(ticket.is_published)
        self.assertEqual(ticket.secrecy, "public")

    def test_art13_1_who_objects_is_not_published_later_either(self):
        """Neither by an operator, nor by itself when the result comes."""
        params = self.env["ir.config_parameter"]
        params.set_param("pakn_1022_website.show_open", "True")
        category = self.env["pakn.category"].search([("parent_id", "!=", False)])[:1]
        category.write({"site_open": True, "is_published_unseen": True})
        done, handled = self.done(), self.transferred(category_id=category.id)
        handled.show_open("Đèn hỏng", "Đèn đường hỏng")
        stranger = self.transferred(
            category_id=category.id, citizen_phone="0905 999 888"
        )
        for kind in ("object", "withdraw"):
            request = self.ask(kind)
            request.action_accept()
            request.action_carry_out()
            for ticket in (done, handled):
                with self.subTest(kind, code=ticket.name):
                    self.assertFalse(ticket.is_published or ticket.is_shown)
                    self.assertTrue(ticket.date_withheld)
                    self.assertNotIn("publish", ticket.acts)
        self.assertFalse(handled.can_show_open)
        with self.assertRaisesRegex(UserError, "does not want"):
            done.publish()
        for ticket, is_public in ((handled, False), (stranger, True)):
            self.lead_slip(ticket, self.focal).answer("<p>Đã thay bóng đèn.</p>")
            ticket.send_result()
            self.assertEqual(ticket.is_published, is_public)
        self.assertIn("updated", self.kinds(handled))
        # Who agrees again may be published again, which is on record
        with self.assertRaises(AccessError):
            done.with_user(self.operator).action_allow_publication()
        done.with_user(self.manager).action_allow_publication()
        done.invalidate_recordset()
        done.publish()
        self.assertTrue(done.is_published)

    def test_what_is_late_is_not_put_off(self):
        """Else nobody would see that it was late."""
        request = self.ask("see")
        request.action_accept()
        self.set_clock("2026-03-12 16:00")
        self.assertFalse(request.is_late)
        self.set_clock("2026-03-13 00:30")
        request.invalidate_recordset()
        self.assertTrue(request.is_late)
        with self.assertRaisesRegex(UserError, "late already"):
            request._extend("Nhiều hồ sơ")

    def test_what_is_still_handled_is_not_deleted(self):
        ticket = self.transferred()
        request = self.ask("delete")
        request.action_accept()
        with self.assertRaises(UserError):
            request.action_carry_out()
        self.assertEqual(ticket.private_name, "Nguyễn Văn A")
        self.assertEqual(request.state, "accepted")
