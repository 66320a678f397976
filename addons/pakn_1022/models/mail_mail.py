import re
import smtplib
import sys
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models, modules
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import html2plaintext

from ..tools import acts
from .ir_mail_server import say_cause

# Mails that are claimed together; after a crash one of them may be unclear
CLAIM = 20
# So often what went out is tried to be written beside others' acts
SETTLE = 10
# What opens something, in an address: the citizen's page, a rating, an account
_KEY = re.compile(r"[?&](?:amp;)?(?:access_|auth_signup_)?token=[^&\"'<>\s]+")
_RATE = re.compile(r"/rate/[\w-]+(?:/\d)?")
# What an SMTP server says for good: 550 no such user, 554 refused …
_PERMANENT = re.compile(r"\(?\b5\d\d\b")


class MailMail(models.Model):
    """Mail as a door of the outbox: claimed, committed, sent and settled.

    Odoo marks a mail as sent in the transaction in which it speaks with the mail
    server; if the program dies there, the mail is sent again. Ours are claimed in a
    transaction of their own before, in the order they go out, and each that went out is
    noted at once beside it (``pakn.mail.sent``), so that afterwards at most one of them
    is unclear, and that one is not sent a second time. What Odoo keeps of them is
    written for all that were claimed together: anew for each it takes twice as long.
    """

    _inherit = "mail.mail"

    pakn_notice_ids = fields.Many2many(
        "pakn.notice",
        "pakn_notice_mail_rel",
        string="Notices",
        readonly=True,
        copy=False,
    )
    pakn_claimed = fields.Datetime(
        string="Being sent since", readonly=True, copy=False, index="btree_not_null"
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Keep for those who read the message what was sent, without its keys."""
        return super().create(
            [
                vals | {"body": _RATE.sub("/rate/…", _KEY.sub("", vals["body"]))}
                if vals.get("body")
                else vals
                for vals in vals_list
            ]
        )

    def send_after_commit(self):
        """Leave them to the queue, which wakes at the commit and alone sends.

        Odoo would send from here beside it: one of the two fails over the other's
        row, and whoever acts waits for the mail server.
        """
        self.check_access("write")
        if modules.module.current_test:  # nothing is committed there
            return super().send_after_commit()
        if self:
            # sudo: ir.cron - whoever may write a message has it sent
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return None

    @api.model
    def process_email_queue(self, email_ids=(), batch_size=1000):
        """Settle first what a server left that died, then send as Odoo does."""
        if not email_ids:
            self._settle_interrupted()
        return super().process_email_queue(email_ids, batch_size)

    @api.model
    def _settle_interrupted(self):
        """Decide on what was claimed when the server died.

        What is noted as sent was sent; the first of the others is unclear.
        """
        claimed = self.search(
            Domain("pakn_claimed", "!=", False) & Domain("state", "=", "outgoing"),
            order="id",
        )
        notes = self.env["pakn.mail.sent"].search([("mail_id", "in", claimed.ids)])
        sent = claimed.browse(notes.mapped("mail_id"))
        sent.write({"state": "sent", "pakn_claimed": False})
        sent.pakn_notice_ids._settle("sent")
        notes.unlink()
        for mails in (claimed - sent).grouped("pakn_claimed").values():
            first = mails[0]
            reason = self.env._(
                "The server stopped while it was sent: unclear whether it arrived."
            )
            first.write({"state": "exception", "failure_reason": reason})
            first.pakn_notice_ids._fail(reason, is_unclear=True)
            mails.write({"pakn_claimed": False})

    def _send(self, auto_commit=False, *args, **options):
        """Claim ours in parts before they are sent, when the queue sends them."""
        ours = self.filtered("pakn_notice_ids")
        if not auto_commit or not ours:
            return super()._send(auto_commit, *args, **options)
        if self - ours:
            super(MailMail, self - ours)._send(auto_commit, *args, **options)
        ours = ours.sorted("id")
        for start in range(0, len(ours), CLAIM):
            part = ours[start : start + CLAIM]._claim()
            notices = {mail.id: mail.pakn_notice_ids for mail in part}
            # Odoo sends one by one and would read these for each
            part.recipient_ids.fetch(["name", "email_normalized"])
            part.attachment_ids.fetch(["name"])
            part.mail_message_id.mail_ids.fetch(["state"])
            try:
                with self.env["pakn.mail.sent"]._noting() as notes:
                    noted = part.with_context(pakn_notes=notes)
                    super(MailMail, noted)._send(False, *args, **options)
            except smtplib.SMTPServerDisconnected as error:
                # In the middle of one: nobody knows whether the server took it
                self.env.cr.rollback()
                self._settle_interrupted()
                ours[start:].filtered(lambda mail: mail.state == "outgoing")._put_off(
                    say_cause(self.env, error)
                )
                self.env.cr.commit()  # pylint: disable=invalid-commit
                return True
            try:
                part.exists().pakn_claimed = False
                told = self.env["pakn.notice"].union(*map(notices.get, notes.ids))
                told._settle("sent")
                self.env.cr.commit()  # pylint: disable=invalid-commit
            except OperationalError:
                # Somebody acted on a request of theirs: what went out is noted
                self._settle_again()
            # Only now this transaction sees them
            self.env["pakn.mail.sent"].search([("mail_id", "in", part.ids)]).unlink()
        return True

    def _claim(self):
        """Claim these, committed, and return those that still wait to be sent.

        From here on a crash leaves them claimed. Where somebody acts on a request of
        theirs at this moment, it is tried again; what that act took back is not sent.
        """
        mails = self
        for attempt in range(1, SETTLE + 1):
            mails.pakn_claimed = fields.Datetime.now()
            try:
                self.env.cr.commit()  # pylint: disable=invalid-commit
            except OperationalError:
                self.env.cr.rollback()
                if attempt == SETTLE:
                    raise
                mails = self.exists().filtered(lambda mail: mail.state == "outgoing")
            else:
                break
        return mails

    @api.model
    def _settle_again(self):
        """Settle by the notes what could not be written beside somebody's act."""
        for attempt in range(1, SETTLE + 1):
            self.env.cr.rollback()
            try:
                self._settle_interrupted()
                self.env.cr.commit()  # pylint: disable=invalid-commit
            except OperationalError:
                if attempt == SETTLE:
                    raise
            else:
                return

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        """Send staff no word of a state secret that somebody typed (Art. 13.1).

        The message stands on the request or slip, where they read it. What the outbox
        says is without words already; what the hotline writes to a citizen is meant
        for that way.
        """
        emails = super()._prepare_outgoing_list(mail_server, doc_to_followers)
        if self.pakn_notice_ids or self.model not in (acts.TICKET, acts.SLIP):
            return emails
        # sudo: whose mail it is decides, not who sends it
        record_sudo = self.env[self.model].sudo().browse(self.res_id).exists()
        slip_sudo = record_sudo if self.model == acts.SLIP else None
        ticket_sudo = record_sudo.ticket_id if slip_sudo else record_sudo
        if ticket_sudo.secrecy != "secret":
            return emails
        for email in emails:
            partner = email.get("partner_id")
            if partner and not partner.sudo().partner_share:  # sudo: as above
                notices = self.env["pakn.notice"].with_context(lang=partner.lang)
                subject, body = notices._make_kept_text(
                    ticket_sudo, notices.env._("a message for you"), slip_sudo
                )
                email.update(
                    subject=subject,
                    body=body,
                    body_alternative=html2plaintext(body),
                    attachments=[],
                )
        return emails

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Tell the outbox what became of each; try again what could not be sent."""
        ours = self.filtered("pakn_notice_ids")
        failed = ours.filtered(lambda mail: mail.state == "exception")
        notes = self.env.context.get("pakn_notes")
        if notes:
            notes.add((ours - failed).ids)
        else:
            (ours - failed).pakn_notice_ids._settle("sent")
        said = failure_reason
        for reason, mails in failed.grouped("failure_reason").items():
            said = self._say_failure(reason, failure_type)
            mails.failure_reason = said
            if failure_type != "mail_smtp" and (
                failure_type in ("mail_email_invalid", "mail_email_missing")
                or _PERMANENT.search(reason or "")
            ):
                mails.pakn_notice_ids._fail(said)
            else:
                mails._put_off(said)
        failed.pakn_claimed = False
        return super()._postprocess_sent_message(
            success_pids, success_emails, said, failure_type
        )

    def cancel(self):
        """Go the next way where an administrator takes a message out of the queue."""
        result = super().cancel()
        self._get_waiting_notices()._fail(self.env._("Its mail was cancelled."))
        return result

    def unlink(self):
        """Go the next way where a message is deleted before it was sent."""
        lost = self.filtered(lambda mail: mail.state != "sent")._get_waiting_notices()
        result = super().unlink()
        lost._fail(self.env._("Its mail was deleted."))
        return result

    def _get_waiting_notices(self):
        # sudo: pakn.notice - what may be done with mails is asked by Odoo
        return self.sudo().pakn_notice_ids.filtered(
            lambda notice: notice.state == "waiting"
        )

    def _say_failure(self, reason, failure_type):
        """Return a sentence on why a mail did not go out, for who reads the outbox.

        Odoo hands on the text of the error alone, in English, while it handles it.
        """
        if failure_type in ("mail_email_invalid", "mail_email_missing"):
            return self.env._("There is no valid email address to send it to.")
        if failure_type in ("mail_from_invalid", "mail_from_missing"):
            return self.env._("The hotline's own email address is not valid.")
        error = sys.exc_info()[1]
        if isinstance(error, UserError):  # Odoo's own words, translated
            return str(error)
        return say_cause(self.env, error) or self.env._(
            "The mail did not go out (%s).", reason or "-"
        )

    def _put_off(self, reason):
        """Try these again after a pause that grows, some times."""
        again = self.pakn_notice_ids._retry(reason)
        for mail in self.filtered(lambda mail: mail.pakn_notice_ids & again):
            pause = mail.pakn_notice_ids[0].date_next or fields.Datetime.now()
            mail.write({"state": "outgoing", "scheduled_date": pause})
        (self.filtered(lambda mail: not mail.pakn_notice_ids & again)).write(
            {"state": "exception", "failure_reason": reason}
        )
        if again:
            date = min(again.mapped("date_next"))
            date += timedelta(seconds=1)
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger(date)
