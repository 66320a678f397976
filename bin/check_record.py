"""Check the records in a database; needs psycopg2 and nothing of Odoo.

usage: check_record.py DATABASE [FILESTORE]
DATABASE: its name (how to connect: PGHOST, PGUSER …) or a whole DSN
FILESTORE: folder of its files

Names what does not fit, request by request; ends with 1 then. Looks at the chains of
acts (docs/record.md). With FILESTORE, where the addon pakn_1022_evidence is installed,
also at the whole state of each request, its files and the anchors (docs/evidence.md).
"""

import sys
from pathlib import Path

import psycopg2

ADDONS = Path(__file__).resolve().parents[1] / "addons"
sys.path[:0] = [str(ADDONS / "pakn_1022/tools"), str(ADDONS / "pakn_1022_evidence")]

from record import START, Act, find_breaks  # noqa: E402
from tools import house  # noqa: E402
from tools.check import DELETED, find_faults  # noqa: E402
from tools.state import Reader, get_optional_columns  # noqa: E402
from tools.words import describe, describe_house  # noqa: E402

BATCH = 1000
ACTS = """
    SELECT ticket.name, event.sequence, to_char(event.date, 'YYYY-MM-DD HH24:MI:SS'),
           COALESCE(event.actor, ''), event.kind, COALESCE(event.transfer_id, 0),
           COALESCE(event.unit_code, ''), COALESCE(event.from_state, ''),
           COALESCE(event.to_state, ''), COALESCE(event.note, ''), event.payload,
           event.hash
      FROM pakn_event event JOIN pakn_ticket ticket ON ticket.id = event.ticket_id
     ORDER BY ticket.name, event.sequence, event.id
"""


def check_acts(connection):
    """Print the chains of acts that break; return the codes of all and of those."""
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
    return set(heads), set(breaks)


def check_states(connection, filestore):
    """Print what of the states does not fit; return the codes of those requests."""
    found = set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('pakn_seal') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return found
        reader = Reader(cursor, filestore, get_optional_columns(cursor))
        cursor.execute("SELECT id FROM pakn_ticket ORDER BY id")
        numbers = [number for [number] in cursor.fetchall()]
        for start in range(0, len(numbers), BATCH):
            batch = numbers[start : start + BATCH]
            for fault in find_faults(cursor, reader, batch):
                found.add(fault.code)
                for sentence in describe(fault):
                    print(f"{fault.code}: {sentence}")
        cursor.execute(DELETED, [0, 2**31 - 1])
        for code, _number in cursor.fetchall():
            found.add(code)
            print(f"{code}: đã được neo nhưng không còn trong cơ sở dữ liệu")
        cursor.execute("SELECT to_regclass('pakn_house_seal') IS NOT NULL")
        if cursor.fetchone()[0]:
            for fault in house.find_faults(cursor):
                found.add("1022")
                print(f"1022: {describe_house(fault)}")
    return found


def main(database, filestore=None):
    """Return how many requests have a record that does not fit."""
    dsn = database if "=" in database else f"dbname={database}"
    try:
        connection = psycopg2.connect(dsn)
    except psycopg2.OperationalError as error:
        sys.exit(f"Error: {error}")
    connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
    codes, broken = check_acts(connection)
    if filestore:
        broken |= check_states(connection, Path(filestore))
    print(f"{len(codes)} requests checked, {len(broken)} do not fit")
    return len(broken)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    sys.exit(bool(main(*sys.argv[1:])))
