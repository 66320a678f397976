"""Check the chains of the record in a database; needs psycopg2 and nothing of Odoo.

usage: check_record.py DATABASE (how to connect: PGHOST, PGUSER … or a whole DSN)
Names the first act that does not fit of each broken request; ends with 1 then.
"""

import sys
from pathlib import Path

import psycopg2

TOOLS = Path(__file__).resolve().parents[1] / "addons/pakn_1022/tools"
sys.path.insert(0, str(TOOLS))

from record import START, Act, find_breaks  # noqa: E402

ACTS = """
    SELECT ticket.name, event.sequence, to_char(event.date, 'YYYY-MM-DD HH24:MI:SS'),
           COALESCE(event.actor, ''), event.kind, COALESCE(event.transfer_id, 0),
           COALESCE(event.unit_code, ''), COALESCE(event.from_state, ''),
           COALESCE(event.to_state, ''), COALESCE(event.note, ''), event.payload,
           event.hash
      FROM pakn_event event JOIN pakn_ticket ticket ON ticket.id = event.ticket_id
     ORDER BY ticket.name, event.sequence, event.id
"""


def main(database):
    """Return how many requests have a record that does not fit."""
    dsn = database if "=" in database else f"dbname={database}"
    try:
        connection = psycopg2.connect(dsn)
    except psycopg2.OperationalError as error:
        sys.exit(f"Error: {error}")
    connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, COALESCE(record_length, 0), record_hash FROM pakn_ticket"
        )
        heads = {code: (length, last or START) for code, length, last in cursor}
    with connection.cursor("acts") as cursor:
        cursor.execute(ACTS)
        rows = ((Act(*values[:-1]), values[-1]) for values in cursor)
        breaks = find_breaks(rows, heads)
    for code, sequence in sorted(breaks.items()):
        print(f"{code}: act no. {sequence} does not fit")
    print(f"{len(heads)} requests checked, {len(breaks)} do not fit")
    return len(breaks)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(bool(main(sys.argv[1])))
