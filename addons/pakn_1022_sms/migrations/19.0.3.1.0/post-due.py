"""Texts about a request ask it for the time to answer, not its open slip."""


def migrate(cr, version):
    if version:
        cr.execute(
            """UPDATE sms_template SET body = replace(
                          body::text, 'object.open_transfer_id._get_due_words()',
                          'object._get_due_words()')::jsonb
                WHERE body::text LIKE '%open_transfer_id._get_due_words()%'"""
        )
