from psycopg2.extras import execute_values

from odoo.addons.pakn_1022_website.tools.text import fold

BATCH = 5000


def migrate(cr, version):
    """Words by which results are found are kept folded: put those of before right."""
    if not version:
        return
    cr.execute("DROP INDEX IF EXISTS pakn_ticket__public_search_index")
    last = 0
    while True:
        cr.execute(
            """SELECT id, public_search FROM pakn_ticket
                WHERE id > %s AND public_search IS NOT NULL
                ORDER BY id LIMIT %s""",
            [last, BATCH],
        )
        rows = cr.fetchall()
        if not rows:
            return
        last = rows[-1][0]
        execute_values(
            cr._obj,
            """UPDATE pakn_ticket SET public_search = folded.words
                 FROM (VALUES %s) AS folded (id, words)
                WHERE pakn_ticket.id = folded.id""",
            [(ticket_id, fold(words)) for ticket_id, words in rows],
        )
