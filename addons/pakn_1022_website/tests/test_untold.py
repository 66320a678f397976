import re

from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import TAGS, local

from .site import SiteCase


@tagged(*TAGS)
class TestUntold(SiteCase):
    """What stays between hotline and units is not on the citizen's page (Art. 10.1)."""

    def setUp(self):
        super().setUp()
        self.ticket = self.submitted(category_id=self.category.id)
        self.operated = self.ticket.with_user(self.operator)

    def page(self):
        """Return the citizen's page of the request as plain text."""
        reply = self.get(self.follow_url(self.ticket))
        self.assertEqual(reply.status_code, 200)
        return " ".join(re.sub(r"<[^>]+>", " ", reply.text).split())

    def comment(self, text, **values):
        """Write on the request as the operator does to a person, not as a note."""
        file = self.env["ir.attachment"].create(
            {"name": f"{text}.txt", "raw": b"x", "res_model": "pakn.ticket"}
        )
        file.res_id = self.ticket.id
        return self.operated.message_post(
            body=text,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachment_ids=file.ids,
            **values,
        )

    def test_an_internal_comment_is_never_shown(self):
        self.comment("Gửi ông A", is_internal=False)
        internal = self.comment("Nói riêng với nhau", is_internal=True)
        page = self.page()
        self.assertIn("Gửi ông A", page)
        self.assertNotIn("Nói riêng", page)
        files = self.ticket._get_citizen_files()
        self.assertEqual(files.mapped("name"), ["Gửi ông A.txt"])
        # What was told and then is made internal is not told from then on
        internal.sudo().search([("body", "ilike", "Gửi ông A")]).is_internal = True
        self.env.flush_all()
        self.assertNotIn("Gửi ông A", self.page())

    def test_art11_3_the_extension_of_a_supporting_unit_is_not_told(self):
        self.operated.transfer([self.unit.id, self.other_unit.id])
        slips = self.ticket.transfer_ids
        lead = self.lead_slip(self.ticket, self.focal)
        support = (slips - lead.sudo()).with_user(self.other_focal)
        support.schedule(local("2026-03-10 10:00"), "Đợi bản vẽ")
        support.extend(local("2026-03-12 10:00"), "Đợi bên cung cấp")
        page = self.page()
        self.assertIn("Sở Khác", page, "that it helps is told")
        for hidden in ("12/03/2026", "10/03/2026", "xin gia hạn", "Đợi"):
            self.assertNotIn(hidden, page)
        kinds = [step["kind"] for step in self.ticket._get_timeline()]
        self.assertNotIn("extended", kinds)
        self.assertNotIn("scheduled", kinds)
        # That of the unit in charge is
        lead.schedule(local("2026-03-11 10:00"), "Chờ xe thang")
        lead.extend(local("2026-03-13 10:00"), "Thiếu vật tư")
        page = self.page()
        self.assertIn("xin gia hạn đến 10:00 thứ Sáu, 13/03/2026", page)
        self.assertIn("Thiếu vật tư", page)
        self.assertNotIn("12/03/2026", page)
