"""The index of a request's stage went into a wider one, which begins with it."""


def migrate(cr, version):
    cr.execute("DROP INDEX IF EXISTS pakn_ticket__stage_id_index")
