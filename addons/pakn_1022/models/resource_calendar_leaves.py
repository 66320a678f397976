from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools.public_holidays import get_public_holidays


class ResourceCalendarLeaves(models.Model):
    """Days off for everybody: public holidays, kept day by day (design section 4)."""

    _name = "resource.calendar.leaves"
    _inherit = ["resource.calendar.leaves", "pakn.calendar.source"]

    pakn_date = fields.Date(
        string="Day",
        compute="_compute_pakn_date",
        inverse="_inverse_pakn_date",
        store=True,
        help="The day off, in the time of the calendar.",
    )
    is_public_holiday = fields.Boolean(string="Public holiday", readonly=True)
    is_provisional = fields.Boolean(
        string="Provisional",
        help="Expected but not yet decreed; counts as a day off until corrected.",
    )

    @api.depends("date_from")
    def _compute_pakn_date(self):
        for leave in self:
            leave.pakn_date = (
                pytz.utc.localize(leave.date_from)
                .astimezone(leave._get_tz(leave.calendar_id))
                .date()
                if leave.date_from
                else False
            )

    def _inverse_pakn_date(self):
        for leave in self:
            if leave.pakn_date:
                leave.write(self._get_bounds(leave.pakn_date, leave.calendar_id))

    @api.model_create_multi
    def create(self, vals_list):
        calendars = self.env["resource.calendar"]
        for vals in vals_list:
            day = fields.Date.to_date(vals.pop("pakn_date", False))
            if day:
                vals.update(
                    self._get_bounds(day, calendars.browse(vals.get("calendar_id")))
                )
        return super().create(vals_list)

    @api.model
    def _get_tz(self, calendar):
        calendar = calendar or self.env.ref("pakn_1022.resource_calendar_pakn")
        return pytz.timezone(calendar.tz)

    @api.model
    def _get_bounds(self, day, calendar):
        """Return the first and the last second of a local day, UTC."""
        tz = self._get_tz(calendar)

        def to_utc(moment):
            return tz.localize(moment).astimezone(pytz.utc).replace(tzinfo=None)

        return {
            "date_from": to_utc(datetime.combine(day, time.min)),
            "date_to": to_utc(datetime.combine(day, time(23, 59, 59))),
        }

    def _counts_for_deadlines(self):
        return any(not leave.resource_id for leave in self)

    # ------------------------------------------------------------
    # PUBLIC HOLIDAYS
    # ------------------------------------------------------------

    @api.model
    def _fill_public_holidays(self, years):
        """Enter Vietnam's public holidays and working days in lieu of these years.

        Days that are off for everybody already and working days that are entered stay
        as they are, so what an administrator corrected is kept.

        :param years: iterable of int
        :return: how many days were entered
        """
        today = fields.Date.context_today(self)
        days_off, working_days = [], []
        for year in years:
            off, working = get_public_holidays(year)
            days_off += off
            working_days += working
        taken = set(self._search_for_everybody().mapped("pakn_date"))
        days = self.env["pakn.working.day"]
        worked = set(days.search([("calendar_id", "=", False)]).mapped("date"))
        new_days = [
            {"date": day.date, "name": day.name, "dayofweek": str(day.weekday)}
            for day in working_days
            if day.date not in worked
        ]
        new_leaves = [
            {
                "name": day.name,
                "pakn_date": day.date,
                "calendar_id": False,
                "is_public_holiday": True,
                "is_provisional": not day.is_certain and day.date > today,
            }
            for day in days_off
            if day.date not in taken
        ]
        self.create(new_leaves)
        days.create(new_days)
        return len(new_leaves) + len(new_days)

    @api.model
    def _search_for_everybody(self, domain=()):
        return self.search(
            Domain([("resource_id", "=", False), ("calendar_id", "=", False)])
            & Domain(domain)
        )

    @api.model
    def _get_years(self):
        year = fields.Date.context_today(self).year
        return year, year + 1

    @api.model
    def _cron_fill_public_holidays(self):
        """Enter the holidays of this and the next year, each year once."""
        missing = [
            year
            for year in self._get_years()
            if not self._search_for_everybody(
                [
                    ("is_public_holiday", "=", True),
                    ("pakn_date", ">=", f"{year}-01-01"),
                    ("pakn_date", "<=", f"{year}-12-31"),
                ]
            )
        ]
        self._fill_public_holidays(missing)

    def action_fill_public_holidays(self):
        """Enter what is missing of this and the next year, and say how much."""
        self.browse().check_access("create")
        count = self._fill_public_holidays(self._get_years())
        first, last = self._get_years()
        message = self.env._(
            "%(count)s days entered for %(first)s and %(last)s.",
            count=count,
            first=first,
            last=last,
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if count else "info",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_confirm(self):
        """The day has been decreed."""
        self.write({"is_provisional": False})
        return True

    @api.constrains("date_from", "date_to", "resource_id", "calendar_id")
    def _check_length(self):
        """A slip of the pen must not stop the clock for a year."""
        for leave in self.filtered(lambda leave: not leave.resource_id):
            if leave.date_to - leave.date_from > timedelta(days=60):
                raise ValidationError(
                    self.env._("A time off for everybody lasts at most 60 days.")
                )
