"""What the measurements share: acts as their users do them, spread, rows, the table.

An act is measured whole: a transaction of its own with nothing in the record cache, as
every call of a web client has one, and the commit, with all that Odoo does there. The
registry is warm, as in a server. Each figure is the median of :data:`RUNS` repetitions
and stands beside the least and the greatest of them.
"""

import os
import statistics
import time
from collections.abc import Callable
from contextlib import contextmanager
from typing import NamedTuple

import psycopg2

from odoo import api
from odoo.sql_db import connection_info_for

RUNS = 5
QUICK = bool(os.environ.get("QUICK"))
# Which of the products beside one another a row is about
OURS, OCA = "1022 Gia Lai", "OCA helpdesk"


def sizes(variable: str, usual: str, quick: str) -> list[int]:
    """Return the sizes to measure at: of the environment, else the usual ones."""
    return [
        int(n) for n in os.environ.get(variable, quick if QUICK else usual).split(",")
    ]


class Row(NamedTuple):
    """One line of the table; ``median``, ``low`` and ``high`` are in ``unit``."""

    product: str
    case: str
    size: int
    unit: str
    median: float
    low: float
    high: float
    queries: float | None
    runs: int
    peak_mb: int | None = None


class Clock:
    """Time and queries of one repetition, summed up over its parts."""

    def __init__(self, seconds: float = 0.0, queries: int = 0) -> None:
        self.seconds, self.queries = seconds, queries

    @contextmanager
    def running(self, cr):
        """Count what happens within on a cursor."""
        queries, start = cr.sql_log_count, time.perf_counter()
        yield
        self.seconds += time.perf_counter() - start
        self.queries += cr.sql_log_count - queries


def act(env, user_id: int, operation: Callable, clock: Clock | None = None):
    """Do ``operation(env)`` as a user, in a transaction of its own, committed.

    :return: what it returned; ids, if that were records
    """
    context = {"lang": "vi_VN", "tz": "Asia/Ho_Chi_Minh"}
    with env.registry.cursor() as cr:
        own = api.Environment(cr, user_id, context)
        own.user.has_group("base.group_user")  # who calls is known before the act
        with (clock or Clock()).running(cr):
            result = operation(own)
            own.flush_all()
            cr.commit()
        return getattr(result, "ids", result)


def look(env, user_id: int, operation: Callable, runs: int = RUNS) -> list[Clock]:
    """Return the clocks of a reading ``operation(env)``: registry warm, records cold.

    The first time, which PostgreSQL has to read from its files, does not count.
    """
    clocks = []
    for _run in range(runs + 1):
        clock = Clock()
        act(env, user_id, operation, clock)
        clocks.append(clock)
    return clocks[1:]


def make_row(
    product: str, case: str, size: int, clocks: list[Clock], each: int = 1, **more
) -> Row:
    """Return, and print, the row of repetitions that did ``each`` pieces of work.

    Milliseconds and queries are those of one piece.
    """
    values = [clock.seconds * 1000 / each for clock in clocks]
    queries = statistics.median(clock.queries / each for clock in clocks)
    return show(spread(product, case, size, "ms", values, round(queries, 2), **more))


def spread(
    product: str,
    case: str,
    size: int,
    unit: str,
    values: list[float],
    queries: float | None = None,
    **more,
) -> Row:
    """Return the row of one value for each repetition."""
    figures = (statistics.median(values), min(values), max(values))
    rounded = (round(value, 1 if value >= 100 else 3) for value in figures)
    return Row(product, case, size, unit, *rounded, queries, len(values), **more)


def show(row: Row) -> Row:
    """Print a row as soon as it is known; return it."""
    print("  " + "  ".join(describe(row)), flush=True)
    return row


HEADS = ("product", "what", "at", "median", "least–greatest", "queries", "MB")


def describe(row: Row) -> tuple[str, ...]:
    """Return the cells of a row as text, in the order of :data:`HEADS`."""
    return (
        row.product,
        row.case,
        f"{row.size:,}",
        f"{shorten(row.median)} {row.unit}",
        f"{shorten(row.low)}–{shorten(row.high)}",
        "" if row.queries is None else shorten(row.queries),
        "" if row.peak_mb is None else str(row.peak_mb),
    )


def shorten(value: float) -> str:
    """Return a figure with as many digits as mean something."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def copy(env, record, count: int, changes: dict[str, str]) -> None:
    """Insert ``count`` copies of a record in SQL; ``changes`` are SQL for columns.

    In them ``nth`` is 1 for the first copy. Copies have no messages and followers.
    """
    env.flush_all()
    names = [
        name
        for name, field in record._fields.items()
        if field.store and field.column_type and name not in {"id", *changes}
    ]
    env.cr.execute(
        f"""INSERT INTO {record._table} ({", ".join([*names, *changes])})
            SELECT {", ".join([*names, *changes.values()])}
              FROM {record._table}, generate_series(1, {count}) AS copies(nth)
             WHERE id = {record.id}
          ORDER BY nth"""
    )


def get_next_id(env, table: str) -> int:
    """Return the id that the next row of a table gets; nothing else is inserting."""
    env.cr.execute(f"SELECT last_value + 1 FROM {table}_id_seq")
    return env.cr.fetchone()[0]


def pick(ids: list[int]) -> str:
    """Return SQL for one of these ids, another for each copy."""
    return f"(ARRAY{list(ids)})[1 + nth % {len(ids)}]"


def tidy(env) -> None:
    """Commit, and let PostgreSQL tidy up and count anew, as it does by and by."""
    env.cr.commit()
    env.invalidate_all()
    connection = psycopg2.connect(**connection_info_for(env.cr.dbname)[1])
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    connection.close()
