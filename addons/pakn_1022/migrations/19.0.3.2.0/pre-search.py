"""Make room for the words of search, that Odoo does not compute them all at once."""


def migrate(cr, version):
    if version:
        cr.execute(
            """ALTER TABLE pakn_ticket
                 ADD COLUMN IF NOT EXISTS search_text text,
                 ADD COLUMN IF NOT EXISTS search_all text"""
        )
