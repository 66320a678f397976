import base64
import logging
from datetime import timedelta

from psycopg2 import Error, IntegrityError, OperationalError

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL, email_normalize, plaintext2html

from ..tools.incoming_mail import (
    get_recipients,
    get_references,
    make_digest,
    strip_subject,
)
from ..tools.mail_content import (
    File,
    build_mail,
    hide_keys_of_mail,
    parse_mail,
    read_mail,
)
from ..tools.mail_headers import get_header, get_proved, get_writer
from ..tools.mail_origin import FAILED, PERSON, get_origin

_logger = logging.getLogger(__name__)

ATTEMPTS = 3
# Days for which an original is kept unless the administrator says otherwise
ORIGINAL_DAYS = 90
SHOWN_LENGTH = 20000


class PaknMail(models.Model):
    """A mail to the hotline: its original, and what became of it (Art. 3.2.2).

    Nothing is lost: what failed is tried again some times and then waits for an
    operator; what a program sent by itself is set aside where operators see it. The
    original of each mail can be opened by operators for some time.
    """

    _name = "pakn.mail"
    _description = "Mail to the hotline"
    _order = "date desc, id desc"
    _rec_name = "subject"

    date = fields.Datetime(
        string="Received on", required=True, readonly=True, default=fields.Datetime.now
    )
    email_from = fields.Char(string="From", readonly=True)
    subject = fields.Char(readonly=True)
    message_id = fields.Char(string="Message-ID", readonly=True, index="btree_not_null")
    digest = fields.Char(
        readonly=True, help="Tells two mails apart that bear the same Message-ID."
    )
    reason = fields.Selection(
        [
            ("automatic", "Sent by a program: bounce, out of office"),
            ("refused", "Held back: too many mails of one sender, or a loop"),
            ("error", "Could not be read or stored"),
        ],
        readonly=True,
    )
    error = fields.Text(readonly=True)
    attempts = fields.Integer(readonly=True)
    is_unsure = fields.Boolean(
        string="Look at the original",
        readonly=True,
        help="Letters could not be read, the mail is damaged, or its words were found "
        "in an unusual place.",
    )
    raw = fields.Binary(string="Original mail", attachment=True, readonly=True)
    raw_name = fields.Char(compute="_compute_raw_name")
    text = fields.Html(compute="_compute_text", string="Content")
    state = fields.Selection(
        [
            ("pending", "To be looked at"),
            ("aside", "A program's"),
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
            mail.text = plaintext2html(read_mail(parse_mail(raw)).text[:SHOWN_LENGTH])

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
        :param process: what Odoo does with the bytes of a mail and a context; returns
            the request's id or nothing
        :return: the id of the request, or ``False``
        :raise OperationalError: the database is busy; the caller tries again
        """
        content = read_mail(message)
        values = self._describe(raw, message, content)
        if self._is_known(values):
            return False  # delivered twice
        origin = get_origin(message)
        error = None
        try:
            with self.env.cr.savepoint():
                result = False
                if origin == PERSON:
                    result = self._process_content(
                        raw, message, content, values, process
                    )
                elif origin == FAILED and self.env["mail.thread"]._detect_is_bounce(
                    message, self._parse_addresses(message)
                ):
                    # Odoo notes a bounce where it came from, and makes nothing of it.
                    process(raw, {})
                if result:
                    self._keep({**values, "state": "done", "ticket_id": result})
                    return result
        except OperationalError:
            self._keep_beside(values)
            raise
        except Exception as failure:
            error = failure
            _logger.warning(
                "Mail %s is kept as unprocessed.", values["message_id"], exc_info=True
            )
        if origin != PERSON:
            reason = "automatic"
        else:
            reason = "error" if error else "refused"
        self._keep(
            {
                **values,
                "reason": reason,
                "error": error and f"{type(error).__name__}: {error}",
                "attempts": 1,
                "state": "aside" if reason == "automatic" else "pending",
            }
        )
        return False

    @api.model
    def _process_content(self, raw, message, content, values, process):
        """Hand a person's mail to Odoo: as it is, or built anew where Odoo errs."""
        # Of the mail as it came: what is built anew has one sender always
        sender = get_proved(message)
        namesake = values["message_id"] and self._get_namesakes(values)
        if content.marks:
            original = File(
                self.env._("original-mail.eml"),
                "message/rfc822",
                hide_keys_of_mail(raw),
            )
            content = content._replace(files=[*content.files, original])
        # Odoo drops what bears a known name.
        name = f"<{values['digest'][:32]}@namesake>" if namesake else None
        if content.marks or name or not content.is_plain:
            raw = build_mail(message, content, name)
        return process(raw, self._make_context(content) | {"pakn_mail_from": sender})

    @api.model
    def _make_context(self, content):
        """Return what methods of the request are told beside what Odoo read."""
        return {
            "pakn_mail_text": content.text,
            "pakn_mail_unsure": bool(content.marks),
        }

    @api.model
    def _describe(self, raw, message, content):
        """Return the values of a mail, without what became of it."""
        return {
            "email_from": get_header(message, "From")[:250],
            "subject": get_header(message, "Subject")[:250],
            "message_id": get_header(message, "Message-Id")[:500] or False,
            "digest": make_digest(message, content),
            "is_unsure": bool(content.marks),
            "raw": base64.b64encode(hide_keys_of_mail(raw)),
        }

    @api.model
    def _is_known(self, values):
        """Return whether this very mail came before, or is one of ours that came back.

        Another mail may bear the same Message-ID: some programs give each the same.
        """
        if not values["message_id"]:
            return False
        # sudo: whoever runs the gateway
        mails = self.sudo().search([("message_id", "=", values["message_id"])])
        if values["digest"] in mails.mapped("digest"):
            return True
        messages = self._get_namesakes(values)
        if mails.filtered("digest"):
            messages = messages.filtered(lambda found: found.message_type != "email")
        sender = email_normalize(values["email_from"])
        return any(email_normalize(found.email_from) == sender for found in messages)

    @api.model
    def _get_namesakes(self, values):
        # sudo: whoever runs the gateway
        messages = self.env["mail.message"].sudo()
        return messages.search([("message_id", "=", values["message_id"])], limit=20)

    @api.model
    def _parse_addresses(self, message):
        return {
            "to": get_header(message, "To"),
            "email_from": get_header(message, "From"),
        }

    @api.model
    def _keep(self, values):
        """Keep a mail and what became of it."""
        # sudo: whoever runs the gateway; nobody writes these by hand
        return self.sudo().create(values)

    @api.model
    def _keep_beside(self, values):
        """Keep a mail although this transaction is lost.

        A mail server is not asked again for what it has handed out; over RPC, the
        caller is.
        """
        if self.env.context.get("default_fetchmail_server_id"):
            with self.env.registry.cursor() as cr:
                mails = self.with_env(self.env(cr=cr, context={}))
                mails._keep({**values, "reason": "error", "attempts": 1})

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
                _logger.info("Mail %s failed by hand.", mail.id, exc_info=True)
                raise UserError(
                    self.env._(
                        "This mail cannot be taken in: %(error)s\nDownload the "
                        "original, take in the request by hand, and set the mail "
                        "aside.",
                        error=self._explain(error),
                    )
                ) from error
        return self.action_open_ticket()

    def _explain(self, error):
        """Return why a mail could not be taken in, in a sentence for the operator."""
        if isinstance(error, UserError):
            return str(error)
        if isinstance(error, IntegrityError):
            return self.env._(
                "the database does not accept it (rule “%s”); please tell the "
                "administrator.",
                error.diag.constraint_name or error.diag.column_name or "?",
            )
        if isinstance(error, Error):
            return self.env._(
                "the database cannot store it; please tell the administrator."
            )
        return self.env._(
            "the system stumbled over its form (%s); please tell the administrator.",
            type(error).__name__,
        )

    def action_dismiss(self):
        """Set these mails aside: nothing is to be done about them."""
        self._check_operator()
        self._check_pending()
        self.sudo().state = "dismissed"  # sudo: checked above
        return True

    def action_open_ticket(self):
        if len(self) > 1:
            name = self.env._("Requests")
            return {
                "type": "ir.actions.act_window",
                "name": name,
                "res_model": "pakn.ticket",
                "view_mode": "list,form",
                "domain": [("id", "in", self.ticket_id.ids)],
            }
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
        """Take this mail in without asking whether a program sent it, or a loop.

        What Odoo cannot make of it is made of its words alone, with the original as a
        file.
        """
        self.ensure_one()
        # Wait for who takes it in at the same moment: refused by PostgreSQL then, and
        # done over, it is said to be taken in already
        self.env.cr.execute(
            SQL("SELECT FROM pakn_mail WHERE id = %s FOR NO KEY UPDATE", self.id),
            log_exceptions=False,
        )
        self.invalidate_recordset(["state"])
        self._check_pending()
        raw = base64.b64decode(self.with_context(bin_size=False).raw or b"")
        message = parse_mail(raw)
        content = read_mail(message)
        try:
            with self.env.cr.savepoint():
                ticket_id = self._process_content(
                    raw,
                    message,
                    content,
                    self._describe(raw, message, content),
                    self._route,
                )
        except (OperationalError, UserError, IntegrityError):
            raise
        except Exception:  # noqa: BLE001 - any mail is here because it is odd
            _logger.info("Mail %s is taken in by its words.", self.id, exc_info=True)
            ticket_id = self._create_ticket(raw, message, content)
        # sudo: what became of it is not written by hand
        self.sudo().write({"state": "done", "ticket_id": ticket_id, "error": False})

    def _route(self, raw, context):
        """Let Odoo make a request of a mail, or put it to the one it answers."""
        # sudo: the gateway's work; who may ask for it is checked by the caller
        threads = self.env["mail.thread"].with_context(**context).sudo()
        message = parse_mail(raw)
        values = threads.message_parse(message)
        # A report that an operator takes in is a letter like others.
        values["is_bounce"] = False
        routes = [
            route
            for route in threads.message_route(message, values, model="pakn.ticket")
            if route[0] == "pakn.ticket"
        ]
        if not routes:
            routes = [("pakn.ticket", 0, {}, self.env.ref("base.user_root").id, None)]
        values.update(threads._message_parse_post_process(message, values, routes))
        return threads._message_route_process(message, values, routes)

    def _create_ticket(self, raw, message, content):
        """Make a request of the words of a mail, with the original as a file."""
        context = self._make_context(content._replace(marks=frozenset(["broken"])))
        # sudo: the gateway's work; who may ask for it is checked by the caller
        tickets = self.env["pakn.ticket"].with_context(**context).sudo()
        name, address = get_writer(message)
        body = plaintext2html(content.text)
        ticket = tickets.message_new(
            {
                "email_from": f'"{name}" <{address}>' if address else "",
                "subject": strip_subject(get_header(message, "Subject")),
                "body": body,
            }
        )
        ticket.attachment_ids += (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": self.env._("original-mail.eml"),
                    "raw": hide_keys_of_mail(raw),
                    "mimetype": "message/rfc822",
                    "res_model": ticket._name,
                    "res_id": ticket.id,
                }
            )
        )
        return ticket.id

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

    @api.autovacuum
    def _gc_originals(self):
        """Remove the originals of mails that were dealt with, after some time.

        Those of requests that are still handled stay.
        """
        # sudo: the setting is the administrator's
        parameters = self.env["ir.config_parameter"].sudo()
        days = int(
            parameters.get_param("pakn_1022.mail_original_days") or ORIGINAL_DAYS
        )
        limit = fields.Datetime.now() - timedelta(days=days)
        mails = self.search(
            [
                ("state", "!=", "pending"),
                ("date", "<", limit),
                ("raw", "!=", False),
                ("ticket_id", "not any", [("date_closed", "=", False)]),
            ],
            limit=1000,
        )
        mails.raw = False
