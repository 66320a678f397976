from odoo import SUPERUSER_ID, api, fields


def migrate(cr, version):
    """Have streets gathered every hour, not every night, where nobody set it."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    cron = env.ref("pakn_1022_website.ir_cron_streets", raise_if_not_found=False)
    if cron and (cron.interval_number, cron.interval_type) == (1, "days"):
        cron.write({"interval_type": "hours", "nextcall": fields.Datetime.now()})
