from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.assign import assign

# What the clock's acts read of units
OF_UNITS = ("name", "code", "head_user_id", "resource_calendar_id", "head_hours")


class PaknTransferPeople(models.AbstractModel):
    """Who may respond to a slip, who is told of it, and whose it is (Art. 10.1, 10.4).

    A room of ``pakn.transfer``.
    """

    _name = "pakn.transfer.people"
    _description = "People of a slip"

    can_respond = fields.Boolean(
        compute="_compute_can_respond", search="_search_can_respond"
    )
    is_mine = fields.Boolean(
        string="Of my units",
        compute="_compute_is_mine",
        search="_search_is_mine",
        help="Of a unit whose people the reader is among.",
    )

    # ------------------------------------------------------------
    # WHO MAY RESPOND
    # ------------------------------------------------------------

    @api.depends_context("uid")
    @api.depends("is_open", "level", "unit_id.access_user_ids", "delegate_user_ids")
    def _compute_can_respond(self):
        """Level ``focal``: the people of the unit and of those above it; ``head``:
        its head, the heads above, and whom the head delegated, as long as they are of
        the unit; ``province``: the people of the provincial office. The manager may
        stand in for each."""
        for slip in self:
            slip.can_respond = slip.is_open and slip._is_responder()

    def _is_responder(self):
        """Return whether the caller may respond to this slip while it is open."""
        self.ensure_one()
        user = self.env.user
        return (
            self.env.su
            or user.has_group("pakn_1022.group_manager")
            or user in self._get_responders()
        )

    def _get_responders(self):
        """Return the users who may respond to this slip."""
        self.ensure_one()
        if self.level != "head":
            return self.unit_id.access_user_ids
        users = self._get_delegates()
        unit = self.unit_id
        while unit:
            users |= unit.head_user_id
            unit = unit.parent_id
        return users

    def _get_delegates(self):
        """Return whom the head delegated and who are still of the unit."""
        self.ensure_one()
        delegates = self.delegate_user_ids
        return delegates and delegates & self.unit_id.access_user_ids

    @api.model
    def _search_can_respond(self, operator, value):
        if operator != "in":
            return NotImplemented
        user = self.env.user
        mine = Domain("is_open", "=", True)
        if not (self.env.su or user.has_group("pakn_1022.group_manager")):
            units = self._get_own_unit_ids()
            headed = self._get_headed_unit_ids()
            mine &= (
                (Domain("level", "!=", "head") & Domain("unit_id", "in", units))
                | (Domain("level", "=", "head") & Domain("unit_id", "in", headed))
                | (
                    Domain("level", "=", "head")
                    & Domain("unit_id", "in", units)
                    & self._get_delegated_domain()
                )
            )
        return Domain.OR(mine if can_respond else ~mine for can_respond in value)

    # ------------------------------------------------------------
    # WHO IS TOLD
    # ------------------------------------------------------------

    def _get_recipients(self):
        """Return the users who are told of this slip: those it is addressed to."""
        self.ensure_one()
        if self.level == "head":
            people = self.unit_id.head_user_id | self._get_delegates()
            return people.filtered("active")
        return self.unit_id._get_people()

    def _pass_on(self, before):
        """Put slips before those whom they are addressed to now (Art. 15.1, 16.1).

        Where nobody is left, before the administrators and the request's operator.

        :param dict before: ``{slip: res.users}``, whom it was addressed to
        """
        now = fields.Datetime.now()
        taken, left = {}, self.browse()
        # sudo: to-dos of who answers no more, whoever changes it
        todos_sudo = self.sudo().activity_ids
        idle_sudo = todos_sudo.browse()
        for slip in self:
            people = slip._get_recipients()
            gone = before[slip] - people
            idle = gone - slip._get_responders().filtered("active")
            idle_sudo |= todos_sudo.filtered_domain(
                [("res_id", "=", slip.id), ("user_id", "in", idle.ids)]
            )
            if not people:
                left |= slip if gone else self.browse()
            elif (gone and slip.level == "head") or not people & before[slip]:
                for user in people:
                    taken.setdefault(user, self.browse())
                    taken[user] |= slip
        idle_sudo.unlink()
        notices = self.env["pakn.notice"]
        todos = [
            (slip, user, slip.date_due or now, self._say_yours)
            for user, slips in taken.items()
            for slip in slips
            if user not in slip.sudo().activity_ids.user_id  # sudo: who has it already
        ]
        todos += [
            (slip.ticket_id, user, now, slip._say_nobody)
            for slip in left
            for user in slip.ticket_id._get_caretakers()
        ]
        notices._add_todos(todos)
        for slips in left.grouped("unit_id").values():
            slips._notify_manager("unmanned", slips[0]._say_nobody(self.env))
        for user, slips in taken.items():
            # sudo: res.partner - whoever changes the people of a unit may tell them
            local_sudo = user.partner_id.sudo().with_context(lang=user.lang)
            local_sudo.message_notify(
                partner_ids=user.partner_id.ids,
                subject=local_sudo.env._("Yours to answer now: %s slips", len(slips)),
                body=local_sudo.env._(
                    "The people of your unit have changed. These requests wait for "
                    "you: %s",
                    ", ".join(slips.ticket_id.mapped("name")),
                ),
            )

    @api.model
    def _say_yours(self, env):
        return env._("The people of the unit have changed: this slip is yours now")

    def _say_nobody(self, env):
        return env._(
            "Nobody of %(unit)s is left to answer: take the slip back, or give the "
            "unit people",
            unit=self.unit_id.name,
        )

    @api.model
    def _get_columns_of_acts(self):
        """Return the columns that the clock's acts read of a slip.

        Those among them that are computed anew and stay as they are: unread they would
        be written.
        """
        return [
            *("ticket_id", "unit_id", "level", "role", "state", "round", "note"),
            *("previous_id", "is_open", "is_held", "is_overdue", "date_due"),
            *("date_deadline", "date_reminder"),
        ]

    def _read_ahead(self):
        """Read what the clock asks of slips, and of whom it tells; not all: it is much.

        What else is asked is read when it is asked.
        """
        slips_sudo = self.sudo()  # sudo: as each of them is looked at afterwards
        slips_sudo.fetch(self._get_columns_of_acts())
        tickets_sudo, units_sudo = slips_sudo.ticket_id, slips_sudo.unit_id
        tickets_sudo.fetch(tickets_sudo._get_columns_of_acts())
        units_sudo.fetch(OF_UNITS)
        units_sudo._read_people(tickets_sudo.user_id)

    def _get_recipient_emails(self):
        """Return the addresses of those who are told, as a mail's ``To``."""
        return ",".join(
            user.email_formatted for user in self._get_recipients() if user.email
        )

    # ------------------------------------------------------------
    # WHOSE SLIPS THESE ARE
    # ------------------------------------------------------------

    @api.depends_context("uid")
    @api.depends("unit_id.access_user_ids")
    def _compute_is_mine(self):
        """Whom the head delegated are of the unit, and read nothing once they left."""
        units = set(self._get_own_unit_ids())
        # sudo: the rights of slips are decided by this
        assign(self, "is_mine", [slip.unit_id.id in units for slip in self.sudo()])

    @api.model
    def _search_is_mine(self, operator, value):
        """Find by ids, so that PostgreSQL reads an index and not all slips."""
        if operator != "in":
            return NotImplemented
        units = self._get_own_unit_ids()
        mine = Domain("unit_id", "in", units)
        return Domain.OR(mine if is_mine else ~mine for is_mine in value)

    @api.model
    def _get_own_unit_ids(self):
        """Return the ids of the units whose slips the user reads, ended ones too."""
        self.env["pakn.unit"].flush_model(["access_user_ids"])
        # sudo: res.users - what rights are made of is read by nobody
        return self.env.user.sudo().pakn_access_unit_ids.ids

    @api.model
    def _get_headed_unit_ids(self):
        """Return the ids of the units that the user heads, and of those below."""
        # sudo: pakn.unit - who heads which unit is no secret
        units = self.env["pakn.unit"].sudo().with_context(active_test=False)
        headed = units.search([("head_user_id", "=", self.env.uid)])
        return units.search([("id", "child_of", headed.ids)]).ids if headed else []

    @api.model
    def _get_delegated_domain(self):
        """Return the slips that were delegated to the user, as ids: they are few."""
        rows = self.env.execute_query(
            SQL(
                "SELECT pakn_transfer_id FROM pakn_transfer_delegate_rel "
                "WHERE res_users_id = %s",
                self.env.uid,
            )
        )
        return Domain("id", "in", [number for [number] in rows])
