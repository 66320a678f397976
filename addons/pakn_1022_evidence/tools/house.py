"""What stands for all requests: names of units and people, confirmed reports (Art. 9).

Nothing of Odoo: the program and ``bin/check_record.py`` read the same. Acts bear the
code of a unit and the login of a person; who these are is under a chain of seals of its
own (``seals.py``), the ends of which are anchored beside those of the requests.
"""

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from . import seals
from .state import EMPTY, digest_text

# What the chain is called in its seals and leaves; no request has it
CODE, NUMBER = "1022", 0
SALT = "pakn_1022_evidence.house_salt"
HEAD = "pakn_1022_evidence.house_head"


class Kind(NamedTuple):
    """Rows of a table: name and SQL of each column, and which of them are named people.

    ``where``: which rows are under seal. ``is_swept``: a job seals them, once.
    """

    table: str
    columns: dict[str, str]
    where: str = "true"
    people: tuple[str, ...] = ()
    is_swept: bool = False


def _digest(column: str) -> str:
    return f"encode(sha256(convert_to(\"row\".{column}::text, 'UTF8')), 'hex')"


KINDS = {
    "unit": Kind(
        "pakn_unit",
        {
            name: f'"row".{name}::text'
            for name in ("code", "name", "kind", "parent_id", "is_provincial_office")
        },
    ),
    # Citizens' accounts are none of the house
    "user": Kind(
        "res_users",
        {
            "login": '"row".login',
            "name": '(SELECT name FROM res_partner WHERE id = "row".partner_id)',
        },
        'NOT COALESCE("row".share, false)',
        ("name",),
    ),
    "report": Kind(
        "pakn_report",
        {
            name: f'"row".{name}::text'
            for name in ("kind", "date_from", "date_to", "scope", "unit_id")
            + ("category_id", "date_confirmed", "confirmed_by_id")
        }
        | {name: _digest(name) for name in ("content", "letter", "remarks")},
        "\"row\".state <> 'draft'",
        is_swept=True,
    ),
}
Rows = dict[str, dict[str, str]]


def read(cursor: Any, salt: str, kind: str, ids: Collection[int] | None = None) -> Rows:
    """Return rows of a kind as they are, ``{number: {column: value}}``."""
    spec = KINDS[kind]
    cursor.execute(
        f"""SELECT "row".id, ARRAY[{", ".join(spec.columns.values())}]::text[]
              FROM {spec.table} "row"
             WHERE {spec.where} AND (%s::int[] IS NULL OR "row".id = ANY(%s::int[]))""",
        [None if ids is None else list(ids)] * 2,
    )
    rows = {}
    for number, values in cursor.fetchall():
        row = rows[str(number)] = {}
        for name, value in zip(spec.columns, values, strict=True):
            if value is None or value in EMPTY:
                continue
            if name in spec.people:
                value = digest_text(salt, f"{kind}.{number}.{name}", value)
            row[name] = value
    return rows


def get_kinds(cursor: Any) -> tuple[str, ...]:
    """Return the kinds whose tables are here."""
    cursor.execute(
        "SELECT name FROM unnest(%s) AS name WHERE to_regclass(name) IS NOT NULL",
        [[kind.table for kind in KINDS.values()]],
    )
    here = {name for [name] in cursor.fetchall()}
    return tuple(kind for kind, spec in KINDS.items() if spec.table in here)


def read_chain(cursor: Any) -> list[tuple[seals.Seal, str]]:
    """Return the seals of the house with their hashes, in their order."""
    cursor.execute(
        """SELECT code, sequence, to_char(date, 'YYYY-MM-DD HH24:MI:SS'), changes, hash
             FROM pakn_house_seal ORDER BY sequence, id"""
    )
    return [
        (seals.Seal(code, number, date, 0, seals.START, changes), found)
        for code, number, date, changes, found in cursor.fetchall()
    ]


def read_parameter(cursor: Any, key: str) -> str:
    """Return a parameter of the database, "" without it."""
    cursor.execute("SELECT value FROM ir_config_parameter WHERE key = %s", [key])
    row = cursor.fetchone()
    return row[0] if row else ""


class Fault(NamedTuple):
    """What does not fit of the house.

    ``what``: ``seal`` (the chain breaks at ``row``), ``anchor`` (seal ``row`` is not
    the one that was anchored), ``changed``, ``added`` or ``removed``.
    """

    what: str
    kind: str
    row: int
    columns: tuple[str, ...] = ()


def find_faults(cursor: Any) -> Iterable[Fault]:
    """Yield what of the house is not as its seals say."""
    chain = read_chain(cursor)
    cursor.execute(
        """SELECT min(leaf.seals) FROM pakn_anchor_leaf leaf
             LEFT JOIN pakn_house_seal seal ON seal.sequence = leaf.seals
            WHERE leaf.ticket_id = %s AND seal.hash IS DISTINCT FROM leaf.hash""",
        [NUMBER],
    )
    [lost] = cursor.fetchone()
    if lost:
        yield Fault("anchor", "", lost)
    length, _blank, last = read_parameter(cursor, HEAD).partition(" ")
    number = seals.find_break(chain, CODE, (int(length or 0), last))
    if number is not None:
        yield Fault("seal", "", number)
        return
    recorded = seals.replay(seal.changes for seal, _hash in chain)
    salt = read_parameter(cursor, SALT)
    for kind in get_kinds(cursor):
        known, found = recorded.get(kind, {}), read(cursor, salt, kind)
        for row in sorted(known.keys() | found.keys(), key=int):
            if row not in found:
                yield Fault("removed", kind, int(row))
            elif row not in known:
                if not KINDS[kind].is_swept:
                    yield Fault("added", kind, int(row))
            elif known[row] != found[row]:
                columns = tuple(
                    name
                    for name in KINDS[kind].columns
                    if known[row].get(name) != found[row].get(name)
                )
                yield Fault("changed", kind, int(row), columns)
