"""How likely each word of a text belongs to a name, learned from marked texts.

The rules ask for one sign, such as a word of address; here many small signs are
weighed: a word, its neighbours, their letters, the lists they stand in. What each says
is learned by ``bin/train_redaction.py`` from ``tests/redaction`` and stands in
``weights.txt``, one sign a line: the sign, how much it says for a name's first word,
and for its next ones. A word's score is how much better the best reading of the text is
in which it belongs to a name than the best in which it does not (max-marginals of a
linear chain); over 0 it rather does.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from . import words as lists
from .tokens import (
    MIDDLE_NAMES,
    Word,
    get_words,
    is_glued,
    is_plain,
    is_shouting,
)
from .words import strip_accents

FILE = Path(__file__).parent / "weights.txt"
# Characters that are weighed; what comes after them is left to the rules alone
LONGEST_TEXT = 20_000
# What a word is: of no name, the first of one, a next one
OTHER, FIRST, NEXT = range(3)
STATES = (OTHER, FIRST, NEXT)
_NEVER = -(10**9)
_SYLLABLE = re.compile(
    r"(?:b|c|ch|d|g|gh|gi|h|k|kh|l|m|n|ng|ngh|nh|p|ph|qu|q|r|s|t|th|tr|v|x)?"
    r"[aeiouy]{1,3}(?:c|ch|m|n|ng|nh|p|t)?$"
)
_WORK = frozenset(word for entry in lists.PERSONS | lists.POSTS for word in entry)
# What a word may be: a letter, the words with accents and those without
_CLASSES = (
    ("s", lists.SURNAMES, lists.PLAIN_SURNAMES),
    ("m", MIDDLE_NAMES, MIDDLE_NAMES),
    ("g", lists.GIVEN_NAMES, lists.PLAIN_GIVEN_NAMES),
    ("t", lists.TITLES, lists.PLAIN_TITLES),
    ("w", _WORK, lists.strip_all(_WORK)),
    ("r", lists.ROADS | lists.PLACES, frozenset()),
    ("x", lists.STOPS, lists.PLAIN_STOPS),
    ("h", lists.HIGHLAND_NAMES, frozenset()),
)
_FAMOUS = lists.PLAIN_FAMOUS | lists.strip_all(lists.COMMUNES)
# Words of one that is famous, at most
_LONGEST_FAMOUS = 4
# What announces a person, words of it at most, and words from it to the name at most
_LONGEST_TITLE = 5
_REACH = 5
_TITLES = {
    **dict.fromkeys(lists.PLAIN_POSTS | lists.POSTS, "o"),
    **dict.fromkeys(lists.PLAIN_PERSONS | lists.PERSONS, "p"),
    **dict.fromkeys(((word,) for word in lists.PLAIN_TITLES | lists.TITLES), "t"),
}

# ``(score as OTHER, as FIRST, as NEXT)`` of a word
Scores = tuple[float, float, float]


class Weights(NamedTuple):
    """What was learned."""

    # ``(for FIRST, for NEXT)`` of each sign
    signs: Mapping[str, tuple[float, float]]
    # ``joints[before][state]``; the last row is for the first word of a text
    joints: Sequence[Sequence[float]]


@cache
def read_weights() -> Weights:
    """Return the weights of :data:`FILE`; lines that begin with ``#`` are joints."""
    signs, joints = {}, []
    for line in FILE.read_text("utf-8").splitlines():
        sign, *numbers = line.split("\t")
        if sign == "#":
            joints.append([int(number) for number in numbers])
        else:
            signs[sign] = int(numbers[0]), int(numbers[1])
    return Weights(signs, joints)


@lru_cache(8192)
def _classify(lower: str, plain: str) -> str:
    """Return a letter for each thing that a word may be."""
    letters = [
        letter
        for letter, accented, without in _CLASSES
        if lower in accented or (lower == plain and lower in without)
    ]
    if not _SYLLABLE.match(plain):
        letters.append("f")  # no syllable of the Vietnamese
    return "".join(letters)


def _get_shape(word: str) -> str:
    """Return how a word is written: number, apostrophe, capitals, capital, small."""
    if word[0].isdigit():
        return "d"
    if "'" in word or "’" in word:
        return "'"
    if len(word) > 1 and word.isupper():
        return "A"
    return "C" if word[0].isupper() else "a"


def _find_famous(plain: Sequence[str]) -> list[str]:
    """Return ``F`` for the first word of a famous name or commune, ``f`` for next."""
    famous, index = [""] * len(plain), 0
    while index < len(plain):
        for size in range(min(_LONGEST_FAMOUS, len(plain) - index), 1, -1):
            if " ".join(plain[index : index + size]) in _FAMOUS:
                famous[index : index + size] = ["F"] + ["f"] * (size - 1)
                index += size - 1
                break
        index += 1
    return famous


def _find_titles(text: str, words: Sequence[Word]) -> list[str]:
    """Return of each word what title stands before it and how far: ``p23`` or nothing.

    The kind of the nearest one, ``2`` if it has several words, and the words from its
    end; nothing but blanks stands between.
    """
    lower, ending, titles = [word.lower for word in words], "", []
    distance = 0
    for index, word in enumerate(words):
        if index and not is_glued(text, words[index - 1], word):
            ending = ""
        distance += 1
        if distance > _REACH:
            ending = ""
        titles.append(f"{ending}{distance}" if ending else "")
        for size in range(min(_LONGEST_TITLE, index + 1), 0, -1):
            first = index + 1 - size
            kind = _TITLES.get(tuple(lower[first : index + 1]))
            if kind and all(
                is_glued(text, words[place], words[place + 1])
                for place in range(first, index)
            ):
                ending, distance = kind + ("2" if size > 1 else ""), 0
                break
    return titles


def _get_gaps(text: str, words: Sequence[Word]) -> list[str]:
    """Return what stands before each word, and behind the last: ``_`` for a blank."""
    gaps, end = [], 0
    for word in words:
        between = text[end : word.start].strip()
        if between:
            gaps.append(between[0] + between[-1])
        else:
            gaps.append("_" if word.start > end else "+")
        end = word.end
    if gaps and not words[0].start:
        gaps[0] = "^"
    return [*gaps, text[end : end + 20].strip()[:1] or "$"]


def get_signs(text: str, words: Sequence[Word]) -> Iterator[list[str]]:
    """Return of each word the signs by which it is weighed."""
    mode = ("P" if is_plain(text) else "V") + ("S" if is_shouting(text) else "")
    pad, edge = ["<", "<"], [">", ">"]
    lower = [*pad, *(word.lower for word in words), *edge]
    plain = [*pad, *(strip_accents(word.lower) for word in words), *edge]
    shapes = [*pad, *(_get_shape(word.text) for word in words), *edge]
    kinds = [*pad, *map(_classify, lower[2:-2], plain[2:-2]), *edge]
    for index, letter in enumerate(_find_famous(plain[2:-2]), 2):
        kinds[index] += letter
    gaps, titles = _get_gaps(text, words), _find_titles(text, words)
    for index in range(2, len(words) + 2):
        gap, gap_after = gaps[index - 2], gaps[index - 1]
        word, shape, kind = plain[index], shapes[index], kinds[index]
        before, after = plain[index - 1], plain[index + 1]
        second = plain[index - 2]
        kind_before, kind_after = kinds[index - 1], kinds[index + 1]
        joined = ("" if gap == "_" else "|") + ("" if gap_after == "_" else "|")
        signs = [
            f"m{mode}",
            f"p{word}",
            f"b{before}",
            f"a{after}",
            f"B{second}",
            f"A{plain[index + 2]}",
            f"pb{before} {word}",
            f"pa{word} {after}",
            f"bb{second} {before}",
            f"ba{before}/{after}",
            f"bs{second} {before} {shape}",
            f"ps{word} {shape}{mode}",
            f"s{mode}{shape}{gap}",
            f"ss{mode}{shapes[index - 1]}{shape}{shapes[index + 1]}{joined}",
            f"k{mode[0]}{kind}{shape}",
            f"kb{kind_before}{gap}",
            f"ka{kind_after}{gap_after}",
            f"k2{kind_before} {kind}{shape}",
            f"k3{kind_before} {kind}{shape} {kind_after}",
            f"k4{kind}{shape} {kind_after}{shapes[index + 1]}",
            f"k5{kinds[index - 2]} {kind_before} {kind}{shape}",
            f"bk{before} {kind}{shape}",
            f"ak{kind}{shape}{after}",
            f"g{gap}{shape}{gap_after}",
            f"bg{before}{gap}{shape}",
        ]
        title = titles[index - 2]
        if title:
            title += shape
            role = next((letter for letter in "gsmx" if letter in kind), "-")
            signs += [
                f"e{title}{mode[0]}",
                f"ek{title}{kind}",
                f"eg{title}{role}{shapes[index + 1]}{kind_after}",
                f"ep{title}{word}",
            ]
        if lower[index] != word:
            signs.append(f"w{lower[index]}")
        if lower[index - 1] != before:
            signs.append(f"wb{lower[index - 1]}")
        if lower[index + 1] != after:
            signs.append(f"wa{lower[index + 1]}")
        yield signs


def _weigh(signs: Iterable[str], known: Mapping[str, tuple[float, float]]) -> Scores:
    first = following = 0.0
    for sign in signs:
        weight = known.get(sign)
        if weight:
            first += weight[0]
            following += weight[1]
    return 0.0, first, following


def get_margins(scores: Sequence[Scores], joints: Sequence[Sequence[float]]) -> list:
    """Return of each word the best reading with it in a name less the best without."""
    ahead: list[list[float]] = []
    for index, score in enumerate(scores):
        ahead.append(
            [
                score[state]
                + (
                    max(ahead[-1][before] + joints[before][state] for before in STATES)
                    if index
                    else joints[-1][state]
                )
                for state in STATES
            ]
        )
    margins = [0.0] * len(scores)
    behind = [0.0, 0.0, 0.0]
    for index in range(len(scores) - 1, -1, -1):
        other, *named = (ahead[index][state] + behind[state] for state in STATES)
        margins[index] = max(named) - other
        score = scores[index]
        behind = [
            max(joints[state][after] + score[after] + behind[after] for after in STATES)
            for state in STATES
        ]
    return margins


@lru_cache(4)
def weigh_words(text: str) -> tuple[tuple[Word, float], ...]:
    """Return the words of a text (NFC), each with its score."""
    text = text[:LONGEST_TEXT]
    words, weights = get_words(text), read_weights()
    scores = [_weigh(signs, weights.signs) for signs in get_signs(text, words)]
    return tuple(zip(words, get_margins(scores, weights.joints), strict=True))
