"""Names of people, by the words before them and by their family names."""

import re
from collections.abc import Iterator

from . import words as lists
from .beside import find_announced, find_beside, is_of_business
from .small import Habit, get_habit, take_full, take_small_highland
from .spans import Span
from .titled import find_titled_names, get_end, get_work_size, is_famous
from .tokens import (
    MIDDLE_NAMES,
    Word,
    get_surname_size,
    get_words,
    is_before_middle,
    is_glued,
    is_highland,
    is_hyphened,
    is_of_highlands,
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
_FAMOUS = lists.FAMOUS | lists.PLAIN_FAMOUS
_SMALL_MIDDLES = frozenset({"thị", "văn", "thi", "van"})
_STRONGEST = frozenset({"nguyen", "nguyễn", "trần", "pham", "phạm", "huynh", "huỳnh"})
# “Hmrik”, “Hlim”, with the accent left out
_HIGHLAND = re.compile(r"H[bdjlmnrw][^\W\d_]{1,6}$")
_PEOPLES = frozenset({"hrê", "hre", "hmông", "hmong", "hnông", "hré"})
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
    if before.lower == "viên" and index > 1 and words[index - 2].lower != "công":
        return False  # “thi hành án viên Đặng Hữu Tường”
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
    if _HIGHLAND.match(words[index].text) and words[index].lower not in _PEOPLES:
        # “Ia Hrung” is a commune
        is_part = index > 0 and words[index - 1].is_capital
        return not is_part and not _is_after_place(text, words, index)
    if end - index < 2:
        return False
    first = words[index].lower
    if first == "nay":
        following = words[index + 1]
        return (
            not is_sentence_start(text, words[index])
            or is_highland(following)
            or is_of_highlands(following)
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
        size = get_surname_size(words, index) or int(is_before_middle(words, index))
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
            or end - index == 2
            and is_of_business(words, index)
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
    return (
        lower in lists.STRONG_SURNAMES
        or is_before_middle(words, index)
        or (
            end - index >= 3
            and (
                words[index + size].lower in MIDDLE_NAMES
                or lower not in lists.WEAK_SURNAMES
            )
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
    """Find given names behind the first one of several: “anh Tý, Sửu, Thu Hà”."""
    while end - start <= 2 and end < len(words) and words[start].is_capital:
        after = take_capitals(text, words, end)
        size = after - end
        if (
            not _LIST_JOINT.fullmatch(text, words[end - 1].end, words[end].start)
            or not 0 < size <= 2
            or words[after - 1].lower not in lists.GIVEN_NAMES
            or size == 2
            and words[end].lower not in lists.GIVEN_NAMES | MIDDLE_NAMES
        ):
            return
        yield end, after
        start, end = end, after


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
    bare += find_announced(text, words, taken, plain)
    bare += _find_small_full(text, words, taken, plain)
    bare += find_beside(text, words, taken, plain)
    bare += _find_again(text, words, taken)
    for start, end in bare:
        yield Span(words[start].start, get_end(text, words, end), "name")


def _find_small_full(
    text: str, words: list[Word], taken: set[int], plain: bool
) -> Iterator[tuple[int, int]]:
    """Find full names in small letters by what stands in hardly anything else.

    “nguyễn thị xí”, “tran van tam”: a family name, then “thị” or “văn”.
    """
    habit = get_habit(plain)
    surnames = lists.SURE_SMALL if plain else lists.STRONG_SURNAMES
    for index in range(len(words) - 1):
        if index in taken or words[index].is_capital:
            continue
        end = take_small_highland(text, words, index)
        if end > index:
            taken.update(range(index, end))
            yield index, end
        elif (
            index + 2 < len(words)
            and words[index].lower in surnames
            and _is_small_full(text, words, index, habit)
            and not _is_after_place(text, words, index)
        ):
            end = take_full(text, words, index, habit, is_named=True)
            lower = " ".join(word.lower for word in words[index : index + 3])
            if end - index > 2 and lower not in _FAMOUS:
                taken.update(range(index, end))
                yield index, end


def _is_small_full(text: str, words: list[Word], index: int, habit: Habit) -> bool:
    """Return whether a family name in small letters begins a name beyond doubt."""
    middle, given = words[index + 1].lower, words[index + 2].lower
    if middle in _SMALL_MIDDLES:
        return True
    return (
        words[index].lower in _STRONGEST
        and middle in MIDDLE_NAMES
        and given in habit.given - habit.stops
        and is_glued(text, words[index], words[index + 1])
        and is_glued(text, words[index + 1], words[index + 2])
        and (middle, given) not in habit.pairs
    )


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
