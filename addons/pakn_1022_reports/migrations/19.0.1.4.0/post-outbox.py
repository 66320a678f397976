"""Reports go out by the outbox: what became of each sending stands in its notice."""

from odoo import SUPERUSER_ID, api
from odoo.tools.sql import column_exists


def migrate(cr, version):
    if not version:
        return
    # Older versions noted nothing
    if column_exists(cr, "pakn_report_dispatch", "mail_id"):
        move(cr)
    env = api.Environment(cr, SUPERUSER_ID, {})
    template = env.ref(
        "pakn_1022_reports.mail_template_report", raise_if_not_found=False
    )
    if template:
        # What waits is sent by it
        template.write({"pakn_act": "reported", "pakn_audience": "recipient"})


def move(cr):
    """Make the notices of what lines of sendings said themselves."""
    cr.execute(
        """INSERT INTO pakn_notice (dispatch_id, act, audience, door, state, is_handed,
                                    reason, date, date_sent)
           SELECT dispatch.id, 'reported', 'recipient', 'mail', dispatch.state,
                  dispatch.state = 'waiting', dispatch.reason,
                  COALESCE(dispatch.date_sent, dispatch.create_date), dispatch.date_sent
             FROM pakn_report_dispatch dispatch
            WHERE dispatch.state != 'waiting' OR dispatch.mail_id IS NOT NULL
         ORDER BY dispatch.id"""
    )
    # What waits in the queue of mails reports to its notice
    cr.execute(
        """INSERT INTO pakn_notice_mail_rel (mail_mail_id, pakn_notice_id)
           SELECT dispatch.mail_id, notice.id
             FROM pakn_report_dispatch dispatch
             JOIN pakn_notice notice ON notice.dispatch_id = dispatch.id
             JOIN mail_mail mail ON mail.id = dispatch.mail_id
            WHERE dispatch.state IN ('waiting', 'failed')"""
    )
    cr.execute(
        """ALTER TABLE pakn_report_dispatch
                  DROP COLUMN state, DROP COLUMN reason,
                  DROP COLUMN date_sent, DROP COLUMN mail_id"""
    )
