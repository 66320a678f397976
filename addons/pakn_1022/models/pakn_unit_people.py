from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


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
        help="A focal point or the head has an account that is in use.",
    )

    @api.depends("focal_user_ids", "head_user_id", "parent_id")
    def _compute_has_people(self):
        for unit in self:
            unit.has_people = bool(unit._get_people())

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

        Where it has none of its own on record, those of the unit above, who may answer
        for it. Where its own have left, nobody: that is to be put right, not passed on.
        """
        self.ensure_one()
        # sudo: that somebody answers is no secret; Odoo reads accounts slowly otherwise
        unit_sudo = self.sudo().with_context(active_test=False)
        focal_sudo, head_sudo = unit_sudo.focal_user_ids, unit_sudo.head_user_id
        people_sudo = focal_sudo.filtered("active") or head_sudo.filtered("active")
        if not (focal_sudo or head_sudo) and unit_sudo.parent_id:
            people_sudo = unit_sudo.parent_id._get_people()
        return people_sudo.with_env(self.env)

    def _check_manned(self):
        """Refuse units that nobody would answer for, and say which one to take.

        :raise ValidationError: a unit without anybody who has an account in use
        """
        for unit in self:
            if unit._get_people():
                continue
            instead = unit._get_manned_instead()
            if instead:
                raise ValidationError(
                    self.env._(
                        "Nobody would answer for “%(unit)s”: none of its people has an "
                        "account in use. Choose “%(instead)s”, or tell the "
                        "administrator.",
                        unit=unit.name,
                        instead=instead.name,
                    )
                )
            raise ValidationError(
                self.env._(
                    "Nobody would answer for “%(unit)s”: none of its people has an "
                    "account in use. Tell the administrator.",
                    unit=unit.name,
                )
            )

    def _get_manned_instead(self):
        """Return the unit to take instead: its successor, or the next one above."""
        self.ensure_one()
        if self.successor_id.active and self.successor_id._get_people():
            return self.successor_id
        unit = self.parent_id
        while unit and not unit._get_people():
            unit = unit.parent_id
        return unit

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
                    "None of their people has an account in use, so requests cannot "
                    "be handed to them: %s",
                    ", ".join(units.mapped("name")),
                ),
            )
