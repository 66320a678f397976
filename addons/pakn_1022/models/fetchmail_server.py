from functools import partial

from odoo import models
from odoo.exceptions import UserError

from .ir_mail_server import say_why


class FetchmailServer(models.Model):
    """Mail is fetched so that none is lost when the server dies (Art. 3.2.2)."""

    _inherit = "fetchmail.server"

    def button_confirm_login(self):
        self.check_access("write")
        try:
            return super().button_confirm_login()
        except UserError as error:
            raise UserError(say_why(self.env, error)) from error

    def _connect__(self, allow_archived=False):
        """Read mails over IMAP without marking them.

        Odoo's way of reading marks a mail as seen and takes the mark back by a second
        command: who dies between the two has lost it.
        """
        connection = super()._connect__(allow_archived)
        if self._get_connection_type() == "imap":
            connection.retrieve_unread_messages = partial(_peek, connection)
        return connection


def _peek(connection):
    """Yield ``(number, bytes)`` of each mail nobody has seen (RFC 3501, 6.4.5)."""
    while connection._unread_messages:
        number = connection._unread_messages.pop()
        _result, data = connection.fetch(number, "(BODY.PEEK[])")
        yield number, data[0][1]
