"""Names by what stands beside them: others of a list, nicknames, words like “của”."""

import re
from collections.abc import Iterator

from . import words as lists
from .small import get_habit
from .tokens import (
    MIDDLE_NAMES,
    Word,
    get_surname_size,
    is_glued,
    is_highland,
    is_part_start,
    take_capitals,
)

_AND = frozenset({"và", "với", "va", "voi", "cùng"})
_ORDERS = frozenset(
    ["Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy", "Tám", "Chín", "Mười", "Út"]
)
# Before somebody whom only the given name names: “hồ sơ của Mẫn với Kha”
_OWNERS = frozenset({"của", "gặp", "nhờ", "cho", "lời", "giùm", "dùm"})
_FAMOUS = lists.FAMOUS | lists.COMMUNES
# What is called besides people
_NO_CALLED = (
    lists.TITLES
    | lists.PLAIN_TITLES
    | frozenset(["lai", "dien", "den", "hai", "hoài", "hoai", "mai", "nay"])
)
# Before two given names that are a person
_TIMES = frozenset(
    ["qua", "nay", "trước", "mai", "sau", "rồi", "hôm", "trưa", "tối", "sáng", "chiều"]
)
# So many words before a name
REACH = 3
# “Người lập phiếu: Tường Lam”
_FORM = re.compile(
    r"(?<!\w)(?:ng[ưu][ờo]i|công dân|khách|kh|chủ hộ|chủ xe)(?: [^\W\d_]+){0,4}: ?",
    re.I,
)
# “gọi cho tuan so 0944 610 377”
_CALLED = re.compile(
    r"(?<!\w)(?:g[ọo]i(?: cho)?|g[ặa]p|lh|li[êe]n h[ệe]|nh[ắa]n(?: cho)?|alo)"
    r" (?P<name>[^\W\d_]+)(?=,? \(?(?:s[ốo]|s[đd]t|đt|dt)?:? ?0\d)",
    re.I,
)


def find_announced(
    text: str, words: list[Word], taken: set[int], plain: bool
) -> Iterator[tuple[int, int]]:
    """Find names that a form or a number announces, as indices of words."""
    by_start = {word.start: index for index, word in enumerate(words)}
    for match in _FORM.finditer(text):
        index = by_start.get(match.end())
        if index is None or index in taken or not words[index].is_capital:
            continue
        end = take_capitals(text, words, index)
        size = get_surname_size(words, index)
        lower = {word.lower for word in words[index:end]}
        if 1 < end - index <= 5 and (size or lower <= lists.GIVEN_NAMES | MIDDLE_NAMES):
            taken.update(range(index, end))
            yield index, end
    habit = get_habit(plain)
    for match in _CALLED.finditer(text):
        index = by_start.get(match.start("name"))
        if (
            index is not None
            and index not in taken
            and (words[index].lower in habit.given - habit.auxiliaries - _NO_CALLED)
        ):
            taken.add(index)
            yield index, index + 1


def find_beside(
    text: str, words: list[Word], taken: set[int], plain: bool
) -> Iterator[tuple[int, int]]:
    """Find names that stand beside those that have been found, as indices of words.

    :param taken: indices of the words of names; those found are added
    """
    for start, end in _find_bynames(text, words, taken):
        taken.update(range(start, end))
        yield start, end
    index, listed = 0, 0
    while index < len(words) - 1:
        if index not in taken or index + 1 in taken:
            index += 1
            continue
        # Behind the last word of a name
        start = index + 1
        joint = text[words[index].end : words[start].start]
        start = _skip_joint(words, start)
        end = _take_listed(text, words, start, joint, listed, plain)
        if end > start and not taken.intersection(range(start, end)):
            taken.update(range(start, end))
            yield start, end
            listed += 1
        else:
            listed = 1 if joint.startswith((",", ";")) and start in taken else 0
        index = max(end - 1, index + 1) if end > start else index + 1


def is_of_business(words: list[Word], index: int) -> bool:
    """Return whether a shop or the like is spoken of just before a word."""
    near = words[max(0, index - REACH) : index]
    if near and near[-1].lower in lists.BEFORE_NAMES:
        return False  # “quán của Bảy Nhỏ”
    return not lists.BUSINESSES.isdisjoint(word.lower for word in near)


def _skip_joint(words: list[Word], start: int) -> int:
    """Return the index after “và” or “với”."""
    is_word = words[start].text in _AND
    return start + 1 if is_word and start + 1 < len(words) else start


def _take_listed(
    text: str, words: list[Word], start: int, joint: str, listed: int, plain: bool
) -> int:
    """Return the index after the name that stands at ``start`` behind another's."""
    between = text[words[start - 1].end : words[start].start]
    is_word = words[start - 1].text in _AND
    if not (is_word and joint == " " and between == " ") and not (
        joint in (", ", "; ", " - ", " – ") and not is_word
    ):
        return start
    if not words[start].is_capital:
        return _take_listed_small(text, words, start, is_word, plain)
    end = take_capitals(text, words, start)
    size = get_surname_size(words, start)
    lower = " ".join(word.lower for word in words[start:end])
    is_public = lower in _FAMOUS or words[start].lower in lists.PLACES
    if size and end - start > size and (end - start > 2 or is_word):
        # A street may stand behind a name and a comma, hardly behind two
        if not is_public or listed or is_word and end - start > 2:
            return end
        return start
    if joint in (" - ", " – ") and end - start == 1 and not is_public:
        # “vợ chồng Hùng - Lan”
        both = {words[start - 1].lower, words[start].lower}
        return end if both <= lists.GIVEN_NAMES else start
    if joint in (", ", " - ", " – ") and _are_given(text, words, start):
        before = words[max(0, start - 2) : start]
        if len(before) == 2 and _are_given(text, words, start - 2):
            return end  # “Duy Khang, Quốc Bảo”
    if is_word and not is_public and 0 < end - start <= 2:
        parts = [word.lower for word in words[start:end]]
        if parts[-1] in lists.GIVEN_NAMES and all(
            part in lists.GIVEN_NAMES | MIDDLE_NAMES for part in parts
        ):
            return end
        if is_highland(words[start]):
            return end
    return start


def _take_listed_small(
    text: str, words: list[Word], start: int, is_word: bool, plain: bool
) -> int:
    """Return the index after a name in small letters behind another: “tèo và bin”."""
    habit = get_habit(plain)
    following = words[start + 1].lower if start + 1 < len(words) else ""
    size = get_surname_size(words, start)
    if size and following in ("thi", "thị", "văn", "van"):
        end = start + size + 1
        if end < len(words) and is_glued(text, words[end - 1], words[end]):
            return end + 1
    is_given = words[start].lower in habit.given - habit.verbs - habit.stops
    is_given = is_given and words[start].lower not in lists.TITLES | lists.PLAIN_TITLES
    is_closed = start + 1 >= len(words) or following in habit.stops | habit.auxiliaries
    if is_word and is_given and is_closed:
        return start + 1
    return start


def _is_couple(text: str, words: list[Word], index: int) -> bool:
    """Return whether two given names are joined by a word: “Nhật với Tân đánh nhau”."""
    if index + 2 >= len(words) or words[index + 1].text not in ("với", "và"):
        return False
    first, last = words[index], words[index + 2]
    after = words[index + 3] if index + 3 < len(words) else None
    return (
        last.is_capital
        and first.text[1:].islower()
        and {first.lower, last.lower} <= lists.GIVEN_NAMES - lists.NO_OWNERS
        and is_glued(text, first, words[index + 1])
        and is_glued(text, words[index + 1], last)
        and not (after and after.is_capital and is_glued(text, last, after))
    )


def _is_double(text: str, words: list[Word], index: int) -> bool:
    """Return whether two given names are a person who does or suffers something.

    “Đêm qua Minh Nhật tông trụ đèn”, “Thanh Tùng ơi”: a verb must follow, or another
    such name: “Duy Khang, Quốc Bảo”.
    """
    if not _are_given(text, words, index) or index + 2 >= len(words):
        return False
    is_listed = index > 0 and text[words[index - 1].end : words[index].start] == ", "
    is_first = is_part_start(text, words[index]) and not is_listed
    if not is_first and words[index - 1].lower not in lists.BEFORE_NAMES | _TIMES:
        return False
    following = words[index + 2]
    between = text[words[index + 1].end : following.start]
    if between in (", ", " - ", " – "):
        return _are_given(text, words, index + 2)
    if between in (" (", ": ") and is_part_start(text, words[index]):
        return True  # “Hoài Phong (Phong Bụi)”, “– Mỹ Hạnh: đường …”
    return between == " " and following.text in lists.SMALL_DEEDS


def _are_given(text: str, words: list[Word], index: int) -> bool:
    """Return whether two given names stand there that no place is called after."""
    if index + 1 >= len(words):
        return False
    first, second = words[index], words[index + 1]
    return (
        first.is_capital
        and second.is_capital
        and first.lower in MIDDLE_NAMES - {"anh", "an"}
        and second.lower in lists.GIVEN_NAMES
        and f"{first.lower} {second.lower}" not in _FAMOUS
        and is_glued(text, first, second)
        and take_capitals(text, words, index) == index + 2
    )


def _find_bynames(
    text: str, words: list[Word], taken: set[int]
) -> Iterator[tuple[int, int]]:
    """Find “Tuấn Sẹo”, “Bảy Nhỏ”, and “Mẫn” in “của Mẫn”."""
    for index in range(len(words) - 1):
        first, second = words[index], words[index + 1]
        if index in taken or index + 1 in taken or not first.is_capital:
            continue
        before = words[index - 1] if index else None
        is_after = before is not None and is_glued(text, before, first)
        if is_after and before and (before.lower in lists.PLACES or before.is_capital):
            continue
        if is_of_business(words, index):
            continue
        is_pair = second.is_capital and is_glued(text, first, second)
        if (
            second.text in lists.NICKS - lists.WORD_NICKS
            and first.lower in lists.GIVEN_NAMES
            and is_glued(text, first, second)
        ):
            yield index, index + 2  # “Huy còi”
            continue
        if _is_couple(text, words, index):
            yield index, index + 1
            yield index + 2, index + 3
            continue
        if is_pair and _is_double(text, words, index):
            yield index, index + 2
            continue
        if is_pair and f"{first.lower} {second.lower}" not in _FAMOUS:
            is_nick = second.lower in lists.NICKS
            is_order = first.text in _ORDERS and (
                is_nick or second.lower in lists.GIVEN_NAMES
            )
            is_last = take_capitals(text, words, index) == index + 2
            if is_last and (is_order or is_nick and first.lower in lists.GIVEN_NAMES):
                yield index, index + 2
        elif (
            is_after
            and before
            and before.text in _OWNERS
            and not is_pair
            and first.lower in lists.GIVEN_NAMES - lists.NO_OWNERS
        ):
            yield index, index + 1
