"""The week of 40 hours in UTC is no more among the working hours to choose from."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    if version:
        api.Environment(cr, SUPERUSER_ID, {})["resource.calendar"]._retire_standard()
