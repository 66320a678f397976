"""How addons say where people's data stand: tables, and what becomes of their rows.

Nothing of Odoo. ``pakn.held`` gathers what each addon says of its own tables; removal
and what is deleted after its time read that and nothing else. Tables, columns and
conditions are written into SQL as they are: they come from code, never from a user.
"""

from typing import NamedTuple


class Person(NamedTuple):
    """What the rows of somebody are found by; ids of the database, texts as stored."""

    tickets: list[int]
    slips: list[int]
    messages: list[int]
    partners: list[int]
    phones: list[str]  # in E.164
    emails: list[str]  # in small letters


class Place(NamedTuple):
    """Rows of a table that are somebody's, and what becomes of them.

    ``where`` is SQL over the arrays of :class:`Person`, each by its name. ``empty``:
    columns and what stands in them afterwards; ``None`` for whole rows that go.
    ``{words}`` are those of the removal in the reader's language.
    """

    table: str
    where: str
    empty: dict[str, str | None] | None


class Beside(NamedTuple):
    """Rows that are emptied together with those of a :class:`Kept` they belong to.

    ``where`` is SQL over ``ids`` of those.
    """

    table: str
    where: str
    empty: dict[str, str | None]


class Kept(NamedTuple):
    """One kind of data that goes after its time, and where it stands.

    ``where`` is SQL of what is old and not emptied yet, over ``limit`` (UTC); ``empty``
    as of :class:`Place`. ``title`` is for the administrator, ``days`` what is proposed,
    ``processing`` the key of its row in the register, ``sequence`` its place in the
    list. ``files``: SQL over ``ids``, as of :class:`Beside`, of the files that go.
    """

    title: str
    days: int
    processing: str
    table: str
    where: str
    empty: dict[str, str | None] | None
    sequence: int
    beside: tuple[Beside, ...] = ()
    files: str = ""


# The condition of rows in which a phone or address of somebody stands, as text
MENTIONS = (
    "EXISTS (SELECT FROM unnest(%(phones)s::text[] || %(emails)s::text[]) known"
    " WHERE position(known IN {column}) > 0)"
)
# The condition of rows that came from an address of somebody, ``Name <address>`` or the
# address alone; not of those whose address ends like it
FROM = (
    "EXISTS (SELECT FROM unnest(%(emails)s::text[]) email"
    " WHERE email = ANY(regexp_split_to_array(lower({column}), '[][<>(),;:\"\\s]+')))"
)
OF_TICKETS = "ticket_id = ANY(%(tickets)s::int[])"
