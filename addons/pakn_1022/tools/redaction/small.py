"""Names that are written without capitals, often without accents too.

“anh tuấn”, “ba nguyen thi hoa”: only a word before them tells that they are names, and
lists of given names and of pairs of words that look like them.
"""

import re
from typing import NamedTuple

from . import words as lists
from .tokens import MIDDLE_NAMES, Word, get_surname_size, is_glued

_PAIRS = lists.PLAIN_PAIRS | lists.SMALL_PAIRS
# No given name even behind “thị” and “văn”
_HARD_STOPS = lists.AUXILIARIES | frozenset({"ở", "o", "không", "có", "và", "của"})
_SAYS = frozenset({"bảo", "bao", "hiện", "hien"})
# “h'lơi”, written with an apostrophe as names of women are; those of peoples
_APOSTROPHE = re.compile(r"h['’ʼ][^\W\d_]{2,}$")
_PEOPLES = frozenset({"h'mông", "h'mong", "h're", "h'rê", "h’mông", "h’rê"})
# Family names that are no other word
_SURE_HIGHLAND = frozenset({"ksor", "rmah", "kpă", "kpuih", "puih", "rcom", "rơlan"})
# Words after a family name, at most
LONGEST = 4

# Given to women and men between the family name and their own, hardly ever alone
_MIDDLES = frozenset({"thị", "thi", "văn", "van", "đình", "dinh", "hữu", "huu"})
_ORDERS = frozenset({"hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười"})
_PLAIN_ORDERS = frozenset(
    ["hai", "ba", "tu", "nam", "sau", "bay", "tam", "chin", "muoi", "ut"]
)
# Who is called by the order of birth
_OLD = frozenset({"ong", "di", "thim", "cau", "anh"})


class Habit(NamedTuple):
    """The lists that hold for a text with accents, or for one without."""

    given: frozenset[str]
    pairs: frozenset[tuple[str, ...]]
    verbs: frozenset[str]
    stops: frozenset[str]
    auxiliaries: frozenset[str]
    surnames: frozenset[str]
    weak_surnames: frozenset[str]


ACCENTED = Habit(
    lists.GIVEN_NAMES,
    lists.SMALL_PAIRS,
    lists.SMALL_VERBS,
    lists.STOPS,
    lists.AUXILIARIES,
    lists.SURNAMES,
    lists.WEAK_SURNAMES,
)
PLAIN = Habit(
    lists.PLAIN_GIVEN_NAMES,
    lists.PLAIN_PAIRS,
    lists.PLAIN_VERBS,
    lists.PLAIN_STOPS,
    lists.PLAIN_AUXILIARIES,
    lists.PLAIN_SURNAMES,
    lists.WEAK_PLAIN_SURNAMES,
)


def get_habit(plain: bool) -> Habit:
    """Return the lists for a text without accents, or for one with them."""
    return PLAIN if plain else ACCENTED


def _get_pair(words: list[Word], index: int) -> tuple[str, str]:
    following = words[index + 1].lower if index + 1 < len(words) else ""
    return words[index].lower, following


def _closes(text: str, words: list[Word], index: int, habit: Habit) -> bool:
    """Return whether no name goes on with the word at ``index``."""
    return (
        index >= len(words)
        or not words[index].text[0].isalpha()
        or not is_glued(text, words[index - 1], words[index])
        or words[index].lower in habit.stops
        or words[index].lower in lists.TITLES
    )


def _ends(text: str, words: list[Word], index: int) -> bool:
    """Return whether more than a blank stands before the word at ``index``."""
    return index >= len(words) or not is_glued(text, words[index - 1], words[index])


def _get_surname_size(words: list[Word], index: int, habit: Habit) -> int:
    size = get_surname_size(words, index)
    return size if size == 2 or words[index].lower in habit.surnames else 0


def take_full(
    text: str, words: list[Word], index: int, habit: Habit, is_named: bool = False
) -> int:
    """Return the index after a family name and what follows it, or ``index``."""
    size = _get_surname_size(words, index, habit)
    end = index + size
    if not size or end >= len(words) or not is_glued(text, words[end - 1], words[end]):
        return index
    first = words[end].lower
    pairs = _get_pair(words, index), _get_pair(words, index - 1) if index else None
    if size == 2 and first[0].isalpha() and first not in _HARD_STOPS:
        return end + 1
    # “co le thi hai yen”, though “co le” is “có lẽ”
    is_doubted = first not in _MIDDLES and not habit.pairs.isdisjoint(pairs)
    if not first[0].isalpha() or is_doubted or _get_pair(words, index) in habit.pairs:
        return index
    is_weak = words[index].lower in habit.weak_surnames
    if is_weak and not is_named and first not in MIDDLE_NAMES | habit.given:
        return index
    if first in habit.stops and first not in habit.given | MIDDLE_NAMES:
        return index
    if _get_pair(words, end) in habit.pairs:
        return index + size if words[index].lower in habit.given else index
    end += 1
    while end - index - size < LONGEST and _goes_on(
        text, words, end, end - index - size, habit
    ):
        end += 1
    if is_weak and not is_named and not _is_sure(text, words, index, end, habit):
        return index
    return end


def _is_sure(text: str, words: list[Word], index: int, end: int, habit: Habit) -> bool:
    """Return whether words that begin with a doubtful family name are a name."""
    last = words[end - 1].lower
    if end - index > 2:
        return words[index + 1].lower in _MIDDLES or last in habit.given
    return (
        habit is ACCENTED
        and words[index].lower not in lists.NO_SMALL_SURNAMES
        and last in habit.given
        and last not in habit.verbs | habit.stops
        and _closes(text, words, end, habit)
    )


def _goes_on(text: str, words: list[Word], end: int, count: int, habit: Habit) -> bool:
    """Return whether a name goes on with the word at ``end``.

    :param count: words of it after the family name
    """
    if (
        end >= len(words)
        or not words[end].text[0].isalpha()
        or not is_glued(text, words[end - 1], words[end])
    ):
        return False
    before, word = words[end - 1].lower, words[end].lower
    is_given = word in habit.given
    if before in _MIDDLES:
        return word not in _HARD_STOPS
    if before == "bé" and word in _ORDERS:
        return True
    if _get_pair(words, end) in habit.pairs or (before, word) in habit.pairs:
        return False
    if count == 1 and (before in MIDDLE_NAMES or before in habit.surnames):
        is_stop = word in habit.stops
        if not is_stop and (is_given or before not in habit.given):
            return True
        # “lâm hoài sửu”, “tran quang dung”: what comes next is no name any more
        return is_given is is_stop and _closes(text, words, end + 1, habit)
    if is_given and before in MIDDLE_NAMES and _ends(text, words, end + 1):
        return True
    return (
        is_given
        and (word == "anh" or word not in habit.stops | lists.TITLES)
        and (before in MIDDLE_NAMES or _closes(text, words, end + 1, habit))
    )


def _take_highland(words: list[Word], index: int) -> int:
    """Return the index after a name as the highlands have: “h'lơi”, “y thơ”."""
    word = words[index]
    if _get_pair(words, index - 1) in _PAIRS:
        return index
    if word.lower[0] in "hk" and any(mark in word.text for mark in "'’ʼ"):
        return index + 1
    following = words[index + 1] if index + 1 < len(words) else None
    if (
        word.lower == "y"
        and following
        and following.text[0].isalpha()
        and following.lower not in lists.SCIENCES
    ):
        third = words[index + 2].lower if index + 2 < len(words) else ""
        return index + 2 + (third in lists.HIGHLAND_NAMES)
    return index


def take_small_highland(text: str, words: list[Word], index: int) -> int:
    """Return the index after “h'dim ayun”, “rmah h'luin” or “y krông niê” alone.

    ``index`` where there is none: a word with an apostrophe says it, or a family name.
    """
    word = words[index].lower

    def joins(last: int) -> bool:
        return last < len(words) and is_glued(text, words[last - 1], words[last])

    if _APOSTROPHE.match(word) and word not in _PEOPLES:
        is_more = joins(index + 1) and words[index + 1].lower in lists.HIGHLAND_NAMES
        return index + 1 + is_more
    if (
        word in lists.HIGHLAND_NAMES
        and joins(index + 1)
        and _APOSTROPHE.match(words[index + 1].lower)
    ):
        return index + 2
    if word in _SURE_HIGHLAND and joins(index + 1):
        return index + 2 if words[index + 1].text[0].isalpha() else index
    if word == "y" and joins(index + 1) and joins(index + 2):
        return index + 3 if words[index + 2].lower in lists.HIGHLAND_NAMES else index
    return index


def take_small(
    text: str,
    words: list[Word],
    index: int,
    *,
    plain: bool,
    title: str | None = None,
    is_named: bool = False,
) -> int:
    """Return the index after a name in small letters, ``index`` where there is none.

    :param plain: whether the text is written without accents
    :param title: the word of address before, None after a word of work or office
    :param is_named: whether “tên” stands before, after which almost all is a name
    """
    habit = get_habit(plain)
    end = take_full(text, words, index, habit, is_named)
    if end == index and (title or is_named):
        end = _take_highland(words, index)
    if end == index:
        end = _take_given(text, words, index, habit, title, is_named)
    if end > index and end < len(words) and words[end].lower in lists.NICKS:
        end += 1
    return end


def _take_given(
    text: str,
    words: list[Word],
    index: int,
    habit: Habit,
    title: str | None,
    is_named: bool,
) -> int:
    """Return the index after a given name alone, or ``index``."""
    word = words[index].lower
    before = words[index - 1].lower
    is_first = habit is ACCENTED and word in MIDDLE_NAMES
    is_title = title not in lists.NO_GIVEN or _is_friend(words, index)
    if word not in habit.given and not is_first or not is_title and not is_named:
        return index
    is_set_off = is_named and text[words[index].end : words[index].end + 1] == ","
    pairs = {(before, word), _get_pair(words, index)}
    if not is_set_off and not habit.pairs.isdisjoint(pairs):
        return index
    end = index + 1
    if _is_second(text, words, end, habit):
        return end + 1
    if word not in habit.given:
        return index
    if (
        habit is PLAIN
        and word in _PLAIN_ORDERS
        and title in _OLD
        and end < len(words)
        and words[end].lower in habit.given - habit.verbs - habit.stops
        and is_glued(text, words[index], words[end])
        and _get_pair(words, index) not in habit.pairs
    ):
        return end + 1  # “ong tu phat nuoi vit”
    if words[index].lower in _ORDERS and _is_capital_next(text, words, end):
        return end + 1  # “chú tư Lành”
    if word in habit.verbs and not is_named:
        is_name = title and title != "gặp" and _is_set_off(text, words, index, habit)
        return end if is_name else index
    # A word of work says less, and so do words that without accents are others
    is_doubtful = title is None or habit is PLAIN and title in lists.WEAK_TITLES
    if is_doubtful and not is_named and not _closes(text, words, end, habit):
        return index
    return end


def take_given_alone(text: str, words: list[Word], index: int) -> int:
    """Return the index after a given name without accents that nothing goes on with.

    “tai xe thanh cho khach”: behind a word of work, where “tai xe rat kem” stands too.
    """
    if words[index].lower not in PLAIN.given - PLAIN.verbs - PLAIN.stops or (
        not PLAIN.pairs.isdisjoint(
            (_get_pair(words, index - 1), _get_pair(words, index))
        )
    ):
        return index
    end = index + 1
    if end < len(words) and words[end].lower in lists.PLAIN_NICKS:
        end += 1
    return end if _closes(text, words, end, PLAIN) else index


def _is_friend(words: list[Word], index: int) -> bool:
    """Return whether “ban” before a name is “bạn”: “bi ban khoa danh”."""
    return (
        index > 1
        and words[index - 1].lower == "ban"
        and words[index - 2].lower in ("bi", "voi", "cua")
    )


def _is_set_off(text: str, words: list[Word], index: int, habit: Habit) -> bool:
    """Return whether a word that may be a verb is followed as only a name is.

    “anh bảo, nhà số 5”, “chị đào đã nhận”, but “anh bảo đã gửi rồi”.
    """
    word, end = words[index], words[index].end
    if habit is ACCENTED and text[end : end + 2].strip()[:1] in (",", "("):
        return True
    following = words[index + 1].lower if index + 1 < len(words) else ""
    return word.lower not in _SAYS and following in habit.auxiliaries


def _is_capital_next(text: str, words: list[Word], end: int) -> bool:
    return (
        end < len(words)
        and words[end].is_capital
        and is_glued(text, words[end - 1], words[end])
    )


def _is_second(text: str, words: list[Word], end: int, habit: Habit) -> bool:
    """Return whether a second given name follows, as in “bảo trân”."""
    if (
        end >= len(words)
        or words[end].lower not in habit.given
        or not is_glued(text, words[end - 1], words[end])
        or _get_pair(words, end) in habit.pairs
    ):
        return False
    if words[end].lower == "anh":
        after = words[end + 1].lower if end + 1 < len(words) else ""
        return after not in habit.given
    if words[end].lower in habit.verbs and words[end - 1].lower not in habit.given:
        return words[end].lower in ("bảo", "như", "nhiên")
    is_middle = words[end - 1].lower in MIDDLE_NAMES
    after = words[end + 1].lower if end + 1 < len(words) else ""
    if words[end].lower == "như" and is_middle and after in habit.auxiliaries:
        return True  # “em quỳnh như bị đánh”
    if _closes(text, words, end, habit):
        # “em minh thu bi danh”
        is_name = words[end].lower in MIDDLE_NAMES - habit.verbs
        return is_middle and is_name and _closes(text, words, end + 1, habit)
    return is_middle or _closes(text, words, end + 1, habit)
