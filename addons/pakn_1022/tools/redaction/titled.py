"""Names that a word of address, of work or of office announces."""

import re
from collections.abc import Iterator

from . import words as lists
from .small import take_given_alone, take_small
from .tokens import (
    MIDDLE_NAMES,
    Word,
    get_surname_size,
    is_glued,
    is_highland,
    is_hyphened,
    is_of_highlands,
    is_part_start,
    take_capitals,
    take_hyphened,
)

TITLES = lists.TITLES | lists.PLAIN_TITLES
# Words of the longest word of work, as far as one is looked for
LONGEST_WORK = 5
# What a person is called besides: “Thuận "gà"”
_BYNAME = re.compile(r"\s?[\"“”'‘]([^\W\d_]+(?: [^\W\d_]+)?)[\"”'’]")
# “Hoài Phong (Phong Bụi)”
_IN_BRACKETS = re.compile(r"\s\((\w+(?: \w+){1,3})\)")
# Names that places bear, and words of the longest
LONGEST_PUBLIC = 5
_PUBLIC = lists.FAMOUS | lists.COMMUNES
_PARTS = lists.GIVEN_NAMES | MIDDLE_NAMES
_WORK = lists.PERSONS | lists.POSTS
_PLAIN_WORK = lists.PLAIN_PERSONS | lists.PLAIN_POSTS
_WORK_STARTS = frozenset(entry[0] for entry in _WORK)
_PLAIN_WORK_STARTS = _WORK_STARTS | {entry[0] for entry in _PLAIN_WORK}
_CALLED = frozenset({"tên", "ten"})
# “a”, “c”, “e”, “ô”, “b” for “anh”, “chị”, “em”, “ông”, “bà”; “o” for “cô”
_LETTERS = frozenset("aceôbo")
_MIDDLES = frozenset({"thi", "van", "dinh", "huu"})
_IS = frozenset({"là", "la"})
_ORDERS = frozenset(
    ["hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười", "út", "cả"]
)


def _is_abbreviated(text: str, words: list[Word], index: int) -> bool:
    """Return whether a letter stands for a word of address: “c Hương”, “A. Tuấn”."""
    if index + 1 >= len(words) or not words[index + 1].is_capital:
        return False
    between = text[words[index].end : words[index + 1].start]
    return (
        between in (" ", ".", ". ")
        and words[index + 1].lower in lists.GIVEN_NAMES
        and (not words[index].is_capital or is_part_start(text, words[index]))
    )


def _is_address(text: str, words: list[Word], index: int, shouting: bool) -> bool:
    """Return whether the word at ``index`` addresses a person."""
    word = words[index]
    if word.text == "tự" and is_part_start(text, word):
        return True  # “Nguyễn Hữu Đạt (tự Đạt Lùn)”
    if word.lower not in TITLES:
        return word.lower in _LETTERS and _is_abbreviated(text, words, index)
    if (word.is_capital or word.text == "chu") and is_famous(words, index, index):
        return False  # “Chu Văn An”, “Chế Lan Viên”
    if not index:
        return True
    previous = words[index - 1]
    if (previous.lower, word.lower) in (("ngã", "ba"), ("bà", "con")):
        return False
    if word.is_capital and previous.text[0].isdigit() and not shouting:
        return is_part_start(text, word)  # “13 Cô Bắc” is a street
    return (
        shouting
        or not word.is_capital
        or is_part_start(text, word)
        or not (previous.lower in lists.PLACES or previous.is_capital)
    )


def get_work_size(text: str, words: list[Word], index: int, plain: bool) -> int:
    """Return how many words of work or office begin at ``index``."""
    if words[index].lower not in (_PLAIN_WORK_STARTS if plain else _WORK_STARTS):
        return 0
    if words[index].is_capital and is_famous(words, index, index):
        return 0  # “24 Sư Vạn Hạnh” is a street
    count = 1
    while (
        count < LONGEST_WORK
        and index + count < len(words)
        and is_glued(text, words[index + count - 1], words[index + count])
    ):
        count += 1
    lower = tuple(word.lower for word in words[index : index + count])
    while count:
        entry = lower[:count]
        if entry in _WORK or plain and entry in _PLAIN_WORK:
            return count
        count -= 1
    return 0


def _skip_links(
    text: str, words: list[Word], start: int, shouting: bool, limit: int = 4
) -> int | None:
    """Return the index of what may be a name, None when something else comes between.

    :param start: the index after the word of address
    """
    first = start
    while (
        start < len(words)
        and start - first < limit
        and words[start].lower in lists.LINKS
        and (shouting or not words[start].is_capital)
    ):
        start += 1
    if start >= len(words):
        return None
    between = text[words[start - 1].end : words[start].start]
    if start == first and words[first - 1].lower in _LETTERS:
        between = between.removeprefix(".")  # “c. Loan”
    if between.strip(" \u00a0:(“\"'/–-") or len(between) > 4 or "\n" in between:
        return None
    return start


def _skip_levels(text: str, words: list[Word], index: int) -> int:
    """Return the index after “UBND xã” and the like, behind an office."""
    start = index
    while (
        start < len(words)
        and start - index < 2
        and words[start].lower in lists.LEVELS
        and is_glued(text, words[start - 1], words[start])
    ):
        start += 1
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
    hyphened = take_hyphened(text, words, start)
    if hyphened > start:
        return hyphened
    end = take_capitals(text, words, start)
    if words[start - 1].lower == "họ" and end - start == get_surname_size(words, start):
        return start  # “con cháu họ Lê”
    if (
        start < end < len(words)
        and end - start == get_surname_size(words, start)
        and words[end].lower in MIDDLE_NAMES
        and is_glued(text, words[end - 1], words[end])
    ):
        # “ông Nguyễn văn Bình”: the middle name without its capital
        after = take_capitals(text, words, end + 1)
        end = after if after > end + 1 else end
    return end


def is_public(words: list[Word], start: int) -> bool:
    """Return whether what a place is called after stands there, in whatever letters."""
    lower = [lists.strip_accents(word.text) for word in words[start : start + 4]]
    return any(" ".join(lower[:n]) in lists.PLAIN_FAMOUS for n in range(2, 5))


def is_famous(words: list[Word], start: int, end: int) -> bool:
    """Return whether a name that places bear begins at ``start``.

    “Lê Lợi Pleiku” is one, “Nguyễn Hoàng Ân” a person though there is a street Nguyễn
    Hoàng.

    :param end: the index after the capitals that begin there
    """
    lower = [word.lower for word in words[start : start + LONGEST_PUBLIC]]
    return any(
        " ".join(lower[:count]) in _PUBLIC
        and not (start + count < end and words[start + count].lower in _PARTS)
        for count in range(1, len(lower) + 1)
    )


def _take_worker(text: str, words: list[Word], start: int, is_post: bool) -> int:
    """Return the index after the capitalised name that follows a word of work."""
    end = _take_titled(text, words, start)
    if end == start:
        return start
    name = words[start:end]
    size = get_surname_size(words, start)
    if is_highland(name[0]) or is_hyphened(text, words, start):
        return end
    first = name[0].lower
    if first in ("y", "a") and len(name) > 1:
        return end
    is_strong = first not in lists.WEAK_SURNAMES
    is_given = name[-1].lower in lists.GIVEN_NAMES | lists.NICKS
    if size and len(name) > size and (is_strong or len(name) > 2 or is_given):
        is_place = is_famous(words, start, end) and (is_post or not is_strong)
        return start if is_place else end
    # “cha xứ Phêrô Trần Văn Khoa”
    if (
        len(name) > 2
        and first not in lists.PLACES
        and words[start + 1].lower in lists.STRONG_SURNAMES
    ):
        return end
    if (
        len(name) > 2
        and words[start - 1].lower == "là"
        and first not in lists.PLACES
        and not is_famous(words, start, end)
    ):
        return end  # “người thuê là Lộ Minh Trại”
    if len(name) == 2 and first in _ORDERS and is_given:
        return end  # “chủ quán Tư Hải”
    if not is_post and len(name) <= 3 and is_of_highlands(name[0]):
        return end
    if is_post and _is_given_alone(text, words, start, end):
        return end
    if (
        is_post
        and len(name) == 2
        and first in MIDDLE_NAMES - lists.PLACES
        and name[-1].lower in lists.GIVEN_NAMES
        and words[start - 1].lower in lists.OFFICES
        and not is_famous(words, start, end)
    ):
        return end  # “cán bộ tư pháp Hồng Gấm”
    if is_post or first == "trường" and len(name) > 1 or is_famous(words, start, end):
        return start
    if first in lists.GIVEN_NAMES and len(name) <= 3 or size:
        return end
    parts = {word.lower for word in name[1:]}
    if parts and first not in lists.PLACES and parts <= _PARTS:
        return end
    return start


def _is_given_alone(text: str, words: list[Word], start: int, end: int) -> bool:
    """Return whether one given name stands there: “cán bộ Hằng”, not “thôn An Hội”."""
    first = words[start].lower
    after = words[end].text if end < len(words) else ""
    names = lists.GIVEN_NAMES - lists.PLACES
    if after not in lists.AUXILIARIES | lists.SMALL_DEEDS:
        names -= lists.SMALL_VERBS  # “cán bộ Thi đua”, but “chuyên viên Thi sẽ gọi”
    return (
        end - start == 1
        and first in names
        and words[start - 1].lower not in lists.LEVELS
        and not (
            end < len(words)
            and words[end].is_capital
            and is_glued(text, words[end - 1], words[end])
        )
    )


def find_titled_names(
    text: str, words: list[Word], plain: bool, shouting: bool
) -> Iterator[tuple[int, int]]:
    """Find names after words of address and of work, as indices of words."""
    for index in range(len(words)):
        size = get_work_size(text, words, index, plain)
        if size:
            start = _skip_levels(text, words, index + size)
            start = _skip_links(text, words, start, shouting)
            end = start and _take_after_work(
                text, words, index, start, size, plain, shouting
            )
        elif _is_address(text, words, index, shouting):
            start = _skip_links(text, words, index + 1, shouting)
            end = start and _take_after_title(
                text, words, index, start, plain, shouting
            )
        else:
            continue
        if start and end and end > start:
            yield start, end


def _take_after_work(
    text: str,
    words: list[Word],
    index: int,
    start: int,
    size: int,
    plain: bool,
    shouting: bool,
) -> int:
    """Return the index after the name that follows a word of work or office."""
    entry = tuple(word.lower for word in words[index : index + size])
    is_post = entry in lists.POSTS or plain and entry in lists.PLAIN_POSTS
    if words[start].is_capital and not shouting:
        return _take_worker(
            text, words, start, is_post or words[start - 1].lower in lists.LEVELS
        )
    is_named = any(word.lower in _CALLED for word in words[index:start])
    if plain and not is_named and get_surname_size(words, start) == 0:
        return take_given_alone(text, words, start)
    if get_work_size(text, words, start, plain):
        return start  # “nhân viên thu ngân”
    if words[start].lower in ("truong", "trường") and is_public(words, start + 1):
        return start  # “hoc sinh truong le quy don”
    return take_small(text, words, start, plain=plain, is_named=is_named)


def _take_after_title(
    text: str, words: list[Word], index: int, start: int, plain: bool, shouting: bool
) -> int:
    """Return the index after the name that follows a word of address."""
    word = words[index].lower
    alone = start == index + 1 and word in lists.ALONE
    is_title = word in lists.TITLES | _LETTERS | {"tự"} or plain
    if (
        (alone or not is_title)
        and not get_surname_size(words, start)
        and not (word in _CALLED and words[start].lower in lists.GIVEN_NAMES)
    ):
        # Alone they say little; a family name must follow
        return start
    if words[start].is_capital and not shouting:
        return _take_titled(text, words, start)
    is_small = plain and not words[start].is_capital
    if is_small and not _is_surely_name(words, start) and _is_other(text, words, index):
        return start
    is_named = any(entry.lower in _CALLED for entry in words[index:start])
    full = take_small(text, words, start, plain=plain, is_named=True) if is_named else 0
    if full - start > 2 and get_surname_size(words, start):
        return full  # “toi ten vo quoc thai”, where “vo” is no word of address
    if plain and _is_address_and_name(text, words, start):
        return start  # “gap chi hanh”
    # The last word of address before the name says most: “con chị hoa”
    title = words[start - 1].lower
    if title not in TITLES | _IS:
        title = word
    return take_small(text, words, start, plain=plain, title=title, is_named=is_named)


def _is_surely_name(words: list[Word], start: int) -> bool:
    """Return whether a family name stands there that is hardly another word."""
    following = words[start + 1].lower if start + 1 < len(words) else ""
    return get_surname_size(words, start) > 0 and (
        words[start].lower not in lists.WEAK_PLAIN_SURNAMES or following in _MIDDLES
    )


def _is_other(text: str, words: list[Word], index: int) -> bool:
    """Return whether a word that without accents may address somebody does not.

    “chi” is “chị” or “chỉ”, “co” is “cô” or “có”, “phan anh” is no “anh”.
    """
    before = words[index - 1] if index else None
    if before is None or is_part_start(text, words[index]):
        return False
    if words[index].lower in lists.WEAK_TITLES:
        is_second = (
            index > 1
            and before.lower in lists.PLAIN_GIVEN_NAMES
            and words[index - 2].lower in lists.PLAIN_TITLES
        )  # “anh phong chi hue”
        return before.lower not in lists.PLAIN_OPENERS and not is_second
    return before.lower in lists.PLAIN_BEFORE


def _is_address_and_name(text: str, words: list[Word], index: int) -> bool:
    """Return whether another word of address and a given name follow."""
    return (
        index + 1 < len(words)
        and words[index].lower in lists.PLAIN_TITLES
        and words[index + 1].lower in lists.PLAIN_GIVEN_NAMES - _MIDDLES
        and is_glued(text, words[index], words[index + 1])
    )


def get_end(text: str, words: list[Word], end: int) -> int:
    """Return where a name ends in the text, with what the person is called besides."""
    byname = _BYNAME.match(text, words[end - 1].end)
    in_brackets = _IN_BRACKETS.match(text, words[end - 1].end)
    if in_brackets and in_brackets[1].startswith(words[end - 1].text + " "):
        return in_brackets.end(1)
    return byname.end(1) if byname else words[end - 1].end
