"""Drop the columns of acts and notices that said again who made the row, and when."""


def migrate(cr, version):
    for table in ("pakn_event", "pakn_notice"):
        for column in ("create_uid", "create_date", "write_uid", "write_date"):
            cr.execute(f"ALTER TABLE {table} DROP COLUMN IF EXISTS {column}")
