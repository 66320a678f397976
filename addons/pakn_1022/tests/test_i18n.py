import io

import polib

from odoo.modules import Manifest
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL
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

    def test_an_upgrade_brings_the_new_words_and_keeps_those_of_the_house(self):
        """As with ``--i18n-overwrite``, by which upgrades are done (running.md)."""
        local = self.env(context={"lang": "vi_VN"})
        menu = local.ref("pakn_1022.pakn_ticket_menu")
        field = local["ir.model.fields"]._get("pakn.ticket", "citizen_name")
        stage = local["pakn.stage"].search([], limit=1)
        template = local["mail.template"].search(
            [("pakn_act", "=", "received"), ("pakn_audience", "=", "citizen")], limit=1
        )
        now = menu.name, field.field_description
        menu.name = field.field_description = "Chữ của bản trước"
        stage.name = "Cột của chúng tôi"
        template.subject = "Tiêu đề của chúng tôi"
        modules = self.env["ir.module.module"]
        modules._load_module_terms(["pakn_1022"], ["vi_VN"], overwrite=True)
        self.assertEqual((menu.name, field.field_description), now)
        self.assertEqual(stage.name, "Cột của chúng tôi")
        self.assertEqual(template.subject, "Tiêu đề của chúng tôi")

    def test_whatever_administrators_word_themselves_is_theirs_at_an_upgrade(self):
        """Such records are ``noupdate``: text and translation are left alone."""
        views = ("ir.ui.", "ir.actions.", "ir.model", "ir.module", "res.groups")
        rows = self.env.execute_query(
            SQL(
                """SELECT model, module || '.' || name FROM ir_model_data
                    WHERE module LIKE %s AND NOT COALESCE(noupdate, false)""",
                "pakn_1022%",
            )
        )
        theirs = [
            name
            for model, name in rows
            if not model.startswith(views)
            and model in self.env
            and any(
                field.translate and field.store
                for field in self.env[model]._fields.values()
            )
        ]
        self.assertEqual(theirs, [])
