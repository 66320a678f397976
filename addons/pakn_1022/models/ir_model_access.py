from odoo import api, models

from .ir_rule import OURS


class IrModelAccess(models.Model):
    """What is not for somebody is said in plain words.

    Odoo jests, and names the number of the user and the name of the model (Art. 20:
    officials read it). Who looks for a mistake in debug mode sees all of that still.
    """

    _inherit = "ir.model.access"

    def _make_access_error(self, model, mode):
        error = super()._make_access_error(model, mode)
        return self._put_plainly(error, model, mode)

    @api.model
    def _put_plainly(self, error, model, operation):
        """Return an error that says of ours what somebody may not do, and whom to ask.

        :param error: Odoo's ``AccessError``
        :param str model: name of the model
        :param str operation: ``read``, ``write``, ``create`` or ``unlink``
        """
        if not model.startswith(OURS) or self.env.user.has_group("base.group_no_one"):
            return error
        # In the language of who reads it, whoever calls
        self = self.with_context(**self.env.user.context_get())
        what = self.env["ir.model"]._get(model).name or model
        sentences = {
            "read": self.env._("You have no right to see this (%s).", what),
            "write": self.env._("You have no right to change this (%s).", what),
            "create": self.env._("You have no right to add this (%s).", what),
            "unlink": self.env._("You have no right to delete this (%s).", what),
        }
        whom = self.env._("If your work needs it, please ask the administrator.")
        error.args = (f"{sentences[operation]} {whom}",)
        return error
