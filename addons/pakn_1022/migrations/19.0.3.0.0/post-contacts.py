"""A contact is no address: texts ask the program for the citizen's language, not the
contact; by what an archived contact was known another one may be known."""


def migrate(cr, version):
    if not version:
        return
    cr.execute(
        """UPDATE mail_template SET lang = '{{ object._get_citizen_lang() }}'
            WHERE lang = '{{ object.citizen_id.lang }}'"""
    )
    cr.execute(
        """UPDATE res_partner SET pakn_phone = NULL, pakn_email = NULL
            WHERE active IS NOT TRUE
              AND (pakn_phone IS NOT NULL OR pakn_email IS NOT NULL)"""
    )
