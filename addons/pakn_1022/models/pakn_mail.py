import base64
import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import html2plaintext, plaintext2html

from ..tools.incoming_mail import (
    get_header,
    get_recipients,
    get_references,
    is_automatic,
    parse_mail,
)

_logger = logging.getLogger(__name__)

ATTEMPTS = 3


class PaknMail(models.Model):
    """A mail to the hotline that became no request by itself (Art. 3.2.2).

    Nothing is lost: what failed is tried again some times and then waits for an
    operator; what a program sent by itself is kept without asking for attention.
    """

    _name = "pakn.mail"
    _description = "Unprocessed mail"
    _order = "date desc, id desc"
    _rec_name = "subject"

    date = fields.Datetime(
        string="Received on", required=True, readonly=True, default=fields.Datetime.now
    )
    email_from = fields.Char(string="From", readonly=True)
    subject = fields.Char(readonly=True)
    message_id = fields.Char(string="Message-ID", readonly=True, index="btree_not_null")
    reason = fields.Selection(
        [
            ("automatic", "Sent by a program: bounce, out of office"),
            ("refused", "Held back: too many mails of one sender, or a loop"),
            ("error", "Could not be read or stored"),
        ],
        required=True,
        readonly=True,
    )
    error = fields.Text(readonly=True)
    attempts = fields.Integer(readonly=True)
    raw = fields.Binary(string="Original mail", attachment=True, readonly=True)
    raw_name = fields.Char(compute="_compute_raw_name")
    text = fields.Html(compute="_compute_text", string="Content")
    state = fields.Selection(
        [
            ("pending", "To be looked at"),
            ("done", "Taken in"),
            ("dismissed", "Set aside"),
        ],
        required=True,
        default="pending",
        readonly=True,
        index=True,
    )
    ticket_id = fields.Many2one(
        "pakn.ticket", string="Request", readonly=True, index="btree_not_null"
    )

    def _compute_raw_name(self):
        for mail in self:
            mail.raw_name = f"mail-{mail.id}.eml"

    @api.depends("raw")
    def _compute_text(self):
        """Show the text alone: nothing of a stranger's HTML is run or loaded."""
        for mail in self:
            raw = base64.b64decode(mail.with_context(bin_size=False).raw or b"")
            try:
                part = parse_mail(raw).get_body(preferencelist=("plain", "html"))
                text = part.get_content() if part else ""
                if part and part.get_content_subtype() == "html":
                    text = html2plaintext(text)
            except Exception:  # noqa: BLE001 - any mail is here because it is odd
                text = raw[:20000].decode("utf-8", "replace")
            mail.text = plaintext2html(text[:20000])

    # ------------------------------------------------------------
    # AT THE GATEWAY
    # ------------------------------------------------------------

    @api.model
    def _get_aliases(self):
        """Return the aliases whose mail becomes requests."""
        # sudo: mail.alias - whoever runs the gateway
        return (
            self.env["mail.alias"]
            .sudo()
            .search(
                [
                    ("alias_model_id.model", "=", "pakn.ticket"),
                    ("alias_name", "!=", False),
                ]
            )
        )

    @api.model
    def _is_for_hotline(self, model, message):
        """Return whether a mail is for the hotline: by server, address or reference.

        :param str model: the model that the mail server is set to fill
        :param EmailMessage message: the mail
        """
        if model == "pakn.ticket":
            return True
        recipients = get_recipients(message)
        for alias in self._get_aliases():
            address = alias.alias_full_name.lower()
            if address in recipients or any(
                "@" not in address and recipient.partition("@")[0] == address
                for recipient in recipients
            ):
                return True
        references = get_references(message)
        return bool(references) and bool(
            self.env["mail.message"]
            .sudo()  # sudo: whoever runs the gateway
            .search_count(
                [("message_id", "in", references), ("model", "=", "pakn.ticket")],
                limit=1,
            )
        )

    @api.model
    def _take_in(self, raw, message, process):
        """Let Odoo's gateway process a mail for the hotline, and keep what it does not.

        :param bytes raw: the mail
        :param EmailMessage message: the same, parsed
        :param process: what Odoo does with it; returns the request's id or nothing
        :return: the id of the request, or ``False``
        :raise OperationalError: the database is busy; the caller tries again
        """
        message_id = get_header(message, "Message-Id").strip()
        known = message_id and (
            self.env["mail.message"]
            .sudo()
            .search_count(
                [("message_id", "=", message_id)], limit=1
            )  # sudo: whoever runs the gateway
            or self.sudo().search_count([("message_id", "=", message_id)], limit=1)
        )
        if known:
            return False  # delivered twice
        automatic = is_automatic(message)
        error = None
        try:
            with self.env.cr.savepoint():
                # Odoo notes a bounce where it came from, and makes nothing of it.
                bounce = automatic and self.env["mail.thread"]._detect_is_bounce(
                    message, self._parse_addresses(message)
                )
                if bounce or not automatic:
                    result = process()
                    if result:
                        return result
        except OperationalError:
            self._keep_beside(raw, message)
            raise
        except Exception as failure:
            error = failure
            _logger.warning(
                "Mail %s is kept as unprocessed.", message_id, exc_info=True
            )
        if automatic:
            reason = "automatic"
        else:
            reason = "error" if error else "refused"
        self._keep(raw, message, reason, error)
        return False

    @api.model
    def _parse_addresses(self, message):
        return {
            "to": get_header(message, "To"),
            "email_from": get_header(message, "From"),
        }

    @api.model
    def _keep(self, raw, message, reason, error=None):
        """Keep a mail for the operators, but for what a program sent by itself."""
        # sudo: whoever runs the gateway; nobody writes these by hand
        return self.sudo().create(
            {
                "email_from": get_header(message, "From")[:250],
                "subject": get_header(message, "Subject")[:250],
                "message_id": get_header(message, "Message-Id").strip() or False,
                "reason": reason,
                "error": error and f"{type(error).__name__}: {error}",
                "attempts": 1,
                "raw": base64.b64encode(raw),
                "state": "dismissed" if reason == "automatic" else "pending",
            }
        )

    @api.model
    def _keep_beside(self, raw, message):
        """Keep a mail although this transaction is lost.

        A mail server is not asked again for what it has handed out; over RPC, the
        caller is.
        """
        if self.env.context.get("default_fetchmail_server_id"):
            with self.env.registry.cursor() as cr:
                mails = self.with_env(self.env(cr=cr, context={}))
                mails._keep(raw, message, "error", None)

    # ------------------------------------------------------------
    # BY AN OPERATOR, OR AGAIN BY ITSELF
    # ------------------------------------------------------------

    def action_process(self):
        """Make requests of these mails, or put them to the request they answer."""
        self._check_operator()
        for mail in self:
            try:
                with self.env.cr.savepoint():
                    mail._process()
            except OperationalError:
                raise
            except Exception as error:
                raise UserError(
                    self.env._(
                        "This mail cannot be taken in: %(error)s\nDownload the "
                        "original, take in the request by hand, and set the mail "
                        "aside.",
                        error=error,
                    )
                ) from error
        return self.action_open_ticket()

    def action_dismiss(self):
        """Set these mails aside: nothing is to be done about them."""
        self._check_operator()
        self._check_pending()
        self.sudo().state = "dismissed"  # sudo: checked above
        return True

    def action_open_ticket(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "pakn.ticket",
            "res_id": self.ticket_id.id,
            "view_mode": "form",
        }

    def _check_operator(self):
        self.check_access("read")
        if not self.env.user.has_group("pakn_1022.group_operator"):
            raise AccessError(
                self.env._("Only an operator of the hotline may do this.")
            )

    def _check_pending(self):
        if self.filtered(lambda mail: mail.state == "done"):
            raise ValidationError(self.env._("This mail has been taken in already."))

    def _process(self):
        """Take this mail in without asking whether a program sent it, or a loop."""
        self.ensure_one()
        self._check_pending()
        # sudo: the gateway's work; who may ask for it is checked by the caller
        threads = self.env["mail.thread"].sudo()
        message = parse_mail(base64.b64decode(self.with_context(bin_size=False).raw))
        values = threads.message_parse(message)
        routes = threads.message_route(message, values, model="pakn.ticket")
        if not routes:
            routes = [("pakn.ticket", 0, {}, self.env.ref("base.user_root").id, None)]
        values.update(threads._message_parse_post_process(message, values, routes))
        ticket_id = threads._message_route_process(message, values, routes)
        self.sudo().write({"state": "done", "ticket_id": ticket_id})

    @api.model
    def _cron_process(self):
        """Try again what failed, some times: the trouble may have been ours."""
        mails = self.search(
            [
                ("state", "=", "pending"),
                ("reason", "=", "error"),
                ("attempts", "<", ATTEMPTS),
            ],
            order="id",
        )
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(mails))
        for mail in mails:
            mail.attempts += 1
            try:
                with self.env.cr.savepoint():
                    mail._process()
            except OperationalError:
                raise
            except Exception as error:
                mail.error = f"{type(error).__name__}: {error}"
                _logger.info("Mail %s failed again.", mail.message_id, exc_info=True)
            if not cron._commit_progress(1):
                return
