from contextlib import contextmanager

from odoo import api, fields, models
from odoo.tools import SQL


class PaknMailSent(models.Model):
    """A note that a mail went out, kept until the mail itself says so."""

    _name = "pakn.mail.sent"
    _description = "Mail that went out"
    _log_access = False

    # A number: the mail is being written in another transaction at that moment
    mail_id = fields.Integer(required=True, index=True)

    @api.model
    @contextmanager
    def _noting(self):
        """Give :class:`Notes`, which are committed one by one."""
        with self.env.registry.cursor() as cr:
            yield Notes(cr)


class Notes:
    """What went out of the mails that were claimed together; ``ids`` are theirs."""

    def __init__(self, cr):
        self.cr, self.ids = cr, []

    def add(self, mail_ids):
        """Note mails as sent, at once and for good."""
        if mail_ids:
            self.cr.execute(
                SQL(
                    "INSERT INTO pakn_mail_sent (mail_id) SELECT unnest(%s)",
                    list(mail_ids),
                )
            )
            self.cr.commit()  # pylint: disable=invalid-commit
            self.ids += mail_ids
