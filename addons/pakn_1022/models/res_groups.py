from contextlib import contextmanager

from odoo import models

# What changes who is in a group, or which groups lead into it
MEMBERS = {"user_ids", "all_user_ids", "implied_ids", "implied_by_ids"}


class ResGroups(models.Model):
    _inherit = "res.groups"

    def write(self, vals):
        if MEMBERS.isdisjoint(vals):
            return super().write(vals)
        with self._handing_over():
            return super().write(vals)

    def unlink(self):
        with self._handing_over():
            return super().unlink()

    @contextmanager
    def _handing_over(self):
        """Have who loses a role here hand over the work, as by the account.

        Also who had it because a group led to another, and leads there no more.
        """
        # sudo: whoever may change the group
        group_sudo = self.env.ref("pakn_1022.group_operator").sudo()
        serving = group_sudo.all_user_ids._filter_serving()
        yield
        # Odoo keeps until then who is in which group; by a group that is gone, for good
        self.env.registry.clear_cache()
        leaving = serving - serving._filter_serving()
        if leaving:
            leaving._hand_over_work()
