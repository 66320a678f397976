import json
import logging
import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import formatLang, hmac
from odoo.tools.urls import urljoin

from ..tools.gateways import GATEWAYS, Outgoing, Result, base
from ..tools.gateways.base import NotSent, Refused
from ..tools.segments import remove_accents
from ..tools.telco import matches_prefix
from ..tools.templates import match_template

_logger = logging.getLogger(__name__)

MANAGER = "pakn_1022.group_manager"
# Decree 91/2020 Art. 23: letters, digits, - _ . and blanks, 3 to 11, not digits alone
SENDER = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 ._-]{3,11}")
# Characters of what a gateway or a citizen writes that are kept
TEXT_LENGTH = 20_000
CONFIG = (
    "url",
    "host",
    "port",
    "username",
    "password",
    "use_tls",
    "window",
    "contract",
    "agent",
    "label",
    "auth",
    "body",
    "success_path",
    "success_value",
    "reference_path",
    "error_path",
    "retry_values",
    "receipt_reference_path",
    "receipt_uuid_path",
    "receipt_status_path",
    "receipt_delivered",
    "receipt_failed",
    "is_idempotent",
)

# What a test was about
TESTED = {
    *("gateway", "url", "host", "port", "use_tls"),
    *("username", "password", "new_password"),
}


class PaknSmsAccount(models.Model):
    """An account at an SMS gateway; the first that fits a number sends, then the next.

    Managers alone read accounts, and their passwords nobody.
    """

    _name = "pakn.sms.account"
    _inherit = ["pakn.secret.mixin"]
    _description = "SMS account"
    _order = "sequence, id"
    _secret_addresses = ("gateway", "host", "url")

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    gateway = fields.Selection(
        [
            ("smpp", "SMPP 3.4"),
            ("http", "HTTP with JSON, described below"),
            ("esms", "eSMS"),
            ("speedsms", "SpeedSMS"),
            ("vnpt", "VNPT"),
            ("viettel", "Viettel"),
            ("fpt", "FPT"),
        ],
        required=True,
        default="smpp",
    )
    sender = fields.Char(
        string="Sender name",
        required=True,
        default="1022GiaLai",
        help="As registered: 3 to 11 letters and digits (Decree 91/2020, Art. 23).",
    )
    without_accents = fields.Boolean(
        string="Without accents",
        default=True,
        help="“Đã gửi” is sent as “Da gui”: twice as much text for the same price.",
    )
    prefixes = fields.Char(
        string="Numbers beginning with",
        help="E.g. 090, 093, or names of networks: viettel, mobifone. "
        "Empty: all numbers.",
    )
    price = fields.Float(
        string="Price of one SMS", help="In đồng, for the cost of each message."
    )
    url = fields.Char(string="Address")
    host = fields.Char(string="Server")
    port = fields.Integer(default=2775)
    use_tls = fields.Boolean(string="Encrypted (TLS)")
    window = fields.Integer(
        default=10, help="How many messages are on their way at once."
    )
    username = fields.Char(groups=MANAGER)
    password = fields.Char(
        string="Password as stored", groups=MANAGER, copy=False, secret="new_password"
    )
    new_password = fields.Char(
        string="Password",
        store=False,
        groups=MANAGER,
        help="Stored when it is typed, and shown to nobody afterwards.",
    )
    contract = fields.Char(string="Contract or CP code")
    agent = fields.Char(string="Agent number")
    label = fields.Char(string="Number of the sender name")
    auth = fields.Selection(
        [("none", "None"), ("basic", "Basic"), ("bearer", "Bearer")], default="none"
    )
    body = fields.Text(
        default='{"to": "{number}", "text": "{text}", "from": "{sender}", '
        '"id": "{uuid}"}'
    )
    success_path = fields.Char(default="code", string="Where the result stands")
    success_value = fields.Char(default="0", string="Its value when accepted")
    reference_path = fields.Char(string="Where the message's number stands")
    error_path = fields.Char(string="Where the error stands")
    retry_values = fields.Char(string="Values to be tried again")
    is_idempotent = fields.Boolean(
        string="Knows our number",
        help="The gateway drops a second message with the same number of ours.",
    )
    receipt_reference_path = fields.Char(string="Receipt: the message's number")
    receipt_uuid_path = fields.Char(string="Receipt: our number")
    receipt_status_path = fields.Char(string="Receipt: the state")
    receipt_delivered = fields.Char(string="Values for delivered")
    receipt_failed = fields.Char(string="Values for not delivered")
    registration_ids = fields.One2many(
        "pakn.sms.registration", "account_id", string="Registered texts"
    )
    balance = fields.Float(readonly=True)
    balance_warning = fields.Float(
        string="Warn below", help="The managers are told when less is left."
    )
    date_balance = fields.Datetime(string="Balance of", readonly=True)
    date_answered = fields.Datetime(
        string="Answered its test on",
        readonly=True,
        copy=False,
        help="Forgotten when the gateway, its address or the user is another one.",
    )
    receipt_url = fields.Char(
        string="Address for receipts", compute="_compute_receipt_url", groups=MANAGER
    )

    @api.depends("gateway")
    def _compute_receipt_url(self):
        for account in self:
            account.receipt_url = account.id and account._get_receipt_url("-")

    @api.constrains("sender")
    def _check_sender(self):
        for account in self:
            if not SENDER.fullmatch(account.sender or ""):
                raise ValidationError(
                    self.env._(
                        "“%s” cannot be registered as a sender: 3 to 11 letters, "
                        "digits, blanks, dots, hyphens, and not digits alone.",
                        account.sender,
                    )
                )

    @api.constrains("gateway", "host", "url", "username", "password")
    def _check_gateway(self):
        for account in self.sudo():  # sudo: whether there are keys, not which
            needs_url = account.gateway in ("http", "vnpt", "viettel")
            if (account.gateway == "smpp" and not account.host) or (
                needs_url and not account.url
            ):
                raise ValidationError(
                    self.env._("Give the address of the gateway of “%s”.", account.name)
                )
            if account.gateway != "http" and not account.password:
                raise ValidationError(
                    self.env._("Give user and password of “%s”.", account.name)
                )

    @api.constrains("gateway", "body", "success_path", "success_value")
    def _check_description(self):
        """A gateway that is described must be described so that it can be spoken to."""
        for account in self.filtered(lambda account: account.gateway == "http"):
            try:
                body = json.loads(account.body or "")
            except ValueError:
                body = None
            if not isinstance(body, dict):
                raise ValidationError(
                    self.env._(
                        "What is sent by “%s” is no JSON object: check the quotes and "
                        "commas.",
                        account.name,
                    )
                )
            if not account.success_path or not account.success_value:
                raise ValidationError(
                    self.env._(
                        "Say by what an accepted message is known at “%s”: where the "
                        "result stands and its value.",
                        account.name,
                    )
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self.env.cr.cache.pop("pakn_sms_texts", None)  # whether SMS is an open door
        return super().create(vals_list)

    def write(self, vals):
        self.env.cr.cache.pop("pakn_sms_texts", None)
        if TESTED & vals.keys():
            vals = {**vals, "date_answered": False}
        return super().write(vals)

    # ------------------------------------------------------------
    # SENDING
    # ------------------------------------------------------------

    @api.model
    def _pick(self, number, tried):
        """Return the account for a number: those for its network first.

        Of these accounts, or of all there are.
        """
        accounts = (self or self.search([], limit=100)) - tried
        special = accounts.filtered(
            lambda account: (
                account.prefixes and matches_prefix(number, account.prefixes)
            )
        )
        return (special or accounts.filtered(lambda account: not account.prefixes))[:1]

    def _is_idempotent(self):
        """Return whether the gateway drops a second message with a number of ours."""
        self.ensure_one()
        if self.gateway == "http":
            return self.is_idempotent
        return GATEWAYS[self.gateway].is_idempotent

    def _open_gateway(self, on_receipt=None):
        self.ensure_one()
        config = {name: self[name] for name in CONFIG}
        return GATEWAYS[self.gateway](config, on_receipt)

    def _prepare(self, uuid, number, text):
        """Return ``(Outgoing, None)``, or ``(None, Result)`` if it cannot be sent."""
        if self.without_accents:
            text = remove_accents(text)
        template, places = "", ()
        if self.registration_ids:
            for registration in self.registration_ids:
                found = match_template(registration.text, text)
                if found is not None:
                    template, places = registration.reference or "", tuple(found)
                    break
            else:
                return None, Result(
                    uuid,
                    base.TEMPLATE,
                    reason=self.env._(
                        "The text fits none of those registered for “%s”.", self.name
                    ),
                )
        elif GATEWAYS[self.gateway].needs_template:
            return None, Result(
                uuid,
                base.TEMPLATE,
                reason=self.env._("“%s” sends registered texts alone.", self.name),
            )
        return Outgoing(
            uuid=uuid,
            number=number,
            text=text,
            sender=self.sender,
            callback=self._get_receipt_url(uuid),
            template=template,
            places=places,
        ), None

    def _send(self, messages):
        """Send ``(uuid, number, text)`` and return ``(Result, text sent)`` for each."""
        self.ensure_one()
        outgoing, results, texts = [], [], {}
        for uuid, number, text in messages:
            message, refused = self._prepare(uuid, number, text)
            if refused:
                results.append((refused, text))
            else:
                outgoing.append(message)
                texts[uuid] = message.text
        if outgoing:
            sessions = self.env.context.get("pakn_sms_sessions")
            if sessions is None:
                with self._open_gateway(self._get_keeper()) as gateway:
                    answers = gateway.send(outgoing)
            else:
                if self.id not in sessions["open"]:
                    gateway = self._open_gateway(self._get_keeper())
                    sessions["open"][self.id] = sessions["stack"].enter_context(gateway)
                answers = sessions["open"][self.id].send(outgoing)
            results += [(answer, texts[answer.uuid]) for answer in answers]
        return results

    def action_test(self):
        """Say whether the gateway can be reached with these settings.

        :raise AccessError: who may not change them
        """
        self.check_access("write")
        self.ensure_one()
        if not GATEWAYS[self.gateway].can_be_asked:
            return self._show(
                self.env._(
                    "This kind of gateway cannot be asked: whether “%s” works shows "
                    "with the first message.",
                    self.name,
                ),
                "warning",
            )
        try:
            with self.sudo()._open_gateway() as gateway:  # sudo: with the keys
                balance = gateway.ask()
        except Exception as error:  # noqa: BLE001 - each gateway has its own
            # Its text may hold keys, so its kind alone is told
            self.date_answered = False
            return self._show(
                self.env._(
                    "“%(account)s” cannot be used: %(reason)s",
                    account=self.name,
                    reason=self._say_why(error),
                ),
                "danger",
            )
        self.date_answered = fields.Datetime.now()
        message = self.env._("“%s” can be used.", self.name)
        if balance is not None:
            message += " " + self.env._(
                "Balance: %s", formatLang(self.env, balance, digits=0)
            )
        return self._show(message, "success")

    @api.model
    def _say_why(self, error):
        """Return a sentence on what keeps a gateway from answering."""
        if isinstance(error, Refused):
            return self.env._("the gateway refuses the user name or the password.")
        if isinstance(error, (NotSent, OSError)):
            return self.env._(
                "the gateway does not answer. Check its address, port and encryption, "
                "and whether the network lets it through."
            )
        return self.env._("the gateway's answer cannot be read. Check its address.")

    @api.model
    def _show(self, message, kind):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "message": message,
                "sticky": kind != "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # ------------------------------------------------------------
    # RECEIPTS
    # ------------------------------------------------------------

    def _sign(self, uuid):
        """Return the key in the address for receipts of a message (or all, ``-``)."""
        return hmac(self.env(su=True), self._name, (self.id, uuid))[:40]

    def _get_receipt_url(self, uuid):
        self.ensure_one()
        return urljoin(
            self.get_base_url(),
            f"/pakn_sms/receipt/{self.id}/{uuid}/{self._sign(uuid)}",
        )

    def _get_keeper(self):
        """Return what keeps all that the gateway tells in one session.

        Each in a transaction of its own: it is confirmed to the gateway right after.
        """
        before = []

        def keep(receipt):
            with self.env.registry.cursor() as cr:
                self.with_env(self.env(cr=cr))._keep_receipt(receipt, before)

        return keep

    def _keep_receipt(self, receipt, before):
        """Keep what the gateway tells.

        :param list before: ids of the messages that this session kept, added to
        """
        kept = self._create_receipts([receipt])
        if receipt.number:
            kept._note_unconfirmed(before)
            before.append(kept.id)

    def _create_receipts(self, receipts):
        """Keep receipts as they came, of any gateway's making."""
        return (
            # sudo: receipts are written by the gateways alone
            self.env["pakn.sms.receipt"]
            .sudo()
            .create(
                [
                    {
                        "account_id": self.id,
                        "reference": _clean(receipt.reference),
                        "uuid": _clean(receipt.uuid),
                        "outcome": receipt.outcome or "waiting",
                        "reason": _clean(receipt.reason),
                        "number": _clean(receipt.number),
                        "text": _clean(receipt.text),
                        **(receipt.piece and _describe_piece(receipt.piece) or {}),
                    }
                    for receipt in receipts
                ]
            )
        )

    @api.model
    def _cron_listen(self):
        """Fetch what the SMPP gateways have kept for us, and work it off."""
        cron = self.env["ir.cron"]
        with self.env["sms.sms"]._hold_queue() as is_ours:
            if not is_ours:
                # Whoever sends now reads the receipts too
                return
            for account in self.sudo().search([("gateway", "=", "smpp")], limit=100):
                with account._open_gateway(account._get_keeper()) as gateway:
                    is_heard = gateway.listen(1)
                # What was kept meanwhile is seen by a new transaction alone
                cron._commit_progress()
                if is_heard:
                    account._confirm_kept()
                    cron._commit_progress()
        self.env["pakn.sms.receipt"]._process()
        # The queue was woken meanwhile and found the gateway taken: see what is new
        cron._commit_progress()
        self.env["sms.sms"]._wake_queue()

    def _confirm_kept(self):
        """Nothing that was kept comes again: the gateway has given all it had."""
        self.env["pakn.sms.receipt"].search(
            [("account_id", "=", self.id), ("is_unconfirmed", "=", True)]
        ).is_unconfirmed = False

    @api.model
    def _cron_check_balance(self):
        """Ask for the balances and tell the managers of those that run low."""
        managers = self.env.ref(MANAGER).user_ids.filtered("active")
        for account in self.sudo().search([], limit=100):
            try:
                with account._open_gateway() as gateway:
                    balance = gateway.get_balance()
            except Exception as error:  # noqa: BLE001 - each gateway has its own
                _logger.info("No balance of %s: %s", account.name, type(error).__name__)
                continue
            if balance is None:
                continue
            was_low = account.date_balance and account.balance < account.balance_warning
            account.write({"balance": balance, "date_balance": fields.Datetime.now()})
            if balance < account.balance_warning and not was_low:
                for manager in managers:
                    manager.partner_id.message_notify(
                        partner_ids=manager.partner_id.ids,
                        subject=self.env._("SMS account “%s” runs low", account.name),
                        body=self.env._("%s đồng are left.", f"{balance:,.0f}"),
                    )


def _clean(text):
    """Return a text from outside as PostgreSQL can hold it."""
    return text.replace("\0", "")[:TEXT_LENGTH]


def _describe_piece(piece):
    return {
        "piece_key": piece.key,
        "piece_number": piece.number,
        "piece_count": piece.count,
        "piece_coding": piece.coding,
        "piece_data": piece.data.hex(),
    }
