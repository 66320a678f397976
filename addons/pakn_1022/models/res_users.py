from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..tools.province import to_local

MANAGER = "pakn_1022.group_manager"

# What everybody sets for themselves
# Roles of those who take in requests
OPERATING = (
    "pakn_1022.group_operator",
    "pakn_1022.group_secrecy_clearance",
    "pakn_1022.group_supervisor",
)
OWN_FIELDS = ("pakn_away_until", "pakn_quiet")


class ResUsers(models.Model):
    """What an operator who leaves has left to do goes to another one (Art. 20.3).

    An account is named as its contact is: to who may read it.
    """

    _inherit = "res.users"

    pakn_quiet = fields.Boolean(
        string="Quiet",
        help="No toasts and no sound for what arrives; the bell counts all the same.",
    )
    pakn_away_until = fields.Date(
        string="Away until",
        help="Last day of leave. Until then slips go to the others of the unit; a unit "
        "whose people are all away is not handed any.",
    )

    pakn_roles = fields.Char(
        string="Role in 1022",
        compute="_compute_pakn_roles",
        groups=MANAGER,
        help="With the unit in the context: the role in that unit.",
    )
    pakn_unit_ids = fields.Many2many(
        "pakn.unit",
        string="Unit",
        compute="_compute_pakn_unit_ids",
        search="_search_pakn_unit_ids",
        groups=MANAGER,
    )

    # The other side of a unit's people with access: rights ask for it again and again
    pakn_access_unit_ids = fields.Many2many(
        "pakn.unit",
        "pakn_unit_access_user_rel",
        string="Units with access",
        context={"active_test": False},
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
    )

    @api.depends("group_ids")
    @api.depends_context("pakn_unit_id", "lang")
    def _compute_pakn_roles(self):
        privilege = self.env.ref("pakn_1022.res_groups_privilege_pakn")
        unit_id = self.env.context.get("pakn_unit_id")
        unit = self.env["pakn.unit"].browse(unit_id if isinstance(unit_id, int) else [])
        for user in self:
            if unit:
                names = [self.env._("Focal point")] * (user in unit.focal_user_ids)
                names += [self.env._("Head")] * (user == unit.head_user_id)
            else:
                groups = user.group_ids.filtered(
                    lambda group: group.privilege_id == privilege
                )
                names = groups.sorted("sequence").mapped("name")
            user.pakn_roles = ", ".join(names)

    def _compute_pakn_unit_ids(self):
        units = self.env["pakn.unit"].search(
            ["|", ("focal_user_ids", "in", self.ids), ("head_user_id", "in", self.ids)]
        )
        found = {}
        for unit in units:
            for user in unit.focal_user_ids | unit.head_user_id:
                found.setdefault(user.id, []).append(unit.id)
        for user in self:
            user.pakn_unit_ids = found.get(user.id, [])

    @api.model
    def _search_pakn_unit_ids(self, operator, value):
        """Look for people of units: by name or id, or for those of none."""
        if operator not in ("in", "any", "ilike"):
            return NotImplemented
        units = self.env["pakn.unit"]
        if operator == "in" and not any(value):
            answering = units.search(
                ["|", ("focal_user_ids", "!=", False), ("head_user_id", "!=", False)]
            )
            return Domain(
                "id",
                "not in",
                (answering.focal_user_ids | answering.head_user_id).ids,
            )
        if operator == "ilike":
            domain = Domain("name", "ilike", value) | Domain("code", "ilike", value)
        else:
            domain = Domain(value if operator == "any" else [("id", "in", value)])
        found = units.search(domain)
        return Domain("id", "in", (found.focal_user_ids | found.head_user_id).ids)

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + list(OWN_FIELDS)

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return super().SELF_WRITEABLE_FIELDS + list(OWN_FIELDS)

    @api.model
    def _get_operator_domain(self):
        """Return who works as an operator: by a role of the telephone room itself.

        Who administers may do all of it as well, and so may the account that Odoo makes
        first; requests and conversations are given to neither.
        """
        roles = [self.env.ref(role).id for role in OPERATING]
        return Domain("group_ids", "in", roles)

    @api.model
    def _get_operators(self):
        """Return who works as an operator and has an account in use."""
        # sudo: res.users - which role somebody has, whoever asks
        operators_sudo = self.sudo().search_fetch(
            self._get_operator_domain(), ["name", "pakn_away_until"]
        )
        return operators_sudo.with_env(self.env)

    def _filter_present(self):
        """Return those who are not away today, by the province's day (Art. 16.1)."""
        today = to_local(fields.Datetime.now()).date()
        return self.filtered(
            lambda user: not user.pakn_away_until or user.pakn_away_until < today
        )

    @api.depends_context("uid", "pakn_with_load", "lang")
    def _compute_display_name(self):
        hidden = self.browse()
        if self.env.su:  # others are asked for their rights by the ORM
            contacts = self.filtered("share").partner_id._filter_hidden()
            hidden = self.filtered(lambda user: user.partner_id in contacts)
        # The very records where none is hidden: others would be fetched anew
        shown = self - hidden if hidden else self
        result = super(ResUsers, shown)._compute_display_name()
        hidden.display_name = self.env._("Citizen")
        if self.env.context.get("pakn_with_load"):
            self._add_loads_to_names()
        return result

    def _add_loads_to_names(self):
        """Say with each name how many requests one has, and until when one is away.

        To a shift leader, who hands requests out.
        """
        if not self.env.user.has_group("pakn_1022.group_supervisor"):
            return
        tickets = self.env["pakn.ticket"].sudo(False)
        for user, (count, away) in tickets._get_loads(self).items():
            words = [user.display_name, self.env._("%s open", count), away]
            user.display_name = " · ".join(filter(None, words))

    def write(self, vals):
        serving = self.browse()
        if not vals.keys().isdisjoint(("active", "group_ids")):
            serving = self._filter_serving(vals.get("active") is False)
        # sudo: pakn.unit - of which units they are, whoever changes an account
        units_sudo = self.env["pakn.unit"].sudo()
        if "active" in vals:
            units_sudo = units_sudo._find_of_people(self)
        with units_sudo._following_people():
            result = super().write(vals)
        leaving = serving - serving._filter_serving()
        if leaving:
            leaving._hand_over_work()
        return result

    def _set_password(self):
        """Art. 18.4: a new password shuts out whoever knew the one before.

        Odoo ends sessions and devices; what a stranger may have made for a program in
        the meantime is a way in as well.
        """
        done = super()._set_password()
        # sudo: whoever may give a password ends what was made with the one before
        keys_sudo = self.env["res.users.apikeys"].sudo()
        keys_sudo.search([("user_id", "in", self.ids)])._remove()
        return done

    def action_archive(self):
        """Hand over what they have to do before Odoo deletes all to-dos of theirs."""
        self.filtered("active").write({"active": False})
        return super().action_archive()

    def _filter_serving(self, whichever=False):
        """Return those of the staff who are operators, or have any role."""
        return self.filtered(
            lambda user: (
                user.active
                and not user.share
                and (whichever or user.has_group("pakn_1022.group_operator"))
            )
        )

    def action_pakn_invite(self):
        """Send the invitation again to people who have not signed in yet.

        :raise AccessError: no manager of the hotline
        :raise UserError: they have signed in, or have no email
        """
        if not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._("Only the administrator of 1022 invites people.")
            )
        for user in self:
            if not user.active or user.share:
                raise UserError(
                    self.env._("%(name)s has no account in use.", name=user.name)
                )
            if user.state == "active":
                raise UserError(
                    self.env._("%(name)s has signed in already.", name=user.name)
                )
            if not user.email:
                raise UserError(
                    self.env._(
                        "%(name)s has no email: write it down first, or set a "
                        "password.",
                        name=user.name,
                    )
                )
        self._pakn_invite()
        message = self.env._(
            "The invitation goes to %(emails)s.", emails=", ".join(self.mapped("email"))
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": self._say_invited(message),
        }

    @api.model
    def _say_invited(self, message):
        """Return how the screen says that somebody is invited: whether it arrives too.

        :param str message: what was done
        """
        # sudo: ir.mail_server - only whether there is one
        if self.env["ir.mail_server"].sudo().search_count([], limit=1):
            return {"type": "success", "message": message}
        warning = self.env._(
            "No server sends mail yet, so the invitation does not arrive: set one up, "
            "then invite anew."
        )
        return {"type": "warning", "sticky": True, "message": f"{message} {warning}"}

    def _pakn_invite(self):
        """Queue a mail with the link that sets the first password, for after commit."""
        if not self:
            return
        self.partner_id.signup_prepare(signup_type="signup")
        template = self.env.ref("pakn_1022.mail_template_invitation")
        for user in self:
            template.send_mail(user.id)
        # sudo: ir.cron - woken when this is committed, not after an hour
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    def _hand_over_work(self):
        """Give open requests and to-dos of these users to others, on record.

        They are locked out, or operators no more; addons give away what else they have.
        """
        # sudo: whoever archives an account need not read requests
        tickets_sudo = self.env["pakn.ticket"].sudo()
        open_sudo = tickets_sudo.search(
            [("user_id", "in", self.ids), ("date_closed", "=", False)]
        )
        todos_sudo = (
            self.env["mail.activity"]
            .sudo()
            .search(
                [
                    ("user_id", "in", self.ids),
                    ("res_model", "=", "pakn.ticket"),
                    ("res_id", "!=", False),
                ]
            )
        )
        hidden_sudo = tickets_sudo.with_context(active_test=False).search(
            [("id", "in", open_sudo.ids + todos_sudo.mapped("res_id"))]
            + [("secrecy", "=", "secret")]
        )
        for is_hidden in (False, True):
            tickets_sudo = open_sudo.filtered(
                lambda ticket, is_hidden=is_hidden: (ticket in hidden_sudo) == is_hidden
            )
            todos = todos_sudo.filtered(
                lambda todo, is_hidden=is_hidden: (
                    (todo.res_id in hidden_sudo.ids) == is_hidden
                )
            )
            if not tickets_sudo and not todos:
                continue
            heir = self._get_heir(is_hidden)
            if not heir:
                continue
            for user in self:
                mine = tickets_sudo.filtered(
                    lambda ticket, user=user: ticket.user_id == user
                )
                mine._log_event("updated", payload={"user_id": [user.name, heir.name]})
                mine._acting().user_id = heir
            todos.user_id = heir
            heir._tell_of_heritage(self, tickets_sudo, todos)

    def _tell_of_heritage(self, leaving, tickets, todos):
        """Tell an operator what is theirs now, of those who left (Art. 20.3)."""
        # sudo: res.partner - whoever archives an account may tell others
        local_sudo = self.partner_id.sudo().with_context(lang=self.lang)
        local_sudo.message_notify(
            partner_ids=self.partner_id.ids,
            subject=local_sudo.env._(
                "Yours now: what %s had to do", ", ".join(leaving.mapped("name"))
            ),
            body=local_sudo.env._(
                "Open requests: %(requests)s. To-dos: %(todos)s.",
                requests=", ".join(tickets.mapped("name")) or "0",
                todos=len(todos),
            ),
        )

    def _get_heir(self, is_secret=False):
        """Return the operator who has least to do, a manager for want of one.

        Who is away gets it only where nobody else is there.

        :param bool is_secret: of those alone who are cleared for state secrets
        """
        operators = self._get_operators() - self
        if is_secret:
            operators = operators.filtered(
                lambda user: user.has_group("pakn_1022.group_secrecy_clearance")
            )
        operators = operators._filter_present() or operators
        if not operators:
            return (self.env["pakn.notice"]._get_managers() - self)[:1]
        counts = dict(
            self.env["pakn.ticket"]
            .sudo()  # sudo: how many there are
            ._read_group(
                [("user_id", "in", operators.ids), ("date_closed", "=", False)],
                ["user_id"],
                ["__count"],
            )
        )
        return min(operators, key=lambda user: (counts.get(user, 0), user.id))
