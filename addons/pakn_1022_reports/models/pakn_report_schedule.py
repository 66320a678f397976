from odoo import api, models

from ..tools import periods

SCHEDULED = ("week", "month", "quarter", "half", "year")


class PaknReportSchedule(models.AbstractModel):
    """Reports that make themselves when their period is over (Art. 21).

    Needs the period, the scope, ``has_unit_parts`` and the activities of the report,
    and its ``_get_setting``, ``_get_today`` and ``_get_close_day``. Gives the
    scheduled action ``_cron_make``.
    """

    _name = "pakn.report.schedule"
    _description = "Schedule of reports"

    @api.model
    def _cron_make(self):
        """Make the drafts of the periods that are over, on the first working day.

        Runs every morning and makes what is missing, so that a day on which the
        server stood still is made up for.
        """
        for kind in SCHEDULED:
            if not self._get_setting(f"make_{kind}", True):
                continue
            first, last = self._get_due_period(kind)
            if not first:
                continue
            if self.search_count(
                [
                    ("kind", "=", kind),
                    ("scope", "=", "province"),
                    ("date_from", "=", first),
                ],
                limit=1,
            ):
                continue
            report = self.create(
                {
                    "kind": kind,
                    "date_from": first,
                    "date_to": last,
                    "has_unit_parts": kind != "week",
                }
            )
            report._ask_for_confirmation()

    @api.model
    def _get_due_period(self, kind):
        """Return the last period that is over, if a working day has begun since.

        :return: ``(first, last)``, or ``(None, None)``
        """
        today, close = self._get_today(), self._get_close_day()
        period = periods.get_period(kind, today, close)
        first, last = periods.get_previous(kind, *period, close)
        clock = self.env["pakn.unit"]._get_default_calendar()._get_working_time()
        begins = clock.add(periods.to_utc(last + periods.DAY), 0)
        if periods.to_local_day(begins) > today:
            return None, None
        return first, last

    def _ask_for_confirmation(self):
        """Put the draft into the managers' lists of what is to be done."""
        self.ensure_one()
        managers = self.env.ref("pakn_1022.group_manager").user_ids
        for manager in managers.filtered(lambda user: user.active and not user.share):
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=self._get_today(),
                user_id=manager.id,
                summary=self.env._("Check the report and confirm it"),
            )
