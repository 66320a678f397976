def migrate(cr, version):
    """Take the ends of the chains of seals off the requests, into their own table."""
    if not version:
        return
    cr.execute(
        """CREATE TABLE IF NOT EXISTS pakn_seal_end (
               ticket_id integer PRIMARY KEY REFERENCES pakn_ticket,
               length integer NOT NULL,
               hash varchar NOT NULL)"""
    )
    cr.execute(
        """INSERT INTO pakn_seal_end (ticket_id, length, hash)
           SELECT id, seal_length, seal_hash FROM pakn_ticket WHERE seal_length > 0
               ON CONFLICT DO NOTHING"""
    )
    cr.execute("ALTER TABLE pakn_ticket DROP COLUMN seal_length, DROP COLUMN seal_hash")
