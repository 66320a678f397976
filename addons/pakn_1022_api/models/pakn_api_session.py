import hashlib
import secrets
from datetime import timedelta

from odoo import api, fields, models

# What a token begins with, so that one found in a file is known for what it is
PREFIX = "pakc_"
DAYS = 30


class PaknApiSession(models.Model):
    """A citizen who has signed in to a program by a code sent to the phone.

    The token is shown to the program once and kept as a hash; it opens the requests of
    that phone, by that program alone, until it ends or the citizen signs out. Nobody
    reads of it, staff included.
    """

    _name = "pakn.api.session"
    _description = "Citizen signed in to a program"
    _rec_name = "client_id"

    client_id = fields.Many2one(
        "pakn.api.client",
        string="Program",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    digest = fields.Char(
        required=True, readonly=True, copy=False, groups=fields.NO_ACCESS
    )
    number = fields.Char(
        string="Phone", required=True, readonly=True, groups=fields.NO_ACCESS
    )
    date_expires = fields.Datetime(
        string="Ends", required=True, readonly=True, index=True
    )

    _digest_unique = models.UniqueIndex("(digest)")

    @api.model
    def _open(self, client, number):
        """Sign a citizen in; return ``(token, UTC moment at which it ends)``.

        :param client: ``pakn.api.client``
        :param str number: E.164, proved by a code
        """
        text = PREFIX + secrets.token_urlsafe(32)
        ends = fields.Datetime.now() + timedelta(days=DAYS)
        # sudo: whoever has proved the phone; nobody else makes one
        self.sudo().create(
            {
                "client_id": client.id,
                "digest": self._digest(text),
                "number": number,
                "date_expires": ends,
            }
        )
        return text, ends

    @api.model
    def _digest(self, text):
        # 256 random bits need no slow hash
        return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()

    @api.model
    def _find(self, client, text):
        """Return what a token opens by a program, in sudo, or an empty record."""
        # sudo: who brings a token is no user
        return self.sudo().search(
            [
                ("digest", "=", self._digest(text)),
                ("client_id", "=", client.id),
                ("date_expires", ">", fields.Datetime.now()),
            ],
            limit=1,
        )

    @api.autovacuum
    def _gc_sessions(self):
        now = fields.Datetime.now()
        self.search([("date_expires", "<", now)], limit=10000).unlink()
