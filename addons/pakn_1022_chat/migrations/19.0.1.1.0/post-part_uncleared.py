"""Who may not know of state secrets takes part in no conversation about one."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    if version:
        tickets = api.Environment(cr, SUPERUSER_ID, {})["pakn.ticket"]
        tickets.search([("secrecy", "=", "secret")])._part_uncleared()
