from odoo import api, models


class BusBus(models.Model):
    _inherit = "bus.bus"

    @api.model
    def _filter_heard(self, channels):
        """Leave out conversations that are the user's no more (Art. 13.1)."""
        heard = super()._filter_heard(channels)
        rooms = self.env["discuss.channel"].browse(
            self._get_ids(heard, "discuss.channel")
        )
        if not rooms:
            return heard
        # sudo: which are conversations with citizens; who reads them is asked then
        talks = rooms.sudo().exists().filtered(lambda one: one.pakn_account_id)
        talks = talks.with_env(self.env)
        lost = talks - talks._filtered_access("read")
        return self._leave_out(heard, "discuss.channel", set(lost.ids))
