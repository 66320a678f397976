from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import email_normalize

from ..tools.assign import assign
from ..tools.masking import mask_name, mask_phone, mask_text
from ..tools.phone import format_phone, normalize_phone
from ..tools.redaction import redact
from ..tools.search_words import fold

OPERATOR = "pakn_1022.group_operator"
# Field of a request -> that of a contact from which it is filled in
FILLED = {
    "citizen_name": "name",
    "citizen_address": "street",
    "citizen_email": "email",
}
OFFICE = "pakn_1022.group_provincial_office"

# What people read and write -> the column, and how it is masked
CITIZEN_FIELDS = {
    "citizen_name": ("private_name", mask_name),
    "citizen_phone": ("private_phone", mask_phone),
    "citizen_address": ("private_address", mask_text),
    "citizen_email": ("private_email", mask_text),
}


class PaknTicketCitizen(models.AbstractModel):
    """Who asks (Art. 8.3), told to those alone who may know (Art. 13.1).

    A room of ``pakn.ticket``: needs ``secrecy``, ``transfer_ids`` and
    ``pakn.ticket.intake``.

    Operators know; the provincial office knows of what it was handed; a unit knows of
    its slips unless the citizen asked for confidentiality; everybody else, the monitor
    among them, reads and finds the masked form.
    """

    _name = "pakn.ticket.citizen"
    _description = "Citizen of a request"
    _inherit = "pakn.act.mixin"
    _primary_email = "citizen_email"

    citizen_id = fields.Many2one(
        "res.partner",
        string="Contact",
        index="btree_not_null",
        # Whose contact is erased stays the citizen of the request by what stands in it
        ondelete="set null",
        groups=OPERATOR,
        procedure=True,
    )
    # The citizen's key: read by nobody, staff included; the program makes the links
    access_token = fields.Char(groups=fields.NO_ACCESS)
    filled_from = fields.Integer(
        store=False,
        readonly=True,
        groups=OPERATOR,
        help="The contact by whose number a new request is being filled in.",
    )
    citizen_name = fields.Char(
        string="Full name",
        compute="_compute_citizen",
        search="_search_citizen_name",
        readonly=False,
        content=True,
    )
    citizen_phone = fields.Char(
        string="Phone",
        compute="_compute_citizen",
        search="_search_citizen_phone",
        readonly=False,
        content=True,
    )
    citizen_address = fields.Char(
        string="Contact address",
        compute="_compute_citizen",
        search="_search_citizen_address",
        readonly=False,
        content=True,
    )
    citizen_email = fields.Char(
        string="Email",
        compute="_compute_citizen",
        search="_search_citizen_email",
        readonly=False,
        content=True,
    )
    private_name = fields.Char(
        string="Full name as given",
        groups=OPERATOR,
        index="trigram",
        procedure=True,
    )
    private_phone = fields.Char(
        string="Phone as given",
        groups=OPERATOR,
        index="trigram",
        procedure=True,
    )
    private_address = fields.Char(
        string="Address as given",
        groups=OPERATOR,
        procedure=True,
    )
    private_email = fields.Char(
        string="Email as given",
        groups=OPERATOR,
        index="btree_not_null",
        procedure=True,
    )
    earlier_ticket_ids = fields.Many2many(
        "pakn.ticket",
        string="Earlier requests of this number",
        compute="_compute_earlier_ticket_ids",
        groups=OPERATOR,
    )
    earlier_count = fields.Integer(
        compute="_compute_earlier_ticket_ids", groups=OPERATOR
    )

    _private_phone_idx = models.Index("(private_phone) WHERE private_phone IS NOT NULL")

    def write(self, vals):
        if "secrecy" in vals:
            # Who may know of the citizen depends on it; without a dependency, for
            # that would empty what is being typed in the form.
            self.invalidate_recordset(list(CITIZEN_FIELDS))
        return super().write(vals)

    @api.model
    def say_phones(self, numbers):
        """Return numbers as people write them, for a field that shows one from abroad.

        Browsers know how numbers of this country are written, and no others.

        :param list numbers: E.164
        :raise AccessError: nobody of the hotline or a unit
        """
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Sign in with an account of the hotline."))
        if not isinstance(numbers, list):
            return []
        return [format_phone(str(number)) for number in numbers[:100]]

    @api.model
    def _rename_citizen_fields(self, vals):
        """Return ``vals`` as they are stored."""
        return {
            CITIZEN_FIELDS[name][0] if name in CITIZEN_FIELDS else name: value
            for name, value in vals.items()
        }

    # ------------------------------------------------------------
    # WHO MAY KNOW
    # ------------------------------------------------------------

    @api.depends_context("uid")
    @api.depends(*(column for column, _mask in CITIZEN_FIELDS.values()))
    def _compute_citizen(self):
        # A set: of a thousand records, "in" would look at each one
        known = set(self._filter_citizen_known()._ids)
        tickets_sudo = self.sudo()  # what is shown is decided here
        columns = [column for column, _mask in CITIZEN_FIELDS.values()]
        # These alone: a request is wide, and all of it would be read
        tickets_sudo.fetch(["secrecy", *columns])
        readers = [(ticket.id in known, ticket.secrecy) for ticket in tickets_sudo]
        for name, (column, mask) in CITIZEN_FIELDS.items():
            values = zip(tickets_sudo.mapped(column), readers, strict=True)
            assign(
                self,
                name,
                [
                    show_citizen(value, mask, is_known, secrecy)
                    for value, (is_known, secrecy) in values
                ],
            )

    def _filter_citizen_known(self):
        """Return those of these requests whose citizen the user may know."""
        if self.env.su or self.env.user.has_group(OPERATOR):
            return self
        return self & self.sudo().search(
            Domain("id", "in", self.ids) & self._get_citizen_known_domain()
        )

    @api.model
    def _get_citizen_known_domain(self):
        """Return which requests' citizens a user who is no operator may know."""
        user = self.env.user
        groups = ("group_unit_focal", "group_unit_head", "group_provincial_office")
        if not any(user.has_group(f"pakn_1022.{group}") for group in groups):
            return Domain.FALSE
        units = self.env["pakn.transfer"]._get_own_unit_ids()
        domain = Domain("transfer_ids.unit_id", "in", units)
        if not user.has_group(OFFICE):
            domain &= Domain("secrecy", "!=", "confidential")
        return domain

    @api.model
    def _search_citizen(self, name, operator, value):
        domain = Domain(CITIZEN_FIELDS[name][0], operator, value)
        if self.env.su or self.env.user.has_group(OPERATOR):
            return domain
        # sudo: nobody finds by a value what it would not be shown for
        query = self.sudo()._search(domain & self._get_citizen_known_domain())
        return Domain("id", "in", query)

    @api.model
    def _search_citizen_name(self, operator, value):
        return self._search_citizen("citizen_name", operator, value)

    @api.model
    def _search_citizen_address(self, operator, value):
        return self._search_citizen("citizen_address", operator, value)

    @api.model
    def _search_citizen_email(self, operator, value):
        return self._search_citizen("citizen_email", operator, value)

    @api.model
    def _search_citizen_phone(self, operator, value):
        """Find a number however it is written: ``0905 123`` finds ``+84905123456``."""
        if operator not in ("ilike", "like", "in") or not value:
            return NotImplemented
        values = [value] if isinstance(value, str) else value
        domains = []
        for text in values:
            try:
                number = normalize_phone(text or "")
            except ValueError:
                digits = "".join(char for char in text or "" if char.isdigit())
                if operator == "in":
                    condition = ("in", [text])
                elif digits:
                    # Part of a number: the trunk prefix 0 is not stored.
                    condition = ("ilike", digits.removeprefix("0"))
                else:
                    continue
            else:
                condition = ("in", [number])
            domains.append(self._search_citizen("citizen_phone", *condition))
        return Domain.OR(domains)

    # ------------------------------------------------------------
    # AT THE PHONE
    # ------------------------------------------------------------

    @api.depends("citizen_phone")
    def _compute_earlier_ticket_ids(self):
        """Show the operator what the same number asked before."""
        numbers = {}
        for ticket in self:
            try:
                numbers[ticket] = normalize_phone(ticket.citizen_phone)
            except ValueError:
                numbers[ticket] = False
        by_number = defaultdict(self.browse)
        for number, tickets in self._read_group(
            [("private_phone", "in", [n for n in numbers.values() if n])],
            ["private_phone"],
            ["id:recordset"],
        ):
            by_number[number] = tickets
        for ticket in self:
            earlier = by_number[numbers[ticket]] - ticket._origin
            ticket.earlier_count = len(earlier)
            ticket.earlier_ticket_ids = earlier.sorted("id", reverse=True)[:10]

    @api.onchange("citizen_phone")
    def _onchange_citizen_phone(self):
        """Fill in what is known of a caller as soon as the number is typed."""
        try:
            number = normalize_phone(self.citizen_phone)
        except ValueError:
            return
        self.citizen_phone = number
        citizen = self.env["res.partner"]._find_citizens([(number, None)])[number, None]
        if self.filled_from != citizen.id:
            self._forget_filled()
        if citizen:
            self.filled_from = citizen.id
            # sudo: res.partner - the operator is about to write this contact down
            citizen_sudo = citizen.sudo()
            self.citizen_name = self.citizen_name or citizen_sudo.name
            self.citizen_address = self.citizen_address or citizen_sudo.street
            self.citizen_email = self.citizen_email or citizen_sudo.email

    def _get_filled(self):
        """Return the contact that the form was filled in from, in sudo."""
        # sudo: res.partner - compared with what the operator has before her
        return self.env["res.partner"].sudo().browse(self.filled_from or []).exists()

    def _forget_filled(self):
        """Take away what was filled in for a number that was another one's."""
        filled_sudo = self._get_filled()
        for name, there in FILLED.items():
            if filled_sudo and self[name] and self[name] == filled_sudo[there]:
                self[name] = False
        self.filled_from = False

    @api.onchange("citizen_name")
    def _onchange_citizen_name(self):
        """Who calls from another's telephone is not told at the other's address.

        A name that is but written otherwise, or with a word more, is no other person.
        """
        filled_sudo = self._get_filled()
        here, there = fold(self.citizen_name).split(), fold(filled_sudo.name).split()
        if (
            here
            and there
            and here[-1] != there[-1]
            and self.citizen_email == filled_sudo.email
        ):
            self.citizen_email = False

    @api.model
    def _normalize_contact(self, vals):
        """Return ``vals`` with phone as E.164 and email, name and address trimmed.

        :raise ValidationError: the phone number or the email address is none
        """
        vals = dict(vals)
        for name in ("citizen_name", "citizen_address", "citizen_email", "title"):
            if isinstance(vals.get(name), str):
                vals[name] = " ".join(vals[name].split())
        if vals.get("citizen_phone"):
            problem = self._explain_phone(vals["citizen_phone"])
            if problem:
                raise ValidationError(problem)
            vals["citizen_phone"] = normalize_phone(vals["citizen_phone"])
        if vals.get("citizen_email"):
            email = self.env["res.partner"]._normalize_citizen_email(
                vals["citizen_email"]
            )
            if not email:
                raise ValidationError(
                    self.env._(
                        "“%(email)s” is not an email address.",
                        email=vals["citizen_email"],
                    )
                )
            vals["citizen_email"] = email
        return vals

    @api.model
    def _set_citizens(self, vals_list):
        """Find or create the contact of each new request, in place."""
        keys = [self._get_proved(vals) for vals in vals_list]
        citizens = self.env["res.partner"]._find_or_create_citizens(
            [
                (phone, email, vals.get("citizen_name"), vals.get("citizen_address"))
                for (phone, email), vals in zip(keys, vals_list, strict=True)
            ]
        )
        for key, vals in zip(keys, vals_list, strict=True):
            if key in citizens and not vals.get("citizen_id"):
                vals["citizen_id"] = citizens[key].id

    @api.model
    def _get_proved(self, vals):
        """Return phone and email of a new request by which its citizen is known.

        What an operator takes down is the operator's word, which the record names; the
        program itself takes in what came from an address. What a visitor writes into a
        form is neither, nor is what a mail merely says of its sender: an address among
        several, or where answers are to go to. The answer goes there all the same.

        :return: ``(E.164 or None, normalized email or None)``
        """
        user = self.env.user
        sender = self.env.context.get("pakn_mail_from")
        if sender is not None:
            email = vals.get("citizen_email")
            return None, email if email and email == email_normalize(sender) else None
        if user._is_superuser() or user.has_group(OPERATOR):
            return vals.get("citizen_phone") or None, vals.get("citizen_email") or None
        return None, None

    def _relink_citizens(self):
        """Link these requests to the contacts of their phone and email anew."""
        keys = {
            ticket: (ticket.citizen_phone or None, ticket.citizen_email or None)
            for ticket in self
        }
        citizens = self.env["res.partner"]._find_or_create_citizens(
            [
                (*key, ticket.citizen_name, ticket.citizen_address)
                for ticket, key in keys.items()
            ]
        )
        for ticket, key in keys.items():
            # citizen_id follows phone and email, nobody sets it by hand
            ticket._acting().citizen_id = citizens.get(key, False)

    # ------------------------------------------------------------
    # TEXTS FOR THOSE WHO MAY NOT KNOW
    # ------------------------------------------------------------

    def _redact(self, texts):
        """Return texts on these requests with what is personal hidden (Art. 13.1).

        :param texts: one for each of these requests, in their order
        :return: list of plain texts; queries do not grow with their number
        """
        allowed = self._get_office_numbers()
        tickets_sudo = self.sudo()  # sudo: what is known is hidden here, not shown
        tickets_sudo.fetch(
            ["private_name", "private_phone", "private_address", "private_email"]
        )
        return [
            redact(text, ticket_sudo._get_known(), allowed)[0]
            for ticket_sudo, text in zip(tickets_sudo, texts, strict=True)
        ]

    def _get_known(self):
        """Return what is known of the citizen, for ``tools/redaction.py``."""
        return {
            "name": self.private_name,
            "phone": self.private_phone,
            "address": self.private_address,
            "email": self.private_email,
        }

    @api.model
    def _get_office_numbers(self):
        """Return phone numbers and addresses of offices, which anybody may know."""
        company = self.env.company
        units = (
            self.env["pakn.unit"]
            .sudo()  # sudo: pakn.unit - numbers of offices
            .search_fetch(
                ["|", ("phone", "!=", False), ("email", "!=", False)],
                ["phone", "email"],
                limit=1000,
            )
        )
        numbers = [company.phone, company.email, *units.mapped("phone")]
        numbers += units.mapped("email")
        return tuple(number for number in numbers if number)

    # ------------------------------------------------------------
    # THE CITIZEN'S LINK
    # ------------------------------------------------------------

    def _portal_ensure_token(self):
        # sudo: the program makes links; who may read them is decided below
        return super(PaknTicketCitizen, self.sudo())._portal_ensure_token()

    def _get_share_url(
        self, redirect=False, signup_partner=False, pid=None, share_token=True
    ):
        """Return the address of the page; with its key for the program alone."""
        return super()._get_share_url(
            redirect, signup_partner, pid, share_token and self.env.su
        )

    def get_portal_url(self, *args, **kwargs):
        """Return the citizen's link; with its key for the program alone.

        Who sees a message before it is sent is shown where it leads, no more.
        """
        self.ensure_one()
        if self.env.su:
            return super().get_portal_url(*args, **kwargs)
        self.check_access("read")
        return self.access_url


def show_citizen(value, mask, is_known, secrecy):
    """Return what is shown of a value to a reader who may know the citizen, or not."""
    if not is_known:
        value = secrecy == "public" and mask(value)
    return value or False
