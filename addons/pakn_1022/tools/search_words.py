"""Words of a text and of what people type to find it. Nothing of Odoo.

Text and query are cut in the same way: small letters, no accents, no marks between
letters; a number that is written in groups is one word.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .accents import strip_accents

# Words of a query that are looked at
MOST_WORDS = 10
# A longer one is nobody's word
LONGEST = 40
# Words of one request that are kept
MOST_KEPT = 4000
# Below this length a word is one in itself, not the beginning of one
SHORTEST_START = 3
# Digits of a telephone number; some have one more
PHONE_FULL = 10

_CHUNK = re.compile(r"\S+")
_WORD = re.compile(r"[^\W_]+")
_PHONE_PIECE = re.compile(r"[(]?\+?[0-9]+(?:[.\-)]{1,2}[0-9]+)*[.,;:)]?")
_LETTERS, _DIGITS = "abcdefghijklmnopqrstuvwxyz", "0123456789"


class Query(NamedTuple):
    """A query of PostgreSQL's text search, ``tsquery``, and what it is made of."""

    words: tuple[str, ...]
    text: str


def fold(text: str | None) -> str:
    """Return a text as words are compared: small letters, no accents."""
    return strip_accents((text or "").replace("\x00", "").lower())


def split(text: str | None) -> list[str]:
    """Return the different words of a text, folded, in their order.

    ``Đỗ H'Yến, 0905 123 456`` → ``do``, ``h``, ``yen``, ``0905123456``.
    """
    words: list[str] = []
    number = ""
    for chunk in _CHUNK.findall(fold(text)):
        if _PHONE_PIECE.fullmatch(chunk):
            digits = "".join(_WORD.findall(chunk))
            if chunk.lstrip("(").startswith("+84"):
                digits = "0" + digits.removeprefix("84").removeprefix("0")
            if number and len(number) + len(digits) > PHONE_FULL + 1:
                words.append(number)
                number = ""
            number += digits
            if len(number) < PHONE_FULL:
                continue
            chunk = ""
        if number:
            words.append(number)
            number = ""
        words += _WORD.findall(chunk)
    if number:
        words.append(number)
    return list(dict.fromkeys(word[:LONGEST] for word in words))


def keep(*texts: str | None) -> str:
    """Return what is kept of texts to find them by: words, parted by one space.

    Beside its words the parts of a number, and names in one (``hyen`` for H'Yến).
    """
    words: dict[str, None] = {}
    for text in texts:
        for word in split(text):
            words[word] = None
            if word.isdigit() and PHONE_FULL - 1 <= len(word) <= PHONE_FULL + 1:
                words |= dict.fromkeys(_get_ends(word))
        for chunk in _CHUNK.findall(fold(text)):
            parts = _WORD.findall(chunk)
            words |= dict.fromkeys(part[:LONGEST] for part in parts)
            if len(parts) > 1:
                words["".join(parts)[:LONGEST]] = None
    return " ".join(list(words)[:MOST_KEPT])


def keep_phone(number: str | None) -> str:
    """Return what is kept of a phone number (E.164): its ends, of three digits on.

    A query finds the beginning of a word, so any part of the number is found.
    """
    if not number:
        return ""
    digits = "".join(char for char in number if char in _DIGITS)
    ends = _get_ends("0" + digits[2:]) if number.startswith("+84") else []
    return " ".join([*ends, *_get_ends(digits)])


def _get_ends(digits: str) -> list[str]:
    return [digits[start:][:LONGEST] for start in range(max(1, len(digits) - 2))]


def match_whole(words: Iterable[str]) -> Query:
    """Return the query for all of these words; of the last one its beginning does."""
    words = tuple(words)
    parts = [_say(word) for word in words]
    if len(words[-1]) >= SHORTEST_START or words[-1][0] in _DIGITS:
        parts[-1] = _say(words[-1], ":*")
    # Of a long number any part
    for place, word in enumerate(words):
        if word.isdigit() and len(word) >= SHORTEST_START:
            parts[place] = _say(word, ":*")
    return Query(words, " & ".join(parts))


def match_nearly(words: Iterable[str], known: set[str]) -> Query:
    """Return the query for these words with one typing error each.

    :param known: those of :func:`get_neighbours` of all words, and of the words
        themselves, that occur in some text
    """
    words = tuple(words)
    strange = [
        place
        for place, word in enumerate(words)
        if word not in known and not word.isdigit()
    ]
    near = []
    for word in words:
        if word.isdigit():
            options = get_neighbours(word) if len(word) >= PHONE_FULL - 1 else []
            near.append([_say(word, ":*"), *map(_say, options)])
            continue
        start = ":*" if len(word) > 1 else ""
        options = [other for other in get_neighbours(word) if other in known]
        pairs = [
            f"({_say(word[:cut])} & {_say(word[cut:])})"
            for cut in range(1, len(word))
            if word[:cut] in known and word[cut:] in known
        ]
        near.append([_say(word, start), *map(_say, options), *pairs])
    if strange or len(words) == 1:
        # What nobody ever wrote is where the error is
        chosen = set(strange or [0])
        return Query(words, _join(words, near, chosen))
    # All are words: one of them is not the one that was meant
    return Query(
        words,
        " | ".join(f"({_join(words, near, {place})})" for place in range(len(words))),
    )


def _join(words: tuple[str, ...], near: list[list[str]], chosen: set[int]) -> str:
    return " & ".join(
        f"({' | '.join(near[place])})"
        if place in chosen or word.isdigit()
        else _say(word)
        for place, word in enumerate(words)
    )


def get_neighbours(word: str) -> list[str]:
    """Return what a word may have been before one typing error, itself not among them.

    One sign too many, too few, another one, or two of them swapped.
    """
    if len(word) < 2 or len(word) > 20:
        return []
    signs = _DIGITS if word.isdigit() else _LETTERS
    return list(dict.fromkeys(other for other in _vary(word, signs) if other != word))


def get_pieces(word: str) -> Iterator[str]:
    """Yield the words that a word falls into when a space was forgotten."""
    for cut in range(1, len(word)):
        yield word[:cut]
        yield word[cut:]


def _vary(word: str, signs: str) -> Iterator[str]:
    for place in range(len(word) + 1):
        head, tail = word[:place], word[place:]
        if tail:
            yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for sign in signs:
            yield head + sign + tail
            if tail:
                yield head + sign + tail[1:]


def weigh(words: Iterable[str], title: str | None, kept: str) -> float:
    """Return how well a request fits: more is better.

    In the title counts more than elsewhere, a whole word more than the beginning of
    one, words that follow each other as they were typed most.
    """
    words = list(words)
    folded = " ".join(split(title))
    in_title, in_text = set(folded.split()), set(kept.split())
    weight = 0.0
    for word in words:
        if word in in_title:
            weight += 4
        elif word in in_text:
            weight += 2
        elif any(other.startswith(word) for other in in_title):
            weight += 1
    pairs = list(zip(words, words[1:], strict=False))
    weight += sum(2 for one, two in pairs if f" {one} {two} " in f" {folded} ")
    return weight


def _say(word: str, start: str = "") -> str:
    """Return a word as PostgreSQL reads it within a ``tsquery``; letters and digits."""
    return f"'{word}'{start}"
