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
        [address] = self._shorten_all([path]).values()
        return address

    @api.model
    def _shorten_all(self, paths):
        """Return ``{path: short address}``; queries do not grow with their number."""
        links = self.sudo()  # sudo: made by the system for its messages
        base = self.get_base_url()
        # Known within this transaction: texts ask one by one
        known = self.env.cr.cache.setdefault("pakn_short_links", {})
        wanted = [path for path in dict.fromkeys(paths) if path not in known]
        if wanted:
            found = links.search([("path", "in", wanted)])
            known |= {link.path: link.code for link in found}
            missing = [path for path in wanted if path not in known]
            created = links.create(
                [{"code": self._make_code(), "path": path} for path in missing]
            )
            known |= {link.path: link.code for link in created}
        return {path: f"{base}/t/{known[path]}" for path in paths}

    @api.model
    def _make_code(self):
        return "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))

    @api.autovacuum
    def _gc_old_links(self):
        limit = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        self.search([("create_date", "<", limit)], limit=10000).unlink()
