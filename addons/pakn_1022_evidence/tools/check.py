"""Compare requests in the database with the seals on record (Art. 9.1).

Nothing of Odoo: the nightly check and ``bin/check_record.py`` find the same. What is
looked at is read for many requests at once; a fault names what does not fit.
"""

from collections import defaultdict
from collections.abc import Collection
from typing import Any, NamedTuple

from . import seals
from .state import Difference, Reader, compare, get_recorded

SEALS = """
    SELECT ticket_id, code, sequence, to_char(date, 'YYYY-MM-DD HH24:MI:SS'), acts,
           acts_hash, changes, hash
      FROM pakn_seal WHERE ticket_id = ANY(%s) ORDER BY ticket_id, sequence, id
"""
HEADS = """
    SELECT ticket.id, ticket.name, COALESCE("end".length, 0), COALESCE("end".hash, ''),
           COALESCE(ticket.record_length, 0)
      FROM pakn_ticket ticket
      LEFT JOIN pakn_seal_end "end" ON "end".ticket_id = ticket.id
     WHERE ticket.id = ANY(%s) ORDER BY ticket.id
"""
# Anchored ends of chains that are no more in the chain: see ``pakn.anchor``
LOST = """
    SELECT leaf.ticket_id, min(leaf.seals)
      FROM pakn_anchor_leaf leaf
      LEFT JOIN pakn_seal seal
        ON seal.ticket_id = leaf.ticket_id AND seal.sequence = leaf.seals
     WHERE leaf.ticket_id = ANY(%s)
       AND (seal.hash IS DISTINCT FROM leaf.hash OR seal.code <> leaf.code)
     GROUP BY leaf.ticket_id
"""
# Requests that were anchored and are not there any more
DELETED = """
    SELECT leaf.code, leaf.ticket_id
      FROM pakn_anchor_leaf leaf
     WHERE leaf.id > %s AND leaf.id <= %s AND leaf.ticket_id <> 0
       AND NOT EXISTS (SELECT FROM pakn_ticket ticket WHERE ticket.id = leaf.ticket_id)
     GROUP BY leaf.code, leaf.ticket_id ORDER BY leaf.code
"""


class Fault(NamedTuple):
    """What does not fit on one request.

    ``what`` is ``seal`` (the chain of states breaks at ``number``), ``act`` (act
    ``number`` is not the one that was sealed), ``anchor`` (state ``number`` is not the
    one that was anchored) or ``state`` (``differences``).
    """

    ticket: int
    code: str
    what: str
    number: int = 0
    differences: tuple[Difference, ...] = ()


def find_faults(cursor: Any, reader: Reader, tickets: Collection[int]) -> list[Fault]:
    """Return what does not fit of these requests, in the order of their numbers."""
    numbers = list(tickets)
    cursor.execute(SEALS, [numbers])
    chains = defaultdict(list)
    for ticket, *values, found in cursor.fetchall():
        chains[ticket].append((seals.Seal(*values), found))
    cursor.execute(
        "SELECT ticket_id, sequence, hash FROM pakn_event WHERE ticket_id = ANY(%s)",
        [numbers],
    )
    acts = {(ticket, sequence): found for ticket, sequence, found in cursor.fetchall()}
    cursor.execute(LOST, [numbers])
    lost = dict(cursor.fetchall())
    named = {
        ticket: get_recorded(seal.changes for seal, _hash in chain)
        for ticket, chain in chains.items()
    }
    states = reader.read_states(numbers, named)
    for ticket, kind, row in reader.find_added(numbers, named):
        states[ticket].setdefault(kind, {})[str(row)] = {}
    cursor.execute(HEADS, [numbers])
    faults = []
    for ticket, code, length, last, count in cursor.fetchall():
        chain = chains[ticket]
        if ticket in lost:
            faults.append(Fault(ticket, code, "anchor", lost[ticket]))
        number = seals.find_break(chain, code, (length, last))
        if number is not None:
            faults.append(Fault(ticket, code, "seal", number))
            continue
        number = _find_unsealed_act(chain, acts, ticket, count)
        if number is not None:
            faults.append(Fault(ticket, code, "act", number))
        recorded = seals.replay(seal.changes for seal, _hash in chain)
        recorded = {kind: recorded[kind] for kind in reader.kinds if kind in recorded}
        differences = compare(recorded, states[ticket], reader.get_columns)
        if differences:
            faults.append(Fault(ticket, code, "state", 0, tuple(differences)))
    return faults


def _find_unsealed_act(chain, acts, ticket, count):
    """Return the number of the first act that is not as it was sealed, if any."""
    for seal, _hash in chain:
        if seal.acts and acts.get((ticket, seal.acts)) != seal.acts_hash:
            return seal.acts
    sealed = chain[-1][0].acts
    return None if sealed == count else min(sealed, count) + 1
