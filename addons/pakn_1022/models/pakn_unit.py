from datetime import time, timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ..tools.province import to_local


class PaknUnit(models.Model):
    """An office that handles requests: department, commune, supplier (Art. 16).

    Its focal users receive the slips (Art. 10.2), its head those that the focal
    users let expire (Art. 10.3). Read by all staff, changed by the manager.

    The province is reorganised: an ended unit is archived. What it did keeps its name;
    what it still holds goes to its successor, with an act on record.
    """

    _name = "pakn.unit"
    _description = "Unit"
    _inherit = ["pakn.unit.people", "mail.thread", "rating.parent.mixin"]
    _parent_store = True
    _order = "sequence, name"

    name = fields.Char(required=True, index="trigram", tracking=True)
    code = fields.Char(required=True, tracking=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("province_office", "Office of the Provincial People's Committee"),
            ("department", "Department"),
            ("district", "District"),
            ("commune", "Commune or ward"),
            ("supplier", "Public-service supplier"),
        ],
        required=True,
        default="department",
    )
    parent_id = fields.Many2one(
        "pakn.unit", string="Superior unit", index="btree_not_null", ondelete="restrict"
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("pakn.unit", "parent_id", string="Subordinate units")
    focal_user_ids = fields.Many2many(
        "res.users",
        "pakn_unit_focal_user_rel",
        string="Focal points",
        help="The people who receive the slips of this unit.",
    )
    head_user_id = fields.Many2one(
        "res.users",
        string="Head",
        index="btree_not_null",
        tracking=True,
        help="Receives what the focal points let expire.",
    )
    access_user_ids = fields.Many2many(
        "res.users",
        "pakn_unit_access_user_rel",
        string="People with access",
        compute="_compute_access_user_ids",
        store=True,
        recursive=True,
        help="Focal points and heads of the unit and of the units above it.",
    )
    phone = fields.Char()
    email = fields.Char()
    address = fields.Char()
    resource_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working hours",
        index="btree_not_null",
        help="Empty: those of the hotline.",
    )
    focal_hours = fields.Float(
        string="Time of the focal points",
        help="Working hours, by agreement (Art. 11.1). 0: those of the settings.",
    )
    head_hours = fields.Float(
        string="Time of the head",
        help="Working hours, by agreement (Art. 11.2). 0: those of the settings.",
    )
    is_provincial_office = fields.Boolean(
        help="The last level: decides on unclear or shared authority (Art. 10.4, 17.1)."
    )
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
    active = fields.Boolean(default=True, tracking=True)
    open_transfer_count = fields.Integer(compute="_compute_open_transfer_count")

    _code_unique = models.UniqueIndex("(code)", "Another unit has this code already.")
    _hours_positive = models.Constraint(
        "CHECK(focal_hours >= 0 AND head_hours >= 0)",
        "The time to answer cannot be negative.",
    )
    _one_provincial_office = models.UniqueIndex(
        "(is_provincial_office) WHERE is_provincial_office",
        "There is one Office of the Provincial People's Committee already.",
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

    @api.depends("focal_user_ids", "head_user_id", "parent_id.access_user_ids")
    def _compute_access_user_ids(self):
        for unit in self:
            unit.access_user_ids = (
                unit.focal_user_ids | unit.head_user_id | unit.parent_id.access_user_ids
            )

    def _compute_open_transfer_count(self):
        counts = dict(
            self.env["pakn.transfer"]._read_group(
                [("unit_id", "in", self.ids), ("is_open", "=", True)],
                ["unit_id"],
                ["__count"],
            )
        )
        for unit in self:
            unit.open_transfer_count = counts.get(unit, 0)

    @api.constrains("parent_id")
    def _check_parent_id(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A unit cannot be its own superior."))

    def write(self, vals):
        """Ask whether open deadlines are counted anew when the hours change (11.1)."""
        changes = {"focal_user_ids", "head_user_id"} & vals.keys()
        # sudo: whose slips change, whoever changes the unit
        with (self if changes else self.browse()).sudo()._following_people():
            result = super().write(vals)
        if {"resource_calendar_id", "focal_hours", "head_hours"} & vals.keys():
            self.env["pakn.transfer"]._ask_for_recount()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if (
            self.env["pakn.transfer"]
            .sudo()
            .search_count([("unit_id", "in", self.ids)], limit=1)
        ):  # sudo: slips of any unit count, also those the user may not read
            raise ValidationError(
                self.env._(
                    "A unit that has received slips cannot be deleted; archive it."
                )
            )

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Template: units"),
                "template": "/pakn_1022/static/xlsx/units.xlsx",
            },
        ]

    @api.model
    def _get_provincial_office(self):
        """Return the Office of the Provincial People's Committee.

        :raise ValidationError: none is set up
        """
        office = self.search([("is_provincial_office", "=", True)], limit=1)
        if not office:
            raise ValidationError(
                self.env._(
                    "No unit is marked as the Office of the Provincial People's "
                    "Committee. Ask the administrator to set one."
                )
            )
        return office

    def _get_working_times(self):
        """Return ``{unit: WorkingTime}``, each looked up once for all its slips."""
        return {unit: unit._get_calendar()._get_working_time() for unit in self}

    def _get_calendar(self):
        """Return the working hours that count for this unit's deadlines."""
        self.ensure_one()
        return self.resource_calendar_id or self._get_default_calendar()

    def _get_end_of_day(self, moment):
        """Return what is meant by a day without an hour: until the end of its work.

        Who types ``10/03/2026`` into a field of moments gets the very beginning of it,
        by which nothing can be done that day.

        :param datetime moment: UTC
        :return: the same one if it has an hour, or if nobody works that day
        """
        if to_local(moment).time() != time.min:
            return moment
        clock = self._get_calendar()._get_working_time()
        hours = clock.between(moment, moment + timedelta(days=1))
        return clock.add(moment, hours) if hours else moment

    @api.model
    def _get_default_calendar(self):
        """Return the working hours of the units that have none of their own."""
        # Without a query: this is asked for each slip of a list.
        default_id = self.env["ir.model.data"]._xmlid_to_res_id(
            "pakn_1022.resource_calendar_pakn"
        )
        return self.env["resource.calendar"].browse(default_id)

    def action_view_open_transfers(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "pakn_1022.transfer_action"
        )
        action["domain"] = [("unit_id", "child_of", self.id)]
        action["context"] = {"search_default_open": True}
        return action

    # ------------------------------------------------------------
    # REORGANISATION
    # ------------------------------------------------------------

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
        except (TypeError, ValueError) as error:
            raise ValidationError(
                self.env._("“%(text)s” is not a day.", text=date_to)
            ) from error
        if not day:
            raise ValidationError(self.env._("Please give the last day."))
        acts = self.env["pakn.transfer"]
        successor = acts._browse_given("pakn.unit", successor_id)[:1].exists()
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
        return to_local(fields.Datetime.now()).date()

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
