"""What a request is, read from the database as short comparable values (Art. 9.1).

Nothing of Odoo: the program and ``bin/check_record.py`` read the same way, with any
cursor of psycopg2. A *state* is ``{kind: {row id: {column: value}}}``. Facts of the
procedure stand in it as PostgreSQL writes them; what people said or who they are stands
as ``#`` and an HMAC-SHA-256 under the request's own salt, so that the record holds no
personal data and nothing can be guessed from it once the salt is gone. Of files it has
the SHA-256 of what is in the file store. What is empty, false or 0 is left out.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from .tables import (
    FURTHER_PLACE,
    FURTHER_PLACES,
    OPTIONAL,
    PLACES,
    SWEPT,
    SWEPT_UNTIL,
    TABLES,
)

# What a column holds when it holds nothing
EMPTY = frozenset((None, "", "false", "0", "0.0", "0.0000000"))
MISSING_FILE = "missing"

State = dict[str, dict[str, dict[str, str]]]
# A kind, which of its columns (all without), and the ids of rows or of requests
Part = tuple[str, Collection[str] | None, Iterable[int]]
# ``{(request, row): {column: value}}``, what is empty left out
Rows = dict[tuple[int, int], dict[str, str]]


def digest_text(salt: str, place: str, text: str) -> str:
    """Return what stands for a text: ``#`` and its HMAC under the request's salt.

    :param place: kind, row and column, so that texts of two places are not exchanged
    """
    key = (salt or "").encode()
    return "#" + hmac.new(key, f"{place}\n{text}".encode(), hashlib.sha256).hexdigest()


def digest_file(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal; :data:`MISSING_FILE` without it."""
    try:
        with path.open("rb") as stream:
            digest = hashlib.sha256()
            while chunk := stream.read(1 << 20):
                digest.update(chunk)
    except OSError:
        return MISSING_FILE
    return digest.hexdigest()


def get_optional_columns(cursor: Any) -> frozenset[str]:
    """Return which of :data:`OPTIONAL` the database has."""
    cursor.execute(
        """SELECT column_name FROM information_schema.columns
            WHERE table_schema = current_schema
              AND table_name IN ('pakn_ticket', 'rating_rating')
              AND column_name = ANY(%s)
            UNION ALL
           SELECT name FROM unnest(%s, %s) AS relation (name, place)
            WHERE to_regclass(place) IS NOT NULL""",
        [
            sorted(OPTIONAL),
            [*FURTHER_PLACES, *(TABLES[kind].table for kind in SWEPT)],
            [*FURTHER_PLACES.values(), *(TABLES[kind].table for kind in SWEPT)],
        ],
    )
    return frozenset(name for [name] in cursor.fetchall())


def get_recorded(changes: Iterable[Mapping]) -> dict[str, set[int]]:
    """Return rows of swept kinds that changes of seals name, ``{kind: numbers}``."""
    rows: dict[str, set[int]] = {}
    for change in changes:
        for kind in SWEPT:
            if kind in change:
                rows.setdefault(kind, set()).update(map(int, change[kind]))
    return rows


class Columns(NamedTuple):
    """Columns of a kind that are read: their names, and SQL of each."""

    names: list[str]
    sql: list[str]
    # Which of them stand as digests of words
    hashed: frozenset[str]
    # Whether what is in the file is read too
    has_content: bool


class Reader:
    """Reads rows of requests as states; a constant number of queries for many.

    :param cursor: of psycopg2, or Odoo's
    :param filestore: folder of the file store
    :param optional: see :func:`get_optional_columns`
    :param salts: those that are known, ``{request: salt}``; others are read
    """

    def __init__(
        self,
        cursor: Any,
        filestore: Path,
        optional: Collection[str],
        salts: Mapping[int, str | None] | None = None,
    ) -> None:
        self.cursor = cursor
        self.filestore = filestore
        self.salts = salts or {}
        self.absent = OPTIONAL - set(optional)
        self._columns: dict[str, Columns] = {}
        # Kinds that are here, of whatever addons
        self.kinds = tuple(
            kind
            for kind, table in TABLES.items()
            if not table.swept or table.table not in self.absent
        )

    def get_columns(self, kind: str) -> frozenset[str]:
        """Return the columns of a kind that are under the record."""
        stored = TABLES[kind].stored or ()
        return frozenset((*self._pick_columns(kind).names, *stored[:1]))

    def read_rows(
        self,
        kind: str,
        *,
        tickets: Iterable[int] = (),
        ids: Iterable[int] = (),
        in_words: bool = False,
    ) -> Rows:
        """Return the rows of one kind.

        :param tickets: all rows of these requests …
        :param ids: … or these rows
        :param in_words: the texts themselves instead of their digests
        """
        part = (kind, None, tickets or ids)
        return self._read([part], by_request=bool(tickets), in_words=in_words)[kind]

    def read_written(
        self, written: Mapping[str, Mapping[int, Collection[str] | None]]
    ) -> dict[str, Rows]:
        """Return rows of several kinds, by one query; ``{kind: rows}``.

        Of each at least the columns that are asked for: texts that nobody has changed
        are long to read and to hash.

        :param written: ``{kind: {row: columns, or None for all}}``
        """
        parts: list[Part] = []
        for kind, rows in written.items():
            new = [row for row, columns in rows.items() if columns is None]
            changed = [row for row, columns in rows.items() if columns is not None]
            if new:
                parts.append((kind, None, new))
            if changed:
                names = {name for row in changed for name in rows[row] or ()}
                parts.append((kind, names, changed))
        return self._read(parts)

    def read_states(
        self,
        tickets: Collection[int],
        recorded: Mapping[int, Mapping[str, Iterable[int]]] | None = None,
        *,
        in_words: bool = False,
    ) -> dict[int, State]:
        """Return the present state of each of these requests; see :meth:`read_rows`.

        :param recorded: rows of swept kinds under seal, ``{request: {kind: rows}}``
        """
        states: dict[int, State] = {number: {} for number in tickets}
        parts = [(kind, None, tickets) for kind in self.kinds if kind not in SWEPT]
        found = self._read(parts, by_request=True, in_words=in_words)
        for kind in SWEPT if recorded else ():
            pairs = [
                (ticket, row)
                for ticket, rows in recorded.items()
                for row in rows.get(kind, ())
            ]
            found[kind] = self.read_pairs(kind, pairs, in_words=in_words)
        for kind, rows in found.items():
            for (ticket_id, row_id), values in rows.items():
                states[ticket_id].setdefault(kind, {})[str(row_id)] = values
        return states

    def read_pairs(
        self, kind: str, pairs: Collection[tuple[int, int]], *, in_words: bool = False
    ) -> Rows:
        """Return rows of a swept kind as those of the requests they are named with."""
        if not pairs or kind not in self.kinds:
            return {}
        self.cursor.execute(
            f"""SELECT 0, wanted.ticket_id, "row".id, {self._get_array(kind)}
                  FROM unnest(%s::int[], %s::int[]) AS wanted (ticket_id, id)
                  JOIN {TABLES[kind].table} "row" ON "row".id = wanted.id""",
            [[ticket for ticket, _row in pairs], [row for _ticket, row in pairs]],
        )
        return self._fetch([(kind, None, ())], in_words)[kind]

    def find_added(
        self,
        tickets: Collection[int],
        recorded: Mapping[int, Mapping[str, Iterable[int]]],
    ) -> Iterable[tuple[int, str, int]]:
        """Yield request, kind and number of rows that are old and were never sealed."""
        until = self.get_swept()
        for kind in self.kinds:
            table = TABLES[kind]
            if not table.is_bound or kind not in until:
                continue
            self.cursor.execute(
                f"""SELECT {table.request}, id FROM {table.table}
                     WHERE {table.request} = ANY(%s) AND {table.swept} < %s""",
                [list(tickets), until[kind]],
            )
            for ticket, row in self.cursor.fetchall():
                if row not in recorded.get(ticket, {}).get(kind, ()):
                    yield ticket, kind, row

    def find_unswept(
        self, kind: str, since: str | None, limit: str, size: int
    ) -> list[tuple[int, int, str]]:
        """Return request, number and moment of rows that no seal names yet, by moment.

        What is told of no request is not under the record of any.

        :param since: the first moment, or all before ``limit``
        """
        table = TABLES[kind]
        rows, request, row = table.get_rows()
        moment = f'"row".{table.swept}'
        self.cursor.execute(
            f"""SELECT {request}, {row}, {moment}::text FROM {rows}
                 WHERE {moment} >= COALESCE(%s::timestamp, '-infinity')
                   AND {moment} < %s AND {request} IS NOT NULL AND NOT EXISTS (
                       SELECT FROM pakn_seal seal
                        WHERE seal.ticket_id = {request}
                          AND seal.changes -> '{kind}' -> {row}::text IS NOT NULL)
                 ORDER BY {moment}, {row} LIMIT %s""",
            [since, limit, size],
        )
        return self.cursor.fetchall()

    def get_swept(self) -> dict[str, str]:
        """Return until which moment each kind has been sealed."""
        self.cursor.execute(
            "SELECT value FROM ir_config_parameter WHERE key = %s", [SWEPT_UNTIL]
        )
        row = self.cursor.fetchone()
        return json.loads(row[0]) if row else {}

    def _read(
        self,
        parts: Sequence[Part],
        *,
        by_request: bool = False,
        in_words: bool = False,
    ) -> dict[str, Rows]:
        """Return ``{kind: rows}`` of ids of rows, or of requests; by one query."""
        if not parts:
            return {}
        self.cursor.execute(
            " UNION ALL ".join(
                self._select(number, kind, columns, by_request)
                for number, (kind, columns, _ids) in enumerate(parts)
            ),
            [list(ids) for _kind, _columns, ids in parts],
        )
        return self._fetch(parts, in_words)

    def _fetch(self, parts: Sequence[Part], in_words: bool) -> dict[str, Rows]:
        found: dict[str, Rows] = {kind: {} for kind, _columns, _ids in parts}
        picked = [
            (kind, self._pick_columns(kind, names)) for kind, names, _ids in parts
        ]
        rows = self.cursor.fetchall()
        tickets = {ticket_id for _number, ticket_id, *_rest in rows} - {None}
        salts = self._get_salts(tickets)
        for number, ticket_id, row_id, held in rows:
            # Messages and ratings may name a request that is not there
            if ticket_id in salts:
                kind, columns = picked[number]
                salt = None if in_words else salts[ticket_id] or ""
                found[kind][ticket_id, row_id] = self._describe(
                    kind, columns, held, salt, f"{kind}.{row_id}"
                )
        return found

    def _get_salts(self, tickets: set[int]) -> dict[int, str | None]:
        """Return the salts of those of these requests that there are."""
        salts = {number: self.salts[number] for number in tickets & self.salts.keys()}
        if unknown := tickets - self.salts.keys():
            # Not joined to the rows: requests have so many indexes that PostgreSQL
            # takes longer to plan with them than to read
            self.cursor.execute(
                "SELECT id, seal_salt FROM pakn_ticket WHERE id = ANY(%s)",
                [sorted(unknown)],
            )
            salts.update(self.cursor.fetchall())
        return salts

    def _pick_columns(self, kind: str, names: Collection[str] | None = None) -> Columns:
        """Return the columns of a kind that are here, of them those of these names."""
        if kind not in self._columns:
            table = TABLES[kind]
            sql = {
                name: f'"row"."{name}"::text'
                for name in table.plain + table.hashed
                if name not in self.absent
            } | dict(table.gathered)
            self._columns[kind] = Columns(
                list(sql),
                list(sql.values()),
                frozenset(table.hashed + table.said),
                bool(table.stored),
            )
        columns = self._columns[kind]
        if names is None:
            return columns
        pairs = zip(columns.names, columns.sql, strict=True)
        picked = {name: sql for name, sql in pairs if name in names}
        stored = TABLES[kind].stored or ()
        has_content = not set(stored[:1]).isdisjoint(names)
        return Columns(list(picked), list(picked.values()), columns.hashed, has_content)

    def _select(
        self, number: int, kind: str, names: Collection[str] | None, by_request: bool
    ) -> str:
        """Return the query of one part, all columns of which are in one array."""
        rows, request, row = TABLES[kind].get_rows()
        return f"""SELECT {number}, {request}, {row}, {self._get_array(kind, names)}
                     FROM {rows.replace("{places}", self._get_places())}
                    WHERE {request if by_request else row} = ANY(%s)"""

    def _get_array(self, kind: str, names: Collection[str] | None = None) -> str:
        """Return SQL of columns of a kind as one array of texts."""
        columns = self._pick_columns(kind, names)
        sql = columns.sql
        if columns.has_content and (stored := TABLES[kind].stored):
            sql = [*sql, *stored[1:]]
        return f"ARRAY[{', '.join(sql)}]::text[]"

    def _get_places(self) -> str:
        """Return the query of where files stand, with the addons that are there."""
        return PLACES + "".join(
            FURTHER_PLACE.format(name=name, table=table)
            for name, table in FURTHER_PLACES.items()
            if name not in self.absent
        )

    def _describe(
        self,
        kind: str,
        columns: Columns,
        held: list[str | None],
        salt: str | None,
        place: str,
    ) -> dict[str, str]:
        """Return ``{column: value}`` of a row, what is empty left out.

        :param salt: of its request; ``None`` for the texts themselves
        """
        described = {}
        for name, value in zip(columns.names, held, strict=False):
            if value is None or value in EMPTY:
                continue
            if name in columns.hashed and salt is not None:
                value = digest_text(salt, f"{place}.{name}", value)
            described[name] = value
        if columns.has_content and (content := TABLES[kind].stored):
            stored, digest = held[-2:]
            if stored:
                described[content[0]] = digest_file(self.filestore / stored)
            elif digest:
                described[content[0]] = digest
        return described


class Difference(NamedTuple):
    """One field that is not as the record says; both values ``None``: the whole row."""

    kind: str
    row: str
    column: str
    recorded: str | None
    found: str | None


def compare(
    recorded: State,
    found: State,
    get_columns: Callable[[str], Collection[str]],
) -> list[Difference]:
    """Return what of the present state is not as the record says."""
    differences = []
    for kind in TABLES:
        left, right = recorded.get(kind, {}), found.get(kind, {})
        columns = sorted(get_columns(kind))
        for row in sorted(left.keys() | right.keys(), key=int):
            if row not in right:
                differences.append(Difference(kind, row, "", "row", None))
                continue
            if row not in left:
                differences.append(Difference(kind, row, "", None, "row"))
                continue
            for column in columns:
                before, after = left[row].get(column), right[row].get(column)
                if before != after:
                    differences.append(Difference(kind, row, column, before, after))
    return differences
