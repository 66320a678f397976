"""Units read the requests that they hold; contacts of citizens are operators' alone.

Rules stand in data that an upgrade leaves alone, since administrators change them.
"""

from odoo import SUPERUSER_ID, api

RULES = {
    "pakn_ticket_rule_unit": (
        "[('transfer_ids', 'any', [('is_mine', '=', True), ('is_held', '=', True)])]"
    ),
    "res_partner_rule_citizen": (
        "[(1, '=', 1)] if user.has_group('pakn_1022.group_operator') "
        "or user.has_group('base.group_system') else "
        "['|', ('id', 'in', (user.partner_id | user.company_ids.partner_id).ids), "
        "('user_ids.share', '=', False)]"
    ),
}


def migrate(cr, version):
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name, domain in RULES.items():
        rule = env.ref(f"pakn_1022.{name}", raise_if_not_found=False)
        if rule:
            rule.domain_force = domain
