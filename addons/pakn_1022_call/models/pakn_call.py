from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.pakn_1022.tools.masking import mask_name, mask_phone

OPERATOR = "pakn_1022.group_operator"
STATES = [
    ("ringing", "Ringing"),
    ("talking", "Talking"),
    ("done", "Answered"),
    ("missed", "Missed"),
    ("abandoned", "Caller gave up"),
]


class PaknCall(models.Model):
    """One telephone call, whatever the exchange (Art. 3.1, 12.1), counted once.

    What it is follows from all that its exchange told (``facts``,
    ``tools/call_facts.py``), in whatever order. Rooms: ``pakn.call.intake`` (what
    exchanges tell), ``pakn.call.desk`` (the operators' screens) and
    ``pakn.call.figures`` (how long calls take).

    Operators read all but calls on secret requests; the monitor reads them without
    numbers and names; units those on requests they hold, without them too. Nobody
    writes by hand, nobody deletes (Art. 9).
    """

    _name = "pakn.call"
    _description = "Telephone call"
    _inherit = [
        *("pakn.call.intake", "pakn.call.desk", "pakn.call.figures"),
        "pakn.kept",
    ]
    _order = "date_ring desc, id desc"
    _rec_name = "call_id"

    account_id = fields.Many2one(
        "pakn.call.account",
        string="Exchange's account",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        groups="pakn_1022.group_manager",
    )
    provider = fields.Char(string="Exchange", required=True, readonly=True)
    call_id = fields.Char(string="Number at the exchange", required=True, readonly=True)
    direction = fields.Selection(
        [("in", "From the outside"), ("out", "To the outside")],
        required=True,
        readonly=True,
        default="in",
    )
    state = fields.Selection(STATES, required=True, readonly=True, default="ringing")
    caller = fields.Char(
        compute="_compute_people", help="E.164, or as the exchange sent it."
    )
    called = fields.Char(compute="_compute_people")
    number = fields.Char(
        string="Citizen's number",
        compute="_compute_people",
        search="_search_number",
    )
    caller_name = fields.Char(
        string="Name told by the exchange", compute="_compute_people"
    )
    private_caller = fields.Char(readonly=True, groups=OPERATOR)
    private_called = fields.Char(readonly=True, groups=OPERATOR)
    private_number = fields.Char(readonly=True, groups=OPERATOR)
    private_name = fields.Char(readonly=True, groups=OPERATOR)
    is_hidden = fields.Boolean(string="Number hidden", readonly=True)
    queue = fields.Char(readonly=True)
    extension = fields.Char(readonly=True)
    user_id = fields.Many2one(
        "res.users",
        string="Operator",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    date_ring = fields.Datetime(string="Rang on", required=True, readonly=True)
    date_answer = fields.Datetime(string="Answered on", readonly=True)
    date_end = fields.Datetime(string="Ended on", readonly=True)
    end_is_guess = fields.Boolean(
        string="End not seen",
        readonly=True,
        help="The connection to the exchange was lost meanwhile; how long it was "
        "talked is not known.",
    )
    seconds_waited = fields.Integer(
        string="Waited (seconds)", readonly=True, aggregator="avg"
    )
    seconds_talked = fields.Integer(
        string="Talked (seconds)", readonly=True, aggregator="avg"
    )
    hour = fields.Integer(
        string="Hour of the day",
        readonly=True,
        aggregator=False,
        help="In which it rang, local time.",
    )
    service_level = fields.Float(
        string="Answered within 20 seconds (%)",
        readonly=True,
        aggregator="avg",
        help="Of the calls from the outside that are over.",
    )
    cause = fields.Char(string="Why it ended", readonly=True)
    facts = fields.Json(readonly=True, groups=fields.NO_ACCESS)
    recording_id = fields.Many2one(
        "pakn.call.recording", readonly=True, index="btree_not_null"
    )
    recording_state = fields.Selection(
        related="recording_id.state", string="State of the recording"
    )
    recording_note = fields.Char(related="recording_id.note")
    ticket_ids = fields.Many2many(
        "pakn.ticket",
        "pakn_call_ticket_rel",
        "call_id",
        "ticket_id",
        string="Requests",
        readonly=True,
    )
    reason_id = fields.Many2one(
        "pakn.call.reason",
        string="Why there is no request",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    note = fields.Char(readonly=True, groups=OPERATOR)
    is_unsettled = fields.Boolean(
        string="Neither request nor reason",
        compute="_compute_is_unsettled",
        store=True,
    )
    transcript_ids = fields.One2many(
        "pakn.call.transcript",
        "call_id",
        readonly=True,
        groups="pakn_1022_call.group_listener",
    )
    callback_id = fields.Many2one(
        "pakn.call.back",
        string="Call back",
        readonly=True,
        index="btree_not_null",
    )
    callback_state = fields.Selection(
        related="callback_id.state", string="Called back", related_sudo=True
    )

    _call_unique = models.UniqueIndex(
        "(provider, call_id)", "This call is on record already."
    )
    _ring_idx = models.Index("(date_ring DESC, id DESC)")
    _open_idx = models.Index("(id) WHERE state IN ('ringing', 'talking')")
    _unsettled_idx = models.Index("(date_ring) WHERE is_unsettled IS TRUE")
    _number_idx = models.Index(
        "(private_number, date_ring DESC) WHERE private_number IS NOT NULL"
    )

    @api.depends("direction", "state", "ticket_ids", "reason_id")
    def _compute_is_unsettled(self):
        for call in self:
            call.is_unsettled = (
                call.direction == "in"
                and call.state == "done"
                and not call.ticket_ids
                and not call.reason_id
            )

    @api.depends_context("uid")
    @api.depends("private_caller", "private_called", "private_number", "private_name")
    def _compute_people(self):
        """Show numbers and names to operators, and masked to all others."""
        knows = self.env.su or self.env.user.has_group(OPERATOR)
        for call, call_sudo in zip(self, self.sudo(), strict=True):
            # sudo: what is shown is decided here
            outside = "private_caller" if call.direction == "in" else "private_called"
            for name, column in (
                ("caller", "private_caller"),
                ("called", "private_called"),
                ("number", "private_number"),
            ):
                value = call_sudo[column]
                is_private = column in (outside, "private_number")
                call[name] = value if knows or not is_private else mask_phone(value)
            value = call_sudo.private_name
            call.caller_name = value if knows else mask_name(value)

    @api.model
    def _search_number(self, operator, value):
        if operator not in ("ilike", "like", "=", "in") or not value:
            return NotImplemented
        if not (self.env.su or self.env.user.has_group(OPERATOR)):
            # Nobody finds by a number what it would not be shown for
            return [("id", "=", False)]
        values = [value] if isinstance(value, (str, int, float)) else value
        digits = ["".join(filter(str.isdigit, str(text or ""))) for text in values]
        digits = [text.removeprefix("0") for text in digits if text]
        if not digits:
            return [("id", "=", False)]
        domain = [("private_number", "ilike", text) for text in digits]
        return ["|"] * (len(domain) - 1) + domain

    @api.depends_context("uid")
    @api.depends("private_number", "date_ring")
    def _compute_display_name(self):
        for call in self:
            moment = fields.Datetime.context_timestamp(call, call.date_ring)
            number = call.number or self.env._("Number hidden")
            call.display_name = f"{number} · {moment:%d/%m/%Y %H:%M}"

    # ------------------------------------------------------------
    # REQUESTS
    # ------------------------------------------------------------

    def _check_operator(self):
        """Check that the caller is an operator who may read these calls.

        :raise AccessError: is not
        """
        if not self.env.user.has_group(OPERATOR):
            raise AccessError(self.env._("Calls are the operators' to deal with."))
        self.check_access("read")

    def _check_not_anothers(self):
        """Check that nobody else is dealing with these calls at this moment.

        :raise UserError: somebody is
        """
        for call in self.sudo():  # sudo: who took it
            if (
                call.state in ("ringing", "talking")
                and call.user_id
                and call.user_id != self.env.user
            ):
                raise UserError(
                    self.env._("%(name)s has taken this call.", name=call.user_id.name)
                )

    def link(self, ticket_id):
        """Put this call to a request (Art. 12.1), on record there.

        :param int ticket_id: one that the caller may read
        """
        self.ensure_one()
        self._check_operator()
        tickets = self.env["pakn.ticket"]
        ticket = tickets._browse_given("pakn.ticket", ticket_id)[:1].exists()
        if not ticket:
            raise UserError(self.env._("There is no such request."))
        ticket.check_access("read")
        self._lock_calls()
        if not self._has_spoken():
            self._check_not_anothers()
        self._link(ticket)
        return True

    def _link(self, tickets):
        """Put this call to requests that are not among its own yet."""
        self.ensure_one()
        call_sudo = self.sudo()  # sudo: calls are written by what is done with them
        new = tickets - call_sudo.ticket_ids.with_env(tickets.env)
        if not new:
            return
        values = {"ticket_ids": [fields.Command.link(ticket.id) for ticket in new]}
        if not call_sudo.user_id:
            values["user_id"] = self.env.uid
        call_sudo.write(values | {"reason_id": False})
        new._log_event("phoned", payload=call_sudo._get_particulars())
        recording = call_sudo.recording_id
        if recording.sha256:
            new._log_event("recorded", payload=recording._get_particulars())
        call_sudo._tell_desks()

    def _get_particulars(self):
        """Return what stands on record of a call; the number is the request's own."""
        self.ensure_one()
        return {
            "exchange": self.provider,
            "call": self.call_id,
            "direction": self.direction,
            "date": fields.Datetime.to_string(self.date_ring),
        }

    def settle(self, reason_id, note=None):
        """Say why these calls led to no request (Art. 20).

        :param int reason_id: of ``pakn.call.reason``
        :param str note: in the operator's words
        """
        self._check_operator()
        tickets = self.env["pakn.ticket"]
        reason = tickets._browse_given("pakn.call.reason", reason_id)[:1].exists()
        if not reason:
            raise ValidationError(self.env._("Please choose the reason."))
        note = tickets._check_text(note)[:300]
        self._lock_calls()
        self._check_not_anothers()
        for call in self:
            if call.state in ("ringing", "talking"):
                raise UserError(self.env._("The call is not over yet."))
            if call.sudo().ticket_ids:  # sudo: secret ones too
                raise UserError(self.env._("This call has led to a request."))
        # sudo: pakn.call - calls are written by what is done with them
        self.sudo().write({"reason_id": reason.id, "note": note or False})
        self.sudo()._tell_desks()
        return True

    # ------------------------------------------------------------
    # BUTTONS
    # ------------------------------------------------------------

    def action_new_ticket(self):
        """Open a new request with what is known of the call filled in."""
        self.ensure_one()
        self._check_operator()
        return {
            "type": "ir.actions.act_window",
            "res_model": "pakn.ticket",
            "views": [[False, "form"]],
            "context": self.get_request_context(),
        }

    def action_view_tickets(self):
        """Open the requests of this call."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "pakn_1022.ticket_action_all"
        )
        return action | {"domain": [("call_ids", "in", self.ids)], "context": {}}

    def action_settle(self):
        """Open the dialog that asks for the reason."""
        self._check_operator()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("No request"),
            "res_model": "pakn.call.settle",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_call_ids": [fields.Command.set(self.ids)]},
        }
