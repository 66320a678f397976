def migrate(cr, version):
    """Exports of before were fetched while they were made: nothing is kept of them."""
    if not version:
        return
    cr.execute("ALTER TABLE pakn_export_log ADD COLUMN state varchar, ADD done int4")
    cr.execute("UPDATE pakn_export_log SET state = 'expired', done = count")
