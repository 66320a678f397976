import hashlib
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

# What a key begins with, so that one found in a file is known for what it is
PREFIX = "pakn_"
# Characters of a key that stay readable, to tell keys apart
SHOWN = len(PREFIX) + 6


class PaknApiKey(models.Model):
    """A key of a program: shown once when it is issued, kept as a hash.

    It has 256 random bits, so a plain SHA-256 is as good as a slow hash and finds the
    key by an index, in the same time whether there is one. Administrators read when it
    was used; the hash nobody.
    """

    _name = "pakn.api.key"
    _description = "Key of a program"
    _order = "create_date desc, id desc"
    _rec_name = "hint"

    client_id = fields.Many2one(
        "pakn.api.client",
        string="Program",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    hint = fields.Char(string="Begins with", required=True, readonly=True)
    digest = fields.Char(
        required=True, readonly=True, copy=False, groups=fields.NO_ACCESS
    )
    date_expires = fields.Datetime(string="Ends", required=True, readonly=True)
    date_used = fields.Datetime(string="Last used", readonly=True)
    date_revoked = fields.Datetime(string="Revoked", readonly=True)
    revoked_uid = fields.Many2one(
        "res.users", string="Revoked by", readonly=True, ondelete="restrict"
    )
    state = fields.Selection(
        [("valid", "Valid"), ("expired", "Ended"), ("revoked", "Revoked")],
        compute="_compute_state",
    )

    _digest_unique = models.UniqueIndex("(digest)")

    @api.depends("date_expires", "date_revoked")
    def _compute_state(self):
        now = fields.Datetime.now()
        for key in self:
            if key.date_revoked:
                key.state = "revoked"
            else:
                key.state = "valid" if key.date_expires > now else "expired"

    @api.model
    def _issue(self, client, date_expires, days_kept):
        """Return a new key of a program as a text, which is kept nowhere.

        :param client: the caller may write it, which has been checked
        :param datetime date_expires: UTC
        :param int days_kept: after so many days the keys from before end
        """
        text = PREFIX + secrets.token_urlsafe(32)
        # sudo: keys are made here alone, by who may write the program
        keys_sudo = self.sudo()
        last = fields.Datetime.now() + timedelta(days=days_kept)
        client.sudo().key_ids.filtered(
            lambda key: key.state == "valid" and key.date_expires > last
        ).date_expires = last
        keys_sudo.create(
            {
                "client_id": client.id,
                "hint": text[:SHOWN],
                "digest": self._digest(text),
                "date_expires": date_expires,
            }
        )
        return text

    @api.model
    def _digest(self, text):
        return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()

    @api.model
    def _find(self, text):
        """Return the valid key that ``text`` is, in sudo, or an empty record."""
        # sudo: who brings a key is no user yet
        return self.sudo().search(
            [
                ("digest", "=", self._digest(text)),
                ("date_revoked", "=", False),
                ("date_expires", ">", fields.Datetime.now()),
            ],
            limit=1,
        )

    def _note_used(self):
        """Note that a key was used, at most once a minute and past the transaction."""
        now = fields.Datetime.now()
        if self.date_used and now - self.date_used < timedelta(minutes=1):
            return
        # A page that reads has a transaction that cannot write
        with self.env.registry.cursor() as cr:
            cr.execute(
                SQL(
                    "UPDATE pakn_api_key SET date_used = %s WHERE id = %s", now, self.id
                )
            )

    def action_revoke(self):
        """Have these keys open nothing any more, at once."""
        self.check_access("read")
        self.client_id.check_access("write")
        # sudo: keys are changed here alone, by who may write their program
        valid_sudo = self.sudo().filtered(lambda key: not key.date_revoked)
        valid_sudo.write(
            {"date_revoked": fields.Datetime.now(), "revoked_uid": self.env.uid}
        )
        return True
