from odoo import api, models
from odoo.fields import Domain


class PaknTicket(models.Model):
    """Which requests an account on the site may see.

    Those sent from it, and those of the phone that its owner has proved to have. A
    contact's own phone and email prove nothing: who has an account writes there what
    he or she likes.
    """

    _inherit = "pakn.ticket"

    @api.model
    def _get_account_domain(self, user):
        """Return the requests of an account, to be searched in sudo."""
        if not user._is_portal():
            return Domain.FALSE
        partner_sudo = user.sudo().partner_id  # sudo: the user's own contact
        domain = Domain("account_id", "=", partner_sudo.id)
        if partner_sudo.pakn_verified_phone:
            domain |= Domain("private_phone", "=", partner_sudo.pakn_verified_phone)
        return domain & Domain("secrecy", "!=", "secret")

    def _is_of_account(self, user):
        """Return whether this request is one of the user's account; in sudo."""
        self.ensure_one()
        return bool(self.filtered_domain(self._get_account_domain(user)))
