"""Texts ask the program for the citizen's language, not the contact."""


def migrate(cr, version):
    if version:
        cr.execute(
            """UPDATE sms_template SET lang = '{{ object._get_citizen_lang() }}'
                WHERE lang = '{{ object.citizen_id.lang }}'"""
        )
