from odoo import api, fields, models

from ..tools.web_push import get_public, make_key


class PaknPushKey(models.Model):
    """The key by which push services know the hotline (VAPID, RFC 8292): one.

    Made when the addon is installed, and kept: browsers that have subscribed know no
    other. The private part is read by nobody, the public one by every page.
    """

    _name = "pakn.push.key"
    _description = "Key of push messages"
    _rec_name = "public"

    private = fields.Char(
        required=True, readonly=True, copy=False, groups=fields.NO_ACCESS
    )
    public = fields.Char(required=True, readonly=True, copy=False)

    @api.model
    def _make(self):
        """Make the key, where there is none."""
        keys_sudo = self.sudo()  # sudo: at the installation
        if not keys_sudo.search_count([], limit=1):
            private = make_key()
            keys_sudo.create({"private": private, "public": get_public(private)})

    @api.model
    def _get(self):
        """Return the key, in sudo: what it signs with is shown to nobody."""
        return self.sudo().search([], limit=1)
