"""The public figures have tables of the years that have ended: they are made anew."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    if version:
        api.Environment(cr, SUPERUSER_ID, {})["pakn.statistics"]._count()
