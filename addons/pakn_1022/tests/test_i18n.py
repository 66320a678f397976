import io

import polib

from odoo.modules import Manifest
from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export

from .common import TAGS


@tagged(*TAGS)
class TestVietnamese(TransactionCase):
    """Nothing in English is left in the Vietnamese interface."""

    def test_every_term_of_our_addons_has_a_vietnamese_translation(self):
        modules = self.env["ir.module.module"].search(
            [("name", "=like", "pakn_1022%"), ("state", "=", "installed")]
        )
        self.assertIn("pakn_1022", modules.mapped("name"))
        for name in modules.mapped("name"):
            with self.subTest(name):
                buffer = io.BytesIO()
                trans_export(False, [name], buffer, "po", self.env)
                wanted = {
                    entry.msgid for entry in polib.pofile(buffer.getvalue().decode())
                }
                path = Manifest.for_addon(name).path
                given = {
                    entry.msgid
                    for entry in polib.pofile(f"{path}/i18n/vi.po")
                    if entry.translated()
                }
                self.assertFalse(
                    wanted - given, "not in vi.po, or without a translation"
                )
                self.assertFalse(given - wanted, "in vi.po, but of no use anymore")

    def test_the_running_product_is_vietnamese_by_default(self):
        partner = self.env["res.partner"].create({"name": "Mới"})
        self.assertEqual(partner.lang, "vi_VN")
        self.assertEqual(self.env.ref("base.user_admin").lang, "vi_VN")
        state = self.env["pakn.ticket"].with_context(lang="vi_VN")._fields["state"]
        labels = dict(state._description_selection(self.env(context={"lang": "vi_VN"})))
        self.assertEqual(labels["transferred"], "Đã chuyển")
