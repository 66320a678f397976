from odoo import api, models
from odoo.fields import Domain

# More than this is shown as "100": who has a hundred does not count them
MOST = 100
# Menus that say how much waits behind them: the filter their lists begin with
WAITING = {
    "pakn_1022.pakn_ticket_menu_new": ("pakn.ticket", [("state", "=", "new")]),
    "pakn_1022.pakn_ticket_menu_to_send": (
        "pakn.ticket",
        [("state", "=", "answered")],
    ),
    "pakn_1022.pakn_ticket_menu_replies": (
        "pakn.ticket",
        [("has_new_reply", "=", True)],
    ),
    "pakn_1022.pakn_mail_menu": ("pakn.mail", [("state", "in", ["pending", "aside"])]),
    "pakn_1022.pakn_transfer_menu_mine": (
        "pakn.transfer",
        [("is_open", "=", True), ("is_mine", "=", True)],
    ),
}


class IrUiMenu(models.Model):
    """Menus that say how much waits behind them (Art. 20.3)."""

    _inherit = "ir.ui.menu"

    @api.model
    def get_pakn_counts(self):
        """Return ``{menu: count}`` of the caller's menus, at most ``MOST`` each.

        Counted with the caller's rights, so a number tells of no record that the list
        behind it does not show.
        """
        if not self.env.user._is_internal():
            return {}
        visible = self._visible_menu_ids()
        counts = {}
        for xmlid, (model, domain) in WAITING.items():
            menu = self.env["ir.model.data"]._xmlid_to_res_id(xmlid)
            if menu in visible:
                counts[xmlid] = self.env[model].search_count(Domain(domain), limit=MOST)
        return counts
