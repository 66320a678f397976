import email.policy
import re
import smtplib
import ssl

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.mail_policy import Headers

# Odoo sets this policy too, for all mails it makes or reads: a third of the time that a
# mail takes goes into making its headers
email.policy.SMTP = email.policy.SMTP.clone(header_factory=Headers())

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
        self.check_access("write")
        try:
            action = super().test_smtp_connection(autodetect_max_email_size)
        except UserError as error:
            raise UserError(say_why(self.env, error)) from error
        self.pakn_date_answered = fields.Datetime.now()
        return action


def say_why(env, error):
    """Return a sentence in place of what Odoo says of a mail server that failed.

    It quotes the error of the library, in English and with its number. What the server
    itself has replied is kept.
    """
    # Replies are bytes, quoted as Python writes them
    return say_cause(env, error) or re.sub(r"""b(['"])(.*?)\1""", r"“\2”", str(error))


def say_cause(env, error):
    """Return a sentence on an error of the library or the network.

    The operator reads it where it is said who was told, the administrator in a test.

    :param error: the one itself, or what was raised of it
    :return: str; None for what has no sentence
    """
    cause = error
    while cause and not isinstance(cause, OSError):  # as those of smtplib and ssl are
        cause = cause.__cause__ or cause.__context__
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
    replies = []
    if isinstance(cause, smtplib.SMTPRecipientsRefused):
        replies = list(cause.recipients.values())
    elif isinstance(cause, smtplib.SMTPResponseException):
        replies = [(cause.smtp_code, cause.smtp_error)]
    for code, words in replies[:1]:
        words = words.decode(errors="replace") if isinstance(words, bytes) else words
        reply = f"{code} {' '.join(str(words).split())[:200]}"
        if code >= 500:
            return env._("The mail server refuses the mail (%s).", reply)
        return env._("The mail server does not take the mail now (%s).", reply)
    if isinstance(cause, OSError) and not isinstance(cause, smtplib.SMTPException):
        return env._(
            "The server does not answer: check its address and port, and whether the "
            "network lets it through."
        )
    return None
