import hashlib
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

DAYS = 7


class PaknApiCall(models.Model):
    """A call that a program has named, so that one sent twice is done once.

    Written in the transaction of what it does. Requests that are handed in have a name
    for ever, on themselves; these of messages are kept for some days.
    """

    _name = "pakn.api.call"
    _description = "Named call of a program"
    _rec_name = "client_id"

    client_id = fields.Many2one(
        "pakn.api.client", required=True, readonly=True, index=True, ondelete="restrict"
    )
    digest = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    fingerprint = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)

    _digest_unique = models.UniqueIndex("(digest)")

    @api.model
    def _note(self, client, name, fingerprint):
        """Note a call; return ``same`` or ``other`` where the name was used, else "".

        Of two at one moment one waits and is then done over, by PostgreSQL and Odoo.

        :param str name: of the call, with its address
        :param str fingerprint: hash of what was sent
        """
        text = f"{client.id} {name}"
        digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """INSERT INTO pakn_api_call (client_id, digest, fingerprint,
                       create_uid, create_date, write_uid, write_date)
                   VALUES (%s, %s, %s, %s, %s, %s, %s)
                   ON CONFLICT (digest) DO NOTHING""",
                *(client.id, digest, fingerprint),
                *(self.env.uid, now, self.env.uid, now),
            )
        )
        if self.env.cr.rowcount:
            return ""
        # sudo: whether what was sent is the same, told to who sent it
        known_sudo = self.sudo().search([("digest", "=", digest)], limit=1)
        return "same" if known_sudo.fingerprint == fingerprint else "other"

    @api.autovacuum
    def _gc_calls(self):
        limit = fields.Datetime.now() - timedelta(days=DAYS)
        self.search([("create_date", "<", limit)], limit=10000).unlink()
