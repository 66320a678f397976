"""Whom a head delegated reads the analysis of a unit no more after leaving it.

Rules stand in data that an upgrade leaves alone, since administrators change them.
"""

from odoo import SUPERUSER_ID, api

RULES = {
    "pakn_report_ticket_rule_unit": (
        "[('ticket_id.transfer_ids.unit_id.access_user_ids', 'in', [user.id])]"
    ),
    "pakn_report_transfer_rule_unit": "[('unit_id.access_user_ids', 'in', [user.id])]",
}


def migrate(cr, version):
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name, domain in RULES.items():
        rule = env.ref(f"pakn_1022_reports.{name}", raise_if_not_found=False)
        if rule:
            rule.domain_force = domain
