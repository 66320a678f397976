"""What is found in a text: pieces of it, each of a kind."""

from collections.abc import Iterable
from typing import NamedTuple


class Span(NamedTuple):
    """Characters ``start`` to ``end`` of a text (NFC) that say something personal."""

    start: int
    end: int
    kind: str  # phone, id, email, account, plate, name, house, birth


def join_spans(found: Iterable[Span]) -> list[Span]:
    """Return the spans in order, none over another.

    Of two kinds of the same characters the one found first names the whole. The time it
    takes grows with the characters found, not with the spans times the spans.
    """
    joined: list[Span] = []
    # Which of the joined spans a character belongs to; of several the first
    owners: dict[int, int] = {}
    for span in found:
        places = range(span.start, span.end)
        owner = min((owners[place] for place in places if place in owners), default=-1)
        if owner < 0:
            owner = len(joined)
            joined.append(span)
        else:
            first = joined[owner]
            joined[owner] = Span(
                min(first.start, span.start), max(first.end, span.end), first.kind
            )
        for place in places:
            owners[place] = min(owner, owners.get(place, owner))
    return _merge(joined)


def _merge(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order, those that overlap as one of the first one's kind."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start < merged[-1].end:
            last = merged.pop()
            span = Span(last.start, max(last.end, span.end), last.kind)
        merged.append(span)
    return merged
