import re
import smtplib
import ssl

from odoo import fields, models
from odoo.exceptions import UserError

# What a test was about
TESTED = {
    *("smtp_host", "smtp_port", "smtp_encryption", "smtp_authentication"),
    *("smtp_user", "smtp_pass", "from_filter"),
}


class IrMailServer(models.Model):
    """Keeps when a server for outgoing mail answered its test, and says why not."""

    _inherit = "ir.mail_server"

    pakn_date_answered = fields.Datetime(
        string="Answered its test on", readonly=True, copy=False
    )

    def write(self, vals):
        if TESTED & vals.keys():
            vals = {**vals, "pakn_date_answered": False}
        return super().write(vals)

    def test_smtp_connection(self, autodetect_max_email_size=False):
        try:
            action = super().test_smtp_connection(autodetect_max_email_size)
        except UserError as error:
            raise UserError(say_why(self.env, error)) from error
        self.pakn_date_answered = fields.Datetime.now()
        return action


def say_why(env, error):
    """Return a sentence in place of what Odoo says of a mail server's failed test.

    It quotes the error of the library, in English and with its number. What the server
    itself has replied is kept.
    """
    cause = error.__cause__ or error.__context__
    if isinstance(cause, smtplib.SMTPAuthenticationError):
        return env._("The server refuses the user name or the password.")
    if isinstance(cause, ssl.SSLError):
        return env._(
            "No encrypted connection: check the kind of encryption and the port."
        )
    if isinstance(cause, smtplib.SMTPServerDisconnected):
        return env._(
            "The server ends the connection: check the port and the kind of encryption."
        )
    if isinstance(cause, OSError) and not isinstance(cause, smtplib.SMTPException):
        return env._(
            "The server does not answer: check its address and port, and whether the "
            "network lets it through."
        )
    # Replies are bytes, quoted as Python writes them
    return re.sub(r"""b(['"])(.*?)\1""", r"“\2”", str(error))
