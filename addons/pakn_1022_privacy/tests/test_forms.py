from datetime import timedelta
from io import BytesIO

from odoo.exceptions import AccessError
from odoo.tests import tagged
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

    def test_the_notice_is_due_in_72_hours_and_names_what_was_lost(self):
        rows = self.env["pakn.processing"].search([], limit=2)
        breach = (
            self.env["pakn.breach"]
            .with_user(self.manager)
            .create(
                {
                    "name": "Mất máy tính",
                    "description": "Mất một máy tính xách tay.",
                    "processing_ids": rows.ids,
                    "count_people": 120,
                    "consequences": "Lộ số điện thoại.",
                    "measures": "Đã khóa tài khoản.",
                }
            )
        )
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
