"""A second opinion on names: a recogniser trained on Vietnamese texts, where installed.

The package ``underthesea`` (Apache-2.0) brings its model. It takes streets for people
and people for streets, so what it finds is marked for the operator and never hidden by
it. It is loaded when it is first asked, for it takes a second and some 85 MB; without
it nothing is said. See ``docs/redaction.md``.
"""

from collections.abc import Callable, Iterator
from functools import cache

from .spans import Span

# Characters that are read at most: it takes some 10 ms for a sentence
LONGEST_TEXT = 5_000
# ``[(word, part of speech, phrase, entity)]`` of a text
Recogniser = Callable[[str], list[tuple[str, str, str, str]]]


@cache
def get_recogniser() -> Recogniser | None:
    """Return the recogniser, None where it is not installed."""
    try:
        from underthesea import ner
    except ImportError:
        return None
    return ner


def find_persons(text: str) -> Iterator[Span]:
    """Find what the recogniser takes for people."""
    recogniser = get_recogniser()
    if recogniser is None:
        return
    text = text[:LONGEST_TEXT]
    start = end = position = 0
    for word, _part, _phrase, entity in recogniser(text):
        place = text.find(word, position)
        if place < 0:
            continue  # it writes some words otherwise than they stand
        position = place + len(word)
        if entity == "I-PER" and end:
            end = position
            continue
        if end:
            yield Span(start, end, "doubtful")
        start, end = (place, position) if entity == "B-PER" else (0, 0)
    if end:
        yield Span(start, end, "doubtful")
