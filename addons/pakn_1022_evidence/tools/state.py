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
from collections.abc import Callable, Collection, Iterable, Mapping
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


class Reader:
    """Reads rows of requests as states; a constant number of queries for many.

    :param cursor: of psycopg2, or Odoo's
    :param filestore: folder of the file store
    :param optional: see :func:`get_optional_columns`
    """

    def __init__(self, cursor: Any, filestore: Path, optional: Collection[str]) -> None:
        self.cursor = cursor
        self.filestore = filestore
        self.absent = OPTIONAL - set(optional)
        self._names: dict[str, tuple[list[str], list[str], list[str]]] = {}
        # Kinds that are here, of whatever addons
        self.kinds = tuple(
            kind
            for kind, table in TABLES.items()
            if not table.swept or table.table not in self.absent
        )

    def get_columns(self, kind: str) -> frozenset[str]:
        """Return the columns of a kind that are under the record."""
        plain, hashed, gathered = self._get_names(kind)
        stored = TABLES[kind].stored
        return frozenset((*plain, *hashed, *gathered, *(stored or ())[:1]))

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
        if tickets:
            return self._read({kind: tickets}, by_request=True, in_words=in_words)[kind]
        return self._read({kind: ids})[kind]

    def read_all(self, ids: Mapping[str, Iterable[int]]) -> dict[str, Rows]:
        """Return the rows of several kinds, by one query; ``{kind: rows}``."""
        return self._read(ids)

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
        wanted = {kind: tickets for kind in self.kinds if kind not in SWEPT}
        found = self._read(wanted, by_request=True, in_words=in_words)
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
            f"""SELECT '{kind}', wanted.ticket_id, "row".id, ticket.seal_salt,
                       {self._get_array(kind)}
                  FROM unnest(%s::int[], %s::int[]) AS wanted (ticket_id, id)
                  JOIN {TABLES[kind].table} "row" ON "row".id = wanted.id
                  JOIN pakn_ticket ticket ON ticket.id = wanted.ticket_id""",
            [[ticket for ticket, _row in pairs], [row for _ticket, row in pairs]],
        )
        return self._fetch((kind,), in_words)[kind]

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
        wanted: Mapping[str, Iterable[int]],
        *,
        by_request: bool = False,
        in_words: bool = False,
    ) -> dict[str, Rows]:
        """Return ``{kind: rows}`` of the ids of rows, or of requests, of each kind."""
        if not wanted:
            return {}
        self.cursor.execute(
            " UNION ALL ".join(self._select(kind, by_request) for kind in wanted),
            [list(numbers) for numbers in wanted.values()],
        )
        return self._fetch(wanted, in_words)

    def _fetch(self, kinds: Iterable[str], in_words: bool) -> dict[str, Rows]:
        found: dict[str, Rows] = {kind: {} for kind in kinds}
        for kind, ticket_id, row_id, salt, held in self.cursor.fetchall():
            place = f"{kind}.{row_id}"
            found[kind][ticket_id, row_id] = self._describe(
                kind, held, None if in_words else salt or "", place
            )
        return found

    def _get_names(self, kind: str) -> tuple[list[str], list[str], list[str]]:
        """Return the plain columns of a kind, the hashed ones and the gathered."""
        if kind not in self._names:
            table = TABLES[kind]
            self._names[kind] = (
                [name for name in table.plain if name not in self.absent],
                [name for name in table.hashed if name not in self.absent],
                [name for name, _sql in table.gathered],
            )
        return self._names[kind]

    def _select(self, kind: str, by_request: bool) -> str:
        """Return the query of one kind, all columns of which are in one array."""
        rows, request, row = TABLES[kind].get_rows()
        return f"""SELECT '{kind}', {request}, {row}, ticket.seal_salt,
                          {self._get_array(kind)}
                     FROM {rows.replace("{places}", self._get_places())}
                     JOIN pakn_ticket ticket ON ticket.id = {request}
                    WHERE {request if by_request else row} = ANY(%s)"""

    def _get_array(self, kind: str) -> str:
        """Return SQL of all columns of a kind as one array of texts."""
        table = TABLES[kind]
        plain, hashed, _gathered = self._get_names(kind)
        columns = [f'"row"."{name}"::text' for name in plain + hashed]
        columns += [sql for _name, sql in table.gathered]
        columns += table.stored[1:] if table.stored else ()
        return f"ARRAY[{', '.join(columns)}]::text[]"

    def _get_places(self) -> str:
        """Return the query of where files stand, with the addons that are there."""
        return PLACES + "".join(
            FURTHER_PLACE.format(name=name, table=table)
            for name, table in FURTHER_PLACES.items()
            if name not in self.absent
        )

    def _describe(
        self, kind: str, held: list[str | None], salt: str | None, place: str
    ) -> dict[str, str]:
        """Return ``{column: value}`` of a row, what is empty left out.

        :param salt: of its request; ``None`` for the texts themselves
        """
        plain, hashed, gathered = self._get_names(kind)
        said = TABLES[kind].said
        described = {}
        for name, value in zip(plain + hashed + gathered, held, strict=False):
            if value is None or value in EMPTY:
                continue
            if (name in hashed or name in said) and salt is not None:
                value = digest_text(salt, f"{place}.{name}", value)
            described[name] = value
        if content := TABLES[kind].stored:
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
