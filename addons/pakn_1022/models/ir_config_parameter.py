from odoo import api, models
from odoo.tools.misc import str2bool

# Settings that say how long a level has (Art. 11.1, 11.2)
HOURS = {f"pakn_1022.{level}_hours" for level in ("focal", "head", "province")}


class IrConfigParameter(models.Model):
    """Settings read as what they are: one dialect of yes and no for all addons."""

    _inherit = "ir.config_parameter"

    @api.model
    def set_param(self, key, value):
        """Ask whether open deadlines are counted anew when their hours change."""
        old = super().set_param(key, value)
        if key in HOURS and str(old or "") != str(value or ""):
            self.env["pakn.transfer"]._ask_for_recount()
        return old

    @api.model
    def _get_typed(self, key, default):
        """Return a setting as the type of ``default``, which holds where it is none.

        Read as superuser: the settings of the procedure bind everybody, whoever acts.

        :param str key: e.g. ``pakn_1022.focal_hours``
        :param default: ``bool``, ``int``, ``float`` or ``str``
        """
        # sudo: ir.config_parameter - see above
        value = self.sudo().get_param(key)
        if value in (False, None, ""):
            return default
        if isinstance(default, bool):
            return str2bool(value, default)
        try:
            # By way of a float: a screen of settings may have kept 8 as 8.0
            number = float(value) if isinstance(default, (int, float)) else value
            return type(default)(number)
        except ValueError:
            return default
