from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import clean_context, plaintext2html

from ..tools import acts


class PaknTransfer(models.Model):
    """A slip (phiếu chuyển): one request in the hands of one unit at one level.

    Slips are created by the operations of the request and never deleted.

    A unit reads the request as long as it *holds* it (``is_held``): its slip is open,
    or gave the result of the present round. A slip that was returned or taken back,
    that expired or whose answer is overtaken remains the unit's, with title, content
    and place as they were when it ended; the request itself, its files and what comes
    after are no longer the unit's to read.

    Its rooms:
    ``pakn.transfer.acts`` (operations) and ``…buttons``, ``pakn.transfer.people`` (who
    may respond), ``pakn.transfer.due`` (deadlines, Art. 10.5, 11),
    ``pakn.transfer.clock`` (what expires), ``pakn.transfer.hours`` (changed hours,
    units that end), ``pakn.transfer.talk`` and ``pakn.transfer.board``.
    """

    _name = "pakn.transfer"
    _description = "Slip"
    _inherit = [
        "pakn.transfer.buttons",
        "pakn.transfer.acts",
        "pakn.transfer.people",
        "pakn.transfer.due",
        "pakn.transfer.clock",
        "pakn.transfer.hours",
        "pakn.transfer.board",
        "pakn.transfer.talk",
        "pakn.act.mixin",
        "pakn.thread",
        "pakn.kept",
    ]
    _order = "date_sent desc, id desc"
    _mail_post_access = "read"
    _rec_names_search = ["ticket_id.found_by", "unit_id.name"]

    ticket_id = fields.Many2one(
        "pakn.ticket",
        string="Request",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
        procedure=True,
    )
    unit_id = fields.Many2one(
        "pakn.unit",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
        procedure=True,
    )
    level = fields.Selection(
        [
            ("focal", "Focal point"),
            ("head", "Head"),
            ("province", "Provincial People's Committee"),
        ],
        required=True,
        default="focal",
        readonly=True,
        procedure=True,
    )
    role = fields.Selection(
        [("lead", "Lead"), ("support", "Supporting")],
        required=True,
        default="lead",
        readonly=True,
        procedure=True,
    )
    state = fields.Selection(
        [
            ("sent", "Sent"),
            ("acknowledged", "Acknowledged"),
            ("scheduled", "Appointment"),
            ("extended", "Extended"),
            ("answered", "Answered"),
            ("returned", "Returned"),
            ("expired", "Expired"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="sent",
        readonly=True,
        index=True,
        procedure=True,
    )
    is_open = fields.Boolean(
        compute="_compute_is_open",
        store=True,
        precompute=True,
        procedure=True,
    )
    is_held = fields.Boolean(
        string="Holds the request",
        compute="_compute_is_held",
        store=True,
        precompute=True,
        procedure=True,
        help="Open, or the result of the present round: the unit reads the request.",
    )
    round = fields.Integer(
        default=1,
        readonly=True,
        procedure=True,
    )
    previous_id = fields.Many2one(
        "pakn.transfer",
        string="Escalated from",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        procedure=True,
    )
    next_ids = fields.One2many(
        "pakn.transfer", "previous_id", readonly=True, procedure=True
    )
    delegate_user_ids = fields.Many2many(
        "res.users",
        "pakn_transfer_delegate_rel",
        string="Delegated to",
        readonly=True,
        procedure=True,
    )
    note = fields.Text(
        string="Message to the unit",
        readonly=True,
        procedure=True,
    )
    reason = fields.Text(
        readonly=True,
        help="Why the slip was returned or the time extended.",
        procedure=True,
    )
    result = fields.Html(
        readonly=True,
        procedure=True,
    )

    # Art. 11
    date_sent = fields.Datetime(
        string="Sent on",
        required=True,
        readonly=True,
        default=fields.Datetime.now,
        procedure=True,
    )
    date_deadline = fields.Datetime(
        string="Deadline",
        required=True,
        readonly=True,
        procedure=True,
    )
    is_date_directed = fields.Boolean(
        string="Directed by a date",
        readonly=True,
        help="The provincial office set the deadline, not the count of hours.",
        procedure=True,
    )
    date_promised = fields.Datetime(
        string="Appointment",
        readonly=True,
        procedure=True,
    )
    date_extended = fields.Datetime(
        string="Extended until",
        readonly=True,
        procedure=True,
    )
    extension_count = fields.Integer(
        string="Extensions",
        readonly=True,
        procedure=True,
    )
    is_reminded = fields.Boolean(
        string="Reminded",
        readonly=True,
        procedure=True,
    )
    result_attachment_ids = fields.Many2many(
        "ir.attachment",
        "pakn_transfer_attachment_rel",
        string="Files of the unit",
        readonly=True,
        copy=False,
        procedure=True,
    )
    date_responded = fields.Datetime(
        string="Responded on",
        readonly=True,
        procedure=True,
    )
    date_first = fields.Datetime(
        string="First response on",
        readonly=True,
        help="When the unit first gave an appointment, a result or the slip back.",
        procedure=True,
    )
    date_closed = fields.Datetime(
        string="Closed on",
        readonly=True,
        help="When the slip was answered, returned or cancelled, or expired.",
        procedure=True,
    )
    is_first = fields.Boolean(
        string="Begins a matter",
        compute="_compute_is_first",
        store=True,
        precompute=True,
        help="Not set on a slip that the same unit got of what it had already: its "
        "head's after its focal point's, or a result given back.",
        procedure=True,
    )
    is_rework = fields.Boolean(
        string="Result given back",
        readonly=True,
        help="The operator gave the unit's result back before it was sent.",
        procedure=True,
    )
    is_referred = fields.Boolean(
        string="Referred",
        readonly=True,
        procedure=True,
        help="An operator referred the request to the provincial office (Art. 10.4.2).",
    )
    urge_count = fields.Integer(
        string="Times urged",
        readonly=True,
        procedure=True,
    )
    # Art. 11.4, once: every screen and report counts these
    is_overdue = fields.Boolean(
        string="Overdue",
        readonly=True,
        procedure=True,
    )
    date_overdue = fields.Datetime(
        string="Overdue since",
        readonly=True,
        procedure=True,
    )
    timeliness = fields.Selection(
        [("in_time", "In time"), ("late", "Late")],
        readonly=True,
        help="Late: the level's time, the appointment or the extension passed without "
        "a result. In time: answered or appointed within the level's time, and not "
        "late since. Empty: not due yet, or returned or cancelled before.",
        procedure=True,
    )
    date_judged = fields.Datetime(
        string="Judged on",
        readonly=True,
        help="The moment that counts for the statistics: the level's deadline of what "
        "is in time, the beginning of the delay of what is late.",
        procedure=True,
    )

    # For the people of the unit, who read the slip and not always the request
    code = fields.Char(related="ticket_id.name")
    ticket_title = fields.Char(
        string="Title", compute="_compute_content", compute_sudo=True
    )
    description = fields.Html(
        string="Content", compute="_compute_description", compute_sudo=True
    )
    category_id = fields.Many2one(related="ticket_id.category_id")
    area_id = fields.Many2one(related="ticket_id.area_id")
    address = fields.Char(
        string="Place of the matter", compute="_compute_content", compute_sudo=True
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        string="Attachments",
        compute="_compute_attachment_ids",
        compute_sudo=True,
    )
    secrecy = fields.Selection(related="ticket_id.secrecy")
    citizen_name = fields.Char(string="Citizen", compute="_compute_citizen")
    citizen_phone = fields.Char(string="Citizen's phone", compute="_compute_citizen")

    # What the clock looks for each minute; in the words of the ORM's own conditions,
    # for a partial index serves those alone.
    _due_idx = models.Index(
        "(date_due, id) WHERE is_open IS TRUE AND is_overdue IS NOT TRUE"
    )
    _reminder_idx = models.Index(
        "(date_reminder) WHERE is_open IS TRUE AND is_reminded IS NOT TRUE"
    )
    # Of a unit, in the order of its list, as the ORM asks for it
    _unit_open_idx = models.Index(
        "(unit_id, COALESCE(is_open, false) DESC, date_due, id DESC) "
        "WHERE is_open IS TRUE"
    )
    # Which requests a unit holds: its record rule asks that with every list
    _held_idx = models.Index("(unit_id, ticket_id) WHERE is_held IS TRUE")
    _date_sent_idx = models.Index("(date_sent)")
    _date_closed_idx = models.Index("(date_closed, date_sent)")
    _not_closed_idx = models.Index("(date_sent) WHERE date_closed IS NULL")
    _judged_idx = models.Index("(date_judged, unit_id) WHERE date_judged IS NOT NULL")
    # What a level let expire of requests: few, and looked for by every board
    _overdue_idx = models.Index("(ticket_id) WHERE is_overdue IS TRUE")
    _one_open_lead = models.UniqueIndex(
        "(ticket_id) WHERE is_open AND role = 'lead'",
        "A request lies with one lead unit at a time.",
    )

    # ------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------

    @api.depends("state")
    def _compute_is_open(self):
        for slip in self:
            slip.is_open = slip.state in acts.SLIP_OPEN

    @api.depends("is_open", "state", "round", "ticket_id.round", "next_ids.is_rework")
    def _compute_is_held(self):
        for slip in self:
            slip.is_held = slip.is_open or (
                slip.state == "answered"
                and slip.round == slip.ticket_id.round
                and not any(following.is_rework for following in slip.next_ids)
            )

    @api.depends(
        "is_held",
        "date_closed",
        "ticket_id.title",
        "ticket_id.address",
    )
    def _compute_content(self):
        """What the request says; what it said when the unit ceased to hold it."""
        corrected = self.filtered(lambda slip: not slip.is_held)._get_corrected_since()
        for slip in self:
            ticket, then = slip.ticket_id, corrected.get(slip, {})
            slip.ticket_title = then.get("title", ticket.title)
            slip.address = then.get("address", ticket.address)

    @api.depends("is_held", "date_closed", "ticket_id.description")
    def _compute_description(self):
        """As :meth:`_compute_content`; apart, for lists do not ask for long texts."""
        corrected = self.filtered(lambda slip: not slip.is_held)._get_corrected_since()
        for slip in self:
            ticket, then = slip.ticket_id, corrected.get(slip, {})
            slip.description = (
                plaintext2html(then["description"])
                if "description" in then
                else ticket.description
            )

    @api.depends("is_held", "ticket_id.attachment_ids")
    def _compute_attachment_ids(self):
        for slip in self:
            slip.attachment_ids = slip.is_held and slip.ticket_id.attachment_ids

    def _get_corrected_since(self):
        """Return ``{slip: {field: text}}`` of what was corrected after they closed.

        The record of acts keeps what stood there before. What was done in the second in
        which a slip was closed came after the last act on the slip, or before.
        """
        if not self:
            return {}
        events = self.env["pakn.event"].search_fetch(
            Domain("ticket_id", "in", self.ticket_id.ids)
            & (Domain("kind", "=", "updated") | Domain("transfer_id", "in", self.ids)),
            ["ticket_id", "transfer_id", "kind", "sequence", "date", "payload"],
            order="ticket_id, sequence",
        )
        last = {event.transfer_id: event.sequence for event in events}
        updates = events.filtered(lambda event: event.kind == "updated")
        by_ticket = updates.grouped("ticket_id")
        found = {slip: {} for slip in self}
        for slip, then in found.items():
            for event in by_ticket.get(slip.ticket_id, ()):
                closed, now = slip.date_closed, event.date
                if now > closed or (
                    now == closed and event.sequence > last.get(slip, 0)
                ):
                    for name, (before, _after) in (event.payload or {}).items():
                        then.setdefault(name, before)
        return found

    @api.depends("code", "unit_id.name")
    def _compute_display_name(self):
        for slip in self:
            slip.display_name = f"{slip.code} · {slip.unit_id.name}"

    @api.depends_context("uid")
    @api.depends("ticket_id.citizen_name", "ticket_id.citizen_phone")
    def _compute_citizen(self):
        """Name and phone in the rights of who reads: pakn_ticket_citizen.py."""
        for slip in self:
            slip.citizen_name = slip.ticket_id.citizen_name
            slip.citizen_phone = slip.ticket_id.citizen_phone

    @api.depends("previous_id")
    def _compute_is_first(self):
        for slip in self:
            slip.is_first = slip.previous_id.unit_id != slip.unit_id

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Create slips; the acts of :meth:`_hand_out` do, which record it."""
        self._check_writable(set().union(*vals_list))
        # The database holds one open lead slip a request; the old one must be seen
        # closed before the new one is inserted.
        self.flush_model(["state", "is_open", "is_held", "role"])
        # No default from a dialog's context gets into a slip. That it was sent stands
        # in the record of acts, and the outbox tells whom it concerns: mail's own note,
        # follower and tracking would double the time.
        self = self.with_context(
            clean_context(self.env.context),
            mail_create_nolog=True,
            mail_create_nosubscribe=True,
            tracking_disable=True,
        )
        # Asked once: the clock hands on thousands
        defaults = self.default_get(list(self._fields))
        return super(
            PaknTransfer, self.with_context(pakn_slip_defaults=defaults)
        ).create(vals_list)

    @api.model
    def _add_missing_default_values(self, values):
        """Take the defaults that :meth:`create` has asked for."""
        if "pakn_slip_defaults" in self.env.context:
            return {**self.env.context["pakn_slip_defaults"], **values}
        return super()._add_missing_default_values(values)

    @api.model
    def _hand_out(self, vals_list, events=()):
        """Create slips and record it, after the acts that led to it.

        :param events: values of those acts, as of :meth:`_prepare_event`
        """
        slips = self.create(vals_list)
        handed_out = [
            slip._prepare_event(
                "transferred",
                note=slip.note,
                to_state=acts.STATE_OF_LEVEL[slip.level]
                if slip.role == "lead"
                else None,
                payload={
                    "level": slip.level,
                    "role": slip.role,
                    "date_deadline": fields.Datetime.to_string(slip.date_deadline),
                },
            )
            for slip in slips
        ]
        self.env["pakn.event"]._append([*events, *handed_out])
        return slips

    def write(self, vals):
        """Refuse what no act writes.

        :raise AccessError: a slip is written by acts alone (Art. 9)
        """
        self._check_writable(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("A slip is a record and cannot be deleted."))
