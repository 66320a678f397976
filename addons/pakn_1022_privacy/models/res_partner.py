import secrets

from odoo import models

# Of contacts, where the field is there; names and languages stay as Odoo needs them
EMPTY = (
    *("phone", "email", "street", "street2", "zip", "city", "vat", "comment"),
    *("function", "website", "ref", "barcode", "image_1920", "pakn_phone"),
    *("pakn_email", "pakn_verified_phone", "signup_type", "company_name"),
)
# Of accounts, where the fields are there: who they are to a provider of sign-ins
SUBJECT = {"oauth_provider_id", "oauth_uid"}


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _remove_personal_data(self):
        """Leave nothing of who somebody is; the contact stays as the end of links.

        Whoever calls this has checked the right. Accounts of the site are closed.
        """
        # sudo: the right is checked by who calls this; a change that is tracked would
        # be written down with the old number at the commit
        partners_sudo = self.sudo().with_context(tracking_disable=True)
        users_sudo = partners_sudo.with_context(active_test=False).user_ids
        subject = dict.fromkeys(SUBJECT & users_sudo._fields.keys(), False)
        for user_sudo in users_sudo:
            name = f"removed-{user_sudo.id}"
            user_sudo.write(
                {
                    "login": name,
                    "password": secrets.token_urlsafe(32),
                    "signature": False,
                    "active": False,
                    **subject,
                }
            )
        names = [name for name in EMPTY if name in self._fields]
        for partner_sudo in partners_sudo:
            partner_sudo.write(
                dict.fromkeys(names, False)
                | {
                    "name": self.env._("Citizen (data removed)"),
                    "country_id": False,
                    "state_id": False,
                }
            )
        partners_sudo.message_ids.unlink()
        if partners_sudo:
            partners_sudo.write({"active": False})
        self.env.flush_all()
        self.env.cr.execute(
            "DELETE FROM res_device_log WHERE user_id = ANY(%s)", [users_sudo.ids]
        )
