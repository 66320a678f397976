from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

# What acts ask of the accounts of who acts and who is told
NEEDED = ("active", "company_id", "login", "pakn_away_until", "partner_id")


class PaknUnitPeople(models.AbstractModel):
    """Who answers for a unit (Art. 15.1, 16.1): a slip never goes to nobody.

    A room of ``pakn.unit``: needs ``focal_user_ids``, ``head_user_id``, ``parent_id``
    and ``successor_id``.
    """

    _name = "pakn.unit.people"
    _description = "People of a unit"

    has_people = fields.Boolean(
        string="Somebody answers",
        compute="_compute_has_people",
        search="_search_has_people",
        help="A focal point or the head has an account in use and is not away.",
    )

    people_ids = fields.Many2many(
        "res.users",
        compute="_compute_people_ids",
        groups="pakn_1022.group_manager",
        help="Those with an account in use.",
    )

    @api.depends("focal_user_ids", "head_user_id")
    def _compute_people_ids(self):
        for unit in self:
            unit.people_ids = (unit.head_user_id | unit.focal_user_ids).filtered(
                "active"
            )

    @api.depends("focal_user_ids", "head_user_id", "parent_id")
    def _compute_has_people(self):
        for unit in self:
            unit.has_people = unit._is_manned()

    @api.model
    def _search_has_people(self, operator, value):
        """Look at each unit: they are a few hundred, and the rule goes upwards."""
        if operator != "in":
            return NotImplemented
        units = self.search([("active", "in", (True, False))])
        found = units.filtered(lambda unit: unit.has_people in value)
        return Domain("id", "in", found.ids)

    def _get_people(self):
        """Return who gets a slip of the unit: focal points, or the head for them.

        Those who are away come last: only where nobody else is there. Where a unit has
        none of its own on record, those of the unit above, who may answer for it. Where
        its own have left, nobody: that is to be put right, not passed on.
        """
        self.ensure_one()
        # sudo: that somebody answers is no secret; Odoo reads accounts slowly otherwise
        unit_sudo = self.sudo().with_context(active_test=False)
        focal_sudo, head_sudo = unit_sudo.focal_user_ids, unit_sudo.head_user_id
        if not (focal_sudo or head_sudo) and unit_sudo.parent_id:
            return unit_sudo.parent_id._get_people().with_env(self.env)
        # Together: they are read with one query
        there_sudo = (focal_sudo | head_sudo).filtered("active")
        focal_sudo, head_sudo = focal_sudo & there_sudo, head_sudo & there_sudo
        people_sudo = (
            focal_sudo._filter_present()
            or head_sudo._filter_present()
            or focal_sudo
            or head_sudo
        )
        return people_sudo.with_env(self.env)

    def _read_people(self, *others):
        """Read with one query the accounts that an act of many units asks for.

        :param others: further ``res.users``, whom the act tells
        """
        # sudo: as each of them is looked at afterwards
        units_sudo = self.sudo().with_context(active_test=False)
        people_sudo = units_sudo.head_user_id | units_sudo.focal_user_ids
        people_sudo |= self.env.user.sudo()
        people_sudo.union(*others).fetch(NEEDED)

    def _is_manned(self):
        """Return whether somebody is there who gets a slip of the unit."""
        return bool(self._get_people().sudo()._filter_present())  # sudo: no secret

    def _check_manned(self):
        """Refuse units that nobody would answer for, and say which one to take.

        :raise ValidationError: a unit without anybody who has an account in use, or
            whose people are all away
        """
        for unit in self:
            if unit._is_manned():
                continue
            dates = unit._get_people().sudo().mapped("pakn_away_until")
            why = (
                self.env._(
                    "all of its people are away until %s",
                    format_date(self.env, min(dates)),
                )
                if dates
                else self.env._("none of its people has an account in use")
            )
            instead = unit._get_manned_instead()
            if instead:
                raise ValidationError(
                    self.env._(
                        "Nobody would answer for “%(unit)s”: %(why)s. Choose "
                        "“%(instead)s”, or tell the administrator.",
                        unit=unit.name,
                        why=why,
                        instead=instead.name,
                    )
                )
            raise ValidationError(
                self.env._(
                    "Nobody would answer for “%(unit)s”: %(why)s. Tell the "
                    "administrator.",
                    unit=unit.name,
                    why=why,
                )
            )

    def _get_manned_instead(self):
        """Return the unit to take instead: its successor, or the next one above."""
        self.ensure_one()
        if self.successor_id.active and self.successor_id._is_manned():
            return self.successor_id
        unit = self.parent_id
        while unit and not unit._is_manned():
            unit = unit.parent_id
        return unit

    @api.model
    def _find_of_people(self, users):
        """Return the units that these accounts answer for, ended ones too."""
        units = self.with_context(active_test=False)
        return units.search(
            [
                "|",
                ("focal_user_ids", "in", users.ids),
                ("head_user_id", "in", users.ids),
            ]
        )

    @contextmanager
    def _following_people(self):
        """Say who has the open slips once the people of these units have changed.

        A slip is told to those whom it is addressed to when it comes. Who comes after
        them would otherwise see it when it is late, and nobody where none comes.
        """
        slips = self.env["pakn.transfer"]
        if self:
            # Units without people of their own have those of the unit above
            slips = slips.search(
                [("is_open", "=", True), ("unit_id", "child_of", self.ids)]
            )
        before = {slip: slip._get_recipients() for slip in slips}
        yield
        if slips:
            slips._pass_on(before)

    @api.model
    def _cron_check_people(self):
        """Tell the managers, once a day, of the units that nobody would answer for."""
        units = self.search([("has_people", "=", False)], order="name")
        if not units:
            return
        for manager in self.env["pakn.notice"]._get_managers():
            local = self.with_context(lang=manager.lang)
            manager.partner_id.message_notify(
                partner_ids=manager.partner_id.ids,
                subject=local.env._("Units that nobody answers for: %s", len(units)),
                body=local.env._(
                    "None of their people has an account in use, or all are away, so "
                    "requests cannot be handed to them: %s",
                    ", ".join(units.mapped("name")),
                ),
            )
