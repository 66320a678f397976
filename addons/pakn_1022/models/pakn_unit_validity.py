from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain


class PaknUnit(models.Model):
    """When a unit exists, and which one follows it: the province is reorganised.

    An ended unit is archived. What it did keeps its name; what it still holds goes to
    its successor, with an act on record.
    """

    _inherit = "pakn.unit"

    date_from = fields.Date(string="First day", help="Empty: since before 1022.")
    date_to = fields.Date(string="Last day", readonly=True, tracking=True)
    successor_id = fields.Many2one(
        "pakn.unit",
        readonly=True,
        tracking=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Which unit took over what this one handled.",
    )
    predecessor_ids = fields.One2many("pakn.unit", "successor_id", readonly=True)
    area_id = fields.Many2one(
        "pakn.area",
        index="btree_not_null",
        help="Of the office of a commune or ward: its area. Fields that the commune "
        "of the place handles are routed by it.",
    )

    _dates_in_order = models.Constraint(
        "CHECK(date_to IS NULL OR date_from IS NULL OR date_to >= date_from)",
        "A unit cannot end before it begins.",
    )
    _one_active_unit_per_area = models.UniqueIndex(
        "(area_id) WHERE active AND kind = 'commune'",
        "Another unit is the office of this area already.",
    )

    @api.depends("name", "active", "successor_id.name")
    def _compute_display_name(self):
        """An ended unit reads with the one that follows it, where units are chosen."""
        for unit in self:
            name = unit.name
            if not unit.active and unit.successor_id:
                name = self.env._(
                    "%(unit)s (now %(successor)s)",
                    unit=name,
                    successor=unit.successor_id.name,
                )
            unit.display_name = name

    def end(self, date_to, successor_id=None):
        """End these units after a day, in favour of another one.

        After that day their open slips go to the successor. At once if it is past.

        :param str date_to: the last day, ISO 8601
        :param int successor_id: id of ``pakn.unit``; needed if anything is open
        :raise ValidationError: no such day or unit, or nobody takes over what is open
        """
        if not (self.env.su or self.env.user.has_group("pakn_1022.group_manager")):
            raise AccessError(self.env._("Only an administrator may end a unit."))
        try:
            day = fields.Date.to_date(date_to)
        except ValueError as error:
            raise ValidationError(
                self.env._("“%(text)s” is not a day.", text=date_to)
            ) from error
        if not day:
            raise ValidationError(self.env._("Please give the last day."))
        successor = self.browse(successor_id or []).exists()
        for unit in self:
            if not unit.active:
                raise UserError(self.env._("%(unit)s has ended.", unit=unit.name))
            if unit.is_provincial_office:
                raise ValidationError(
                    self.env._("The Office of the Provincial People's Committee stays.")
                )
        if successor and (successor in self or not successor.active):
            raise ValidationError(
                self.env._("%(unit)s cannot take over.", unit=successor.name)
            )
        self.write({"date_to": day, "successor_id": successor.id})
        if day < self._get_today():
            self._end()
        return True

    @api.model
    def _get_today(self):
        """Return today's date in the province."""
        moment = fields.Datetime.now()
        local = self.with_context(tz="Asia/Ho_Chi_Minh")
        return fields.Datetime.context_timestamp(local, moment).date()

    @api.model
    def _cron_end(self):
        """End the units whose last day has passed."""
        units = self.search(
            [("date_to", "!=", False), ("date_to", "<", self._get_today())]
        )
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(units))
        for unit in units:
            unit._end()
            cron._commit_progress(1)

    def _end(self):
        """Hand over what these units hold, and archive them."""
        for unit in self:
            successor = unit.successor_id
            # sudo: slips, fields and rules of this unit, whoever ends it
            slips = (
                self.env["pakn.transfer"]
                .sudo()
                .search([("unit_id", "=", unit.id), ("is_open", "=", True)])
            )
            if slips and not successor:
                raise ValidationError(
                    self.env._(
                        "%(unit)s still holds %(count)s open slips: name the unit "
                        "that takes them over.",
                        unit=unit.name,
                        count=len(slips),
                    )
                )
            slips._move_to(successor)
            unit.child_ids.write({"parent_id": successor.id})
            for model, name in (
                ("pakn.category", "default_unit_id"),
                ("pakn.routing.rule", "unit_id"),
            ):
                records = self.env[model].sudo().with_context(active_test=False)
                records = records.search(Domain(name, "=", unit.id))
                if successor or model == "pakn.category":
                    records[name] = successor
                else:
                    records.active = False
        self.active = False
