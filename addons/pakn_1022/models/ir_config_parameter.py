from odoo import api, models
from odoo.tools.misc import str2bool


class IrConfigParameter(models.Model):
    """Settings read as what they are: one dialect of yes and no for all addons."""

    _inherit = "ir.config_parameter"

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
