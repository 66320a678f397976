"""The record of acts as a chain of hashes (Art. 9, 12). Nothing of Odoo.

Each act of a request is written in one canonical form and hashed together with the hash
before it, so that whoever changes, removes or inserts an act breaks the chain from
there on. The form is version 1; ``docs/record.md`` describes it for somebody who has
the data and not this program.
"""

import hashlib
import json
from collections.abc import Iterable
from itertools import groupby  # rows come sorted, and too many to hold
from typing import NamedTuple

VERSION = 1
# What the first act of a request is chained to
START = "0" * 64
# The kind of act by which words were removed from acts before it
REMOVED = "erased"


class Act(NamedTuple):
    """One act as it is hashed; texts are empty where there is nothing to say."""

    ticket: str  # code of the request
    sequence: int  # 1 is the first act of the request
    date: str  # UTC, YYYY-MM-DD HH:MM:SS
    actor: str  # login of who acted
    kind: str
    transfer: int  # number of the slip, 0 without one
    unit: str  # code of the unit
    from_state: str
    to_state: str
    note: str
    payload: object  # JSON


def get_canonical(act: Act) -> str:
    """Return the text of an act that is hashed: JSON, keys sorted, no blanks."""
    return json.dumps(
        {"version": VERSION, **act._asdict()},
        ensure_ascii=False,
        separators=(",", ":"),
        sort_keys=True,
    )


def get_hash(previous: str, act: Act) -> str:
    """Return the SHA-256 of the hash before, a line break and the act; hexadecimal."""
    text = f"{previous}\n{get_canonical(act)}"
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def get_remainder_hash(found: str, act: Act) -> str:
    """Return what stands for an act whose words were removed; hexadecimal.

    :param found: the hash on record, over the act with its words
    :param act: what is left of it
    """
    return get_hash(found, act)


def get_removed(acts: Iterable[Act]) -> dict[int, tuple[int, str]]:
    """Return of which acts of a chain the words were removed, by an act on record.

    :return: ``{number of the act: (number of the act that says so, hash of the rest)}``
    """
    removed = {}
    for act in acts:
        said = act.payload.get("acts") if isinstance(act.payload, dict) else None
        if act.kind == REMOVED and isinstance(said, dict):
            removed |= {
                int(number): (act.sequence, digest)
                for number, digest in said.items()
                if number.isdigit()
            }
    return removed


def is_remainder(removed: dict[int, tuple[int, str]], act: Act, found: str) -> bool:
    """Return whether a later act says that this is left of an act; see ``removed``."""
    sequence, digest = removed.get(act.sequence, (0, ""))
    return sequence > act.sequence and digest == get_remainder_hash(found, act)


def find_breaks(
    rows: Iterable[tuple[Act, str]], heads: dict[str, tuple[int, str]]
) -> dict[str, int]:
    """Check chains and return what does not fit.

    :param rows: ``(Act, hash)`` of whole requests, sorted by request and sequence
    :param heads: code of each request -> ``(number of acts, last hash)``
    :return: ``{code: sequence of the first act that does not fit}``; an act missing at
        the end is named by the sequence it would have
    """
    breaks, seen = {}, set()
    # pylint: disable=bad-builtin-groupby
    for code, acts in groupby(rows, key=lambda row: row[0].ticket):
        seen.add(code)
        acts = list(acts)
        removed = get_removed(act for act, _found in acts)
        previous, count = START, 0
        for act, found in acts:
            if act.sequence != count + 1 or not (
                get_hash(previous, act) == found or is_remainder(removed, act, found)
            ):
                breaks[code] = count + 1
                break
            previous, count = found, count + 1
        else:
            if heads.get(code) != (count, previous):
                breaks[code] = count + 1
    # No request is without an act: that it was received is its first
    breaks |= {code: 1 for code in heads if code not in seen}
    return breaks
