"""The reports of the last months: two that were confirmed, and drafts to be checked."""

from datetime import datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo.fields import Datetime

MONTHS = 3


def load_reports(env):
    """Make the reports of the last months and of the last week."""
    manager = env["res.users"].search([("login", "=", "quantri")])
    reports = env["pakn.report"].with_user(manager)
    this_month = reports._get_today().replace(day=1)
    for back in range(MONTHS, 0, -1):
        begin = this_month - relativedelta(months=back)
        end = begin + relativedelta(months=1)
        # Checked and confirmed on the third morning
        third = datetime.combine(end + timedelta(days=2), time(2))
        with freeze_time(min(third, Datetime.now())):
            report = reports.create(
                {"date_from": begin, "date_to": end - timedelta(days=1)}
            )
            if back > 1:
                report.number = str(40 - back)
                report.confirm()
    last_week = reports._get_today() - timedelta(days=7)
    monday = last_week - timedelta(days=last_week.weekday())
    reports.create(
        {
            "kind": "week",
            "date_from": monday,
            "date_to": monday + timedelta(days=6),
            "has_unit_parts": False,
        }
    )
