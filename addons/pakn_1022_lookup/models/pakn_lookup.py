import logging
import re
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from odoo.addons.pakn_1022.tools.masking import mask_phone
from odoo.addons.pakn_1022.tools.phone import OldLandline, normalize_phone

from ..tools import ask, reading

_logger = logging.getLogger(__name__)

# Failures one after the other after which a source is left alone, and seconds of it
FAILURES, PAUSE = 3, 60
# Look-ups of one source at the same moment, all processes together: the others are for
# who wants something else
SEATS = 3
# First number of the advisory locks that are these seats
LOCK = 1022_15
# Answers that this process keeps
KEPT = 500
MANAGER = "pakn_1022.group_manager"
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,60}")

# (database, source, its version, code) -> (until, record or None)
_answers: OrderedDict[tuple, tuple[float, dict | None]] = OrderedDict()


@dataclass(frozen=True)
class Outcome:
    """What a look-up brought.

    ``state``: ``found``, ``missing`` (no such code, or not of that phone), ``down``,
    ``busy``, ``wrong`` (it is no code of this source); ``lines``: pairs of label and
    text, in order.
    """

    state: str
    lines: list[tuple[str, str]] = field(default_factory=list)
    is_kept: bool = False


class PaknLookup(models.Model):
    """A database of the province that is asked by a code (Art. 6.2, 15.6, 18.5).

    First of all the one-stop system, by the code of a dossier. The administrator says
    here where it is, how it knows us, and what of its answer is shown under which
    words; operators look up beside the citizen, citizens on the site as far as they
    may. Each look-up stands in ``pakn.lookup.log``. A source that is down says so: it
    has a time-out, and after some failures it is not asked for a minute.

    Administrators write, operators read all but the secret, which nobody reads.
    """

    _name = "pakn.lookup"
    _inherit = ["pakn.secret.mixin"]
    _description = "Source of look-ups"
    _order = "sequence, id"
    _secret_addresses = ("url",)

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    code_label = fields.Char(
        string="What is asked for",
        required=True,
        translate=True,
        default=lambda self: self.env._("Code of the dossier"),
    )
    examples = fields.Text(
        string="Examples of codes",
        default="000.00.16.H21-251126-0001",
        help="One a line. What does not look like one of them is not asked for; empty: "
        "any code.",
    )
    kind = fields.Selection(
        [("get", "HTTP, JSON (GET)"), ("post", "HTTP, JSON (POST)"), ("soap", "SOAP")],
        string="How it is asked",
        required=True,
        default="get",
    )
    url = fields.Char(
        string="Address",
        required=True,
        help="{code} in it is replaced. Of SOAP the description (WSDL).",
    )
    operation = fields.Char(help="Of SOAP: what the description calls it.")
    arguments = fields.Text(
        string="What is sent",
        default='{"code": "{code}"}',
        help="JSON; {code} in its texts is replaced by the code that is asked for. "
        "Parameters of GET, the body of POST, the arguments of SOAP.",
    )
    networks = fields.Char(
        string="Own networks",
        help="Where the source is on the province's own network: its addresses, e.g. "
        "10.20.0.0/16. Otherwise the open internet alone is spoken to.",
    )
    authentication = fields.Selection(
        [
            ("none", "Not at all"),
            ("basic", "User and password"),
            ("bearer", "Token (Bearer)"),
            ("header", "Key in a header"),
            ("wsse", "User and password in the message (WS-Security)"),
        ],
        string="How it knows us",
        required=True,
        default="none",
    )
    login = fields.Char(string="User")
    header = fields.Char(default="X-API-Key")
    secret = fields.Char(
        string="Secret as stored", groups=MANAGER, copy=False, secret="new_secret"
    )
    new_secret = fields.Char(
        string="Secret",
        store=False,
        groups=MANAGER,
        help="Stored when it is typed, and shown to nobody afterwards.",
    )
    timeout_seconds = fields.Integer(string="Time-out (seconds)", default=5)
    cache_minutes = fields.Integer(
        string="Keep answers (minutes)",
        default=5,
        help="In memory alone. 0: each time it is asked anew.",
    )
    record_path = fields.Char(
        string="Where the record stands",
        help="In the answer, e.g. data.0; empty: the answer is the record.",
    )
    phone_path = fields.Char(
        string="Where the owner's phone stands", help="In the record, e.g. owner.phone."
    )
    site_access = fields.Selection(
        [
            ("none", "Nobody"),
            ("owner", "Who proves the owner's phone"),
            ("anybody", "Anybody who knows the code"),
        ],
        string="On the site for",
        required=True,
        default="none",
    )
    field_ids = fields.One2many(
        "pakn.lookup.field",
        "lookup_id",
        string="What is shown",
        default=lambda self: self._default_field_ids(),
        copy=True,
    )
    log_count = fields.Integer(string="Look-ups", compute="_compute_log_count")

    def _default_field_ids(self):
        """Return what is shown of a dossier, to be given its places."""
        rows = (
            (self.env._("Status"), "status", "text", True, False),
            (self.env._("Who handles it"), "agency", "text", True, False),
            (self.env._("Received on"), "received", "date", True, False),
            (self.env._("Result due on"), "due", "date", True, False),
            (self.env._("Applicant"), "applicant", "text", False, True),
        )
        return [
            fields.Command.create(
                {
                    "sequence": number,
                    "label": label,
                    "path": path,
                    "kind": kind,
                    "is_shown": is_shown,
                    "is_personal": is_personal,
                }
            )
            for number, (label, path, kind, is_shown, is_personal) in enumerate(rows)
        ]

    # ------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------

    @api.constrains("url", "networks", "kind", "operation")
    def _check_url(self):
        for lookup in self:
            try:
                networks = ask.parse_networks(lookup.networks)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "“%s” are no networks; write them as 10.20.0.0/16.",
                        lookup.networks,
                    )
                ) from error
            if not self._is_right_url(lookup.url or "", bool(networks)):
                raise ValidationError(
                    self.env._(
                        "The address begins with https:// and names a host, without "
                        "an account (http:// alone on the province's own network): %s",
                        lookup.url,
                    )
                )
            if lookup.kind == "soap" and not (lookup.operation or "").isidentifier():
                raise ValidationError(
                    self.env._("SOAP needs the name of an operation.")
                )

    @api.model
    def _is_right_url(self, url, is_own_network):
        try:
            parts = urlsplit(url)
            _port = parts.port
        except ValueError:
            return False
        return (
            parts.scheme in (("https", "http") if is_own_network else ("https",))
            and bool(parts.hostname)
            and "@" not in parts.netloc
            and "{" not in parts.netloc
            and url.isascii()
            and url.isprintable()
            and " " not in url
            and len(url) <= 500
        )

    @api.constrains("arguments")
    def _check_arguments(self):
        for lookup in self:
            if not isinstance(lookup._get_arguments(), dict):
                raise ValidationError(
                    self.env._(
                        "What is sent is JSON with names and values, e.g. %s",
                        '{"code": "{code}"}',
                    )
                )

    @api.constrains("authentication", "header", "login")
    def _check_authentication(self):
        for lookup in self:
            if lookup.authentication == "header" and not TOKEN.fullmatch(
                lookup.header or ""
            ):
                raise ValidationError(self.env._("Give the name of the header."))
            if lookup.authentication in ("basic", "wsse") and not lookup.login:
                raise ValidationError(self.env._("Give the user by whom it knows us."))

    @api.constrains("timeout_seconds", "cache_minutes")
    def _check_times(self):
        for lookup in self:
            if not 1 <= lookup.timeout_seconds <= 15:
                raise ValidationError(
                    self.env._("The time-out is between 1 and 15 seconds.")
                )
            if not 0 <= lookup.cache_minutes <= 1440:
                raise ValidationError(
                    self.env._("Answers are kept for a day (1440 minutes) at most.")
                )

    @api.constrains("site_access", "phone_path", "field_ids")
    def _check_site_access(self):
        for lookup in self:
            if lookup.site_access == "owner" and not lookup.phone_path:
                raise ValidationError(
                    self.env._(
                        "Say where the owner's phone stands in the record: without it "
                        "nobody can prove to be the owner."
                    )
                )
            shown = lookup.field_ids.filtered("is_shown")
            if lookup.site_access == "anybody" and shown.filtered("is_personal"):
                raise ValidationError(
                    self.env._(
                        "“%s” is personal: the site shows it to who proves the owner's "
                        "phone, and to nobody else.",
                        shown.filtered("is_personal")[:1].label,
                    )
                )

    def _get_arguments(self):
        try:
            return reading.parse_json((self.arguments or "{}").encode())
        except ValueError:
            return None

    # ------------------------------------------------------------
    # ITS SECRET
    # ------------------------------------------------------------

    def write(self, vals):
        self.check_access("write")  # before answers that are kept are forgotten
        _answers.clear()
        return super().write(vals)

    # ------------------------------------------------------------
    # ASKING
    # ------------------------------------------------------------

    @api.model
    def _get_on_site(self):
        """Return the sources that citizens may ask, in sudo."""
        # sudo: a visitor reads none; what is shown is picked by _ask_for_site
        return self.sudo().search([("site_access", "!=", "none")])

    def _ask(self, code, place, ticket=None):
        """Look up a code for staff, who have the right to read this source.

        :param str code: as typed
        :param str place: ``desk``
        :param ticket: ``pakn.ticket`` it is looked up for
        :return: :class:`Outcome`, with all lines that are set up
        """
        self.check_access("read")
        state, record, is_kept = self._look(code, place, ticket=ticket)
        return Outcome(state, self._get_lines(record, self.field_ids), is_kept)

    def _ask_for_site(self, code, place, phone=""):
        """Look up a code for a citizen.

        :param str place: ``site`` or ``chat``
        :param str phone: proved, in E.164
        :return: :class:`Outcome`, with what the citizen may know: of another's dossier
            as little as of one that does not exist
        """
        self.ensure_one()
        is_owners = self.site_access == "owner"
        if self.site_access == "none" or is_owners and not phone:
            return Outcome("missing")
        state, record, is_kept = self._look(code, place, phone=phone)
        if state == "found" and is_owners and not self._is_phone_of(record, phone):
            state, record = "missing", None
        shown = self.field_ids.filtered(
            lambda one: (
                # A chat goes through the machines of others: nothing personal in it
                one.is_shown and (is_owners and place != "chat" or not one.is_personal)
            )
        )
        return Outcome(state, self._get_lines(record, shown), is_kept)

    def _is_phone_of(self, record, phone):
        given = reading.to_text(reading.find(record, self.phone_path))
        try:
            return normalize_phone(given) == phone
        except OldLandline as landline:
            return landline.number == phone
        except ValueError:
            return False

    def _get_lines(self, record, shown):
        if record is None:
            return []
        lines = ((one.label, one._get_text(record)) for one in shown)
        return [(label, text) for label, text in lines if text]

    def _look(self, code, place, ticket=None, phone=""):
        """Return ``(state, record or None, whether it was kept)``, and log it."""
        self.ensure_one()
        # sudo: the secret goes to the source; the log is nobody's to write
        lookup_sudo = self.sudo()
        code = reading.normalize(code)
        if not reading.fits(code, lookup_sudo.examples):
            return "wrong", None, False
        start = time.monotonic()
        reason = ""
        kept = lookup_sudo._get_kept(code)
        if kept:
            [record] = kept
            state = "found" if record else "missing"
        else:
            state, record, reason = lookup_sudo._ask_source(code)
        lookup_sudo.env["pakn.lookup.log"].create(
            {
                "lookup_id": self.id,
                "user_id": self.env.uid,
                "place": place,
                "code": code,
                "phone": mask_phone(phone) if phone else False,
                "ticket_id": ticket.id if ticket else False,
                "state": state,
                "reason": reason,
                "is_kept": bool(kept),
                "milliseconds": round(1000 * (time.monotonic() - start)),
            }
        )
        return state, record, bool(kept)

    def _ask_source(self, code):
        """Return ``(state, record or None, why it is down)``; never ask in vain."""
        failures, is_recent = self._get_failures()
        if failures >= FAILURES and is_recent:
            return "down", None, "pause"
        # After failures one at a time tries whether it is back
        if not self._take_seat(1 if failures >= FAILURES else SEATS):
            return "busy", None, ""
        try:
            answer = ask.ask(self._get_source(), code, self._get_filter())
        except ask.Missing:
            self._keep(code, None)
            return "missing", None, ""
        except ask.Down as error:
            _logger.warning("Look-up source %s is down: %s", self.id, error.args[0])
            return "down", None, error.args[0]
        record = reading.find_record(answer, self.record_path)
        self._keep(code, record)
        return ("found" if record else "missing"), record, ""

    def _get_filter(self):
        """Return a function that says which IP addresses are spoken to."""
        networks = ask.parse_networks(self.networks)
        return lambda address: ask.is_allowed(address, networks)

    def _get_source(self):
        return ask.Source(
            kind=self.kind,
            url=self.url,
            operation=self.operation or "",
            arguments=self._get_arguments() or {},
            authentication=self.authentication,
            login=self.login or "",
            header=self.header or "",
            secret=self.secret or "",
            seconds=self.timeout_seconds,
        )

    def _get_failures(self):
        """Return ``(failures since it last answered, whether the last is recent)``.

        What was not asked is not counted.
        """
        last = self.env["pakn.lookup.log"].search_fetch(
            [
                ("lookup_id", "=", self.id),
                ("is_kept", "=", False),
                ("state", "in", ("found", "missing", "down")),
                ("reason", "!=", "pause"),
            ],
            ["state", "date"],
            order="id desc",
            limit=FAILURES,
        )
        states = last.mapped("state")
        failures = next(
            (n for n, state in enumerate(states) if state != "down"), len(states)
        )
        since = fields.Datetime.now() - timedelta(seconds=PAUSE)
        # What was set up anew since is tried at once
        since = max(since, self.write_date.replace(microsecond=0))
        is_recent = bool(last) and last[0].date >= since
        return failures, is_recent

    def _take_seat(self, seats):
        """Return whether one more may ask now; held until the transaction ends."""
        for seat in range(seats):
            [[is_free]] = self.env.execute_query(
                SQL(
                    "SELECT pg_try_advisory_xact_lock(%s, %s)",
                    LOCK,
                    self.id * SEATS + seat,
                )
            )
            if is_free:
                return True
        return False

    # ------------------------------------------------------------
    # WHAT IS KEPT
    # ------------------------------------------------------------

    def _get_key(self, code):
        return self.env.cr.dbname, self.id, self.write_date, code

    def _get_kept(self, code):
        """Return ``[record or None]`` of an answer that is kept, empty for none."""
        until, record = _answers.get(self._get_key(code), (0, None))
        return [record] if time.monotonic() < until else []

    def _keep(self, code, record):
        if not self.cache_minutes:
            return
        until = time.monotonic() + 60 * self.cache_minutes
        _answers[self._get_key(code)] = until, record
        while len(_answers) > KEPT:
            _answers.popitem(last=False)

    # ------------------------------------------------------------
    # BUTTONS
    # ------------------------------------------------------------

    @api.model
    def _open_dialog(self, values):
        """Return the dialog that looks up."""
        dialog = self.env["pakn.lookup.ask"].create(values)
        return dialog._reopen()

    def action_try(self):
        """Look up a code as operators do, to see whether all is set up."""
        self.check_access("write")
        self.ensure_one()
        return self._open_dialog({"lookup_id": self.id})

    def action_view_log(self):
        """Show who has looked up what here."""
        self.check_access("write")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "pakn_1022_lookup.lookup_log_action"
        )
        return action | {"domain": [("lookup_id", "in", self.ids)], "context": {}}

    def _compute_log_count(self):
        counts = dict(
            self.env["pakn.lookup.log"]
            .sudo()  # sudo: a number; operators see the form without it
            ._read_group([("lookup_id", "in", self.ids)], ["lookup_id"], ["__count"])
        )
        for lookup in self:
            lookup.log_count = counts.get(lookup.sudo(), 0)
