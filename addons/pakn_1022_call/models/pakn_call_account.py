import asyncio
import hashlib
import logging
import re
import secrets
import uuid
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import consteq, hmac
from odoo.tools.urls import urljoin

from odoo.addons.pakn_1022.tools.visitor import is_among, is_network, split_list

from ..tools.ami import AmiError, originate
from ..tools.calling import ADDRESSES, DialError, Line, dial, to_national

_logger = logging.getLogger(__name__)

# Of an exchange, as it stands in addresses
CODE = re.compile(r"[a-z0-9_]{2,30}")


class PaknCallAccount(models.Model):
    """A telephone exchange that tells of its calls.

    Asterisk is listened to by a service of its own (``odoo ami``); vendors call an
    address that holds a key. Managers alone read accounts, and the secret nobody:
    what is typed is stored and never shown again.
    """

    _name = "pakn.call.account"
    _inherit = ["pakn.secret.mixin"]
    _description = "Telephone exchange"
    _order = "sequence, id"
    _secret_addresses = ("kind", "host", "api_url")

    name = fields.Char(required=True)
    code = fields.Char(
        required=True,
        copy=False,
        help="Small letters and digits; names the exchange on its calls.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [
            ("asterisk", "Asterisk (AMI)"),
            ("omicall", "OMICall"),
            ("stringee", "Stringee"),
            ("voicecloud", "VoiceCloud, and others built like it"),
        ],
        required=True,
        default="asterisk",
    )
    host = fields.Char(string="Server")
    port = fields.Integer(default=5038)
    use_tls = fields.Boolean(string="Encrypted (TLS)")
    username = fields.Char(string="User")
    secret = fields.Char(string="Secret as stored", copy=False, secret="new_secret")
    new_secret = fields.Char(
        string="Secret",
        store=False,
        help="Stored when it is typed, and shown to nobody afterwards.",
    )
    extension_pattern = fields.Char(
        string="Form of extensions",
        default=r"\d{2,5}",
        help="A regular expression; what has another form is the world outside.",
    )
    dial_template = fields.Char(
        string="How a telephone is rung",
        default="PJSIP/{extension}",
        help="The channel of an operator's telephone, with {extension}.",
    )
    dial_context = fields.Char(string="Context of calls out", default="from-internal")
    api_url = fields.Char(
        string="Address for calls out",
        help="Where the vendor is asked for calls to the outside; empty: the address "
        "that it documents. VoiceCloud has one for each exchange.",
    )
    api_user = fields.Char(
        string="Name of the key",
        help="Stringee: the SID of the API key (SK…). VoiceCloud: the domain of the "
        "exchange.",
    )
    hotline = fields.Char(
        string="Number for calls out",
        help="By which citizens are called, as the vendor writes it: 02691022 "
        "(OMICall), 842691022 (Stringee).",
    )
    networks = fields.Char(
        string="Allowed addresses",
        help="IP addresses or networks, parted by commas, from which the vendor calls; "
        "empty: from anywhere.",
    )
    recording_url = fields.Char(
        string="Address of recordings",
        help="For Asterisk, where its recordings are served, e.g. "
        "https://pbx.example/monitor/{file}. Recordings are fetched from this host or "
        "from public addresses alone.",
    )
    recording_prefix = fields.Char(
        string="Folder of recordings",
        default="/var/spool/asterisk/monitor/",
        help="What is left out of the name that the exchange tells.",
    )
    cdr_url = fields.Char(
        string="Address of the call records",
        help="For Asterisk, where its Master.csv is served, e.g. "
        "https://pbx.example/cdr/Master.csv: read after a lost connection, for the "
        "calls that came and went meanwhile. Without it those are not known.",
    )
    cdr_is_utc = fields.Boolean(
        string="Call records in UTC", help="As with usegmtime=yes; else local time."
    )
    key_number = fields.Integer(default=1, groups=fields.NO_ACCESS, copy=False)
    hook_url = fields.Char(
        string="Address for the vendor",
        compute="_compute_hook_url",
        help="To be entered at the vendor; who knows it can tell of calls.",
    )
    text_digest = fields.Char(groups=fields.NO_ACCESS, copy=False)
    has_text_key = fields.Boolean(
        string="Reads announcements", compute="_compute_has_text_key", compute_sudo=True
    )
    text_url = fields.Char(
        string="Address of announcements",
        compute="_compute_text_url",
        help="To be entered at the exchange; shown once.",
    )
    date_seen = fields.Datetime(string="Last heard of", readonly=True, copy=False)

    _code_unique = models.UniqueIndex("(code)", "Another exchange has this code.")

    def _compute_hook_url(self):
        for account in self:
            account.hook_url = False
            if account._origin.id and account.kind != "asterisk":
                account.hook_url = urljoin(
                    account.get_base_url(),
                    f"/pakn_call/{account.code}/{account._sign()}",
                )

    @api.depends("text_digest")
    def _compute_has_text_key(self):
        for account in self:
            account.has_text_key = bool(account.text_digest)

    @api.depends_context("pakn_call_text_url")
    def _compute_text_url(self):
        # Goes to the screen of who made the key, and is written nowhere
        self.text_url = self.env.context.get("pakn_call_text_url") or False

    @api.constrains("code")
    def _check_code(self):
        for account in self:
            if not CODE.fullmatch(account.code or ""):
                raise ValidationError(
                    self.env._(
                        "The code of an exchange has 2 to 30 small letters and digits."
                    )
                )

    @api.constrains(
        *("extension_pattern", "networks", "dial_template", "port", "recording_url"),
        *("cdr_url", "api_url", "hotline"),
    )
    def _check_settings(self):
        for account in self:
            try:
                re.compile(account.extension_pattern or "")
            except re.error as error:
                raise ValidationError(
                    self.env._(
                        "“%s” is no regular expression.", account.extension_pattern
                    )
                ) from error
            if not all(map(is_network, split_list(account.networks))):
                raise ValidationError(
                    self.env._(
                        "Addresses are IP addresses or networks, parted by commas."
                    )
                )
            for address in (account.recording_url, account.cdr_url):
                if address and not re.fullmatch(r"https?://[\w.\[\]:-]+/\S*", address):
                    raise ValidationError(
                        self.env._("The address of recordings begins with https://.")
                    )
            if account.api_url and not re.fullmatch(
                r"https?://[\w.\[\]:-]+(/[\w./-]*)?", account.api_url
            ):
                raise ValidationError(
                    self.env._("The address for calls out begins with https://.")
                )
            if not re.fullmatch(r"\+?\d{3,15}", account.hotline or "1022"):
                raise ValidationError(
                    self.env._("The number for calls out has 3 to 15 digits.")
                )
            if "{extension}" not in (account.dial_template or "{extension}"):
                raise ValidationError(
                    self.env._("How a telephone is rung holds {extension}.")
                )
            if not 0 < account.port < 65536:
                raise ValidationError(self.env._("A port is between 1 and 65535."))

    def action_renew_key(self):
        """Give the vendor's address a new key; the old one opens nothing any more."""
        self.check_access("write")
        for account in self.sudo():  # sudo: the number is nobody's to read
            account.key_number += 1
        self.invalidate_recordset(["hook_url"])
        return True

    def action_issue_text_key(self):
        """Make the key by which the exchange reads announcements; show it once.

        It has 256 random bits and is kept as a hash. The one before opens nothing any
        more.
        """
        self.check_access("write")
        self.ensure_one()
        key = secrets.token_urlsafe(32)
        # sudo: the hash is nobody's to read; the right to write has been checked
        self.sudo().text_digest = _digest(key)
        url = urljoin(self.get_base_url(), f"/pakn_call_text/{self.code}/{key}")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Address of announcements"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [
                (self.env.ref("pakn_1022_call.pakn_call_account_view_key").id, "form")
            ],
            "target": "new",
            "context": {"pakn_call_text_url": url},
        }

    @api.model
    def _find_by_code(self, code):
        """Return the exchange of a code that a stranger gives, in sudo, or none."""
        # sudo: who asks is no user; the caller checks the key
        accounts_sudo = self.sudo()
        if not CODE.fullmatch(code):
            return accounts_sudo.browse()
        return accounts_sudo.search([("code", "=", code)], limit=1)

    @api.model
    def _find_by_text_key(self, code, key):
        """Return the exchange that a key opens announcements for, in sudo, or none."""
        account_sudo = self._find_by_code(code)
        known = account_sudo.text_digest or "-" * 64
        if not consteq(known, _digest(key)):
            return account_sudo.browse()
        return account_sudo

    def _sign(self):
        """Return the key in the address for the vendor, 40 hexadecimal digits."""
        self.ensure_one()
        # sudo: the key goes with a number that nobody reads
        scope = self.id, self.sudo().key_number
        return hmac(self.env(su=True), self._name, scope)[:40]

    def _is_allowed(self, address):
        """Return whether the vendor may call from an IP address."""
        self.ensure_one()
        networks = split_list(self.networks)
        return not networks or is_among(address, networks)

    def _note_seen(self):
        """Note that these exchanges live, at most once a minute."""
        now = fields.Datetime.now()
        for account in self.sudo():  # sudo: the program itself
            if not account.date_seen or (now - account.date_seen).total_seconds() > 60:
                account.date_seen = now

    def _get_connection(self):
        """Return how AMI is reached, as the arguments of ``tools.ami.Connection``."""
        self.ensure_one()
        account_sudo = self.sudo()  # sudo: the secret is nobody's to read
        return {
            "host": account_sudo.host,
            "port": account_sudo.port,
            "username": account_sudo.username,
            "secret": account_sudo.secret,
            "use_tls": account_sudo.use_tls,
        }

    def _can_dial(self):
        """Return whether calls to the outside go by this exchange."""
        if self.kind == "asterisk":
            return True
        # sudo: whether there is a secret is none
        account_sudo = self.sudo()
        return bool(
            account_sudo.secret and (account_sudo.api_url or self.kind in ADDRESSES)
        )

    def _dial(self, extension, number):
        """Have the exchange ring a telephone of ours, then a number outside.

        :param str extension: the operator's
        :param str number: E.164
        :return: the id that the exchange gives the call, empty where it tells none
        :raise UserError: the exchange cannot be reached, or refuses; in one sentence
        """
        self.ensure_one()
        try:
            if self.kind == "asterisk":
                return self._originate(extension, number)
            account_sudo = self.sudo()  # sudo: the secret is nobody's to read
            line = Line(
                account_sudo.api_url or "",
                account_sudo.secret or "",
                account_sudo.api_user or "",
                account_sudo.hotline or "",
            )
            return dial(self.kind, line, extension, number)
        except (OSError, AmiError, asyncio.TimeoutError, ValueError) as error:
            _logger.info("exchange %s: %s", self.code, type(error).__name__)
            reason = "unreachable"
        except DialError as error:
            # A word of ours; what was sent and received stands in no log
            _logger.info("exchange %s: %s", self.code, error)
            reason = str(error)
        raise UserError(self._explain_dial(reason))

    def _originate(self, extension, number):
        """Have Asterisk make a call; return the id that it is given."""
        call_id = f"1022-{uuid.uuid4().hex}"
        number = to_national(number)
        asyncio.run(
            originate(
                self._get_connection(),
                {
                    "Channel": self.dial_template.replace("{extension}", extension),
                    "Context": self.dial_context or "from-internal",
                    "Exten": number,
                    "Priority": "1",
                    "CallerID": number,
                    "Timeout": "20000",
                    "Async": "true",
                    "ChannelId": call_id,
                },
            )
        )
        return call_id

    def _explain_dial(self, reason):
        """Return what the operator is told of a call that was not made.

        :param str reason: of :class:`DialError`
        """
        texts = {
            "settings": self.env._(
                "Calls to the outside are not set up yet. Please tell the "
                "administrator, and dial on the telephone."
            ),
            "key": self.env._(
                "The exchange does not accept the key it was given. Please tell the "
                "administrator, and dial on the telephone."
            ),
            "credit": self.env._(
                "The credit at the exchange is used up. Please tell the administrator."
            ),
            "agent": self.env._(
                "Your telephone is not signed in at the exchange. Please sign in, "
                "then call again."
            ),
            "extension": self.env._(
                "The exchange does not know your extension. Please tell the "
                "administrator."
            ),
            "hotline": self.env._(
                "The exchange does not let calls out by the number that is set. "
                "Please tell the administrator."
            ),
            "busy": self.env._("The line is busy. Please call again in a moment."),
            "refuses_calls": self.env._(
                "This number is on the list of those that want no calls; the exchange "
                "does not call it."
            ),
            "time": self.env._(
                "The exchange has not answered. Your telephone may ring all the "
                "same: please wait a moment before you call again."
            ),
            "refused": self.env._(
                "The exchange has refused this call. Please dial on the telephone."
            ),
        }
        return texts.get(reason) or self.env._(
            "The exchange does not put calls through at the moment. Please dial on the "
            "telephone."
        )

    def _get_recording_address(self, name):
        """Return the address of a recording that the exchange named, or ``None``.

        :param str name: an address, or the name of a file on the exchange
        """
        self.ensure_one()
        if name.startswith(("http://", "https://")):
            return name
        if not self.recording_url:
            return None
        name = name.removeprefix(self.recording_prefix or "").lstrip("/")
        if not re.fullmatch(r"[\w.+@/-]{1,250}", name) or ".." in name:
            return None
        return self.recording_url.replace("{file}", name)

    def _get_own_hosts(self):
        """Return the hosts that recordings may be fetched from wherever they are.

        :return: set of ``(host, port)``, those of the administrator's own addresses
        """
        hosts = set()
        for address in self.mapped("recording_url") + self.mapped("cdr_url"):
            parts = urlsplit(address or "")
            if parts.hostname:
                port = parts.port or (443 if parts.scheme == "https" else 80)
                hosts.add((parts.hostname.lower(), port))
        return hosts


def _digest(key):
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
