from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install", "pakn_1022")
class TestHelpTexts(TransactionCase):
    """An empty screen says what will stand there, in Vietnamese (Art. 15.4)."""

    def test_every_list_of_a_menu_says_what_it_is_when_it_is_empty(self):
        menus = self.env["ir.ui.menu"].search([("action", "!=", False)])
        ids = menus.get_external_id()
        silent, english = [], []
        for menu in menus:
            action = menu.action
            if (
                not ids[menu.id].startswith("pakn_1022")
                or action._name != "ir.actions.act_window"
                # A form is never empty
                or action.view_mode.startswith("form")
            ):
                continue
            said = action.with_context(lang="vi_VN").help
            if not said:
                silent.append(ids[menu.id])
            elif said == action.with_context(lang="en_US").help:
                english.append(ids[menu.id])
        self.assertFalse(silent)
        self.assertFalse(english)
