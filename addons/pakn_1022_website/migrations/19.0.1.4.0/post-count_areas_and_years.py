"""The public figures have areas and years: they are made anew."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    if version:
        api.Environment(cr, SUPERUSER_ID, {})["pakn.statistics"]._count()
