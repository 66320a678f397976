from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import html2plaintext

from ..tools.emergency import AMBULANCE, FIRE, POLICE, find_emergency
from ..tools.language import looks_vietnamese
from ..tools.phone import OldLandline, normalize_phone
from ..tools.title import make_title

OPERATOR = "pakn_1022.group_operator"
# The same matter in the same place within so many days may be reported twice
DAYS_ALIKE = 30
LISTED = 5


class PaknTicketIntake(models.AbstractModel):
    """What helps the operator while a citizen speaks (Art. 8, 10.1.1, 20.1).

    A room of ``pakn.ticket``: the checks of Art. 8 and what is missing, in words; wrong
    numbers; what may be the same matter; ready answers; emergencies, which are not the
    hotline's. All of it advises; but for the checks only of new requests, so that
    others cost nothing.
    """

    _name = "pakn.ticket.intake"
    _description = "Intake of a request"
    _inherit = "pakn.act.mixin"

    # The checks of Art. 8; a machine check only advises
    check_language = fields.Boolean(
        string="In Vietnamese (8.1)",
        compute="_compute_checks",
        store=True,
        readonly=False,
        precompute=True,
        compute_sudo=False,
        content=True,
    )
    check_content = fields.Boolean(
        string="Clear content (8.2)",
        compute="_compute_checks",
        store=True,
        readonly=False,
        precompute=True,
        compute_sudo=False,
        content=True,
    )
    check_scope = fields.Boolean(
        string="Within the fields of Art. 6 (8.2)",
        compute="_compute_checks",
        store=True,
        readonly=False,
        precompute=True,
        compute_sudo=False,
        content=True,
    )
    check_contact = fields.Boolean(
        string="Name, address and phone given (8.3)",
        compute="_compute_checks",
        store=True,
        readonly=False,
        precompute=True,
        compute_sudo=False,
        content=True,
    )
    phone_problem = fields.Char(
        string="Wrong number", compute="_compute_phone_problem", groups=OPERATOR
    )
    missing_text = fields.Char(
        string="Missing by Art. 8", compute="_compute_missing_text", groups=OPERATOR
    )
    # The one that was made of the text, while nobody has changed it
    made_title = fields.Char(
        string="Title made of the text", store=False, readonly=True, groups=OPERATOR
    )
    emergency_text = fields.Text(
        string="Emergency", compute="_compute_emergency_text", groups=OPERATOR
    )
    alike_ticket_ids = fields.Many2many(
        "pakn.ticket",
        string="May be the same matter",
        compute="_compute_alike_ticket_ids",
        groups=OPERATOR,
    )
    ready_article_ids = fields.Many2many(
        "pakn.article",
        string="Ready answers",
        compute="_compute_ready_article_ids",
        groups=OPERATOR,
    )

    def _filter_new(self):
        return self.filtered(lambda ticket: ticket.state == "new")

    # ------------------------------------------------------------
    # ART. 8
    # ------------------------------------------------------------

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

    @api.depends("citizen_phone")
    def _compute_phone_problem(self):
        for ticket in self:
            ticket.phone_problem = self._explain_phone(ticket.citizen_phone)

    @api.model
    def _explain_phone(self, text):
        """Return what is wrong with a phone number in a sentence, or ``False``."""
        if not text:
            return False
        try:
            normalize_phone(text)
        except OldLandline as landline:
            return self.env._(
                "“%(number)s” is a landline's number of before 2017; now it is "
                "%(new)s. Please check it. A mobile number that begins alike "
                "is typed with +84.",
                number=text,
                new=landline.number,
            )
        except ValueError:
            return self.env._(
                "“%(number)s” is not a phone number that can be called back. "
                "Please check it; a number abroad begins with + and the "
                "country code.",
                number=text,
            )
        return False

    @api.depends(
        *("state", "check_language", "check_content", "check_scope", "check_contact"),
        *("description", "category_id"),
        *("citizen_name", "citizen_address", "citizen_phone", "citizen_email"),
    )
    def _compute_missing_text(self):
        new = self._filter_new()
        (self - new).missing_text = False
        for ticket in new:
            missing = dict.fromkeys([*ticket._get_missing(), *ticket._get_unmet()])
            if not ticket.citizen_phone and not ticket.citizen_email:
                # That one of the two is missing says it already
                missing.pop(self.env._("the phone number"), None)
            ticket.missing_text = ", ".join(missing) or False

    def _get_missing(self):
        """Return in words without what no unit can act, so that nothing is handed on.

        :return: list of str
        """
        self.ensure_one()
        return [
            label
            for label, given in (
                (self.env._("the field"), self.category_id),
                (self.env._("the content"), self._has_text(self.description)),
                (self.env._("the citizen's name"), self.citizen_name),
                (
                    self.env._("a phone number or email address"),
                    self.citizen_phone or self.citizen_email,
                ),
            )
            if not given
        ]

    def _get_unmet(self):
        """Return in words which conditions of Art. 8 are not ticked.

        The operator may hand the request on all the same; that goes on record.

        :return: list of str
        """
        self.ensure_one()
        unmet = []
        if self._has_text(self.description):
            if not self.check_language:
                unmet.append(self.env._("content in Vietnamese (8.1)"))
            if not self.check_content:
                unmet.append(self.env._("clear content (8.2)"))
        if self.category_id and not self.check_scope:
            unmet.append(self.env._("content within Art. 6 (8.2)"))
        if not self.check_contact:
            contact = [
                label
                for label, given in (
                    (self.env._("the citizen's name"), self.citizen_name),
                    (self.env._("the contact address"), self.citizen_address),
                    (self.env._("the phone number"), self.citizen_phone),
                )
                if not given
            ]
            unmet += contact or [self.env._("contact data (8.3)")]
        return unmet

    def _prepare_waived(self):
        """Return the acts that say what of Art. 8 was not met when handed on."""
        events = []
        for ticket in self:
            unmet = ticket._get_unmet()
            if unmet:
                events.append(ticket._prepare_event("waived", note=", ".join(unmet)))
        return events

    # ------------------------------------------------------------
    # WHILE TYPING
    # ------------------------------------------------------------

    @api.onchange("description")
    def _onchange_description(self):
        """Make a title of the text when nobody has written one; it grows with it."""
        if not self.title or self.title == self.made_title:
            self.title = make_title(html2plaintext(self.description or "")) or False
            self.made_title = self.title

    @api.model
    def _set_titles(self, vals_list):
        """Make the titles that are missing of the texts, in place."""
        for vals in vals_list:
            if not vals.get("title") and isinstance(vals.get("description"), str):
                vals["title"] = make_title(html2plaintext(vals["description"]))

    @api.depends("state", "title", "description")
    def _compute_emergency_text(self):
        new = self._filter_new()
        (self - new).emergency_text = False
        advice = {
            POLICE: self.env._(
                "113 (police): tell the caller to ring 113 now, to stay at a safe "
                "distance and not to step in."
            ),
            FIRE: self.env._(
                "114 (fire and rescue): tell the caller to ring 114 now, to leave the "
                "place, and to warn those nearby."
            ),
            AMBULANCE: self.env._(
                "115 (ambulance): tell the caller to ring 115 now, to stay with who is "
                "hurt and not to move them."
            ),
        }
        for ticket in new:
            text = f"{ticket.title or ''}\n{html2plaintext(ticket.description or '')}"
            ticket.emergency_text = (
                "\n".join(advice[number] for number in find_emergency(text)) or False
            )

    @api.depends("state", "category_id", "area_id")
    def _compute_alike_ticket_ids(self):
        """Show what is open of the same field in the same area, newest first."""
        asked = self._filter_new().filtered(lambda t: t.category_id and t.area_id)
        (self - asked).alike_ticket_ids = False
        if not asked:
            return
        since = fields.Datetime.now() - timedelta(days=DAYS_ALIKE)
        pairs = {(t.category_id._origin, t.area_id._origin) for t in asked}
        found = defaultdict(self.browse)
        for ticket in self.search(
            Domain("date_closed", "=", False)
            & Domain("date_received", ">=", since)
            & Domain.OR(
                Domain("category_id", "=", category.id)
                & Domain("area_id", "=", area.id)
                for category, area in pairs
            ),
            order="id desc",
            limit=100,
        ):
            found[ticket.category_id, ticket.area_id] += ticket
        for ticket in asked:
            alike = found[ticket.category_id._origin, ticket.area_id._origin]
            ticket.alike_ticket_ids = (alike - ticket._origin)[:LISTED]

    @api.depends("state", "category_id")
    def _compute_ready_article_ids(self):
        """Show the ready answers of the field (Art. 10.1.2 b1)."""
        asked = self._filter_new().filtered("category_id")
        (self - asked).ready_article_ids = False
        articles = self.env["pakn.article"]
        for category, tickets in asked.grouped("category_id").items():
            tickets.ready_article_ids = articles.search(
                articles._get_offered_domain(category._origin)
                & Domain("category_id", "!=", False),
                limit=LISTED,
            )
