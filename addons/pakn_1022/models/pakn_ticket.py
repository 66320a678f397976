from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, LockError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, html2plaintext, is_html_empty

from ..tools.language import looks_vietnamese
from ..tools.ticket_code import make_code, normalize_code
from .pakn_stage import TICKET_STATES

OPEN_STATES = (
    "new",
    "transferred",
    "scheduled",
    "escalated_head",
    "escalated_province",
    "answered",
)


class PaknTicket(models.Model):
    """A request (phản ánh, kiến nghị) of one citizen or organisation.

    What happens to it goes through the operations of ``pakn_ticket_flow.py``, never
    through a plain write of ``state`` or of another field of the procedure.

    Operators take in, correct and act; focal points, heads and the provincial office
    read what they hold a slip of; the monitor reads; nobody deletes (Art. 9).
    """

    _name = "pakn.ticket"
    _description = "Request"
    _inherit = [
        "portal.mixin",
        "mail.activity.mixin",
        "rating.mixin",
        "pakn.kept",
    ]
    _order = "date_received desc, id desc"

    # Set by the operations alone; see write().
    _PROCEDURE_FIELDS = frozenset(
        {
            "name",
            "state",
            "unit_id",
            "transfer_ids",
            "round",
            "result",
            "result_attachment_ids",
            "date_result",
            "date_done",
            "is_instant",
            "is_published",
            "date_published",
            "reject_reason_id",
            "reject_guidance",
            "is_overdue",
            "date_overdue",
            "date_closed",
            "date_due",
            "open_transfer_id",
            "event_ids",
            "access_token",
            "citizen_id",
            "private_name",
            "private_phone",
            "private_address",
            "private_email",
            "record_length",
            "record_hash",
            "has_new_reply",
        }
    )
    # Corrections of these are themselves acts to be recorded (Art. 9).
    _CONTENT_FIELDS = (
        "title",
        "description",
        "citizen_name",
        "citizen_phone",
        "citizen_address",
        "citizen_email",
        "channel_id",
        "category_id",
        "area_id",
        "address",
        "secrecy",
        "date_received",
    )

    name = fields.Char(
        string="Code", readonly=True, copy=False, default="/", index="trigram"
    )
    title = fields.Char(required=True, tracking=True, index="trigram")
    description = fields.Html(
        string="Content", required=True, sanitize_attributes=True, index="trigram"
    )
    round = fields.Integer(
        default=1,
        readonly=True,
        copy=False,
        help="1, and one more each time the request is reopened.",
    )

    # What about, and where
    channel_id = fields.Many2one(
        "pakn.channel",
        required=True,
        index=True,
        default=lambda self: self._default_channel_id(),
    )
    channel_icon = fields.Char(related="channel_id.icon", string="Channel icon")
    category_id = fields.Many2one(
        "pakn.category", string="Field", index="btree_not_null", tracking=True
    )
    category_color = fields.Integer(related="category_id.color")
    area_id = fields.Many2one("pakn.area", index="btree_not_null")
    address = fields.Char(string="Place of the matter")
    latitude = fields.Float(digits=(10, 7))
    longitude = fields.Float(digits=(10, 7))
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "pakn_ticket_attachment_rel",
        string="Attachments",
        copy=False,
    )
    secrecy = fields.Selection(
        [
            ("public", "Public"),
            ("confidential", "Confidential"),
            ("secret", "Secret"),
        ],
        required=True,
        default="public",
        tracking=True,
        help="Confidential: the citizen asked not to be named. "
        "Secret: state secrets. Neither is published (Art. 13.1).",
    )

    # The checks of Art. 8; a machine check only advises
    check_language = fields.Boolean(
        string="In Vietnamese (8.1)",
        compute="_compute_checks",
        store=True,
        readonly=False,
        precompute=True,
        compute_sudo=False,
    )
    check_content = fields.Boolean(
        string="Clear content (8.2)",
        compute="_compute_checks",
        store=True,
        readonly=False,
        precompute=True,
        compute_sudo=False,
    )
    check_scope = fields.Boolean(
        string="Within the fields of Art. 6 (8.2)",
        compute="_compute_checks",
        store=True,
        readonly=False,
        precompute=True,
        compute_sudo=False,
    )
    check_contact = fields.Boolean(
        string="Name, address and phone given (8.3)",
        compute="_compute_checks",
        store=True,
        readonly=False,
        precompute=True,
        compute_sudo=False,
    )

    # Where it stands
    state = fields.Selection(
        TICKET_STATES,
        required=True,
        default="new",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    stage_id = fields.Many2one(
        "pakn.stage",
        compute="_compute_stage_id",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        index=True,
        ondelete="restrict",
        group_expand="_read_group_stage_ids",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Operator",
        index="btree_not_null",
        default=lambda self: self._default_user_id(),
        tracking=True,
        domain=lambda self: [
            ("all_group_ids", "in", self.env.ref("pakn_1022.group_operator").ids)
        ],
    )
    unit_id = fields.Many2one(
        "pakn.unit",
        string="Lead unit",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    suggested_unit_id = fields.Many2one(
        "pakn.unit", string="Proposed unit", compute="_compute_suggested_unit_id"
    )
    suggested_reason = fields.Char(
        string="Why this unit", compute="_compute_suggested_unit_id"
    )
    transfer_ids = fields.One2many(
        "pakn.transfer", "ticket_id", string="Slips", readonly=True, copy=False
    )
    open_transfer_id = fields.Many2one(
        "pakn.transfer",
        string="Slip to be answered",
        compute="_compute_open_transfer_id",
        store=True,
        index="btree_not_null",
        help="The open slip of the lead unit.",
    )
    event_ids = fields.One2many(
        "pakn.event", "ticket_id", string="Record", readonly=True, copy=False
    )
    date_received = fields.Datetime(
        string="Received on",
        required=True,
        copy=False,
        default=fields.Datetime.now,
        index=True,
    )
    date_due = fields.Datetime(
        string="Due on", related="open_transfer_id.date_due", store=True
    )
    is_overdue = fields.Boolean(
        string="Overdue", compute="_compute_is_overdue", store=True
    )
    date_overdue = fields.Datetime(
        string="Overdue since", compute="_compute_is_overdue", store=True
    )
    due_state = fields.Selection(related="open_transfer_id.due_state")
    due_text = fields.Char(related="open_transfer_id.due_text")
    used_text = fields.Char(related="open_transfer_id.used_text")

    # How it ended
    reject_reason_id = fields.Many2one(
        "pakn.reject.reason",
        string="Reason for rejection",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    reject_guidance = fields.Html(string="Guidance", readonly=True, copy=False)
    result = fields.Html(readonly=True, copy=False)
    result_attachment_ids = fields.Many2many(
        "ir.attachment",
        "pakn_ticket_result_attachment_rel",
        string="Files of the result",
        readonly=True,
        copy=False,
    )
    date_result = fields.Datetime(string="Result on", readonly=True, copy=False)
    date_done = fields.Datetime(string="Sent on", readonly=True, copy=False)
    is_instant = fields.Boolean(
        string="Answered at once",
        readonly=True,
        copy=False,
        help="Answered by the operator from the knowledge base (Art. 10.1.2 b1).",
    )
    is_published = fields.Boolean(string="Published", readonly=True, copy=False)
    date_published = fields.Datetime(string="Published on", readonly=True, copy=False)

    # What the reader of the form may do
    can_operate = fields.Boolean(compute="_compute_can_operate")
    my_transfer_id = fields.Many2one(
        "pakn.transfer", string="My slip", compute="_compute_my_transfer_id"
    )
    my_transfer_state = fields.Char(compute="_compute_my_transfer_id")
    my_transfer_level = fields.Char(compute="_compute_my_transfer_id")

    _name_unique = models.UniqueIndex(
        "(name)", "Another request has this code already."
    )
    _date_due_idx = models.Index("(date_due) WHERE date_due IS NOT NULL")
    _stage_idx = models.Index("(stage_id, date_received DESC, id DESC)")

    # ------------------------------------------------------------
    # DEFAULTS, COMPUTES
    # ------------------------------------------------------------

    @api.model
    def _default_channel_id(self):
        return self.env.ref("pakn_1022.channel_phone", raise_if_not_found=False)

    @api.model
    def _default_user_id(self):
        user = self.env.user
        return user if user.has_group("pakn_1022.group_operator") else False

    @api.depends("state")
    def _compute_stage_id(self):
        stages = self.env["pakn.stage"]._get_default_stages()
        for ticket in self:
            if ticket.stage_id.state != ticket.state:
                ticket.stage_id = stages.get(ticket.state)

    @api.model
    def _read_group_stage_ids(self, stages, domain):
        return stages.search([], limit=100)

    @api.depends("transfer_ids.is_open", "transfer_ids.role")
    def _compute_open_transfer_id(self):
        for ticket in self:
            ticket.open_transfer_id = ticket.transfer_ids.filtered(
                lambda slip: slip.is_open and slip.role == "lead"
            )[:1]

    @api.depends("round", "transfer_ids.is_overdue", "transfer_ids.round")
    def _compute_is_overdue(self):
        """Art. 11.4: late stays late, also when the result came afterwards."""
        for ticket in self:
            late = ticket.transfer_ids.filtered(
                lambda slip, ticket=ticket: (
                    slip.is_overdue
                    and slip.role == "lead"
                    and slip.round == ticket.round
                )
            )
            ticket.is_overdue = bool(late)
            ticket.date_overdue = min(late.mapped("date_overdue"), default=False)

    @api.depends("category_id", "area_id")
    def _compute_suggested_unit_id(self):
        proposals = self.env["pakn.routing.rule"]._propose(
            [(ticket.category_id, ticket.area_id) for ticket in self]
        )
        for ticket in self:
            unit, reason = proposals[ticket.category_id, ticket.area_id]
            ticket.suggested_unit_id = unit
            ticket.suggested_reason = reason

    @api.depends(
        "description",
        "category_id",
        "citizen_name",
        "citizen_address",
        "citizen_phone",
    )
    def _compute_checks(self):
        """Tick in advance what a machine can see of Art. 8; the operator decides."""
        for ticket in self:
            text = html2plaintext(ticket.description or "")
            ticket.check_language = looks_vietnamese(text)
            ticket.check_content = len(text.split()) >= 4
            ticket.check_scope = bool(ticket.category_id)
            ticket.check_contact = bool(
                ticket.citizen_name and ticket.citizen_address and ticket.citizen_phone
            )

    @api.depends_context("uid")
    def _compute_can_operate(self):
        self.can_operate = self.env.user.has_group("pakn_1022.group_operator")

    @api.depends_context("uid")
    @api.depends("transfer_ids.can_respond")
    def _compute_my_transfer_id(self):
        for ticket in self:
            mine = ticket.transfer_ids.filtered("can_respond")
            slip = (mine.filtered(lambda slip: slip.role == "lead") or mine)[:1]
            ticket.my_transfer_id = slip
            ticket.my_transfer_state = slip.state
            ticket.my_transfer_level = slip.level

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Take in requests (Art. 10.1.1): code, contact, record and notice."""
        if not self.env.su:
            self._check_no_procedure_fields(set().union(*vals_list) - {"name"})
            # A request begins as new, whichever column or context it comes from.
            forced = {f"default_{name}" for name in self._get_procedure_fields()}
            forced.add("default_stage_id")
            context = self.env.context.items()
            # Keys are taken away, so the context is given anew.
            self = self.with_context(  # pylint: disable=context-overridden
                {key: value for key, value in context if key not in forced}
            )
            vals_list = [
                {name: value for name, value in vals.items() if name != "stage_id"}
                for vals in vals_list
            ]
        defaults = self.default_get(["channel_id"])
        vals_list = [defaults | self._normalize_contact(vals) for vals in vals_list]
        self._set_citizens(vals_list)
        self._set_codes(vals_list)
        # That it was received stands in the record of acts; its operator follows it
        # anyway. Mail's own note and follower would double the time.
        quiet = self.with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        tickets = super(PaknTicket, quiet).create(
            [self._rename_citizen_fields(vals) for vals in vals_list]
        )
        tickets = tickets.with_env(self.env)
        tickets._link_attachments()
        tickets._log_event("received", to_state="new")
        # Art. 8.3: what is missing is asked for once, in the notice of receipt
        asked = tickets._filter_contact_to_be_asked()
        if asked:
            asked._log_event("asked")
            asked._notify_citizen("contact")
        if tickets - asked:
            (tickets - asked)._notify_citizen("received")
        return tickets

    def write(self, vals):
        """Correct the content; a write of ``stage_id`` runs that transition.

        :raise AccessError: a field that only an operation may set
        """
        if self.env.su:
            return super().write(self._rename_citizen_fields(vals))
        self._check_no_procedure_fields(vals)
        if "stage_id" in vals:
            stage = self.env["pakn.stage"].browse(vals["stage_id"]).exists()
            if not stage:
                raise ValidationError(self.env._("This column does not exist anymore."))
            self._move_to_stage(stage)
        content = [name for name in self._CONTENT_FIELDS if name in vals]
        if not content:
            return super().write(vals)
        vals = self._normalize_contact(vals)
        before = {ticket: ticket._get_content(content) for ticket in self}
        if vals.get("secrecy", "public") != "public":
            self._unpublish()
        result = super().write(self._rename_citizen_fields(vals))
        if {"citizen_phone", "citizen_email"} & vals.keys():
            self._relink_citizens()
        self._link_attachments()
        events = []
        for ticket in self:
            after = ticket._get_content(content)
            changes = {
                name: [before[ticket][name], after[name]]
                for name in content
                if before[ticket][name] != after[name]
            }
            if changes:
                events.append(ticket._prepare_event("updated", payload=changes))
        self.env["pakn.event"]._append(events)
        return result

    def copy_data(self, default=None):  # pylint: disable=method-required-super
        raise ValidationError(
            self.env._("A request cannot be duplicated; take in a new one.")
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise ValidationError(
            self.env._(
                "A request is a record and cannot be deleted. Cancel it with a reason."
            )
        )

    @api.model
    def _get_procedure_fields(self):
        """Return the names of the fields that operations alone set."""
        return self._PROCEDURE_FIELDS

    def _check_no_procedure_fields(self, names):
        forbidden = self._get_procedure_fields().intersection(names)
        if forbidden:
            raise AccessError(
                self.env._(
                    "%(fields)s cannot be changed by hand: use the buttons of the "
                    "request.",
                    fields=", ".join(
                        sorted(
                            self._fields[name]._description_string(self.env)
                            for name in forbidden
                        )
                    ),
                )
            )

    @api.model
    def _set_codes(self, vals_list):
        """Give each new request its code, in place: one query a year and batch."""
        by_year = defaultdict(list)
        for vals in vals_list:
            if self.env.su and vals.get("name", "/") != "/":
                continue
            received = fields.Datetime.to_datetime(
                vals.get("date_received") or fields.Datetime.now()
            )
            # The year is that of the province's calendar, not of UTC.
            local = fields.Datetime.context_timestamp(
                self.with_context(tz="Asia/Ho_Chi_Minh"), received
            )
            by_year[local.year].append(vals)
        for year, batch in by_year.items():
            numbers = self._next_numbers(year, len(batch))
            for vals, number in zip(batch, numbers, strict=True):
                vals["name"] = make_code(year, number)

    @api.model
    def _next_numbers(self, year, count):
        """Return the next ``count`` running numbers of ``year``.

        They come from the date range of that year of the sequence ``pakn.ticket``.
        """
        # sudo: ir.sequence - whoever may take in a request may number it
        sequence = self.env.ref("pakn_1022.sequence_ticket").sudo()
        first_day = f"{year}-01-01"
        date_range = sequence.date_range_ids.filtered(
            lambda r: str(r.date_from) <= first_day <= str(r.date_to)
        )
        if not date_range:
            try:
                sequence.lock_for_update()
            except LockError as error:
                # Somebody else opens the year right now: do it over.
                raise ConcurrencyError(str(error)) from error
            date_range = sequence._create_date_range_seq(first_day)
        table = f"ir_sequence_{sequence.id:03d}_{date_range.id:03d}"
        rows = self.env.execute_query(
            SQL("SELECT nextval(%s) FROM generate_series(1, %s)", table, count)
        )
        return [number for [number] in rows]

    def _link_attachments(self):
        """Tie uploaded files to their request, so that its rights are theirs."""
        for ticket in self:
            # sudo: ir.attachment - files the user has just put on this request
            loose_sudo = ticket.sudo().attachment_ids.filtered(lambda a: not a.res_id)
            if loose_sudo:
                loose_sudo.write({"res_model": self._name, "res_id": ticket.id})

    def _get_content(self, names):
        """Return the named fields as plain values for the record of acts."""
        self.ensure_one()
        content = {}
        for name in names:
            value = self[name]
            if isinstance(value, models.BaseModel):
                value = value.display_name
            elif name == "description":
                value = html2plaintext(value or "")
            elif self._fields[name].type == "datetime":
                value = fields.Datetime.to_string(value)
            content[name] = value or ""
        return content

    # ------------------------------------------------------------
    # SEARCH AND DISPLAY
    # ------------------------------------------------------------

    @api.depends("name", "title")
    def _compute_display_name(self):
        for ticket in self:
            ticket.display_name = (
                f"{ticket.name} {ticket.title}" if ticket.id else ticket.title
            )

    @api.model
    def _search_display_name(self, operator, value):
        """Search by code, title or phone number."""
        if operator in ("ilike", "like", "=") and isinstance(value, str) and value:
            code = normalize_code(value)
            if code:
                return Domain("name", "=", code)
            domain = Domain("name", "ilike", value) | Domain("title", "ilike", value)
            if sum(char.isdigit() for char in value) >= 6:
                domain |= Domain("citizen_phone", operator, value)
            return domain
        return super()._search_display_name(operator, value)

    # ------------------------------------------------------------
    # MAIL, PORTAL AND RATING HOOKS
    # ------------------------------------------------------------

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """What is said to the citizen names the citizen: operators alone read it.

        Units and the hotline talk on the slip.
        """
        return dict.fromkeys(self, "write")

    @api.model
    def _mail_get_partner_fields(self, introspect_fields=False):
        return ["citizen_id"]

    @api.model
    def _phone_get_number_fields(self):
        return ["citizen_phone"]

    def _rating_get_partner(self):
        return self.citizen_id

    def _rating_get_operator(self):
        """The unit is rated, not one of its people (Art. 14)."""
        return self.env["res.partner"]

    def _rating_get_parent_field_name(self):
        return "unit_id"

    # ------------------------------------------------------------
    # THE RECORD
    # ------------------------------------------------------------

    def _log_event(self, kind, note=None, to_state=None, payload=None, **values):
        """Append one act per request to the record (Art. 9, 12).

        :param str kind: of ``pakn.event``
        :param str note: in the words of whoever acted
        :param str to_state: the state after the act; the present one is the old one
        :param dict payload: JSON-able particulars
        :param values: further fields of ``pakn.event``, e.g. ``transfer_id``
        """
        return self.env["pakn.event"]._append(
            [
                ticket._prepare_event(kind, note, to_state, payload, **values)
                for ticket in self
            ]
        )

    def _prepare_event(self, kind, note=None, to_state=None, payload=None, **values):
        """Return the values of one act; see :meth:`_log_event`."""
        self.ensure_one()
        return {
            "ticket_id": self.id,
            "kind": kind,
            "note": note,
            "from_state": self.state if kind != "received" else False,
            "to_state": to_state or self.state,
            "payload": payload,
            **values,
        }

    def _has_text(self, html):
        """Return whether an HTML field or argument says anything."""
        return isinstance(html, str) and not is_html_empty(html)
