from odoo import api, models
from odoo.exceptions import AccessError


class PaknOwn(models.AbstractModel):
    """What of Odoo's everybody keeps for oneself, and the administrator for all.

    Put before the model of Odoo that it is for; who makes or changes one, or makes one
    of something else, needs it to be the own one before and after.
    """

    _name = "pakn.own"
    _description = "Kept by everybody for oneself"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._check_own()
        return records

    def write(self, vals):
        self._check_own()
        result = super().write(vals)
        self._check_own()
        return result

    def unlink(self):
        self._check_own()
        return super().unlink()

    def _check_own(self):
        user = self.env.user
        if self.env.su or user.has_group("pakn_1022.group_manager"):
            return
        # sudo: whose they are, and what they are for
        if not all(record._is_own_or_others_matter(user) for record in self.sudo()):
            raise AccessError(self._say_not_own())

    def _is_own_or_others_matter(self, user):
        """Return whether it is this user's alone, or has nothing to do with us."""
        raise NotImplementedError

    def _say_not_own(self):
        """Return the sentence that refuses it."""
        raise NotImplementedError
