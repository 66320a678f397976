from odoo import api, models


class IrUiMenu(models.Model):
    """No menu leads to the figures of visitors as long as nobody counts them."""

    _inherit = "ir.ui.menu"

    @api.model
    def _load_menus_blacklist(self):
        # sudo: website - whether visitors are counted at all, not the key
        websites_sudo = self.env["website"].sudo()
        hidden = super()._load_menus_blacklist()
        if websites_sudo.search_count([("plausible_shared_key", "!=", False)], limit=1):
            return hidden
        menu = self.env.ref("website.menu_website_analytics", raise_if_not_found=False)
        return [*hidden, menu.id] if menu else hidden
