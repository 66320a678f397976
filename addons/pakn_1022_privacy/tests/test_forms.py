from datetime import timedelta
from io import BytesIO

from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfReader

from odoo.addons.pakn_1022.tests.common import TAGS, PaknCase


@tagged(*TAGS)
class TestForms(PaknCase):
    """Law 91/2025/QH15: impact assessment and notice of a breach, from the register."""

    def print(self, name, records):
        reports = self.env["ir.actions.report"].with_user(self.manager)
        content, kind = reports.with_context(
            force_report_rendering=True
        )._render_qweb_pdf(f"pakn_1022_privacy.{name}", records.ids)
        self.assertEqual(kind, "pdf")
        pages = PdfReader(BytesIO(content)).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())

    def test_the_assessment_holds_the_whole_register(self):
        rows = self.env["pakn.processing"].search([])
        self.assertTrue(rows)
        text = self.print("impact_form_report", rows)
        self.assertIn("HỒ SƠ ĐÁNH GIÁ TÁC ĐỘNG", text)
        for row in rows.with_context(lang="vi_VN"):
            for words in (row.name, row.duration):
                self.assertIn(" ".join(words.split()), text)

    def breach(self, **values):
        rows = self.env["pakn.processing"].search([], limit=2)
        breaches = self.env["pakn.breach"].with_user(self.manager)
        return breaches.create(
            {
                "name": "Mất máy tính",
                "description": "Mất một máy tính xách tay.",
                "processing_ids": rows.ids,
                "count_people": 120,
                "consequences": "Lộ số điện thoại.",
                "measures": "Đã khóa tài khoản.",
                **values,
            }
        )

    def test_a_breach_is_a_to_do_until_the_authority_is_told(self):
        self.set_clock("2026-03-02 08:00")
        breach = self.breach().with_context(tracking_disable=False)
        self.env.flush_all()
        self.env.cr.precommit.run()
        todo = breach.activity_ids.filtered(lambda one: one.user_id == self.manager)
        self.assertEqual(str(todo.date_deadline), "2026-03-05")
        breach.date_found = fields.Datetime.now() - timedelta(days=1)
        todo = breach.activity_ids.filtered(lambda one: one.user_id == self.manager)
        self.assertEqual(str(todo.date_deadline), "2026-03-04", "one, renewed")
        planned = breach.activity_schedule(summary="Gọi công an xã")
        breach.date_notified = fields.Datetime.now()
        self.assertEqual(breach.activity_ids, planned, "what somebody planned stays")
        self.env.flush_all()
        self.env.cr.precommit.run()
        told = breach.message_ids.sudo().tracking_value_ids.field_id.mapped("name")
        self.assertLessEqual({"date_found", "date_notified"}, set(told))

    def test_moments_of_a_breach_that_cannot_be(self):
        self.set_clock("2026-03-02 08:00")
        now = fields.Datetime.now()
        breach = self.breach()
        for values in (
            {"date_found": now + timedelta(hours=1)},
            {"date_notified": now + timedelta(hours=1)},
            {"date_notified": now - timedelta(hours=1)},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                breach.write(values)
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            breach.count_people = -1
            breach.flush_recordset()

    def test_the_notice_says_that_it_came_late(self):
        self.set_clock("2026-03-02 08:00")
        breach = self.breach()
        self.assertNotIn("quá hạn", self.print("breach_form_report", breach))
        self.set_clock("2026-03-09 08:00")
        breach.date_notified = fields.Datetime.now()
        self.assertIn("quá hạn", self.print("breach_form_report", breach))

    def test_the_notice_is_due_in_72_hours_and_names_what_was_lost(self):
        rows = self.env["pakn.processing"].search([], limit=2)
        self.set_clock("2026-03-02 08:00")
        breach = self.breach()
        self.assertEqual(breach.date_due - breach.date_found, timedelta(hours=72))
        self.assertEqual(breach.state, "open")
        text = self.print("breach_form_report", breach)
        for words in ("Mất máy tính", "120", "Đã khóa tài khoản", "72 giờ"):
            self.assertIn(words, text)
        for row in rows.with_context(lang="vi_VN"):
            self.assertIn(row.name.split()[0], text)
        breach.date_found -= timedelta(hours=73)
        breach.invalidate_recordset(["state"])
        self.assertEqual(breach.state, "late")
        breach.date_notified = breach.date_due
        self.assertEqual(breach.state, "notified")
        with self.assertRaises(AccessError):
            breach.with_user(self.operator).read(["name"])
