"""The chain of seals of a request: what its state became, act by act (Art. 9.1).

Nothing of Odoo. A seal holds what changed in the state (``state.py``) in one
transaction, the end of the chain of acts at that moment, and the hash of the seal
before it. The state can be worked out from the seals alone, by :func:`replay`.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from .state import State

START = "0" * 64
VERSION = 1


class Seal(NamedTuple):
    """What is hashed of a seal."""

    ticket: str  # code of the request
    sequence: int  # within the request, from 1
    date: str  # UTC, YYYY-MM-DD HH:MM:SS
    acts: int  # how many acts were on record
    acts_hash: str  # hash of the last one
    changes: Any  # {kind: {row: {column: value or None}, or None for a row removed}}


def get_canonical(seal: Seal) -> str:
    """Return the text of a seal that is hashed: JSON, keys sorted, no blanks."""
    return json.dumps(
        {"version": VERSION, **seal._asdict()},
        ensure_ascii=False,
        separators=(",", ":"),
        sort_keys=True,
    )


def get_hash(previous: str, seal: Seal) -> str:
    """Return the SHA-256 of the hash before, a line break and the seal; hexadecimal."""
    text = f"{previous}\n{get_canonical(seal)}"
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def find_break(
    seals: Iterable[tuple[Seal, str]], code: str, head: tuple[int, str]
) -> int | None:
    """Return the number of the first seal of a request that does not fit, if any.

    :param seals: ``(seal, hash)`` in their order
    :param head: number of seals and last hash, as they stand beside the request
    """
    previous, count = START, 0
    for seal, found in seals:
        count += 1
        if (
            seal.ticket != code
            or seal.sequence != count
            or get_hash(previous, seal) != found
        ):
            return count
        previous = found
    # No request is without a seal
    return None if count and head == (count, previous) else count + 1


def replay(changes: Iterable[Any]) -> State:
    """Return the state that the changes of seals, in their order, lead to."""
    state: State = {}
    for change in changes:
        for kind, rows in change.items():
            known = state.setdefault(kind, {})
            for row, values in rows.items():
                if values is None:
                    known.pop(row, None)
                    continue
                fields = known.setdefault(row, {})
                for column, value in values.items():
                    if value is None:
                        fields.pop(column, None)
                    else:
                        fields[column] = value
    return state
