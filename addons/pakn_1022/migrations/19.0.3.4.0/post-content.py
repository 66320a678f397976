"""Drop the index of parts of words of the content: words are found without it."""


def migrate(cr, version):
    cr.execute("DROP INDEX IF EXISTS pakn_ticket__description_index")
