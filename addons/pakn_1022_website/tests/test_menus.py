from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install", "pakn_1022")
class TestMenus(TransactionCase):
    """A menu leads to something."""

    def test_figures_of_visitors_are_offered_once_somebody_counts_them(self):
        menus = self.env["ir.ui.menu"].with_user(self.env.ref("base.user_admin"))
        menu = self.env.ref("website.menu_website_analytics").id
        self.assertNotIn(menu, menus.load_menus(False))
        self.env["website"].search([], limit=1).plausible_shared_key = "key"
        self.assertIn(menu, menus.load_menus(False))
