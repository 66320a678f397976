import pytz

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError

from ..tools.working_time import WorkingTime


class ResourceCalendar(models.Model):
    """Working hours, compiled for the deadlines of Art. 11."""

    _name = "resource.calendar"
    _inherit = ["resource.calendar", "pakn.calendar.source"]

    pakn_unit_ids = fields.One2many(
        "pakn.unit", "resource_calendar_id", string="Units with these hours"
    )
    pakn_used_by = fields.Char(string="Holds for", compute="_compute_pakn_used_by")

    @api.depends("pakn_unit_ids")
    @api.depends_context("lang")
    def _compute_pakn_used_by(self):
        default = self.env["pakn.unit"]._get_default_calendar()
        for calendar in self:
            units = calendar.pakn_unit_ids
            if calendar._origin == default:
                calendar.pakn_used_by = self.env._(
                    "The province: every unit without hours of its own"
                )
            elif len(units) > 3:
                calendar.pakn_used_by = self.env._("%s units", len(units))
            else:
                calendar.pakn_used_by = ", ".join(units.mapped("name"))

    @api.model
    def _retire_standard(self):
        """Put away Odoo's own week of 40 hours in UTC, which somebody might choose."""
        standard = self.env.ref(
            "resource.resource_calendar_std", raise_if_not_found=False
        )
        if standard and not standard._is_in_use():
            standard.active = False

    def _is_in_use(self):
        """Return whether deadlines hang on this calendar (Art. 11)."""
        self.ensure_one()
        units = self.env["pakn.unit"]
        # sudo: units, whoever changes a calendar
        return self == units._get_default_calendar() or bool(
            units.sudo().search_count([("resource_calendar_id", "=", self.id)], limit=1)
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_use(self):
        for calendar in self:
            if calendar._is_in_use():
                raise UserError(
                    self.env._(
                        "The working hours “%(calendar)s” are in use: deadlines are "
                        "counted by them. Give the units other ones first.",
                        calendar=calendar.name,
                    )
                )

    @api.constrains("attendance_ids", "flexible_hours", "active")
    def _check_has_hours(self):
        """Deadlines need hours: what is in use is neither emptied nor archived."""
        for calendar in self:
            if not calendar._is_in_use():
                continue
            work = calendar.attendance_ids.filtered(
                lambda line: not line.display_type and line.day_period != "lunch"
            )
            if not work or calendar.flexible_hours or not calendar.active:
                raise ValidationError(
                    self.env._(
                        "The working hours “%(calendar)s” are in use, so they cannot "
                        "be empty, flexible or archived.",
                        calendar=calendar.name,
                    )
                )

    @tools.ormcache("self.id")
    def _get_working_time(self):
        """Return the :class:`WorkingTime` of this calendar.

        Cached in each server process and made anew in all of them when the calendar,
        its leaves or its compensatory working days change. Leaves of a resource are
        not those of the calendar.

        :raise UserError: the hours are flexible, so no deadline can be counted
        """
        self.ensure_one()
        calendar = self.sudo()  # sudo: deadlines bind also who may not read calendars
        if calendar.flexible_hours:
            raise UserError(
                self.env._(
                    "The working hours “%(calendar)s” are flexible; deadlines need "
                    "fixed hours.",
                    calendar=calendar.name,
                )
            )
        work = calendar.attendance_ids.filtered(
            lambda line: not line.display_type and line.day_period != "lunch"
        )
        attendances = [
            (
                int(line.dayofweek),
                line.hour_from,
                line.hour_to,
                int(line.week_type) if calendar.two_weeks_calendar else None,
            )
            for line in work
        ]
        leaves = (
            self.env["resource.calendar.leaves"]
            .sudo()
            .search_fetch(
                [
                    ("calendar_id", "in", (False, self.id)),
                    ("resource_id", "=", False),
                    ("time_type", "=", "leave"),
                ],
                ["date_from", "date_to"],
            )
        )
        days = (
            self.env["pakn.working.day"]
            .sudo()
            .search_fetch(
                [("calendar_id", "in", (False, self.id))], ["date", "dayofweek"]
            )
        )
        return WorkingTime(
            attendances,
            pytz.timezone(calendar.tz),
            [(leave.date_from, leave.date_to) for leave in leaves],
            {
                day.date: [
                    (hour_from, hour_to)
                    for weekday, hour_from, hour_to, week in attendances
                    if weekday == int(day.dayofweek) and not week
                ]
                for day in days
            },
        )


class ResourceCalendarAttendance(models.Model):
    _name = "resource.calendar.attendance"
    _inherit = ["resource.calendar.attendance", "pakn.calendar.source"]
