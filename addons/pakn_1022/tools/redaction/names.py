"""Names of people, by the words of address before them and by their family names."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from . import words as lists
from .spans import Span

_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*|\d[\w/.\-]*\d|\d\w*")
_GLUE = re.compile(r"[ \u00a0]{1,2}")
# Between the names of two streets: “Lê Lợi - Trần Phú”
_STREET_JOINT = re.compile(r"\s*[-–/]\s*(?:[Đđ]ường\s+)?")
# Words of one name written in capitals, as far as one is looked for
LONGEST_NAME = 8
MIDDLE_NAMES = lists.MIDDLE_NAMES | lists.PLAIN_MIDDLE_NAMES
TITLES = lists.TITLES | lists.PLAIN_TITLES


class Word(NamedTuple):
    """A word or a number and its place in the text."""

    text: str
    lower: str
    start: int
    end: int

    @property
    def is_capital(self) -> bool:
        """Whether its first letter is a capital."""
        return self.text[0].isupper()


def get_words(text: str) -> list[Word]:
    """Return the words of a text; ``H'Yến`` and ``45/3`` are one each."""
    return [
        Word(match[0], match[0].lower(), match.start(), match.end())
        for match in _WORD.finditer(text)
    ]


def _is_glued(text: str, first: Word, second: Word) -> bool:
    return bool(_GLUE.fullmatch(text, first.end, second.start))


def _take_capitals(text: str, words: list[Word], index: int, limit: int = 5) -> int:
    """Return the index after the capitalised words that begin at ``index``."""
    end = index
    while (
        end < len(words)
        and end - index < limit
        and words[end].is_capital
        and words[end].lower not in lists.NO_NAMES
        and (end == index or _is_glued(text, words[end - 1], words[end]))
    ):
        end += 1
    return end


def get_surname_size(words: list[Word], index: int) -> int:
    """Return how many words of a family name begin at ``index``."""
    lower = words[index].lower
    following = words[index + 1].lower if index + 1 < len(words) else ""
    if (lower, following) in lists.DOUBLE_SURNAMES:
        return 2
    return int(lower in lists.SURNAMES or lower in lists.PLAIN_SURNAMES)


def _take_shouted(text: str, words: list[Word], index: int) -> int:
    """Return the index after a name where everything is written in capitals."""
    size = get_surname_size(words, index)
    if not size:
        return index
    end = index + size
    while end < min(len(words), index + LONGEST_NAME) and _is_glued(
        text, words[end - 1], words[end]
    ):
        end += 1
        if words[end - 1].lower not in MIDDLE_NAMES:
            break
    return end if end > index + size else index


def _take_lower(text: str, words: list[Word], index: int, after_name_word: bool) -> int:
    """Return the index after a name written without capitals."""
    if words[index].lower in lists.GIVEN_NAMES and not after_name_word:
        return index + 1
    size = get_surname_size(words, index)
    if not size or words[index].lower in lists.WEAK_SURNAMES and not after_name_word:
        return index
    if words[index].lower not in lists.SURNAMES and not after_name_word:
        return index
    end = index + size
    while (
        end < len(words)
        and end - index - size < 3
        and words[end].lower not in lists.STOPS
        and words[end].text[0].isalpha()
        and _is_glued(text, words[end - 1], words[end])
    ):
        end += 1
        if words[end - 1].lower not in MIDDLE_NAMES:
            break
    return end if end > index + size else index


def _is_sentence_start(text: str, word: Word) -> bool:
    place = word.start - 1
    while place >= 0 and text[place].isspace():
        place -= 1
    return place < 0 or text[place] in '.!?:;\n("“-–,/'


def _is_after_place(text: str, words: list[Word], index: int) -> bool:
    """Return whether the words at ``index`` are the name of a place or a firm."""
    if not index:
        return False
    before, word = words[index - 1], words[index]
    between = text[before.end : word.start]
    if between.strip(' "“”‘’') or "\n" in between:
        return False
    if before.text[0].isdigit():
        # “12 Lê Lợi”, “hẻm 45 Lê Lợi”, but “lớp 9 ...” is no street either
        return True
    return before.lower in lists.PLACES


def _is_address(text: str, words: list[Word], index: int, shouting: bool) -> bool:
    """Return whether the word at ``index`` addresses a person."""
    word = words[index]
    if word.lower not in TITLES:
        return False
    if not index:
        return True
    previous = words[index - 1]
    if word.lower == "ba" and previous.lower == "ngã":
        return False
    return (
        shouting
        or not word.is_capital
        or _is_sentence_start(text, word)
        or not (previous.lower in lists.PLACES or previous.is_capital)
    )


def _skip_links(text: str, words: list[Word], index: int, shouting: bool) -> int | None:
    """Return the index of what follows a word of address, None when it is no name."""
    start = index + 1
    while (
        start < len(words)
        and start - index <= 4
        and words[start].lower in lists.LINKS
        and (shouting or not words[start].is_capital)
    ):
        start += 1
    if start >= len(words):
        return None
    between = text[words[start - 1].end : words[start].start]
    if between.strip(" \u00a0:(“\"'/–-") or len(between) > 4 or "\n" in between:
        return None
    word = words[index].lower
    # Alone they say little; a family name must follow
    alone = start == index + 1 and word in lists.ALONE
    if (alone or word not in lists.TITLES) and not get_surname_size(words, start):
        return None
    return start


def _take_titled(text: str, words: list[Word], start: int) -> int:
    """Return the index after the capitalised name that follows a word of address."""
    following = words[start + 1] if start + 1 < len(words) else None
    if following and (
        following.text == "trưởng"  # “cô Hiệu trưởng”
        or words[start].lower == "trường"
        and following.lower in lists.SCHOOL_WORDS
        or (words[start - 1].text, words[start].text) in lists.NO_PERSONS
    ):
        return start
    end = _take_capitals(text, words, start)
    if (
        end < len(words)
        and end - start == get_surname_size(words, start)
        and words[end].lower in lists.MIDDLE_NAMES
        and _is_glued(text, words[end - 1], words[end])
    ):
        # “ông Nguyễn văn Bình”: the middle name without its capital
        end = max(end, _take_capitals(text, words, end + 1))
    return end


def _find_titled_names(
    text: str, words: list[Word], shouting: bool
) -> Iterator[tuple[int, int]]:
    """Find names after a word of address; as indices of words, as the next two."""
    for index in range(len(words)):
        if not _is_address(text, words, index, shouting):
            continue
        start = _skip_links(text, words, index, shouting)
        if start is None:
            continue
        if shouting:
            end = _take_shouted(text, words, start)
        elif words[start].is_capital:
            end = _take_titled(text, words, start)
        else:
            named = any(word.lower in ("tên", "ten") for word in words[index:start])
            end = _take_lower(text, words, start, named)
        if end > start:
            yield start, end


def _find_shouted_names(
    text: str, words: list[Word], taken: set[int]
) -> Iterator[tuple[int, int]]:
    """Find names that no word of address announces where all is written in capitals."""
    index = 0
    while index < len(words):
        if index in taken or not words[index].is_capital:
            index += 1
            continue
        end = _take_shouted(text, words, index)
        size = get_surname_size(words, index)
        if (
            end - index >= 3
            and words[index + size].lower in MIDDLE_NAMES
            and not _is_after_place(text, words, index)
        ):
            yield index, end
        index = max(end, index + 1)


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
        end = _take_capitals(text, words, index)
        if "'" in word.text.replace("’", "'") and word.lower[0] == "h":
            yield index, end
            index = end
            continue
        size = get_surname_size(words, index)
        if not size or end - index <= size:
            index += 1
            continue
        if (
            _is_famous(words[index:end])
            or _is_joined_street(text, place_end, word.start)
            or _is_after_place(text, words, index)
        ):
            place_end = words[end - 1].end
            index = end
            continue
        is_strong = word.lower in lists.STRONG_SURNAMES
        is_long = end - index >= 3 and (
            words[index + size].lower in MIDDLE_NAMES
            or word.lower not in lists.WEAK_SURNAMES
        )
        if is_strong or is_long:
            yield index, end
        index = max(end, index + 1)


def _is_famous(words: list[Word]) -> bool:
    """Return whether words are or begin with a name that places bear."""
    lower = [word.lower for word in words]
    return any(
        " ".join(lower[:count]) in lists.FAMOUS for count in range(1, len(lower) + 1)
    )


def _is_joined_street(text: str, place_end: int | None, start: int) -> bool:
    """Return whether only a joint stands between a place and a name."""
    if place_end is None or start - place_end > 40:
        return False
    return bool(_STREET_JOINT.fullmatch(text, place_end, start))


def is_shouting(text: str) -> bool:
    """Return whether a text is written in capitals."""
    letters = [char for char in text if char.isalpha()]
    capitals = sum(char.isupper() for char in letters)
    return len(letters) > 15 and capitals > 0.7 * len(letters)


def find_names(text: str) -> Iterator[Span]:
    """Find names of people."""
    words, shouting = get_words(text), is_shouting(text)
    taken: set[int] = set()
    for start, end in _find_titled_names(text, words, shouting):
        if not taken.intersection(range(start, end)):
            taken.update(range(start, end))
            yield Span(words[start].start, words[end - 1].end, "name")
    find_untitled = _find_shouted_names if shouting else _find_bare_names
    for start, end in find_untitled(text, words, taken):
        yield Span(words[start].start, words[end - 1].end, "name")
