"""Texts say which act they tell, to whom; rights of units ask for their own slips.

Both stand in data that an upgrade leaves alone, since administrators change it.
"""

from odoo import SUPERUSER_ID, api

ACTS = {
    "received": "received",
    "contact": "asked",
    "rejected": "rejected",
    "transferred": "transferred",
    "scheduled": "scheduled",
    "extended": "extended",
    "result": "sent",
    "rating": "rating_asked",
}
NOT_SECRET = "[('ticket_id', 'not any', [('secrecy', '=', 'secret')])]"
RULES = {
    "pakn_ticket_rule_unit": "[('transfer_ids', 'any', [('is_mine', '=', True)])]",
    "pakn_transfer_rule_unit": "[('is_mine', '=', True)]",
    "pakn_event_rule_unit": "[('transfer_id.is_mine', '=', True)]",
    "pakn_transfer_rule_staff": NOT_SECRET,
    "pakn_event_rule_staff": NOT_SECRET,
}


def migrate(cr, version):
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    for suffix, act in ACTS.items():
        template = env.ref(
            f"pakn_1022.mail_template_citizen_{suffix}", raise_if_not_found=False
        )
        if template:
            template.write({"pakn_act": act, "pakn_audience": "citizen"})
    template = env.ref(
        "pakn_1022.mail_template_unit_transferred", raise_if_not_found=False
    )
    if template:
        template.pakn_audience = "staff"
    for name, domain in RULES.items():
        rule = env.ref(f"pakn_1022.{name}", raise_if_not_found=False)
        if rule:
            rule.domain_force = domain
