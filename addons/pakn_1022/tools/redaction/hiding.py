"""What is personal in a text: found, hidden, marked."""

import re
from collections.abc import Iterable, Iterator

from markupsafe import Markup, escape

from ..accents import compose
from ..masking import HIDDEN
from .doubtful import find_doubtful
from .known import Known, find_allowed, find_known
from .numbers import (
    DATE,
    MONEY,
    find_accounts,
    find_age,
    find_births,
    find_emails,
    find_ids,
    find_phones,
    find_plates,
)
from .places import find_houses
from .social import find_socials
from .spans import Span, join_spans
from .tokens import get_surname_size, get_words
from .weighed import find_people

_MARK = Markup('<mark title="%s">%s</mark>')
_MARKS = {"doubtful": Markup('<mark class="o_pakn_doubtful" title="%s">%s</mark>')}
# What is found first names characters that several find
_FINDERS = (
    find_emails,
    find_socials,
    find_ids,
    find_accounts,
    find_phones,
    find_plates,
    find_births,
    find_houses,
    find_people,
)


def find(
    text: str, known: Known | None = None, allowed: Iterable[str] = ()
) -> list[Span]:
    """Return the spans of ``text`` (NFC) that say something personal, in order.

    :param known: ``name``, ``phone``, ``email``, ``address`` of the citizen, as given
    :param allowed: phone numbers and email addresses of offices, which stay
    """
    return join_spans(_find_all(text, known, allowed))


def _find_all(text: str, known: Known | None, allowed: Iterable[str]) -> Iterator[Span]:
    """Find all that is personal, also twice, but for what is no person's."""
    if known:
        yield from find_known(text, known)
    # 1 for each character of a date, an amount or a number of an office
    kept = bytearray(len(text))
    places = [
        match.span() for pattern in (DATE, MONEY) for match in pattern.finditer(text)
    ]
    for start, end in (*places, *find_allowed(text, allowed)):
        kept[start:end] = b"\1" * (end - start)
    for finder in _FINDERS:
        for span in finder(text):
            if text.startswith(f" {HIDDEN}", span.end):
                continue  # the family name that was left of a hidden name
            if span.kind == "birth" or not any(kept[span.start : span.end]):
                yield span
            if span.kind == "name":
                yield from find_age(text, span.end)


def replace(text: str, span: Span) -> str:
    """Return what stands in the place of a span; a name keeps its family name."""
    if span.kind == "name":
        words = get_words(text[span.start : span.end])
        size = get_surname_size(words, 0) if words else 0
        if size and len(words) > size:
            return text[span.start : span.start + words[size - 1].end] + " " + HIDDEN
    return HIDDEN


def redact(
    text: str | None, known: Known | None = None, allowed: Iterable[str] = ()
) -> tuple[str, list[Span]]:
    """Return ``(text with what is personal hidden, its spans)``.

    The spans are those of the text in NFC. Arguments as for :func:`find`.
    """
    text = compose(text or "")
    spans = find(text, known, allowed)
    return _apply(text, spans), spans


def _apply(text: str, spans: list[Span]) -> str:
    parts, position = [], 0
    for span in spans:
        parts += [text[position : span.start], replace(text, span)]
        position = span.end
    return "".join([*parts, text[position:]])


def mark(
    text: str | None, known: Known | None = None, allowed: Iterable[str] = ()
) -> Markup:
    """Return the text as HTML with what will be hidden in ``<mark>``.

    What may be a name and stays readable is marked too, with a class of its own.
    """
    text = compose(text or "")
    found = find(text, known, allowed)
    parts, position = [], 0
    for span in sorted([*found, *find_doubtful(text, found)]):
        parts.append(escape(text[position : span.start]))
        parts.append(_MARKS.get(span.kind, _MARK) % (span.kind, text[slice(*span[:2])]))
        position = span.end
    parts.append(escape(text[position:]))
    return Markup("<br>").join(Markup("").join(parts).split("\n"))


def redact_filename(name: str | None, known: Known | None = None) -> str:
    """Hide what is personal in the name of a file; its ending stays."""
    name = compose(name or "")
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    spaced = re.sub(r"(?<=[^\W\d_])_|_(?=[^\W\d_])|_", " ", stem)
    return _apply(spaced, find(spaced, known)) + dot + ending
