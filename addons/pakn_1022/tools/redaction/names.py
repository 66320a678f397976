"""Names of people, by the words before them and by their family names."""

import re
from collections.abc import Iterator

from . import words as lists
from .small import get_habit, take_full
from .spans import Span
from .titled import find_titled_names, get_end, get_work_size, is_famous
from .tokens import (
    MIDDLE_NAMES,
    Word,
    get_surname_size,
    get_words,
    is_glued,
    is_highland,
    is_hyphened,
    is_plain,
    is_sentence_start,
    is_shouting,
    take_capitals,
    take_hyphened,
)

# Between the names of two streets: “Lê Lợi - Trần Phú”
_STREET_JOINT = re.compile(r"\s*[-–/]\s*(?:[Đđ]ường\s+)?")
# Between given names of several
_LIST_JOINT = re.compile(r",\s")
# Between a family name and a given one, and no given name themselves
_MIDDLES = frozenset({"thị", "văn", "đình", "hữu"})
# Words between one of work and a name: “nhân viên thu tiền điện Phạm Thị Bông”
REACH = 6


def _is_after_place(text: str, words: list[Word], index: int) -> bool:
    """Return whether the words at ``index`` are the name of a place or a firm."""
    if not index:
        return False
    before, word = words[index - 1], words[index]
    between = text[before.end : word.start]
    if between.strip(' "“”‘’') or "\n" in between:
        return False
    if before.text[0].isdigit():
        # “12 Lê Lợi”, “hẻm 45 Lê Lợi”, but not “tổ 5 Nguyễn Văn An”
        return index < 2 or words[index - 2].lower not in lists.NUMBERED
    return before.lower in lists.PLACES


def _is_after_work(text: str, words: list[Word], index: int) -> bool:
    """Return whether somebody's work is spoken of just before a name.

    “nhân viên bán hàng Lê Thị Nhi” is a person though “hàng Lê Thị Nhi” may be a shop;
    “công an phường Lê Thị Nhi” too, but “nhân viên ở đường Lê Thị Nhi” is a street.
    """
    before = words[index - 1]
    if before.lower not in lists.WEAK_PLACES and not before.text.isdigit():
        return False
    first = index - 1
    while (
        first > 0
        and index - first < REACH
        and (not words[first].is_capital or words[first].text.isupper())
        and is_glued(text, words[first - 1], words[first])
    ):
        first -= 1
    return any(
        get_work_size(text, words, start, False) for start in range(first, index)
    )


def _find_shouted_names(
    text: str, words: list[Word], taken: set[int]
) -> Iterator[tuple[int, int]]:
    """Find names that no word of address announces where all is written in capitals."""
    index, habit = 0, get_habit(is_plain(text))
    while index < len(words):
        if index in taken or not words[index].is_capital:
            index += 1
            continue
        end = take_full(text, words, index, habit)
        size = get_surname_size(words, index)
        if (
            end - index >= 3
            and words[index + size].lower in MIDDLE_NAMES
            and not _is_after_place(text, words, index)
            and not is_famous(words, index, end)
        ):
            yield index, end
        index = max(end, index + 1)


def _is_of_highlands(text: str, words: list[Word], index: int, end: int) -> bool:
    """Return whether a capitalised run is a name as the highlands have: “Y Chinh”."""
    if is_highland(words[index]):
        return words[index].lower[0] in "hk"
    if end - index < 2:
        return False
    first = words[index].lower
    if first == "nay":
        return not is_sentence_start(text, words[index]) or is_highland(
            words[index + 1]
        )
    before = words[index - 1] if index else None
    return (
        words[index].text in ("Y", "A")
        and end - index <= 4
        and not (before and before.lower in lists.LETTERED)
        and not (before and before.text[0].isdigit())
        # “Chư A Thai” is a commune
        and not (before and before.is_capital and is_glued(text, before, words[index]))
    )


def _find_bare_names(
    text: str, words: list[Word], taken: set[int]
) -> Iterator[tuple[int, int]]:
    """Find names that no word of address announces, by their family name."""
    index = 0
    place_end = None
    while index < len(words):
        word = words[index]
        if index in taken or not word.is_capital:
            index += 1
            continue
        end = take_capitals(text, words, index)
        if end == index + 1 and _is_called(text, words, index):
            yield index, end
            index = end
            continue
        is_saint = word.lower in lists.SAINTS and end - index > 2
        if is_saint or end > index and _is_of_highlands(text, words, index, end):
            yield index, end
            index = end
            continue
        size = get_surname_size(words, index)
        if size and is_hyphened(text, words, index):
            end = max(end, take_hyphened(text, words, index))
        if not size or end - index <= size:
            index += 1
            continue
        if (
            is_famous(words, index, end)
            or _is_joined_street(text, place_end, word.start)
            or _is_after_place(text, words, index)
            and not _is_after_work(text, words, index)
        ):
            place_end = words[end - 1].end
            index = end
            continue
        if _is_full(words, index, end, size):
            yield index, end
        index = max(end, index + 1)


def _is_called(text: str, words: list[Word], index: int) -> bool:
    """Return whether somebody is called by a given name: “Khôi ơi”."""
    return (
        index + 1 < len(words)
        and words[index].lower in lists.GIVEN_NAMES
        and words[index + 1].lower == "ơi"
        and is_glued(text, words[index], words[index + 1])
    )


def _is_full(words: list[Word], index: int, end: int, size: int) -> bool:
    """Return whether a run of capitals that begins with a family name is a name."""
    lower = words[index].lower
    return lower in lists.STRONG_SURNAMES or (
        end - index >= 3
        and (
            words[index + size].lower in MIDDLE_NAMES
            or lower not in lists.WEAK_SURNAMES
        )
    )


def _is_joined_street(text: str, place_end: int | None, start: int) -> bool:
    """Return whether only a joint stands between a place and a name."""
    if place_end is None or start - place_end > 40:
        return False
    return bool(_STREET_JOINT.fullmatch(text, place_end, start))


def _find_listed(
    text: str, words: list[Word], start: int, end: int
) -> Iterator[tuple[int, int]]:
    """Find given names behind the first one of several: “anh Tý, Sửu, Dần”."""
    while end - start == 1 and end < len(words) and words[start].is_capital:
        following = end + 1 if end + 1 < len(words) else None
        if (
            not _LIST_JOINT.fullmatch(text, words[start].end, words[end].start)
            or not words[end].is_capital
            or words[end].lower not in lists.GIVEN_NAMES
            or following
            and words[following].is_capital
            and is_glued(text, words[end], words[following])
        ):
            return
        yield end, end + 1
        start, end = end, end + 1


def find_names(text: str) -> Iterator[Span]:
    """Find names of people."""
    words, shouting = get_words(text), is_shouting(text)
    plain = is_plain(text)
    taken: set[int] = set()
    for start, end in find_titled_names(text, words, plain, shouting):
        if not taken.intersection(range(start, end)):
            taken.update(range(start, end))
            yield Span(words[start].start, get_end(text, words, end), "name")
            for first, last in _find_listed(text, words, start, end):
                taken.add(first)
                yield Span(words[first].start, words[last - 1].end, "name")
    find_untitled = _find_shouted_names if shouting else _find_bare_names
    bare = list(find_untitled(text, words, taken))
    for start, end in bare:
        taken.update(range(start, end))
    bare += _find_again(text, words, taken)
    for start, end in bare:
        yield Span(words[start].start, words[end - 1].end, "name")


def _find_again(
    text: str, words: list[Word], taken: set[int]
) -> Iterator[tuple[int, int]]:
    """Find the last two words of full names where these stand again alone."""
    tails = {
        (words[index - 1].text, words[index].text)
        for index in taken
        if {index - 2, index - 1} <= taken
        and index + 1 not in taken
        and words[index].is_capital
        and words[index - 1].is_capital
        and words[index - 1].lower not in _MIDDLES
    }
    for index in range(len(words) - 1) if tails else ():
        if (
            (words[index].text, words[index + 1].text) in tails
            and index not in taken
            and not _is_after_place(text, words, index)
        ):
            yield index, index + 2
