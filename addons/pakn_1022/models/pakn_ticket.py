import uuid
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import html2plaintext

from .pakn_stage import TICKET_STATES

# Who may know of state secrets
CLEARED = "pakn_1022.group_secrecy_clearance"


class PaknTicket(models.Model):
    """A request (phản ánh, kiến nghị) of one citizen or organisation.

    What happens to it goes through the acts of ``tools/acts.py``, never through a plain
    write. Its rooms: ``pakn.ticket.acts`` (operations, Art. 10) and ``…buttons``,
    ``pakn.ticket.result`` (how it ends, what is public, Art. 10.1.2, 13),
    ``pakn.ticket.undo`` (what is taken back), ``pakn.ticket.rating`` (Art. 14),
    ``pakn.ticket.citizen`` (who asks, and who may know, Art. 8.3, 13.1),
    ``pakn.ticket.mail`` (Art. 3.2.2), ``pakn.ticket.record`` (Art. 9),
    ``pakn.ticket.due`` (Art. 11), ``pakn.ticket.desk`` (Art. 20.3),
    ``pakn.ticket.intake`` (Art. 8), ``pakn.ticket.code``, ``pakn.ticket.words`` and
    ``pakn.ticket.search``.

    Operators take in, correct and act; focal points, heads and the provincial office
    read what they hold a slip of; the monitor reads; nobody deletes (Art. 9).
    """

    _name = "pakn.ticket"
    _description = "Request"
    _inherit = [
        "pakn.ticket.buttons",
        "pakn.ticket.many",
        "pakn.ticket.acts",
        "pakn.ticket.result",
        "pakn.ticket.undo",
        "pakn.ticket.rating",
        "pakn.ticket.citizen",
        "pakn.ticket.mail",
        "pakn.ticket.talk",
        "pakn.ticket.record",
        "pakn.ticket.due",
        "pakn.ticket.desk",
        "pakn.ticket.intake",
        "pakn.ticket.code",
        "pakn.ticket.words",
        "pakn.ticket.search",
        "pakn.act.mixin",
        "pakn.thread",
        "portal.mixin",
        "rating.mixin",
        "pakn.kept",
    ]
    _order = "date_received desc, id desc"

    name = fields.Char(
        string="Code",
        readonly=True,
        copy=False,
        default="/",
        index="trigram",
        procedure=True,
    )
    title = fields.Char(
        required=True,
        index="trigram",
        content=True,
    )
    description = fields.Html(
        string="Content",
        required=True,
        sanitize_attributes=True,
        content=True,
    )
    round = fields.Integer(
        default=1,
        readonly=True,
        copy=False,
        help="1, and one more each time the request is reopened.",
        procedure=True,
    )

    # What about, and where
    channel_id = fields.Many2one(
        "pakn.channel",
        required=True,
        index=True,
        default=lambda self: self._default_channel_id(),
        content=True,
    )
    channel_icon = fields.Char(related="channel_id.icon", string="Channel icon")
    category_id = fields.Many2one(
        "pakn.category",
        string="Field",
        index="btree_not_null",
        content=True,
    )
    category_color = fields.Integer(related="category_id.color")
    area_id = fields.Many2one(
        "pakn.area",
        index="btree_not_null",
        content=True,
    )
    address = fields.Char(
        string="Place of the matter",
        content=True,
    )
    latitude = fields.Float(
        digits=(10, 7),
        content=True,
    )
    longitude = fields.Float(
        digits=(10, 7),
        content=True,
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "pakn_ticket_attachment_rel",
        string="Attachments",
        copy=False,
        content=True,
    )
    secrecy = fields.Selection(
        [
            ("public", "Public"),
            ("confidential", "Confidential"),
            ("secret", "Secret"),
        ],
        required=True,
        default="public",
        help="Confidential: the citizen asked not to be named. "
        "Secret: state secrets. Neither is published (Art. 13.1).",
        content=True,
    )

    # Where it stands
    state = fields.Selection(
        TICKET_STATES,
        required=True,
        default="new",
        readonly=True,
        copy=False,
        index=True,
        procedure=True,
    )
    stage_id = fields.Many2one(
        "pakn.stage",
        compute="_compute_stage_id",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        ondelete="restrict",
        group_expand="_read_group_stage_ids",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Operator",
        index="btree_not_null",
        default=lambda self: self._default_user_id(),
        domain=lambda self: list(self.env["res.users"]._get_operator_domain()),
        content=True,
    )
    unit_id = fields.Many2one(
        "pakn.unit",
        string="Lead unit",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        procedure=True,
    )
    suggested_unit_id = fields.Many2one(
        "pakn.unit", string="Proposed unit", compute="_compute_suggested_unit_id"
    )
    suggested_reason = fields.Char(
        string="Why this unit", compute="_compute_suggested_unit_id"
    )
    transfer_ids = fields.One2many(
        "pakn.transfer",
        "ticket_id",
        string="Slips",
        readonly=True,
        copy=False,
        procedure=True,
    )
    event_ids = fields.One2many(
        "pakn.event",
        "ticket_id",
        string="Record",
        readonly=True,
        copy=False,
        procedure=True,
    )
    notice_ids = fields.One2many(
        "pakn.notice",
        "ticket_id",
        string="Who was told",
        readonly=True,
        copy=False,
        procedure=True,
        groups="pakn_1022.group_operator",
    )
    is_unreached = fields.Boolean(
        string="Call the citizen",
        readonly=True,
        copy=False,
        procedure=True,
        help="No message reached the citizen; the operator calls.",
    )
    date_received = fields.Datetime(
        string="Received on",
        required=True,
        copy=False,
        default=fields.Datetime.now,
        index=True,
        content=True,
    )

    # What the reader of the form may do
    can_operate = fields.Boolean(compute="_compute_can_operate")
    my_transfer_id = fields.Many2one(
        "pakn.transfer", string="My slip", compute="_compute_my_transfer_id"
    )
    my_transfer_level = fields.Char(compute="_compute_my_transfer_id")
    my_note = fields.Text(
        string="Message to me",
        compute="_compute_my_transfer_id",
        help="Of whoever sent the slip, or why the result was given back.",
    )
    return_text = fields.Text(
        string="Why it was returned", compute="_compute_return_text"
    )
    my_acts = fields.Json(
        string="What may be done with my slip", compute="_compute_my_transfer_id"
    )

    _name_unique = models.UniqueIndex(
        "(name)", "Another request has this code already."
    )
    # Few: who may not read them is told by what they are not
    _secret_idx = models.Index("(id) WHERE secrecy = 'secret'")
    _unreached_idx = models.Index("(id) WHERE is_unreached IS TRUE")
    # Finds the first cards of the board's columns, in the order in which it shows them,
    # without reading the requests themselves
    _stage_idx = models.Index(
        "(stage_id, date_due, date_received, id) INCLUDE (date_closed, secrecy)"
    )
    _date_ended_idx = models.Index("(date_ended, date_received)")
    _not_ended_idx = models.Index("(date_received) WHERE date_ended IS NULL")
    _reopened_idx = models.Index("(id) WHERE round > 1")

    # ------------------------------------------------------------
    # DEFAULTS, COMPUTES
    # ------------------------------------------------------------

    @api.model
    def _default_channel_id(self):
        return self.env["pakn.channel"]._get_own("channel_phone")

    @api.model
    def _default_user_id(self):
        user = self.env.user
        return user if user.has_group("pakn_1022.group_operator") else False

    @api.depends("state")
    def _compute_stage_id(self):
        stages = self.env["pakn.stage"]._get_default_stages()
        states = self.env["pakn.stage"]._get_states()
        for ticket in self:
            if states.get(ticket.stage_id.id) != ticket.state:
                ticket.stage_id = stages.get(ticket.state)

    @api.model
    def _read_group_stage_ids(self, stages, domain):
        return stages.search([], limit=100)

    @api.depends("category_id", "area_id")
    def _compute_suggested_unit_id(self):
        proposals = self.env["pakn.routing.rule"]._propose(
            [(ticket.category_id, ticket.area_id) for ticket in self]
        )
        for ticket in self:
            unit, reason = proposals[ticket.category_id, ticket.area_id]
            ticket.suggested_unit_id = unit
            ticket.suggested_reason = reason

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
            ticket.my_transfer_level = slip.level
            ticket.my_note = slip.note
            ticket.my_acts = slip.acts or ["read"]

    @api.depends("transfer_ids.state", "transfer_ids.reason")
    def _compute_return_text(self):
        """Say which unit returned it last, and why, where it is handed on anew."""
        for ticket in self:
            slip = ticket.transfer_ids.filtered(lambda slip: slip.state == "returned")
            slip = slip.sorted("id")[-1:]
            said = f"{slip.unit_id.name}: {slip.reason or ''}"
            ticket.return_text = said if slip else False

    @api.constrains("date_received")
    def _check_date_received(self):
        """Codes have two digits of the year, so a century of them is told apart."""
        # A clock elsewhere may be ahead a little
        latest = fields.Datetime.now() + timedelta(minutes=10)
        for ticket in self:
            if ticket.date_received > latest:
                raise ValidationError(
                    self.env._("A request cannot be received in the future.")
                )
            if not 2000 <= ticket.date_received.year < 2100:
                raise ValidationError(
                    self.env._("A request is received between 2000 and 2099.")
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Take in requests (Art. 10.1.1): code, contact, record and notice."""
        self._check_writable(set().union(*vals_list) - {"name", "stage_id"})
        if not self.env.su:
            # A request begins as new, whichever column or context it comes from.
            given = {f"default_{name}" for name in self._get_content_fields()}
            context = self.env.context.items()
            # Keys are taken away, so the context is given anew.
            self = self.with_context(  # pylint: disable=context-overridden
                {
                    key: value
                    for key, value in context
                    if not key.startswith("default_") or key in given
                }
            )
            vals_list = [
                {name: value for name, value in vals.items() if name != "stage_id"}
                for vals in vals_list
            ]
        defaults = self.default_get(["channel_id"])
        vals_list = [defaults | self._normalize_contact(vals) for vals in vals_list]
        self._set_titles(vals_list)
        self._set_citizens(vals_list)
        self._set_codes(vals_list)
        events = self.env["pakn.event"]
        first = []
        for vals in vals_list:
            # The record begins with the request: nobody else sees it yet
            first.append(
                events._chain(vals["name"], {"kind": "received", "to_state": "new"})
            )
            vals["record_length"], vals["record_hash"] = 1, first[-1]["hash"]
        # That it was received stands in the record of acts; its operator follows it
        # anyway. Mail's own note and follower would double the time.
        quiet = self.with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        tickets = super(PaknTicket, quiet).create(
            [self._rename_citizen_fields(vals) for vals in vals_list]
        )
        tickets = tickets.with_env(self.env)
        tickets._link_attachments()
        events._insert(
            [
                {**event, "ticket_id": ticket.id}
                for ticket, event in zip(tickets, first, strict=True)
            ]
        )
        # Art. 8.3: what is missing is asked for once, in the notice of receipt
        asked = tickets._filter_contact_to_be_asked()
        if asked:
            asked._log_event("asked")
            asked._notify_citizen("asked")
        if tickets - asked:
            (tickets - asked)._notify_citizen("received")
        return tickets

    def _create(self, data_list):
        """Insert the rows, each with its citizen's key, which no user may write.

        From the first moment, for the outbox to write nothing on a request that
        somebody works on. Nobody has rated it yet: Odoo need not look for that.
        """
        rating = self._fields["rating_last_value"]
        for data in data_list:
            data["stored"].update(access_token=str(uuid.uuid4()), rating_last_value=0)
            data["protected"] = {*data["protected"], rating}
        return super()._create(data_list)

    def web_save(self, vals, specification, next_id=None):
        """Say before, whose form could not be shown after it is saved (Art. 13.1).

        :raise UserError: a secret, by somebody who may not know of any
        """
        if vals.get("secrecy") == "secret" and not self.env.user.has_group(CLEARED):
            labels = dict(self._fields["secrecy"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "“%(secret)s” is set by who is cleared for state secrets alone. "
                    "Choose “%(confidential)s” for now and tell the shift leader.",
                    **labels,
                )
            )
        return super().web_save(vals, specification, next_id=next_id)

    def write(self, vals):
        """Correct the content; a write of ``stage_id`` runs that transition.

        :raise AccessError: a field that only an operation may set
        """
        self._check_writable(vals.keys() - {"stage_id"})
        if self.env.su:
            return super().write(self._rename_citizen_fields(vals))
        if "stage_id" in vals:
            stage = self.env["pakn.stage"].browse(vals["stage_id"]).exists()
            if not stage:
                raise ValidationError(self.env._("This column does not exist anymore."))
            self._move_to_stage(stage)
        content = [name for name in vals if name in self._get_content_fields()]
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

    def _link_attachments(self):
        """Tie files just uploaded to their request, so that its rights are theirs.

        :raise AccessError: a file that somebody else has uploaded
        """
        for ticket in self:
            # sudo: ir.attachment - whose they are is checked here
            loose_sudo = ticket.sudo().attachment_ids.filtered(lambda a: not a.res_id)
            if not loose_sudo:
                continue
            if not self.env.su and loose_sudo.create_uid - self.env.user:
                raise AccessError(
                    self.env._("Only files that you have just uploaded can be added.")
                )
            loose_sudo.write({"res_model": self._name, "res_id": ticket.id})

    def _get_content(self, names):
        """Return the named fields as plain values for the record of acts."""
        self.ensure_one()
        content = {}
        for name in names:
            value = self[name]
            if name == "attachment_ids":
                value = value._describe_files()
            elif isinstance(value, models.BaseModel):
                value = value.display_name
            elif name == "description":
                value = html2plaintext(value or "")
            elif self._fields[name].type == "datetime":
                value = fields.Datetime.to_string(value)
            content[name] = value if isinstance(value, (bool, float)) else value or ""
        return content

    # ------------------------------------------------------------
    # SEARCH AND DISPLAY
    # ------------------------------------------------------------

    @api.depends_context("uid")
    @api.depends("name", "title", "secrecy")
    def _compute_display_name(self):
        """Code and title; the code alone to who may not read the request.

        Wherever a record points to another, Odoo tells its name as superuser.
        """
        readable = set(self._filter_readable()._ids)
        for ticket in self:
            if not ticket.id:
                ticket.display_name = ticket.title
            elif ticket.id in readable:
                ticket.display_name = f"{ticket.name} {ticket.title}"
            else:
                ticket.display_name = ticket.name

    def _filter_readable(self):
        """Return those of these requests that the user may read, also as superuser."""
        user = self.env.user
        if user._is_superuser() or user.has_group(CLEARED):
            return self
        if user.has_group("pakn_1022.group_operator") or user.has_group(
            "pakn_1022.group_monitor"
        ):
            # As the rules say, without asking the database
            return self.filtered(lambda ticket: ticket.secrecy != "secret")
        return self.sudo(False)._filtered_access("read")

    @api.model
    def _search_display_name(self, operator, value):
        """Search by the words that a request is found by."""
        if operator in ("ilike", "like") and isinstance(value, str) and value:
            return Domain("found_by", operator, value)
        return super()._search_display_name(operator, value)

    @api.model
    def _phone_get_number_fields(self):
        return ["citizen_phone"]
