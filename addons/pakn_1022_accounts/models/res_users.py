import logging

from odoo import api, models
from odoo.exceptions import AccessDenied
from odoo.modules import module

_logger = logging.getLogger(__name__)

# What everybody knows: of Odoo's first account, and of our demonstration
KNOWN_PASSWORDS = frozenset(("admin", "1022gialai"))


class ResUsers(models.Model):
    """Who has which role is noted, and passwords that everybody knows open nothing."""

    _inherit = "res.users"

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        self.env["pakn.role.grant"]._note_roles()
        return users

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint(("group_ids", "active")):
            self.env["pakn.role.grant"]._note_roles()
        return result

    def action_totp_invite(self):
        """Ask people to use a second factor.

        Odoo has every account mail that to every other one, in the program's words.

        :raise AccessError: who may not change their accounts
        """
        self.check_access("write")
        return super().action_totp_invite()

    def _check_credentials(self, credential, env):
        """Refuse the password of the demonstration, and Odoo's, elsewhere.

        Right or wrong: an account that still has it has to be given another.
        """
        if (
            credential.get("type") == "password"
            and credential.get("password") in KNOWN_PASSWORDS
            and not self._is_demonstration()
        ):
            _logger.warning("a password that everybody knows was refused")
            raise AccessDenied
        return super()._check_credentials(credential, env)

    @api.model
    def _is_demonstration(self):
        """Return whether this database is one for demonstration, or of Odoo's tests."""
        if module.current_test:  # it is set by the class of a test alone
            return True
        demo = self.env["ir.module.module"].sudo()._get("pakn_1022_demo")
        return demo.state in ("installed", "to upgrade")
