"""Units read the answers of the requests that they hold, as the requests themselves."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    rule = env.ref(
        "pakn_1022_website.pakn_question_answer_rule_unit", raise_if_not_found=False
    )
    if rule:
        rule.domain_force = (
            "[('ticket_id.transfer_ids', 'any', "
            "[('is_mine', '=', True), ('is_held', '=', True)])]"
        )
