from odoo import api, models


class ThemeUtils(models.AbstractModel):
    """What a theme switches on and off as it is installed (Art. 18.4).

    Odoo does so as superuser for whoever calls it: any citizen with an account could
    take styles and scripts out of the site.
    """

    _inherit = "theme.utils"

    @api.private
    @api.model
    def enable_asset(self, name):
        return super().enable_asset(name)

    @api.private
    @api.model
    def disable_asset(self, name):
        return super().disable_asset(name)

    @api.private
    @api.model
    def enable_view(self, xml_id):
        return super().enable_view(xml_id)

    @api.private
    @api.model
    def disable_view(self, xml_id):
        return super().disable_view(xml_id)
