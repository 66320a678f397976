import secrets
from datetime import timedelta

from odoo import api, fields, models

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz"
# 55 ** 10: nobody finds one by trying
LENGTH = 10
KEPT_DAYS = 400


class PaknShortLink(models.Model):
    """A short address ``/t/CODE`` for a long one of ours, for texts paid by length."""

    _name = "pakn.short.link"
    _description = "Short link"
    _rec_name = "code"

    code = fields.Char(required=True, readonly=True)
    path = fields.Char(required=True, readonly=True)

    _code_unique = models.UniqueIndex("(code)")
    _path_idx = models.Index("(path)")

    @api.model
    def _shorten(self, path):
        """Return the short address of a path of this server.

        :param str path: beginning with one slash
        """
        links = self.sudo()  # sudo: made by the system for its messages
        link = links.search([("path", "=", path)], limit=1)
        if not link:
            code = "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))
            link = links.create({"code": code, "path": path})
        return f"{self.get_base_url()}/t/{link.code}"

    @api.autovacuum
    def _gc_old_links(self):
        limit = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        self.search([("create_date", "<", limit)], limit=10000).unlink()
