from odoo import SUPERUSER_ID, api

FILTER = {
    "domain": "[('timeliness', '!=', False)]",
    "context": "{'pivot_measures': ['on_time_share', 'due_count'], "
    "'pivot_row_groupby': ['unit_id'], "
    "'pivot_column_groupby': ['date_judged:month'], 'group_by': []}",
}


def migrate(cr, version):
    """The share in time is of the slips that were due, by the day that decided it."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    found = env.ref(
        "pakn_1022_reports.filter_transfer_on_time", raise_if_not_found=False
    )
    if found:
        found.write(FILTER)
