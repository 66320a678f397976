import base64
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.pakn_1022.tools import province
from odoo.addons.pakn_1022.tools.masking import mask_phone
from odoo.addons.pakn_1022.tools.phone import normalize_phone

MANAGER = "pakn_1022.group_manager"
KINDS = [
    ("see", "See what is held"),
    ("correct", "Correct it"),
    ("delete", "Delete it"),
    ("restrict", "Restrict its use"),
    ("object", "Object to its use"),
    ("withdraw", "Withdraw the consent to publication"),
]
# Decree 356/2025/ND-CP: working hours to answer, days to carry out, and to put off once
ANSWER_HOURS = 16
DAYS = {"see": 10, "correct": 10, "delete": 20}
OTHER_DAYS = 15
LONGER_DAYS = 15
# Days for which the package of a citizen can be fetched
PACKAGE_DAYS = 30
WORDS = 2000
OPEN = ("new", "accepted")


class PaknPrivacyRequest(models.Model):
    """What a citizen asks of the data that the hotline holds of him or her.

    ``new`` until it is answered (within 2 working days, by the hotline's hours), then
    ``accepted`` until it is carried out (``done``; within 10 to 20 days, put off once),
    or ``refused`` with a reason. Who asks is proved by a code sent to the phone, or by
    papers that were shown. Administrators alone read and work them; who asked sees on
    the site how far it is. When data were deleted, no phone stands here any more.
    """

    _name = "pakn.privacy.request"
    _description = "Request of a citizen about personal data"
    _inherit = ["pakn.privacy.package", "pakn.thread"]
    _order = "id desc"

    name = fields.Char(string="Number", readonly=True, copy=False, default="/")
    kind = fields.Selection(KINDS, string="Asks to", required=True)
    phone = fields.Char(help="In E.164.", index="btree_not_null")
    identity = fields.Selection(
        [("code", "Code sent to the phone"), ("papers", "Papers shown")],
        string="Proved by",
        required=True,
        default="papers",
    )
    words = fields.Text(string="In the citizen's words")
    state = fields.Selection(
        [
            ("new", "To be answered"),
            ("accepted", "To be carried out"),
            ("done", "Carried out"),
            ("refused", "Refused"),
        ],
        required=True,
        readonly=True,
        default="new",
        index=True,
        copy=False,
    )
    date = fields.Datetime(
        string="Received on", required=True, readonly=True, default=fields.Datetime.now
    )
    date_answer_due = fields.Datetime(string="Answer until", readonly=True, copy=False)
    date_answered = fields.Datetime(string="Answered on", readonly=True, copy=False)
    date_due = fields.Date(string="Carry out until", readonly=True, copy=False)
    date_extended = fields.Date(string="Put off on", readonly=True, copy=False)
    date_done = fields.Datetime(string="Ended on", readonly=True, copy=False)
    note = fields.Text(string="Reason or answer", readonly=True, copy=False)
    user_id = fields.Many2one(
        "res.users", string="Handled by", readonly=True, copy=False
    )
    ticket_ids = fields.Many2many(
        "pakn.ticket", string="Requests of this phone", compute="_compute_ticket_ids"
    )
    ticket_count = fields.Integer(compute="_compute_ticket_ids")
    is_late = fields.Boolean(
        string="Late", compute="_compute_is_late", search="_search_is_late"
    )
    package = fields.Binary(readonly=True, copy=False)
    package_name = fields.Char(readonly=True, copy=False)
    package_until = fields.Date(string="Package kept until", readonly=True, copy=False)

    @api.depends("phone")
    def _compute_ticket_ids(self):
        numbers = [request.phone for request in self if request.phone]
        by_phone = self.env["pakn.ticket"]._read_group(
            [("private_phone", "in", numbers)], ["private_phone"], ["id:recordset"]
        )
        found = dict(by_phone)
        for request in self:
            request.ticket_ids = found.get(request.phone, False)
            request.ticket_count = len(request.ticket_ids)

    @api.depends("state", "date_answer_due", "date_due")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        today = province.to_local(now).date()
        for request in self:
            request.is_late = (
                request.state == "new" and request.date_answer_due < now
            ) or (request.state == "accepted" and request.date_due < today)

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        late = fields.Domain("state", "=", "new") & fields.Domain(
            "date_answer_due", "<", now
        )
        late |= fields.Domain("state", "=", "accepted") & fields.Domain(
            "date_due", "<", province.to_local(now).date()
        )
        return late if True in value else ~late

    # ------------------------------------------------------------
    # TAKING IT IN
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Take in requests: number, clocks and a to-do for each administrator.

        :raise AccessError: the caller takes in none; no number is drawn then
        :raise ValidationError: the phone is none
        """
        self.check_access("create")
        sequence = self.env["ir.sequence"].sudo()  # sudo: numbers, whoever takes it in
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            vals["name"] = sequence.next_by_code("pakn.privacy.request")
            try:
                vals["phone"] = normalize_phone(vals.get("phone") or "")
            except ValueError as error:
                raise ValidationError(
                    self.env._("This is no phone number. Please check it.")
                ) from error
            if not self.env.su:
                # Only the site has sent a code; it begins as new, and now
                vals |= {"identity": "papers", "state": "new"}
                vals["date"] = fields.Datetime.now()
        quiet = self.with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        requests = super(PaknPrivacyRequest, quiet).create(vals_list)
        requests = requests.with_env(self.env)
        clock = self.env["pakn.unit"]._get_default_calendar()._get_working_time()
        notices = self.env["pakn.notice"]
        todos = []
        for request in requests:
            # sudo: the clock is nobody's to write
            request.sudo().date_answer_due = clock.add(request.date, ANSWER_HOURS)
            todos += [
                (
                    request,
                    manager,
                    request.date_answer_due,
                    lambda env: env._("Answer a citizen's request about personal data"),
                )
                for manager in notices._get_managers()
            ]
        notices._add_todos(todos)
        return requests

    @api.model
    def _take_in(self, phone, kind, words):
        """Take in what a visitor asks whose phone was proved by a code.

        :param str phone: in E.164
        :raise ValidationError: the same is being handled already
        """
        # sudo: a visitor of the site, whose phone is proved
        requests_sudo = self.sudo()
        if requests_sudo.search_count(
            [("phone", "=", phone), ("kind", "=", kind), ("state", "in", OPEN)], limit=1
        ):
            raise ValidationError(
                self.env._("You have asked for this already; it is being handled.")
            )
        return requests_sudo.create(
            {
                "phone": phone,
                "kind": kind,
                "words": (words or "").strip()[:WORDS],
                "identity": "code",
            }
        )

    def write(self, vals):
        """Change what an administrator took down, as long as it is to be answered."""
        if not self.env.su:
            if vals.keys() - {"kind", "phone", "words"} or self.filtered(
                lambda request: request.state != "new" or request.identity == "code"
            ):
                raise AccessError(
                    self.env._("Use the buttons: what was asked stays as it was asked.")
                )
            if vals.get("phone"):
                try:
                    vals = vals | {"phone": normalize_phone(vals["phone"])}
                except ValueError as error:
                    raise ValidationError(
                        self.env._("This is no phone number. Please check it.")
                    ) from error
        return super().write(vals)

    # ------------------------------------------------------------
    # ANSWERING IT
    # ------------------------------------------------------------

    def _check_manager(self):
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only the administrator handles these."))
        self.check_access("read")

    def _check_state(self, *states):
        for request in self:
            if request.state not in states:
                raise UserError(
                    self.env._("%s is not in a state for this.", request.name)
                )

    def action_accept(self):
        """Answer that it will be carried out, and until when (2 working days)."""
        self._check_manager()
        self._check_state("new")
        now = fields.Datetime.now()
        # The days run from the day it was received
        for request in self:
            days = DAYS.get(request.kind, OTHER_DAYS)
            due = province.to_local(request.date).date() + timedelta(days=days)
            request.sudo().write(  # sudo: the right is checked above
                {
                    "state": "accepted",
                    "date_answered": now,
                    "date_due": due,
                    "user_id": self.env.uid,
                }
            )
            request._tell(
                self.env._(
                    "1022 Gia Lai: your request %(number)s about personal data will "
                    "be carried out by %(date)s.",
                    number=request.name,
                    date=due.strftime("%d/%m/%Y"),
                )
            )
            request._remind(due)
        return self._say(self.env._("The citizen is told until when."))

    def action_refuse(self):
        """Open the dialog that refuses it with a reason."""
        return self._open_decision("refuse")

    def action_extend(self):
        """Open the dialog that puts it off once, with a reason."""
        return self._open_decision("extend")

    def _open_decision(self, what):
        self.ensure_one()
        self._check_manager()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refuse") if what == "refuse" else self.env._("Put off"),
            "res_model": "pakn.privacy.decision",
            "view_mode": "form",
            "target": "new",
            "context": {"default_request_id": self.id, "default_what": what},
        }

    def _refuse(self, reason):
        self._check_manager()
        self._check_state(*OPEN)
        now = fields.Datetime.now()
        for request in self.sudo():  # sudo: the right is checked above
            request._tell(
                self.env._(
                    "1022 Gia Lai: your request %(number)s about personal data cannot "
                    "be carried out: %(reason)s",
                    number=request.name,
                    reason=reason,
                )
            )
            request.write(
                {
                    "state": "refused",
                    "note": reason,
                    "date_answered": request.date_answered or now,
                    "date_done": now,
                    "user_id": self.env.uid,
                }
            )
            request.activity_ids.unlink()

    def _extend(self, reason):
        """Put it off once (Decree 356/2025/ND-CP).

        :raise UserError: it was put off before, or is late: that it was stays seen
        """
        self._check_manager()
        self._check_state("accepted")
        today = province.to_local(fields.Datetime.now()).date()
        for request in self.sudo():  # sudo: the right is checked above
            if request.date_due < today:
                raise UserError(
                    self.env._(
                        "%s is late already; it can be put off before it is.",
                        request.name,
                    )
                )
            if request.date_extended:
                raise UserError(
                    self.env._("%s was put off before; once is all.", request.name)
                )
            due = request.date_due + timedelta(days=LONGER_DAYS)
            request.write(
                {
                    "date_due": due,
                    "date_extended": today,
                    "note": reason,
                }
            )
            request._tell(
                self.env._(
                    "1022 Gia Lai: your request %(number)s about personal data takes "
                    "until %(date)s: %(reason)s",
                    number=request.name,
                    date=due.strftime("%d/%m/%Y"),
                    reason=reason,
                )
            )
            request._remind(due)

    def _remind(self, due):
        """Give the administrators one to-do, due when this is."""
        self.activity_ids.sudo().unlink()  # sudo: the to-dos of the other ones too
        notices = self.env["pakn.notice"]
        moment = fields.Datetime.to_datetime(due)
        notices._add_todos(
            [
                (
                    self,
                    manager,
                    moment,
                    lambda env: env._(
                        "Carry out a citizen's request about personal data"
                    ),
                )
                for manager in notices._get_managers()
            ]
        )

    def _tell(self, text):
        """Tell who asked by SMS, where something delivers it."""
        codes = self.env["pakn.phone.code"]
        if self.phone and codes._can_deliver():
            codes._deliver(self.phone, text)

    def _say(self, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # ------------------------------------------------------------
    # CARRYING IT OUT
    # ------------------------------------------------------------

    def action_carry_out(self):
        """Carry it out: make the package, delete, restrict, or take off the site.

        What is to be corrected is corrected on the requests before, by hand.

        :raise UserError: a request that shall be deleted is still handled
        """
        self.ensure_one()
        self._check_manager()
        self._check_state("accepted")
        request = self.sudo()  # sudo: the right is checked above
        now = fields.Datetime.now()
        message = getattr(request, f"_carry_out_{self.kind}")()
        request.activity_ids.unlink()
        request.write({"state": "done", "date_done": now, "user_id": self.env.uid})
        if self.kind != "delete":
            request._tell(
                self.env._(
                    "1022 Gia Lai: your request %s about personal data has been "
                    "carried out.",
                    request.name,
                )
            )
        return self._say(message)

    def _carry_out_see(self):
        self.write(
            {
                "package": base64.b64encode(self._make_package()),
                "package_name": f"{self.name}.zip",
                "package_until": fields.Date.context_today(self)
                + timedelta(days=PACKAGE_DAYS),
            }
        )
        return self.env._(
            "The package is made: the citizen fetches it on the site, or hand it over."
        )

    def _carry_out_correct(self):
        return self.env._("Noted as corrected.")

    def _carry_out_delete(self):
        tickets = self.ticket_ids
        count = len(tickets)
        # Who asked before, and packages made then, are of the same person
        phone = self.phone
        tickets._remove_personal_data(
            self.env._("Asked for by the citizen: %s", self.name)
        )
        tickets._remove_beside_requests(phone)
        same = self.search([("phone", "=", phone)])
        same.write(
            {"phone": False, "words": False, "package": False, "package_name": False}
        )
        return self.env._("%s requests have no personal data any more.", count)

    def _carry_out_restrict(self):
        self._carry_out_withdraw()
        tickets = self.ticket_ids.filtered(lambda one: one.secrecy == "public")
        # By the hand of who carries it out, so that it stands on record
        tickets.with_user(self.env.uid).sudo(False).write({"secrecy": "confidential"})
        return self.env._(
            "%s requests are confidential now: units do not learn who asks.",
            len(tickets),
        )

    def _carry_out_object(self):
        return self._carry_out_withdraw()

    def _carry_out_withdraw(self):
        # By the hand of who carries it out, so that it stands on record
        tickets = self.ticket_ids.with_user(self.env.uid).sudo(False)
        count = tickets._withhold(
            self.env._("Not to be published: asked for by the citizen (%s)", self.name)
        )
        return self.env._(
            "%s requests were taken off the site; none of the citizen's is published "
            "from now on.",
            count,
        )

    def action_download(self):
        """Download the package of what is held."""
        self.ensure_one()
        self._check_manager()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/package?download=true",
        }

    def action_open_tickets(self):
        """Open the requests of the phone."""
        self.ensure_one()
        self._check_manager()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Requests of this phone"),
            "res_model": "pakn.ticket",
            "view_mode": "list,form",
            "domain": [("id", "in", self.ticket_ids.ids)],
        }

    # ------------------------------------------------------------
    # WHO ASKED
    # ------------------------------------------------------------

    @api.model
    def _get_of_phone(self, phone):
        """Return the requests of a phone that was proved, in sudo, for the site."""
        # sudo: who has the phone reads what was asked with it
        return self.sudo().search([("phone", "=", phone)], limit=50)

    @api.depends("name", "phone")
    def _compute_display_name(self):
        for request in self:
            shown = mask_phone(request.phone or "")
            request.display_name = (
                f"{request.name} · {shown}" if shown else request.name
            )

    @api.autovacuum
    def _gc_packages(self):
        old = self.search(
            [("package_until", "<", fields.Date.context_today(self))], limit=100
        )
        old.write({"package": False, "package_name": False, "package_until": False})
