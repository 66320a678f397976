"""Texts and messages name acts and audiences as the table of acts does."""

ACTS = {"reminder": "reminded", "result": "sent", "rating": "rating_asked"}
AUDIENCES = {"focal": "unit", "province": "office"}


def migrate(cr, version):
    if not version:
        return
    for table in ("sms_template", "sms_sms"):
        cr.execute(f'ALTER TABLE "{table}" RENAME COLUMN pakn_event TO pakn_act')
        for old, new in ACTS.items():
            cr.execute(
                f'UPDATE "{table}" SET pakn_act = %s WHERE pakn_act = %s', (new, old)
            )
        for old, new in AUDIENCES.items():
            cr.execute(
                f'UPDATE "{table}" SET pakn_audience = %s WHERE pakn_audience = %s',
                (new, old),
            )
    # The provincial office is transferred nothing but what is referred to it
    cr.execute(
        """UPDATE sms_template SET pakn_act = 'referred'
            WHERE pakn_act = 'transferred' AND pakn_audience = 'office'"""
    )
