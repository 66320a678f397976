from odoo import api, models


class BusBus(models.Model):
    _inherit = "bus.bus"

    def _poll(self, channels, last=0, ignore_ids=None):
        """Tell an open page what its user may hear now (Art. 18.4).

        Odoo asks what that is once, when the page is opened; whoever has lost a role
        since would hear the news of that role until it is closed.
        """
        # An account of staff that has become a citizen's is no longer one of staff
        if self.env.uid and not self.env.user._is_public():
            # What other processes have changed: this one may have served nobody since
            self.env.registry.check_signaling(self.env.cr)
            channels = self._filter_heard(channels)
        return super()._poll(channels, last, ignore_ids)

    @api.model
    def _filter_heard(self, channels):
        """Leave of an open page's channels those that its user may hear.

        :param channels: as the bus names them, see :meth:`_get_ids`
        """
        user = self.env.user
        if not user.active:
            return []
        lost = self._get_ids(channels, "res.groups") - set(user._get_group_ids())
        return self._leave_out(channels, "res.groups", lost)

    @api.model
    def _get_ids(self, channels, model):
        """Return of which records of a model they are: ``(database, model, id, …)``."""
        return {one[2] for one in channels if _is_of(one, model)}

    @api.model
    def _leave_out(self, channels, model, ids):
        return [one for one in channels if not (_is_of(one, model) and one[2] in ids)]


def _is_of(channel, model):
    return isinstance(channel, tuple) and len(channel) > 2 and channel[1] == model
